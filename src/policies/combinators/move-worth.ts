/** What a move gains in processor time, and the facts that its estimate depends on, read from a snapshot. */
import type { MoveFacts } from '../../estimators/index.js';
import type { AnySignal, Spell } from '../../metrics/index.js';
import {
  type BytesPerSecond,
  cpuCapacity,
  type DirtyReading,
  failed,
  type Fraction,
  guestSubject,
  type HostId,
  hostSubject,
  lookup,
  type Milliseconds,
  type ObservedHost,
  ok,
  type Result,
  type Subject,
  unknown,
  type Unknown,
} from '../../model/index.js';
import type { Move } from '../constraint.js';
import { together, unserved, type Wanted, wantedBy } from '../contention.js';
import type { View } from '../policy.js';

/** The signals that weighing a move reads. */
export interface PayOffWatch {
  readonly host: {
    /** Share of the host's processors in use. */
    readonly cpu: AnySignal<number>;
    /** For how long the host has been busy. */
    readonly busy: AnySignal<Spell>;
  };
  readonly guest: {
    readonly cpu: AnySignal<number>;
    readonly dirty: AnySignal<DirtyReading>;
    /** Memory in use, in bytes. */
    readonly used: AnySignal<number>;
  };
}

type Sight = View<PayOffWatch>;
type Host = Sight['hosts'][number];
type Guest = Sight['guests'][number];

const rule = 'paysOff';

const missing = (subject: Subject, measure: string): Unknown =>
  unknown({ rule, subject, measure, why: 'not measured' });

/** What a migration may use of a host's migration network, moves in flight from and to the host counted. */
const bandwidthOf = (host: ObservedHost, { migrations }: Sight): BytesPerSecond | undefined => {
  const network = host.networks.find(({ role }) => role === 'migration');
  const sharing = migrations.filter(({ from, to }) => from === host.id || to === host.id).length;
  return network && network.bandwidth / (sharing + 1);
};

/** A dirty rate of zero is what tools report before they have measured; of a guest that runs it is no measurement. */
const demandOf = (dirty: DirtyReading | undefined): MoveFacts['demand'] =>
  dirty === undefined || !(dirty.rate > 0)
    ? { kind: 'unknown' }
    : { kind: 'sampled', rate: dirty.rate, window: dirty.window };

/** The facts that the estimate of a move depends on, or what is missing of them. */
export const factsOf = ({ guest, from, to }: Move, cluster: Sight): Result<MoveFacts, readonly Unknown[]> => {
  const signals = lookup(cluster).guest(guest.id)?.signals;
  const [leaving, arriving] = [bandwidthOf(from, cluster), bandwidthOf(to, cluster)];
  if (leaving === undefined || arriving === undefined)
    return failed(
      [from, to]
        .filter((host) => bandwidthOf(host, cluster) === undefined)
        .map(({ id }) =>
          unknown({ rule, subject: hostSubject(id), measure: 'migration network', why: 'not in the inventory' }),
        ),
    );
  return ok({
    memory: guest.memory,
    // A hypervisor may count firmware and video memory as used; a guest has no more than it was given.
    ...(signals?.used === undefined ? {} : { nonZero: Math.min(signals.used, guest.memory) }),
    demand: demandOf(signals?.dirty),
    bandwidth: Math.min(leaving, arriving),
  });
};

/** Guests that are on a host once the moves in flight are over. */
const carriedBy = (cluster: Sight, id: HostId): readonly Guest[] => {
  const { arrivals, guestsOn, guest, migrationOf } = lookup(cluster);
  return [
    ...guestsOn(id).filter((standing) => (migrationOf(standing.id)?.to ?? id) === id),
    ...arrivals(id).flatMap((migration) => guest(migration.guest) ?? []),
  ];
};

interface Demand {
  readonly host: Host;
  /** What the hypervisor itself takes, beside the guests that stand there now. */
  readonly own: Wanted;
  readonly guests: readonly { readonly guest: Guest; readonly used: number }[];
}

/** The share of its vCPUs that a guest uses; not known where the guest itself is not freshly known. */
const usedBy = ({ knowledge, signals }: Guest): Fraction | undefined =>
  knowledge.kind === 'fresh' ? signals.cpu : undefined;

const demandOn = (cluster: Sight, id: HostId, besides: Guest): Result<Demand, readonly Unknown[]> => {
  const { guestsOn, host: hostOf } = lookup(cluster);
  const host = hostOf(id);
  if (!host) return failed([unknown({ rule, subject: hostSubject(id), measure: 'host', why: 'not in the inventory' })]);
  const standing = guestsOn(id);
  const carried = carriedBy(cluster, id);
  const silent = [...new Set([...standing, ...carried])].filter(
    (guest) => guest.id !== besides.id && usedBy(guest) === undefined,
  );
  if (host.signals.cpu === undefined || silent.length > 0)
    return failed([
      ...(host.signals.cpu === undefined ? [missing(hostSubject(id), 'cpu')] : []),
      ...silent.map((guest) => missing(guestSubject(guest.id), 'cpu')),
    ]);
  const guests = standing.reduce((sum, guest) => sum + (guest.signals.cpu ?? 0) * guest.vcpus * host.cpu.clock, 0);
  return ok({
    host,
    own: { mean: Math.max(0, host.signals.cpu * cpuCapacity(host) - guests), variance: 0 },
    guests: carried.flatMap((guest) =>
      guest.id === besides.id || guest.signals.cpu === undefined ? [] : [{ guest, used: guest.signals.cpu }],
    ),
  });
};

/** What a move gains. */
export interface Relief {
  /**
   * Processor time gained in all, by the guest and its neighbours at both ends, per processor time that the guest uses:
   * milliseconds of its work per millisecond. Negative where more is lost.
   */
  readonly rate: number;
  /** For how long the source has been busy. */
  readonly held: Milliseconds;
}

/** A guest that uses nothing gains nothing, and no rate is worse than losing all of its work. */
const worst = -0.99;

/** What a move gains, or what is missing to know it. */
export const reliefOf = ({ guest, from, to }: Move, cluster: Sight): Result<Relief, readonly Unknown[]> => {
  const { guest: guestOf, host: hostOf } = lookup(cluster);
  const moved = guestOf(guest.id);
  if (!moved)
    return failed([unknown({ rule, subject: guestSubject(guest.id), measure: 'guest', why: 'not in the inventory' })]);
  const [source, destination] = [demandOn(cluster, from.id, moved), demandOn(cluster, to.id, moved)];
  const used = usedBy(moved);
  if (!source.ok || !destination.ok || used === undefined)
    return failed([
      ...(used === undefined ? [missing(guestSubject(guest.id), 'cpu')] : []),
      ...(source.ok ? [] : source.error),
      ...(destination.ok ? [] : destination.error),
    ]);
  // A guest's reading is in terms of the clock of the host that it stands on now.
  const wants = (who: Demand): readonly Wanted[] => [
    who.own,
    ...who.guests.map((other) =>
      wantedBy(other.guest, other.used, hostOf(other.guest.host)?.cpu.clock ?? who.host.cpu.clock, who.host.cpu.clock),
    ),
  ];
  const [here, there] = [source.value, destination.value];
  const lost = (who: Demand, also: readonly Wanted[]): number =>
    unserved(together([...wants(who), ...also]), cpuCapacity(who.host));
  const before = wantedBy(guest, used, from.cpu.clock);
  const after = wantedBy(guest, used, from.cpu.clock, to.cpu.clock);
  const gained =
    lost(here, [before]) + lost(there, []) - lost(here, []) - lost(there, [after]) - (before.mean - after.mean);
  return ok({
    rate: before.mean > 0 ? Math.max(worst, gained / before.mean) : worst,
    held: hostOf(from.id)?.signals.busy?.held ?? 0,
  });
};
