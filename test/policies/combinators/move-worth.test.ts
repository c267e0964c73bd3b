/** What a move gains, in figures worked out by hand: guests that are busy all the time want just what they have. */
import { describe, expect, test } from 'vitest';
import { gbps, gibibytes, gigahertz, mbps, type ObservedGuest, type ObservedHost } from '../../../src/model/index.js';
import { factsOf, reliefOf } from '../../../src/policies/combinators/move-worth.js';
import { cluster, guest, host, migration } from '../build.js';
import { tellReason } from '../told.js';

type Sight = Parameters<typeof reliefOf>[1];

/** A host of 8 GHz, of which the hypervisor itself and its guests use a share. */
const at = (id: string, cpu: number | undefined, changes: Partial<ObservedHost> = {}, held?: number): ObservedHost =>
  host(id, { signals: { cpu, busy: held === undefined ? undefined : { holds: true, held, value: 1 } }, ...changes });
const busy = (id: string, on: string, vcpus: number, changes: Partial<ObservedGuest> = {}): ObservedGuest =>
  guest(id, on, 1, { vcpus, ...changes });
// The helpers of these tests give every signal that weighing reads.
const sight = (...given: Parameters<typeof cluster>): Sight => cluster(...given) as Sight;

const moveIn = (state: Sight, id = 'x', to = 'b', from = 'a'): Parameters<typeof reliefOf>[0] => {
  const [who, source, destination] = [
    state.guests.find((one) => one.id === id),
    state.hosts.find((one) => one.id === from),
    state.hosts.find((one) => one.id === to),
  ];
  if (!who || !source || !destination) throw new Error('no such move');
  return { guest: who, from: source, to: destination };
};
const rate = (...given: Parameters<typeof cluster>): number | readonly string[] => {
  const relief = reliefOf(moveIn(sight(...given)), sight(...given));
  return relief.ok ? Math.round(relief.value.rate * 1000) / 1000 : relief.error.map(tellReason);
};

describe('processor time gained for each that the guest uses', () => {
  // 12 GHz wanted of 8: with x gone all of y is served.
  const crowd = [busy('x', 'a', 2), busy('y', 'a', 4)];

  test('what the source no longer keeps waiting, where the destination has room', () => {
    expect(rate([at('a', 1), at('b', 0.25)], crowd)).toBe(1);
  });

  test('less what the guests of the destination wait for', () => {
    expect(rate([at('a', 1), at('b', 0.75)], [...crowd, busy('z', 'b', 3)])).toBe(0.5);
    expect(rate([at('a', 1), at('b', 1)], [...crowd, busy('z', 'b', 4)])).toBe(0);
    expect(rate([at('a', 0.5), at('b', 1)], [busy('x', 'a', 2), busy('z', 'b', 4)])).toBe(-0.99);
  });

  test('less what its hypervisor takes beside its guests', () => {
    expect(rate([at('a', 1), at('b', 0.75)], crowd)).toBe(0.5);
    expect(rate([at('a', 1), at('b', 0.75)], [...crowd, busy('z', 'b', 1)])).toBe(0.5);
    expect(rate([at('a', 1), at('b', 0)], [...crowd, busy('z', 'b', 1)])).toBe(1);
  });

  test('less what the guest cannot do at the destination’s clock', () => {
    const slow = { cpu: { clock: gigahertz(1), cores: 8, threads: 8, architecture: 'x86_64' } };
    expect(rate([at('a', 1), at('b', 0, slow)], crowd)).toBe(0.5);
  });

  test('guests in flight count where they go, at the clock of where they were read', () => {
    const leaving = [...crowd, busy('w', 'a', 2)];
    expect(rate([at('a', 1), at('b', 0)], leaving)).toBe(1);
    // w is on its way to b, which then has 4 GHz left: room for x all the same.
    expect(rate([at('a', 1), at('b', 0)], leaving, { migrations: [migration('w', 'a', 'b')] })).toBe(1);
    expect(rate([at('a', 1), at('b', 0.25)], leaving, { migrations: [migration('w', 'a', 'b')] })).toBe(0.5);
    const fast = { cpu: { clock: gigahertz(4), cores: 2, threads: 2, architecture: 'x86_64' } };
    const arriving = [...crowd, busy('w', 'c', 2)];
    // 8 GHz come with w, which wants 4 threads' worth of a slower host.
    expect(rate([at('a', 1), at('b', 0), at('c', 1, fast)], arriving, { migrations: [migration('w', 'c', 'b')] })).toBe(
      1,
    );
  });

  test('a guest that uses nothing gains nothing', () => {
    expect(rate([at('a', 1), at('b', 0)], [busy('y', 'a', 4), guest('x', 'a', 0)])).toBe(-0.99);
  });

  test('for how long the source has been busy is told besides; where nobody knows, not at all', () => {
    const held = (time?: number): unknown => {
      const state = sight([at('a', 1, {}, time), at('b', 0)], crowd);
      const relief = reliefOf(moveIn(state), state);
      return relief.ok && relief.value.held;
    };
    expect([held(90_000), held()]).toEqual([90_000, 0]);
  });
});

describe('what is missing to know it', () => {
  const unseen = { knowledge: { kind: 'unseen' } } as const;

  test('readings of both hosts and of all guests that stand there or go there, each said once', () => {
    const guests = [guest('x', 'a'), busy('v', 'a', 1, unseen), guest('w', 'c'), guest('z', 'b'), guest('far', 'c')];
    expect(
      rate([at('a', undefined), at('b', undefined), at('c', 0)], guests, { migrations: [migration('w', 'c', 'b')] }),
    ).toEqual([
      '✗ [paysOff] x cpu not measured',
      '✗ [paysOff] a cpu not measured',
      '✗ [paysOff] v cpu not measured',
      '✗ [paysOff] b cpu not measured',
      '✗ [paysOff] z cpu not measured',
      '✗ [paysOff] w cpu not measured',
    ]);
  });

  test('a guest that is not freshly known itself', () => {
    expect(rate([at('a', 1), at('b', 0)], [busy('x', 'a', 1, unseen)])).toEqual(['✗ [paysOff] x cpu not measured']);
  });

  test('guests and hosts that are not in the inventory', () => {
    const state = sight([at('a', 1), at('b', 0)], [busy('x', 'a', 1)]);
    const said = (without: Sight): readonly string[] => {
      const relief = reliefOf(moveIn(state), without);
      return relief.ok ? [] : relief.error.map(tellReason);
    };
    expect(said({ ...state, guests: [] })).toEqual(['✗ [paysOff] x guest not in the inventory']);
    expect(said({ ...state, hosts: state.hosts.slice(0, 1) })).toEqual(['✗ [paysOff] b host not in the inventory']);
  });
});

describe('the facts that an estimate depends on', () => {
  const net = (bandwidth: number, role: 'migration' | 'management' = 'migration'): Partial<ObservedHost> => ({
    networks: [
      { role: 'storage', link: 'disks', bandwidth: mbps(1) },
      { role, link: 'net', bandwidth },
    ],
  });
  const dirty = { rate: 5e6, window: 1000 };
  const facts = (...given: Parameters<typeof cluster>): unknown => {
    const found = factsOf(moveIn(sight(...given)), sight(...given));
    return found.ok ? found.value : found.error.map(tellReason);
  };
  const x = (signals: Readonly<Record<string, unknown>>): ObservedGuest => guest('x', 'a', undefined, { signals });

  test('memory, what of it is used, what is dirtied, and the slower of the two migration networks', () => {
    expect(facts([at('a', 1, net(gbps(10))), at('b', 0, net(gbps(4)))], [x({ dirty, used: gibibytes(0.5) })])).toEqual({
      memory: gibibytes(1),
      nonZero: gibibytes(0.5),
      demand: { kind: 'sampled', ...dirty },
      bandwidth: gbps(4),
    });
  });

  test('no more is used than there is; what is not measured is left out, and a dirty rate of zero is not measured', () => {
    const hosts = [at('a', 1, net(gbps(4))), at('b', 0, net(gbps(10)))];
    const common = { memory: gibibytes(1), demand: { kind: 'unknown' }, bandwidth: gbps(4) };
    expect(facts(hosts, [x({ used: gibibytes(2) })])).toEqual({ ...common, nonZero: gibibytes(1) });
    expect(facts(hosts, [x({ dirty: { rate: 0, window: 1000 } })])).toEqual(common);
  });

  test('moves in flight from or to either host share its network', () => {
    const hosts = [at('a', 1, net(gbps(6))), at('b', 0, net(gbps(6))), at('c', 0)];
    const bandwidth = (...migrations: readonly ReturnType<typeof migration>[]): unknown =>
      (facts(hosts, [x({ dirty })], { migrations }) as { readonly bandwidth: number }).bandwidth / gbps(1);
    expect(bandwidth(migration('v', 'a', 'c'))).toBeCloseTo(3);
    expect(bandwidth(migration('v', 'c', 'a'), migration('w', 'c', 'b'))).toBeCloseTo(3);
    expect(bandwidth(migration('v', 'c', 'b'), migration('w', 'b', 'c'))).toBeCloseTo(2);
    expect(bandwidth(migration('v', 'c', 'd'))).toBeCloseTo(6);
  });

  test('a host without a migration network is named', () => {
    expect(facts([at('a', 1, net(gbps(6), 'management')), at('b', 0, { networks: [] })], [x({ dirty })])).toEqual([
      '✗ [paysOff] a migration network not in the inventory',
      '✗ [paysOff] b migration network not in the inventory',
    ]);
    expect(facts([at('a', 1), at('b', 0, { networks: [] })], [x({ dirty })])).toEqual([
      '✗ [paysOff] b migration network not in the inventory',
    ]);
  });
});
