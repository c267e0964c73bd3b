/** Registry: the hosts, the guests, which guest stands where, and the reports of a retention period (M6, M10). */
import {
  byName,
  type Guest,
  type GuestId,
  type Host,
  type HostId,
  type Inventory,
  type Milliseconds,
  type Sample,
  type Subject,
} from '../../model/index.js';
import { diskStandsOn } from './parameters.js';
import { emptyShelf, onShelf, put, remove, type Shelf, shelved } from './shelf.js';

/** A registered host. */
export interface HostEntry {
  readonly host: Host;
  /** When it was last heard of. */
  readonly heard: Milliseconds;
  /** It fell silent and has not been heard of since. */
  readonly departed: boolean;
}

/** A registered guest, as it registered. Where it stands now is in {@link Registry.places}. */
export interface GuestEntry {
  readonly guest: Guest;
  readonly heard: Milliseconds;
}

/** Where a guest stands, and by whose word: a host's word about its own copies outweighs a guest's. */
export interface Place {
  readonly host: HostId;
  readonly by: 'guest' | 'host';
}

/** The hosts, the guests, the map from guest to host, and the reports kept. */
export interface Registry {
  readonly hosts: Shelf<HostEntry>;
  readonly guests: Shelf<GuestEntry>;
  readonly places: Shelf<Place>;
  /** The same the other way round: by host, the guests that stand on it, in no order. */
  readonly residents: Shelf<readonly GuestId[]>;
  /** Samples by subject, oldest first. */
  readonly reports: Shelf<readonly Sample[]>;
}

/** A registry of nothing. */
export const emptyRegistry: Registry = {
  hosts: emptyShelf,
  guests: emptyShelf,
  places: emptyShelf,
  residents: emptyShelf,
  reports: emptyShelf,
};

/** A registered host, or `undefined`. */
export const hostEntry = ({ hosts }: Registry, id: HostId): HostEntry | undefined => onShelf(hosts, id);
/** A registered guest, or `undefined`. */
export const guestEntry = ({ guests }: Registry, id: GuestId): GuestEntry | undefined => onShelf(guests, id);
/** The host that a guest stands on, or `undefined` where that is not known. */
export const placeOf = ({ places }: Registry, guest: GuestId): HostId | undefined => onShelf(places, guest)?.host;

const reportKey = ({ kind, id }: { readonly kind: Sample['kind']; readonly id: string }): string => `${kind} ${id}`;

/** The reports kept of a host or guest, oldest first. */
export const reportsOf = ({ reports }: Registry, subject: Exclude<Subject, { kind: 'cluster' }>): readonly Sample[] =>
  onShelf(reports, reportKey(subject)) ?? [];

/** The registry with a report added, and reports of the same subject dropped that are older than `keep`. */
export const withReport = (registry: Registry, sample: Sample, keep: Milliseconds): Registry => {
  const kept = reportsOf(registry, sample);
  const expired = kept.findIndex(({ at }) => at >= sample.at - keep);
  return {
    ...registry,
    reports: put(registry.reports, reportKey(sample), [...(expired < 0 ? [] : kept.slice(expired)), sample]),
  };
};

/** The registry without reports that were made before a time. A subject that fell silent loses them too. */
export const expire = (registry: Registry, before: Milliseconds): Registry => {
  const stale = shelved(registry.reports).filter(([, kept]) => (kept[0]?.at ?? before) < before);
  if (stale.length === 0) return registry;
  const reports = stale.reduce((shelf, [key, kept]) => {
    const fresh = kept.filter(({ at }) => at >= before);
    return fresh.length === 0 ? remove(shelf, key) : put(shelf, key, fresh);
  }, registry.reports);
  return { ...registry, reports };
};

const withoutResident = (residents: Registry['residents'], guest: GuestId, host: HostId): Registry['residents'] =>
  put(
    residents,
    host,
    (onShelf(residents, host) ?? []).filter((one) => one !== guest),
  );

/** The registry with a guest on a host, or on none. */
export const withPlace = (registry: Registry, guest: GuestId, place: Place | undefined): Registry => {
  const before = onShelf(registry.places, guest);
  if (before?.host === place?.host && before?.by === place?.by) return registry;
  const left = before ? withoutResident(registry.residents, guest, before.host) : registry.residents;
  return {
    ...registry,
    places: place ? put(registry.places, guest, place) : remove(registry.places, guest),
    residents: place ? put(left, place.host, [...(onShelf(left, place.host) ?? []), guest]) : left,
  };
};

/** Guests that stand on a host, sorted by name. */
export const guestsAt = ({ residents }: Registry, host: HostId): readonly GuestId[] =>
  [...(onShelf(residents, host) ?? [])].sort(byName);

/** Registered guests that stand on another host and have their disk on this one, sorted by name (M40). */
export const guestsAway = (registry: Registry, { id, ...host }: Host): readonly (Guest & { readonly at: HostId })[] =>
  shelved(registry.guests)
    .flatMap(([name, { guest }]) => {
      const at = placeOf(registry, name);
      return at !== undefined && at !== id && diskStandsOn(guest, { id, ...host }) ? [{ ...guest, at }] : [];
    })
    .sort((a, b) => byName(a.id, b.id));

/**
 * The hosts that are there and the guests that stand on them, as an inventory: hosts that have departed are `off`, guests
 * that stand on no registered host are left out.
 */
export const inventoryOf = (registry: Registry): Inventory => ({
  hosts: shelved(registry.hosts)
    .map(([, { host, departed }]): Host => (departed ? { ...host, state: 'off' } : host))
    .sort((a, b) => byName(a.id, b.id)),
  guests: shelved(registry.guests)
    .flatMap(([id, { guest }]) => {
      const host = placeOf(registry, id);
      return host !== undefined && hostEntry(registry, host) ? [{ ...guest, host }] : [];
    })
    .sort((a, b) => byName(a.id, b.id)),
});
