import { describe, expect, test } from 'vitest';
import {
  clusterOfServer,
  type Decision,
  decidedBy,
  type DecidedByOptions,
  initialServer,
  type Message,
  order,
  receive,
  type ServerEvent,
  type ServerState,
  step,
  tick,
} from '../../../src/engine/protocol/index.js';
import { cpu, level } from '../../../src/metrics/index.js';
import { gigahertz, type Host, mbps, mebibytes, type Sample, seconds } from '../../../src/model/index.js';
import { definePolicy, firstOf, homeward, muda, type Policy, SettingsError } from '../../../src/policies/index.js';
import { aGuest, aHost } from './world.js';

/** Whoever is busy goes to b. */
const toB = definePolicy({
  name: 'to b',
  watch: { guest: { cpu: level(cpu) } },
  plan: ({ guests }) => ({
    moves: guests
      .filter(({ host, signals }) => host !== 'b' && (signals.cpu ?? 0) > 0.5)
      .map(({ id, host }) => ({ guest: id, from: host, to: 'b', because: [] })),
    passedOver: [],
  }),
});

/** Messages of parties that count their own, to a server that then knows what they said. */
const speaking = (hosts: readonly Host[] = ['a', 'b', 'c'].map(aHost)) => {
  let state: ServerState = initialServer(1);
  const events: ServerEvent[] = [];
  const sequences = new Map<string, number>();
  const say = (kind: 'host' | 'guest', id: string, body: object, at: number, policy?: Policy): void => {
    const sequence = (sequences.get(`${kind} ${id}`) ?? 0) + 1;
    sequences.set(`${kind} ${id}`, sequence);
    const message = { ...body, sender: { kind, id }, incarnation: 1, sequence, session: 1 } as Message;
    const done = policy ? receive(state, message, decidedBy(policy), at) : step(state, message, at);
    state = done.state;
    events.push(...done.events);
  };
  const samples = (kind: 'host' | 'guest', id: string, at: number, rest: object): readonly Sample[] => [
    { kind, id, at, ...rest },
  ];
  for (const host of hosts) say('host', host.id, { kind: 'register host', host }, 0);
  const guest = (id: string, on: string, rest: object = {}): void =>
    say('guest', id, { kind: 'register guest', guest: { ...aGuest(id, on), ...rest } }, 0);
  return {
    events,
    guest,
    state: () => state,
    change: (next: ServerState) => (state = next),
    hostReports: (id: string, at: number, used = 0.1) =>
      say('host', id, { kind: 'report host', samples: samples('host', id, at, { cpu: { used } }) }, at),
    guestReports: (id: string, host: string, at: number, rest: object = { cpu: { used: 0.9 } }, policy?: Policy) =>
      say('guest', id, { kind: 'report guest', host, samples: samples('guest', id, at, rest) }, at, policy),
  };
};

/** All have reported at one second; g is busy on a. */
const busy = () => {
  const so = speaking();
  so.guest('g', 'a');
  for (const id of ['a', 'b', 'c']) so.hostReports(id, 1000);
  so.guestReports('g', 'a', 1000);
  return so;
};
const decision = (so: ReturnType<typeof busy>, at: number, options?: DecidedByOptions): Decision | undefined =>
  decidedBy(toB, options)('g', so.state(), at);

describe('a policy that decides at the management server', () => {
  test('M3 M10 M19 the reports become a snapshot, the plan an order', () => {
    expect(decision(busy(), 2000)).toEqual({ guest: 'g', to: 'b', because: [] });
  });

  test('M3 the snapshot holds hosts, guests, signals, migrations and outcomes', () => {
    const so = busy();
    const cluster = clusterOfServer(so.state(), toB.watch, 2000, seconds(15));
    expect(cluster.hosts.map(({ id, knowledge }) => [id, knowledge.kind])).toEqual([
      ['a', 'fresh'],
      ['b', 'fresh'],
      ['c', 'fresh'],
    ]);
    expect(cluster.guests).toMatchObject([{ id: 'g', host: 'a', signals: { cpu: 0.9 } }]);
    const ordered = order(so.state(), { guest: 'g', to: 'b' }, 'hand', 2000).state;
    expect(clusterOfServer(ordered, toB.watch, 2000, seconds(15)).migrations).toMatchObject([{ guest: 'g', to: 'b' }]);
  });

  test('M10 stale reports of the guest, its host or the destination move nothing', () => {
    expect(decision(busy(), 16_000)).toBeDefined();
    expect(decision(busy(), 16_001)).toBeUndefined();
    const silent = busy();
    for (const id of ['a', 'c']) silent.hostReports(id, 14_000);
    silent.guestReports('g', 'a', 14_000);
    expect(decision(silent, 17_000)).toBeUndefined();
    silent.hostReports('b', 17_000);
    expect(decision(silent, 17_000)).toBeDefined();
  });

  test('M4 what never reported moves nothing', () => {
    const so = speaking();
    so.guest('g', 'a');
    so.guestReports('g', 'a', 1000);
    expect(decision(so, 1000)).toBeUndefined();
  });

  test('M34 a marked guest is not decided about, nor is anything sent to a marked host', () => {
    const marked = busy();
    marked.change(order(marked.state(), { guest: 'g', to: 'c' }, 'hand', 1000).state);
    expect(decision(marked, 2000)).toBeUndefined();
    const other = busy();
    other.guest('h', 'c');
    other.guestReports('h', 'c', 1000, { cpu: { used: 0.1 } });
    other.change(order(other.state(), { guest: 'h', to: 'b' }, 'hand', 1000).state);
    expect(decision(other, 2000)).toBeUndefined();
  });

  test('M34 nothing is sent to a host that has departed, or that is recalled', () => {
    const gone = busy();
    for (const id of ['a', 'c']) gone.hostReports(id, 25_000);
    gone.guestReports('g', 'a', 25_000);
    gone.change(tick(gone.state(), 31_000).state);
    expect(decision(gone, 31_000, { staleAfter: 60_000 })).toBeUndefined();
    const recalled = busy();
    recalled.change({ ...recalled.state(), recalls: [{ host: 'b', since: 0, safe: false }] });
    expect(decision(recalled, 2000)).toBeUndefined();
  });

  test('M34 after a migration that failed the guest is left alone for a while', () => {
    const so = busy();
    const failure = { kind: 'timed out', retryable: true, message: '' } as const;
    const outcome = { id: '1', guest: 'g', from: 'a', to: 'b', startedAt: 0, endedAt: 1000 };
    const landed = [
      { landing: 'failed' as const, outcome: { ...outcome, ending: { result: 'failed', failure } as const } },
    ];
    so.change({ ...so.state(), landed });
    const backOff = { first: 2000, factor: 2, longest: 9000 };
    expect(decision(so, 2999, { backOff })).toBeUndefined();
    expect(decision(so, 3000, { backOff })).toBeDefined();
  });

  test('M3 a policy that throws is told as an event, and the server goes on', () => {
    const so = busy();
    const broken = definePolicy({
      name: 'broken',
      watch: {},
      plan: () => {
        throw new Error('no idea');
      },
    });
    so.guestReports('g', 'a', 2000, {}, broken);
    expect(so.events.at(-1)).toEqual({
      kind: 'policy failed',
      at: 2000,
      guest: 'g',
      problem: 'threw',
      message: 'no idea',
    });
  });

  test('M3 a wrong option fails at once and names its path', () => {
    expect(() => decidedBy(toB, { staleAfter: 0 })).toThrow(SettingsError);
    expect(() => decidedBy(toB, { staleAfter: 0 })).toThrow('decidedBy.staleAfter');
  });
});

describe('muda at the management server', () => {
  const host = (id: string, clock: number): Host => ({
    ...aHost(id),
    cpu: { clock: gigahertz(clock), cores: 2, threads: 2, architecture: 'x86_64' },
    networks: [{ role: 'migration', link: 'lan', bandwidth: mbps(700) }],
  });
  const encoding = (load: number) => ({
    cpu: { used: 0.95, user: 0.95, system: 0, steal: 0, iowait: 0.01 },
    load: { one: load, five: load, fifteen: load },
    memory: { total: mebibytes(1024), used: mebibytes(300), swapTotal: 0, swapUsed: 0 },
    network: { received: 0, sent: 0 },
    processes: [{ name: 'encode', cpu: 0.95, memory: mebibytes(42.4) }],
  });
  const policy = firstOf(muda(), homeward());

  test('M12 M13 M15 M19 M26 an encoder that began is sent to the fastest host when all three rules hold, and not before', () => {
    const so = speaking([host('a', 2), host('b', 3.33), host('c', 2.66)]);
    so.guest('g', 'a');
    for (let at = 1000; at <= 60_000; at += 1000) {
      for (const id of ['a', 'b', 'c']) so.hostReports(id, at);
      so.guestReports('g', 'a', at, encoding(0.02 * (at / 1000) + 0.5), policy);
    }
    const decided = so.events.find((event) => event.kind === 'decided');
    expect(decided).toMatchObject({ guest: 'g', to: 'b' });
    // The load passes 1 after 25 s. Rule 3 asks for more than 2 · 12.27 s + 0.51 s = 25.05 s, counted from the first report at 1 s.
    expect(decided?.at).toBe(27_000);
    expect(so.events).toContainEqual(
      expect.objectContaining({ kind: 'state', origin: 'decision', to: 'should be migrating' }),
    );
  });
});
