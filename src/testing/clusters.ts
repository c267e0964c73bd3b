/** Arbitrary clusters: hosts and guests, what is known of each, moves in flight and in the past, signals of a watch. */
import * as fc from 'fast-check';
import { type AnySignal, foldSignal, type Watch } from '../metrics/index.js';
import {
  type Bytes,
  byName,
  type Cluster,
  type Guest,
  type GuestId,
  type Host,
  hours,
  type Knowledge,
  lookup,
  type Migration,
  type Milliseconds,
  type Outcome,
  seconds,
  type SignalValues,
  withMigrations,
} from '../model/index.js';
import { type Rate, seldom } from './chance.js';
import { type Bustle, equipment, type Furnished } from './equipment.js';
import { histories, type History, samplesOf } from './samples.js';

/** How large and how wild clusters may be. */
export interface ClusterOptions {
  /** Most hosts. @defaultValue 4 */
  readonly hosts?: number;
  /** Most guests on one host. @defaultValue 5 */
  readonly guestsPerHost?: number;
  /**
   * Whether clusters may be wild: some hardly, some very. @defaultValue true
   */
  readonly hostile?: boolean;
  /** The signals to fill: a policy's watch. @defaultValue none */
  readonly watch?: Watch;
}

/** Time of every snapshot: far enough from zero that nothing in its past is before the beginning. */
const now: Milliseconds = hours(100);

/** How well a subject is known, before it is known how its guests are. */
type Grade = 'fresh' | 'stale' | 'unseen';

interface Life {
  readonly grade: Grade;
  readonly history: History;
}

interface Manner {
  readonly bustle: Bustle;
  readonly memory: Bytes;
  /** How often a subject is silent, or a reading missing. */
  readonly silence: Rate;
}

const lives = ({ bustle, memory, silence }: Manner): fc.Arbitrary<Life> =>
  fc.record({
    grade: seldom<Grade>(silence, 'fresh', 'stale', 'unseen'),
    history: histories({ memory, bustle, gaps: silence }),
  });

const staleness: Milliseconds = seconds(90);

const knowledgeOf = (grade: Grade): Knowledge => {
  switch (grade) {
    case 'fresh':
      return { kind: 'fresh', at: now };
    case 'stale':
      return { kind: 'stale', at: now - staleness, age: staleness };
    case 'unseen':
      return { kind: 'unseen' };
  }
};

/** A host that reports is known in part where one of its guests does not. */
const hostKnowledge = (grade: Grade, silent: readonly GuestId[]): Knowledge =>
  grade === 'fresh' && silent.length > 0 ? { kind: 'partial', at: now, missing: silent } : knowledgeOf(grade);

const signalsOf = (
  watched: Readonly<Record<string, AnySignal>> | undefined,
  subject: Parameters<typeof samplesOf>[0],
  { grade, history }: Life,
): SignalValues => {
  const samples = grade === 'unseen' ? [] : samplesOf(subject, history, grade === 'stale' ? now - staleness : now);
  return Object.fromEntries(Object.entries(watched ?? {}).map(([name, signal]) => [name, foldSignal(signal, samples)]));
};

/** A wish to have a guest in flight, or to have moved it: which guest, and how many hosts further round. */
interface Wish {
  readonly guest: number;
  readonly step: number;
  readonly ago: Milliseconds;
  readonly done: boolean;
}

const wishes = (most: number): fc.Arbitrary<readonly Wish[]> =>
  fc.array(
    fc.record({
      guest: fc.nat(1000),
      step: fc.integer({ min: 1, max: 5 }),
      ago: fc.integer({ min: 1, max: 7200 }).map(seconds),
      done: fc.boolean(),
    }),
    { maxLength: most },
  );

interface Route {
  readonly guest: Guest;
  readonly from: Host;
  readonly to: Host;
}

/** What a wish comes to, where there is a guest and another host. */
const routeOf = (hosts: readonly Host[], guests: readonly Guest[], { guest: n, step }: Wish): Route | undefined => {
  const guest = guests[n % Math.max(1, guests.length)];
  const at = hosts.findIndex(({ id }) => id === guest?.host);
  const [from, to] = [hosts[at], hosts[(at + step) % hosts.length]];
  return guest && from && to && from !== to ? { guest, from, to } : undefined;
};

/** Moves in flight, each to an active host that has the memory for it. */
const inFlight = (cluster: Cluster, wanted: readonly Wish[]): Cluster =>
  wanted.reduce((soFar, wish) => {
    const route = routeOf(soFar.hosts, soFar.guests, wish);
    const { freeMemory, migrationOf } = lookup(soFar);
    if (!route || migrationOf(route.guest.id) || route.to.state !== 'active') return soFar;
    if (freeMemory(route.to.id) < route.guest.memory) return soFar;
    const { guest, from, to } = route;
    const migration: Migration = {
      id: `migration-${soFar.migrations.length}`,
      guest: guest.id,
      from: from.id,
      to: to.id,
      startedAt: now - seconds(10),
    };
    return withMigrations(soFar, [migration]);
  }, cluster);

const outcomes = (hosts: readonly Host[], guests: readonly Guest[], wanted: readonly Wish[]): readonly Outcome[] =>
  wanted
    .flatMap((wish, i): readonly Outcome[] => {
      const route = routeOf(hosts, guests, wish);
      if (!route) return [];
      // A move that was done brought the guest to where it stands; one that failed left it there.
      const [from, to] = wish.done ? [route.to, route.from] : [route.from, route.to];
      return [
        {
          id: `past-${i}`,
          guest: route.guest.id,
          from: from.id,
          to: to.id,
          startedAt: now - wish.ago - seconds(30),
          endedAt: now - wish.ago,
          ending: wish.done
            ? { result: 'done' }
            : { result: 'failed', failure: { kind: 'timed out', retryable: true, message: 'took too long' } },
        },
      ];
    })
    .sort((a, b) => a.endedAt - b.endedAt);

const assemble = (
  furnished: readonly Furnished[],
  hostLives: readonly Life[],
  guestLives: readonly Life[],
  flying: readonly Wish[],
  flown: readonly Wish[],
  watch: Watch,
): Cluster => {
  const inventory = furnished.flatMap(({ guests }) => guests);
  const lifeOf = new Map(inventory.map((guest, i) => [guest.id, guestLives[i]]));
  const guests = inventory
    .map((guest) => {
      const life = lifeOf.get(guest.id) ?? { grade: 'unseen', history: [] };
      const signals = signalsOf(watch.guest, { kind: 'guest', id: guest.id }, life);
      return { ...guest, knowledge: knowledgeOf(life.grade), signals };
    })
    .sort((a, b) => byName(a.id, b.id));
  const hosts = furnished
    .map(({ host, guests: carried }, i) => {
      const life = hostLives[i] ?? { grade: 'unseen', history: [] };
      const silent = carried.filter(({ id }) => lifeOf.get(id)?.grade !== 'fresh').map(({ id }) => id);
      const signals = signalsOf(watch.host, { kind: 'host', id: host.id }, life);
      return { ...host, knowledge: hostKnowledge(life.grade, silent), signals };
    })
    .sort((a, b) => byName(a.id, b.id));
  const past = outcomes(hosts, guests, flown);
  return inFlight({ at: now, hosts, guests, migrations: [], past }, flying);
};

/**
 * Clusters that are sane by construction: every guest stands on a host that has the memory for it, moves in flight have
 * room where they go, hosts and guests are sorted by name. Hostile ones (the default) also hold hosts that are draining,
 * failing or off, subjects that are stale, unseen or known in part, readings with gaps, moves in flight, a past, groups,
 * pins, devices, images and other processors.
 *
 * @example
 * fc.assert(fc.property(clusters({ watch: mine.watch }), (cluster) => expectLawful(mine, cluster)));
 */
export const clusters = ({
  watch = {},
  hosts = 4,
  guestsPerHost = 5,
  hostile = true,
}: ClusterOptions = {}): fc.Arbitrary<Cluster> =>
  (hostile ? fc.constantFrom(0, 0.02, 0.1, 0.3) : fc.constant(0)).chain((wildness) =>
    equipment({ hosts, guestsPerHost, oddness: wildness }).chain((furnished) =>
      fc
        .record({
          hostLives: fc.tuple(
            ...furnished.map(({ host, bustle }) => lives({ bustle, memory: host.memory.total, silence: wildness / 4 })),
          ),
          guestLives: fc.tuple(
            ...furnished.flatMap(({ guests, bustle }) =>
              guests.map(({ memory }) => lives({ bustle, memory, silence: wildness / 8 })),
            ),
          ),
          flying: wishes(hostile ? 2 : 0),
          flown: wishes(hostile ? 3 : 0),
        })
        .map(({ hostLives, guestLives, flying, flown }) =>
          assemble(furnished, hostLives, guestLives, flying, flown, watch),
        ),
    ),
  );
