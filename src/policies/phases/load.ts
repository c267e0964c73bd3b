/** Load evaluation, the first phase: what each host carries, or that this is not known. */
import {
  type Cluster,
  cpuCapacity,
  type Guest,
  guestSubject,
  type Host,
  type HostId,
  hostSubject,
  lookup,
  type ObservedGuest,
  type ObservedHost,
  unknown,
  type Unit,
  type Unknown,
} from '../../model/index.js';
import { cpu, type Measure } from '../../metrics/index.js';
import { notFresh } from '../constraints/known.js';
import { ordered } from '../ordered.js';

/** What loads are made of: how a guest's reading becomes an amount, and how much of it a host offers (W12.1, W18). */
export interface Resource {
  /** Name of the load, as it appears in reasons. */
  readonly name: string;
  /** What is read of a guest. */
  readonly measure: Measure;
  /**
   * What a guest takes by what it was given, in the resource's own measure: memory, vCPUs, or a place. Where it is there no
   * reading is asked for, and `taken` is not either. Left out: the resource is measured.
   */
  readonly granted?: (guest: Guest) => number;
  /** What a guest takes by its reading, in the resource's own measure, on the host that it stands on. */
  readonly taken: (reading: number, guest: Guest, host: Host) => number;
  /** What a host offers, in the same measure. Loads are quoted as shares of it. */
  readonly capacity: (host: Host) => number;
  /** Unit of a load. */
  readonly unit: Unit;
}

/** Processor cycles per second, as a share of what the host's cores offer: comparable between unequal hosts (W13). */
export const cpuCycles: Resource = {
  name: 'cpu',
  measure: cpu,
  taken: (used, { vcpus }, host) => used * vcpus * host.cpu.clock,
  capacity: cpuCapacity,
  unit: 'fraction',
};

/** Processors kept busy, as a number of processors: the other unit of W13. */
export const cpuCount: Resource = {
  name: 'cpu',
  measure: cpu,
  taken: (used, { vcpus }) => used * vcpus,
  capacity: () => 1,
  unit: 'count',
};

/** What one guest takes. */
export interface GuestLoad {
  readonly guest: ObservedGuest;
  /** In the resource's own measure. */
  readonly taken: number;
}

/** What one host carries once the moves in flight are over. */
export interface HostLoad {
  readonly kind: 'known';
  readonly host: ObservedHost;
  /** In the resource's own measure. */
  readonly taken: number;
  /** As a share of what the host offers. */
  readonly share: number;
  /** Guests that stand on it and stay, sorted by name. */
  readonly guests: readonly GuestLoad[];
}

/** What one host carries is not known, and why. */
export interface UnknownLoad {
  readonly kind: 'unknown';
  readonly host: ObservedHost;
  readonly because: readonly Unknown[];
}

/** Reads the load of a guest from its signals. */
export type ReadingOf = (guest: ObservedGuest) => number | undefined;

/** Nine decimals: the order in which a sum was taken shall not decide whether two loads are equal. */
const precision = 1e9;

/** An amount as a share of what a host offers, to nine decimals. */
export const shareOf = (taken: number, host: Host, { capacity }: Resource): number =>
  Math.round((taken / capacity(host)) * precision) / precision;

const rule = 'load evaluation';

const guestLoad = (
  guest: ObservedGuest,
  host: ObservedHost | undefined,
  resource: Resource,
  readingOf: ReadingOf,
): GuestLoad | readonly Unknown[] => {
  if (guest.knowledge.kind !== 'fresh') return notFresh(rule, guestSubject(guest.id), guest.knowledge);
  if (resource.granted) return { guest, taken: resource.granted(guest) };
  const reading = readingOf(guest);
  if (reading === undefined || !Number.isFinite(reading) || reading < 0)
    return [unknown({ rule, subject: guestSubject(guest.id), measure: resource.name, why: 'not measured' })];
  if (!host) return [unknown({ rule, subject: guestSubject(guest.id), measure: 'host', why: 'not in the inventory' })];
  return { guest, taken: resource.taken(reading, guest, host) };
};

const isLoad = (value: GuestLoad | readonly Unknown[]): value is GuestLoad => 'taken' in value;

/**
 * The load of every host: the sum of what its guests take, and nothing of the hypervisor's own (W12.1). A guest in flight
 * counts where it goes, as if the engine had waited for it to land. The load of a host is not known where the host or
 * one of these guests is not freshly known, or has no reading.
 */
export const evaluateLoads = (
  cluster: Cluster,
  resource: Resource,
  readingOf: ReadingOf,
): readonly (HostLoad | UnknownLoad)[] => {
  const { host: hostOf, guest: guestOf, migrationOf, arrivals } = lookup(cluster);
  const carried = new Map<HostId, ObservedGuest[]>();
  for (const guest of ordered(cluster).guests) {
    const end = migrationOf(guest.id)?.to ?? guest.host;
    const there = carried.get(end);
    if (there) there.push(guest);
    else carried.set(end, [guest]);
  }
  return cluster.hosts.map((host): HostLoad | UnknownLoad => {
    const subject = hostSubject(host.id);
    const loads = (carried.get(host.id) ?? []).map((guest) =>
      guestLoad(guest, hostOf(guest.host), resource, readingOf),
    );
    const because = [
      ...notFresh(rule, subject, host.knowledge),
      ...arrivals(host.id)
        .filter(({ guest }) => !guestOf(guest))
        .map(({ guest }) =>
          unknown({ rule, subject: guestSubject(guest), measure: resource.name, why: 'not in the inventory' }),
        ),
      ...loads.flatMap((load) => (isLoad(load) ? [] : load)),
    ];
    if (because.length > 0) return { kind: 'unknown', host, because };
    const guests = loads.filter(isLoad);
    const taken = guests.reduce((sum, load) => sum + load.taken, 0);
    return {
      kind: 'known',
      host,
      taken,
      share: shareOf(taken, host, resource),
      guests: guests.filter(({ guest }) => guest.host === host.id),
    };
  });
};
