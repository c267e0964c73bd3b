/** Recipe: what a cluster is made from, and the cluster that it makes: inventory, what is known, moves, signals of a watch. */
import { type AnySignal, foldSignal, type Watch } from '../metrics/index.js';
import {
  byName,
  type Cluster,
  type Guest,
  type GuestId,
  type Host,
  type HostId,
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
import { type History, samplesOf } from './samples.js';

/** How well a subject is known, before it is known how its guests are. */
export type Grade = 'fresh' | 'stale' | 'unseen';

/** What was heard of a subject, and how well it is known. */
export interface Life {
  readonly grade: Grade;
  readonly history: History;
}

/** A guest and what was heard of it. */
export interface LivingGuest {
  readonly guest: Guest;
  readonly life: Life;
}

/** A host, what was heard of it, and the guests that stand on it. */
export interface LivingHost {
  readonly host: Host;
  readonly life: Life;
  readonly guests: readonly LivingGuest[];
}

/** A wish to have a guest in flight, or to have moved it: which guest, and how many hosts further round. */
export interface Wish {
  readonly guest: number;
  readonly step: number;
  readonly ago: Milliseconds;
  readonly done: boolean;
}

/** What a wish comes to: a guest and another host, by name, so that it stays the same while others fall away. */
export interface Flight {
  readonly guest: GuestId;
  readonly to: HostId;
  readonly ago: Milliseconds;
  readonly done: boolean;
}

/** What a cluster is made from. */
export interface Recipe {
  readonly hosts: readonly LivingHost[];
  /** Moves to be in flight, where there is room for them. */
  readonly flying: readonly Flight[];
  /** Moves that are over. */
  readonly flown: readonly Flight[];
}

/** Time of every snapshot: far enough from zero that nothing in its past is before the beginning. */
const now: Milliseconds = hours(100);

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

interface Route {
  readonly guest: Guest;
  readonly from: Host;
  readonly to: Host;
}

/** What wishes come to, where there is a guest and another host. */
export const flightsOf = (living: readonly LivingHost[], wishes: readonly Wish[]): readonly Flight[] => {
  const hosts = living.map(({ host }) => host.id).sort(byName);
  const guests = living
    .flatMap((one) => one.guests)
    .map(({ guest }) => guest)
    .sort((a, b) => byName(a.id, b.id));
  return wishes.flatMap(({ guest: n, step, ago, done }): readonly Flight[] => {
    const guest = guests[n % Math.max(1, guests.length)];
    const to = guest && hosts[(hosts.indexOf(guest.host) + step) % hosts.length];
    return guest && to !== undefined && to !== guest.host ? [{ guest: guest.id, to, ago, done }] : [];
  });
};

const routeOf = (hosts: readonly Host[], guests: readonly Guest[], flight: Flight): Route | undefined => {
  const guest = guests.find(({ id }) => id === flight.guest);
  const [from, to] = [guest?.host, flight.to].map((name) => hosts.find(({ id }) => id === name));
  return guest && from && to && from !== to ? { guest, from, to } : undefined;
};

/** Moves in flight, each to an active host that has the memory for it. */
const inFlight = (cluster: Cluster, wanted: readonly Flight[]): Cluster =>
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

const outcomes = (hosts: readonly Host[], guests: readonly Guest[], wanted: readonly Flight[]): readonly Outcome[] =>
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

/** The cluster that a recipe makes, with the signals of a watch folded from what was heard. */
export const clusterFrom = ({ hosts: living, flying, flown }: Recipe, watch: Watch): Cluster => {
  const guests = living
    .flatMap((one) => one.guests)
    .map(({ guest, life }) => ({
      ...guest,
      knowledge: knowledgeOf(life.grade),
      signals: signalsOf(watch.guest, { kind: 'guest', id: guest.id }, life),
    }))
    .sort((a, b) => byName(a.id, b.id));
  const hosts = living
    .map(({ host, life, guests: carried }) => ({
      ...host,
      knowledge: hostKnowledge(
        life.grade,
        carried.filter((one) => one.life.grade !== 'fresh').map(({ guest }) => guest.id),
      ),
      signals: signalsOf(watch.host, { kind: 'host', id: host.id }, life),
    }))
    .sort((a, b) => byName(a.id, b.id));
  const past = outcomes(hosts, guests, flown);
  return inFlight({ at: now, hosts, guests, migrations: [], past }, flying);
};
