/** Cases known from other balancers: the same input, and the decision that a sound engine should come to. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { precopy } from '../../src/estimators/index.js';
import {
  type Cluster,
  gibibytes,
  gigahertz,
  mbps,
  minutes,
  type ObservedHost,
  percent,
  sayReason,
} from '../../src/model/index.js';
import {
  allOf,
  type CslbSettings,
  cslb,
  damped,
  evacuate,
  keptApart,
  paysOff,
  refusals,
  standardConstraints,
} from '../../src/policies/index.js';
import { applied, clusters, expectLawful, lawful } from '../../src/testing/index.js';
import { cluster, guest, host, movesOf, now, outcome, whole } from './build.js';

/** Marks of Xen Orchestra at a critical load of 90 %: acts above 76.5 %, fills to 58.5 %. */
const marks: CslbSettings = {
  light: percent(40.5),
  heavy: percent(76.5),
  guards: { noSwap: true, smallestGain: percent(1), keepBelowHeavy: true },
};
const relieve = cslb(marks);

const gib = (id: string, size: number): ObservedHost =>
  host(id, { memory: { total: gibibytes(size + 1), reserved: gibibytes(1) } });

describe('constraints', () => {
  test('E1: of two guests to keep apart on one host, one may leave, and once it is planned the other may not follow', () => {
    const [a, b] = [host('a', { state: 'draining' }), host('b')];
    const [x, y] = [guest('x', 'a', 0.2, { apart: ['db'] }), guest('y', 'a', 0.2, { apart: ['db'] })];
    const state = cluster([a, b], [x, y]);
    expect(movesOf(evacuate().plan(state))).toEqual(['x a→b']);
    expect(refusals([keptApart], { guest: x, from: a, to: b }, state)).toEqual([]);
  });

  test('E8: memory fits, but the local storage has 50 GB free for a disk of 100 GB: none', () => {
    const disk = (id: string, free: number): ObservedHost =>
      host(id, { storage: [{ id: 'disk', access: 'local', free: gibibytes(free) }] });
    const state = cluster(
      [disk('a', 10), disk('b', 50)],
      ['x', 'y'].map((id) => whole(id, 'a', 0.45, { image: { storage: 'disk', size: gibibytes(100) } })),
    );
    const { moves, passedOver } = relieve.plan(state);
    expect(moves).toEqual([]);
    expect(passedOver.flatMap(({ because }) => because.map((reason) => sayReason(reason)))).toContain(
      'b storage on disk 50.0 GiB free, 100.0 GiB needed',
    );
    // Even where the image could be copied it would not fit.
    const copying = standardConstraints.filter(({ name }) => name !== 'image');
    expect(cslb({ ...marks, constraints: copying }).plan(state).moves).toEqual([]);
  });
});

test('F5: a guest that dirties memory faster than the link carries it is never moved, not even as the cheapest', () => {
  const state = cluster(
    [
      host('a', { signals: { cpu: 1, busy: { holds: true, held: minutes(60), value: 1 } } }),
      host('b', {
        signals: { cpu: 0 },
        networks: [{ role: 'migration', link: 'net', bandwidth: mbps(100) }],
      }),
    ],
    Array.from({ length: 6 }, (_, i) =>
      guest(`g${i}`, 'a', 1, {
        memory: gibibytes(2),
        signals: { cpu: 1, dirty: { rate: 47_200_000, window: 1000 }, used: gibibytes(1.9) },
      }),
    ),
  );
  const { moves, passedOver } = paysOff(relieve, precopy(), { life: () => ({ kind: 'stays' }) }).plan(state);
  expect(moves).toEqual([]);
  expect(passedOver.flatMap(({ because }) => because.map((reason) => sayReason(reason)))).toContain(
    'it would not end: pre-copy does not settle',
  );
});

describe('time', () => {
  const hot = (past: Parameters<typeof cluster>[2] = {}): Cluster =>
    cluster([host('a'), host('b')], [whole('x', 'a', 0.5), whole('y', 'a', 0.4)], past);

  test('G1: a cool-down of 30 min holds a guest that moved 5 min ago', () => {
    const recently = hot({ past: [outcome('x', 'b', 'a', now - minutes(5))] });
    expect(movesOf(relieve.plan(recently))).toEqual(['x a→b']);
    expect(movesOf(damped(relieve, { guest: minutes(30) }).plan(recently))).toEqual([]);
  });

  test('G4: balancing the result of balancing does nothing', () => {
    expect(relieve.plan(applied(hot(), relieve.plan(hot()))).moves).toEqual([]);
  });
});

describe('hostile data', () => {
  test('H1: a guest whose samples are all zero changes nothing: the 30 % guest goes, and no host ends over the mark', () => {
    const state = cluster(
      [host('h1'), host('h2')],
      [
        whole('own', 'h1', 0.05),
        whole('a', 'h2', 0.3),
        whole('b', 'h2', 0.25),
        whole('c', 'h2', 0.24),
        whole('zero', 'h2', 0),
      ],
    );
    expect(movesOf(relieve.plan(state))).toEqual(['a h2→h1']);
    expect(relieve.plan(applied(state, relieve.plan(state))).moves).toEqual([]);
  });

  test('H3: the first destination in order lacks memory, so the second is used', () => {
    const state = cluster(
      [host('a'), gib('b', 2), gib('c', 8)],
      [whole('x', 'a', 0.5, { memory: gibibytes(4) }), whole('y', 'a', 0.4, { memory: gibibytes(4) })],
    );
    expect(movesOf(relieve.plan(state))).toEqual(['x a→c']);
  });

  test('H4: of two hosts over the mark the hotter is served first, in whatever order they are listed', () => {
    const hosts = ['a', 'b', 'c'].map((id) => host(id));
    const guests = [whole('x', 'a', 0.8), whole('y', 'b', 0.5), whole('z', 'b', 0.45)];
    expect(movesOf(relieve.plan(cluster(hosts, guests)))).toEqual(['y b→c']);
    expect(relieve.plan(cluster(hosts.toReversed(), guests.toReversed()))).toEqual(
      relieve.plan(cluster(hosts, guests)),
    );
  });

  test('H6: a host whose guests deliver nothing is unknown, and not a destination', () => {
    const state = cluster(
      [host('n0'), host('n1')],
      [whole('x', 'n0', 0.5), whole('y', 'n0', 0.45), whole('full', 'n1')],
    );
    const { moves, passedOver } = relieve.plan(state);
    expect(moves).toEqual([]);
    expect(passedOver.flatMap(({ because }) => because.map((reason) => sayReason(reason)))).toContain(
      'full cpu not measured',
    );
  });

  test('H7: a guest without a reading is not moved for its load, and leaves a draining host at its worst case', () => {
    const state = cluster([host('a'), host('b')], [whole('x', 'a', 0.9), whole('y', 'a'), whole('z', 'b', 0.39)]);
    expect(relieve.plan(state).moves).toEqual([]);
    const draining = cluster(
      [host('a', { state: 'draining' }), gib('b', 2), gib('c', 16)],
      [whole('y', 'a'), whole('z', 'b', 0.1)],
    );
    // At its worst it would take all of any host; the best fit b has 10 % of its own, so c takes it.
    expect(movesOf(evacuate({ cpu: 1 }).plan(draining))).toEqual(['y a→c']);
  });

  test('H8: a dirty rate that reads 0 on a busy guest is unknown, so the move is not taken for free', () => {
    const state = cluster(
      [
        host('a', { signals: { cpu: 1, busy: { holds: true, held: minutes(60), value: 1 } } }),
        host('b', { signals: { cpu: 0 } }),
      ],
      Array.from({ length: 6 }, (_, i) =>
        guest(`g${i}`, 'a', 1, { signals: { cpu: 1, dirty: { rate: 0, window: 1000 } } }),
      ),
    );
    const { moves, passedOver } = paysOff(relieve, precopy()).plan(state);
    expect(moves).toEqual([]);
    expect(passedOver.flatMap(({ because }) => because.map((reason) => sayReason(reason)))).toContain(
      'nobody knows what it takes: dirty rate not measured',
    );
  });

  test('H10: the same input twice gives the same plan', () => {
    fc.assert(
      fc.property(clusters({ watch: relieve.watch }), (state) => {
        expect(lawful.deterministic(relieve, state)).toEqual([]);
      }),
    );
  });
});

describe('laws over random clusters', () => {
  const share = (state: Cluster, id: string): number => {
    const cores = state.hosts.find((one) => one.id === id)?.cpu.cores ?? NaN;
    return state.guests
      .filter((one) => one.host === id)
      .reduce((sum, { signals, vcpus }) => sum + ((signals['cpu'] as number) * vcpus) / cores, 0);
  };
  const calm = clusters({ watch: relieve.watch, hostile: false });

  test('an equally loaded cluster of equal hosts yields no move', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(
          fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
          { maxLength: 5 },
        ),
        fc.constantFrom(relieve, cslb({ moving: {} }), allOf(evacuate(), relieve)),
        (hosts, loads, policy) => {
          const names = Array.from({ length: hosts }, (_, i) => `h${i}`);
          const guests = names.flatMap((name) => loads.map((load, j) => guest(`${name}-${j}`, name, load)));
          expect(
            policy.plan(
              cluster(
                names.map((name) => host(name)),
                guests,
              ),
            ).moves,
          ).toEqual([]);
        },
      ),
    );
  });

  test('no host that was under its mark ends over it, and every prefix of a plan is no worse than the state before', () => {
    fc.assert(
      fc.property(calm, (state) => {
        const { moves } = relieve.plan(state);
        let before = state;
        for (let i = 1; i <= moves.length; i++) {
          const after = applied(state, { moves: moves.slice(0, i), passedOver: [] });
          const most = (one: Cluster): number => Math.max(...one.hosts.map(({ id }) => share(one, id)));
          expect(most(after)).toBeLessThanOrEqual(most(before) + 1e-9);
          for (const { id } of state.hosts)
            if (share(before, id) <= 0.765) expect(share(after, id)).toBeLessThanOrEqual(0.765 + 1e-9);
          before = after;
        }
      }),
    );
  });

  test('the sum of loads is unchanged by a plan', () => {
    fc.assert(
      fc.property(calm, (state) => {
        const { guests } = applied(state, relieve.plan(state));
        expect(guests.map(({ id, signals }) => [id, signals])).toEqual(
          state.guests.map(({ id, signals }) => [id, signals]),
        );
      }),
    );
  });

  test('renaming hosts and guests, their order kept, only renames the plan', () => {
    const rename = (text: string): string => `site/${text}`;
    fc.assert(
      fc.property(calm, (state) => {
        const renamed: Cluster = {
          ...state,
          hosts: state.hosts.map((one) => ({ ...one, id: rename(one.id) })),
          guests: state.guests.map((one) => ({ ...one, id: rename(one.id), host: rename(one.host) })),
        };
        const plain = relieve.plan(state).moves.map((move) => [move.guest, move.from, move.to].map(rename));
        expect(relieve.plan(renamed).moves.map((move) => [move.guest, move.from, move.to])).toEqual(plain);
      }),
    );
  });

  test('raising the heavy threshold never adds moves', () => {
    // Without guards and constraints each pair gives one guest, so only the threshold counts.
    const at = (heavy: number): ReturnType<typeof cslb> => cslb({ light: 0.4, heavy, constraints: [] });
    const mark = fc.integer({ min: 8, max: 20 }).map((n) => n / 20);
    fc.assert(
      fc.property(calm, mark, mark, (state, one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        expect(at(high).plan(state).moves.length).toBeLessThanOrEqual(at(low).plan(state).moves.length);
      }),
    );
  });

  test('no move makes a satisfied rule unsatisfied at any step, on clusters with every oddity', () => {
    fc.assert(
      fc.property(clusters({ watch: relieve.watch, hosts: 6 }), (state) => {
        expectLawful(relieve, state);
        expect(lawful.keepsConstraints(allOf(evacuate(), relieve), state)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  test('on unequal hosts too, the hotter by its own capacity is served', () => {
    const small = host('a', { cpu: { clock: gigahertz(2), cores: 2, threads: 2, architecture: 'x86_64' } });
    const state = cluster(
      [small, host('b'), host('c')],
      [guest('x', 'a', 1), guest('y', 'a', 0.9), guest('z', 'b', 1), guest('w', 'b', 1), guest('v', 'b', 1)],
    );
    expect(movesOf(relieve.plan(state))).toEqual(['x a→c']);
  });
});
