/** Lookup: a snapshot's hosts and guests by name, and what each host carries, worked out once per snapshot. */
import type { Cluster, ObservedGuest, ObservedHost } from './cluster.js';
import type { Host } from './host.js';
import type { GuestId, HostId } from './identifiers.js';
import type { Migration } from './migration.js';
import type { Bytes } from './units.js';

/** Answers about one snapshot. */
export interface Lookup<HostSignals, GuestSignals> {
  /** The host of a name. */
  readonly host: (id: HostId) => ObservedHost<HostSignals> | undefined;
  /** The guest of a name. */
  readonly guest: (id: GuestId) => ObservedGuest<GuestSignals> | undefined;
  /** Guests that stand on a host, sorted by name. */
  readonly guestsOn: (id: HostId) => readonly ObservedGuest<GuestSignals>[];
  /** Moves under way towards a host. */
  readonly arrivals: (id: HostId) => readonly Migration[];
  /** The move that a guest is in, if any. */
  readonly migrationOf: (id: GuestId) => Migration | undefined;
  /** Memory that guests may still take on a host, moves in flight towards it counted as arrived. May be negative. */
  readonly freeMemory: (id: HostId) => Bytes;
}

/** Memory that a host has for guests. */
export const guestMemory = ({ memory }: Host): Bytes => memory.total - memory.reserved;

const build = <H, G>(cluster: Cluster<H, G>): Lookup<H, G> => {
  const hosts = new Map(cluster.hosts.map((host) => [host.id, host]));
  const guests = new Map(cluster.guests.map((guest) => [guest.id, guest]));
  const carried = new Map<HostId, ObservedGuest<G>[]>();
  const arrivals = new Map<HostId, Migration[]>();
  const moving = new Map<GuestId, Migration>();
  const taken = new Map<HostId, Bytes>();
  const take = (host: HostId, memory: Bytes): unknown => taken.set(host, (taken.get(host) ?? 0) + memory);
  const list = <V>(lists: Map<HostId, V[]>, host: HostId, value: V): unknown =>
    lists.get(host)?.push(value) ?? lists.set(host, [value]);

  for (const guest of cluster.guests) {
    list(carried, guest.host, guest);
    take(guest.host, guest.memory);
  }
  for (const migration of cluster.migrations) {
    const guest = guests.get(migration.guest);
    list(arrivals, migration.to, migration);
    moving.set(migration.guest, migration);
    if (guest && guest.host !== migration.to) take(migration.to, guest.memory);
  }
  return {
    host: (id) => hosts.get(id),
    guest: (id) => guests.get(id),
    guestsOn: (id) => carried.get(id) ?? [],
    arrivals: (id) => arrivals.get(id) ?? [],
    migrationOf: (id) => moving.get(id),
    freeMemory: (id) => {
      const host = hosts.get(id);
      return host ? guestMemory(host) - (taken.get(id) ?? 0) : 0;
    },
  };
};

/** Built at the first question about a snapshot and forgotten with it; a memory, not a state: nobody can see it. */
const built = /* @__PURE__ */ new WeakMap<object, unknown>();

/** Answers about a snapshot, in constant time after the first. */
export const lookup = <H, G>(cluster: Cluster<H, G>): Lookup<H, G> => {
  const known = built.get(cluster);
  // The map holds for each snapshot the lookup that was built from it, so the types agree.
  if (known) return known as Lookup<H, G>;
  const fresh = build(cluster);
  built.set(cluster, fresh);
  return fresh;
};

const extend = <H, G>(base: Lookup<H, G>, added: readonly Migration[]): Lookup<H, G> => {
  const arrivals = new Map<HostId, Migration[]>();
  const moving = new Map<GuestId, Migration>();
  const taken = new Map<HostId, Bytes>();
  for (const migration of added) {
    const { guest: id, to } = migration;
    const guest = base.guest(id);
    arrivals.set(to, [...(arrivals.get(to) ?? []), migration]);
    moving.set(id, migration);
    if (guest && guest.host !== to) taken.set(to, (taken.get(to) ?? 0) + guest.memory);
  }
  return {
    ...base,
    arrivals: (id) => [...base.arrivals(id), ...(arrivals.get(id) ?? [])],
    migrationOf: (id) => moving.get(id) ?? base.migrationOf(id),
    freeMemory: (id) => base.freeMemory(id) - (taken.get(id) ?? 0),
  };
};

/** A snapshot with more moves in flight. Its lookup builds on the first one's, so it costs only what is added. */
export const withMigrations = <H, G>(cluster: Cluster<H, G>, added: readonly Migration[]): Cluster<H, G> => {
  if (added.length === 0) return cluster;
  const larger = { ...cluster, migrations: [...cluster.migrations, ...added] };
  built.set(larger, extend(lookup(cluster), added));
  return larger;
};
