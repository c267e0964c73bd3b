import * as fc from 'fast-check';
import { concat, map, NEVER, of, timer } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { EngineEvent, Limits } from '../../src/engine/index.js';
import {
  type Bytes,
  gbps,
  guestMemory,
  type Guest,
  type Host,
  type MigrationOrder,
  type Proposal,
  seconds,
} from '../../src/model/index.js';
import { aGuest, aHost, aMove, type Course, only, proposing, type Rig, rig, rulesAgainst, type Run } from './rig.js';

const names = { hosts: ['a', 'b', 'c', 'd'], guests: ['g0', 'g1', 'g2', 'g3', 'g4', 'g5', 'g6', 'g7'] };
const links = ['rack-1', 'rack-2'];
const duration = seconds(200);
const backOff = { first: seconds(15), factor: 2, longest: seconds(60) };

const hosts = fc
  .tuple(
    ...names.hosts.map((id) =>
      fc.record({
        id: fc.constant(id),
        memory: fc.integer({ min: 5, max: 14 }),
        link: fc.constantFrom(...links),
        state: fc.constantFrom('active', 'active', 'active', 'draining'),
      }),
    ),
  )
  .map((all) =>
    all.map(({ id, memory, link, state }) =>
      aHost(id, memory, { state, networks: [{ role: 'migration', link, bandwidth: gbps(10) }] }),
    ),
  );

/** Guests that fit where they stand: each goes to the first host from its wish on that has room, or is left out. */
const housed = (
  hosts: readonly Host[],
  wishes: readonly { readonly at: number; readonly size: number }[],
  pair: boolean,
): Guest[] => {
  const free = new Map(hosts.map((host) => [host.id, guestMemory(host)]));
  return wishes.flatMap(({ at, size }, i) => {
    const guest = aGuest(names.guests[i] ?? '', '', size, pair && i < 2 ? { together: ['pair'] } : {});
    const host = [...hosts.slice(at), ...hosts].find(({ id }) => (free.get(id) ?? 0) >= guest.memory);
    if (!host) return [];
    free.set(host.id, (free.get(host.id) ?? 0) - guest.memory);
    return [{ ...guest, host: host.id }];
  });
};

/** Proposals of a policy that is as wrong as it can be: unknown names, moves to itself, doubles, all onto one host. */
const hostile: fc.Arbitrary<Proposal> = fc
  .record({
    guest: fc.constantFrom(...names.guests, 'ghost'),
    from: fc.constantFrom('where it stands', 'where it stands', 'where it stands', ...names.hosts, 'limbo'),
    to: fc.constantFrom(...names.hosts, 'limbo'),
  })
  .map(({ guest, from, to }) => aMove(guest, from, to));

const course: fc.Arbitrary<Course> = fc.record({
  takes: fc.constantFrom(0, 1, seconds(3), seconds(10), seconds(25)),
  ending: fc.constantFrom(
    'done',
    'done',
    'done',
    'done',
    'done',
    'done',
    'never',
    'silence',
    'throw',
    'lost',
    'conflict',
    'timed out',
  ),
  reports: fc.integer({ min: 0, max: 2 }),
});

const limits: fc.Arbitrary<Limits> = fc.record(
  {
    perHost: fc.integer({ min: 1, max: 3 }),
    perLink: fc.integer({ min: 1, max: 3 }),
    total: fc.integer({ min: 1, max: 5 }),
  },
  { requiredKeys: [] },
);

const scene = fc.record({
  hosts,
  wishes: fc.array(fc.record({ at: fc.nat(3), size: fc.integer({ min: 1, max: 4 }) }), { minLength: 3, maxLength: 8 }),
  silent: fc.oneof(
    { arbitrary: fc.constant([]), weight: 2 },
    { arbitrary: fc.subarray([...names.hosts, ...names.guests], { minLength: 1, maxLength: 2 }), weight: 1 },
  ),
  /** What is proposed at each decision, over and over. */
  rounds: fc.array(fc.array(hostile, { minLength: 2, maxLength: 12 }), { minLength: 2, maxLength: 6 }),
  courses: fc.array(course, { minLength: 1, maxLength: 8 }),
  limits,
  /** Whether the first two guests must stand together. */
  pair: fc.boolean(),
  shows: fc.boolean(),
  swaps: fc.uniqueArray(fc.integer({ min: 1, max: 19 }), { maxLength: 3 }),
  leavesAt: fc.integer({ min: 0, max: 200 }),
});

type Scene = typeof scene extends fc.Arbitrary<infer Value> ? Value : never;

interface Played {
  readonly world: Rig;
  readonly run: Run;
  /** What was wrong at any instant, in words. */
  readonly wrongs: readonly string[];
}

const count = <Thing>(things: readonly Thing[], holds: (thing: Thing) => boolean): number =>
  things.filter(holds).length;

/** What is wrong with the moves that run, after the last of them was begun. */
const wrongsOf = (
  world: Rig,
  { hosts, limits, pair }: Scene,
  running: readonly MigrationOrder[],
): readonly string[] => {
  const touches = (host: string) => (order: MigrationOrder) => order.from === host || order.to === host;
  const linkOf = (host: string): string | undefined => hosts.find(({ id }) => id === host)?.networks[0]?.link;
  const uses = (link: string) => (order: MigrationOrder) => [order.from, order.to].map(linkOf).includes(link);
  const sizes = new Map(world.inventory$.value.guests.map(({ id, memory }) => [id, memory]));
  const carried = (host: string): Bytes =>
    [
      ...[...world.stands].filter(([, at]) => at === host).map(([guest]) => guest),
      ...running.filter(({ guest, to }) => to === host && world.stands.get(guest) !== to).map(({ guest }) => guest),
    ].reduce((sum, guest) => sum + (sizes.get(guest) ?? NaN), 0);
  const { perHost = Infinity, perLink = Infinity, total = Infinity } = limits;
  // A pair that goes the same way counts once.
  const [first, second] = names.guests;
  const leads = running.find(({ guest }) => guest === first);
  const counted = running.filter(
    ({ guest, from, to }) => !pair || guest !== second || leads?.from !== from || leads.to !== to,
  );
  return [
    ...(new Set(running.map(({ guest }) => guest)).size < running.length ? ['a guest in two moves'] : []),
    ...(counted.length > total ? [`${counted.length} moves of ${total}`] : []),
    ...names.hosts.filter((host) => count(counted, touches(host)) > perHost).map((host) => `too many moves on ${host}`),
    ...links.filter((link) => count(counted, uses(link)) > perLink).map((link) => `too many moves over ${link}`),
    ...hosts.filter((host) => !(carried(host.id) <= guestMemory(host))).map(({ id }) => `${id} is over-committed`),
  ];
};

const play = (scene: Scene, until = duration): Played => {
  const { hosts, wishes, silent, rounds, courses, limits, pair, shows, swaps } = scene;
  const world = rig({
    hosts,
    guests: housed(hosts, wishes, pair),
    silent,
    samplesEvery: seconds(5),
    shows,
    course: (_, n) => courses[n % courses.length] ?? { takes: 0, ending: 'done' },
  });
  const wrongs: string[] = [];
  world.watchers.push((running) => wrongs.push(...wrongsOf(world, scene, running)));
  let decisions = 0;
  const policy = (name: string) =>
    proposing(({ guests }) => {
      const round = rounds[decisions++ % rounds.length] ?? [];
      return round.map((move) => ({
        ...move,
        from:
          move.from === 'where it stands' ? (guests.find(({ id }) => id === move.guest)?.host ?? 'limbo') : move.from,
      }));
    }, name);
  const later = swaps.map((at) => timer(seconds(10) * at - 1, world.scheduler).pipe(map(() => policy(`from ${at}`))));
  const run = world.start({
    policy: concat(of(policy('first')), ...later, NEVER),
    limits,
    backOff,
    // The inventory of a world that does not show moves is wrong for good, so it must never be believed.
    settle: 1e9,
    staleAfter: seconds(30),
  });
  world.until(until);
  return { world, run, wrongs };
};

const check = (holds: (played: Played, scene: Scene) => void, numRuns = 60): void =>
  fc.assert(
    fc.property(scene, (scene) => holds(play(scene), scene)),
    { numRuns },
  );

describe('whatever policy and driver do', () => {
  test('at every instant: one move per guest, limits per host, per link and in total, no memory taken twice', () => {
    let begun = 0;
    const against = new Set<string>();
    check(({ wrongs, world, run }) => {
      begun += count(world.log, (line) => line.startsWith('migrate'));
      rulesAgainst(run.events).forEach((rule) => against.add(rule));
      expect(wrongs).toEqual([]);
    }, 150);
    // Else the property would hold for an engine that does nothing, or for policies that do no harm.
    expect(begun).toBeGreaterThan(150);
    for (const rule of [
      'engine.backOff',
      'engine.limits.perHost',
      'engine.limits.perLink',
      'engine.limits.total',
      'engine.place',
      'known',
      'memory',
      'state',
      'together',
    ])
      expect(against).toContain(rule);
  });

  test('the engine lives on and tells only plain data', () => {
    check(({ run }) => {
      expect(run.state).toEqual({ completed: false, error: undefined });
      expect(JSON.parse(JSON.stringify(run.events))).toEqual(run.events);
    }, 20);
  });

  test('nothing is admitted that is stale or half known', () => {
    check(({ run }) => {
      const snapshots = new Map(only(run.events, 'snapshot').map(({ at, cluster }) => [at, cluster]));
      for (const { at, order } of only(run.events, 'admitted')) {
        const cluster = snapshots.get(at);
        const knowledge = [
          cluster?.guests.find(({ id }) => id === order.guest),
          // A host that is to be left may be silent.
          ...[order.from, order.to].map((host) =>
            cluster?.hosts.find(({ id, state }) => id === host && (state === 'active' || host === order.to)),
          ),
        ].flatMap((subject) => (subject ? [subject.knowledge.kind] : []));
        expect(new Set(knowledge)).toEqual(new Set(['fresh']));
      }
    });
  });

  test('a guest whose move failed is left alone for its back-off', () => {
    let failures = 0;
    check(({ run }) => {
      const inRow = new Map<string, number>();
      const until = new Map<string, number>();
      for (const event of run.events) {
        if (event.kind === 'admitted') expect(event.at).toBeGreaterThanOrEqual(until.get(event.order.guest) ?? 0);
        if (event.kind === 'ended') inRow.delete(event.outcome.guest);
        if (event.kind !== 'failed') continue;
        failures += 1;
        const { guest } = event.outcome;
        const row = (inRow.get(guest) ?? 0) + 1;
        inRow.set(guest, row);
        until.set(guest, event.at + Math.min(backOff.longest, backOff.first * backOff.factor ** (row - 1)));
      }
    });
    expect(failures).toBeGreaterThan(20);
  });

  test('each admitted move ends once or still runs, and is silent after its end', () => {
    const about = (event: EngineEvent): string | undefined => {
      if (event.kind === 'admitted') return event.order.id;
      if (event.kind === 'progress' || event.kind === 'steered') return event.migration;
      if (event.kind === 'resumed') return event.migration.id;
      return event.kind === 'ended' || event.kind === 'failed' ? event.outcome.id : undefined;
    };
    check(({ run, world }) => {
      const course = new Map<string, EngineEvent['kind'][]>();
      for (const event of run.events) {
        const id = about(event);
        if (id !== undefined) course.set(id, [...(course.get(id) ?? []), event.kind]);
      }
      for (const [id, kinds] of course) {
        expect(kinds[0]).toBe('admitted');
        const end = kinds.findIndex((kind) => kind === 'ended' || kind === 'failed');
        expect(end).toBe(world.running.has(id) ? -1 : kinds.length - 1);
      }
    });
  });

  test('every proposal of every plan is either admitted or refused with a reason', () => {
    check(({ run }) => {
      const proposed = only(run.events, 'decided').flatMap(({ plan }) => plan.moves).length;
      expect(only(run.events, 'admitted', 'refused')).toHaveLength(proposed);
      expect(only(run.events, 'refused').every(({ because }) => because.length > 0)).toBe(true);
    }, 20);
  });

  test('swaps of the policy lose nothing: each takes effect at the next decision, and moves go on as without them (W4)', () => {
    check(({ run }, scene) => {
      let inForce = '';
      for (const event of run.events) {
        if (event.kind === 'policy') inForce = event.policy;
        if (event.kind === 'decided') expect(event.policy).toBe(inForce);
      }
      // The swapped policies go on where the first one was, so nothing but names may differ.
      const nameless = ({ events }: Run): readonly unknown[] =>
        events
          .filter(({ kind }) => kind !== 'policy')
          .map((event) => (event.kind === 'decided' ? { ...event, policy: '' } : event));
      expect(nameless(run)).toEqual(nameless(play({ ...scene, swaps: [] }).run));
    }, 20);
  });

  test('unsubscribing at any time ends all commands, and nothing happens after it', () => {
    fc.assert(
      fc.property(scene, (scene) => {
        const { world, run } = play(scene, seconds(scene.leavesAt));
        run.subscription.unsubscribe();
        const told = [run.events.length, world.log.length];
        // What the driver has lost sight of it cannot cancel.
        expect([...world.running.keys()].filter((id) => !world.adrift.has(id))).toEqual([]);
        world.until(seconds(1000));
        expect([run.events.length, world.log.length]).toEqual(told);
        expect(world.scheduler.actions).toHaveLength(0);
      }),
      { numRuns: 40 },
    );
  });

  test('two runs in virtual time tell the same, to the last event', () => {
    check(({ run }, scene) => {
      expect(play(scene).run.events).toEqual(run.events);
    }, 20);
  });
});
