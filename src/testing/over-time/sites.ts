/** Arbitrary sites: what a simulated cluster is made of: equipment, what guests do, and what goes wrong. */
import * as fc from 'fast-check';
import {
  type Fraction,
  gibibytes,
  type Guest,
  type GuestId,
  type Host,
  type HostId,
  mebibytes,
  mebibytesPerSecond,
  type Milliseconds,
  minutes,
  seconds,
} from '../../model/index.js';
import { busy, type Fault, idle, traceDemand, type Workload } from '../../simulation/index.js';
import { equipment } from '../equipment.js';
import { each, fewer, shrinking } from '../shrinking.js';

/** What a simulated cluster is made of; the options of `simulatedCluster` without its clock. */
export interface Site {
  readonly hosts: readonly Host[];
  readonly guests: readonly Guest[];
  /** What each guest does. */
  readonly workloads: Readonly<Record<GuestId, Workload>>;
  /** What goes wrong, and when. */
  readonly faults: readonly Fault[];
}

/** How large a site may be, and what may happen there. */
export interface SiteOptions {
  /** Most hosts; at least two are made. @defaultValue 3 */
  readonly hosts?: number;
  /** Most guests on one host. @defaultValue 3 */
  readonly guestsPerHost?: number;
  /** Whether loads stand still, or may also rise, fall, and end. @defaultValue true */
  readonly standing?: boolean;
  /** Until when faults may begin; zero for none. @defaultValue 0 */
  readonly faultsUntil?: Milliseconds;
}

const share: fc.Arbitrary<Fraction> = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);

const writes = { rate: mebibytesPerSecond(5), workingSet: mebibytes(50), pattern: 'random' } as const;

/** A load that stands still: the same share of the guest's processors for good. */
export const standingLoad = (used: Fraction): Workload => ({ demand: traceDemand([used], { writes }) });

/**
 * What a guest does: a load that stands still, or, where that is not asked for, also one that comes and goes, a job without
 * an end, or nothing. Shrinks to a load that stands still.
 */
export const workloads = ({ standing = false }: { readonly standing?: boolean } = {}): fc.Arbitrary<Workload> => {
  const still = share.map(standingLoad);
  if (standing) return still;
  return fc.oneof(
    still,
    fc
      .array(share, { minLength: 2, maxLength: 6 })
      .map((values): Workload => ({ demand: traceDemand(values, { step: minutes(2), writes }) })),
    fc.integer({ min: 1, max: 2 }).map((processes): Workload => ({ jobs: [busy(processes)] })),
    fc.constant(idle()),
  );
};

/** What goes wrong on given hosts, each time in passing. Shrinks to nothing. */
export const faults = (hosts: readonly HostId[], until: Milliseconds): fc.Arbitrary<readonly Fault[]> => {
  const when = { at: fc.integer({ min: 0, max: 20 }).map((n) => (n * until) / 20) };
  const lasting = fc.integer({ min: 1, max: 12 }).map((n) => seconds(n * 10));
  const host = fc.constantFrom(...hosts);
  return fc.array(
    fc.oneof(
      fc.record({ ...when, kind: fc.constant('silence' as const), host, lasting }),
      fc.record({
        ...when,
        kind: fc.constant('slow link' as const),
        host,
        lasting,
        factor: fc.constantFrom(0.5, 0.1),
      }),
      fc.record({ ...when, kind: fc.constant('migration fails' as const) }),
      fc.record({ ...when, kind: fc.constant('outage' as const), lasting }),
      fc.record({
        ...when,
        kind: fc.constant('garbage' as const),
        subject: host.map((id) => ({ kind: 'host' as const, id })),
        as: fc.constantFrom('bad input' as const, 'NaN' as const),
      }),
      fc.record({ ...when, kind: fc.constant('crash' as const), host, lasting }),
    ),
    { maxLength: 3 },
  );
};

const restrictedTo = (site: Site, hosts: readonly Host[], guests: readonly Guest[]): Site => {
  const names = new Set(hosts.map(({ id }) => id));
  const left = guests.filter(({ host }) => names.has(host));
  return {
    hosts,
    guests: left,
    workloads: Object.fromEntries(left.map(({ id }) => [id, site.workloads[id] ?? standingLoad(0)])),
    faults: site.faults.filter((fault) => {
      if ('host' in fault) return names.has(fault.host);
      return fault.kind !== 'garbage' || fault.subject.kind !== 'host' || names.has(fault.subject.id);
    }),
  };
};

/** Plainer loads: one that stands still for one that does not, and a round one for one that is not. */
const smallerLoads = function* ({ demand, jobs }: Workload): Generator<Workload> {
  const [used] = demand?.values ?? [];
  if (jobs || !demand || demand.values.length > 1) yield standingLoad(used ?? 1);
  else if (used !== undefined)
    for (const round of [0, 1, 0.5]) if (String(round).length < String(used).length) yield standingLoad(round);
};

const smallerSites = function* (site: Site): Generator<Site> {
  const { hosts, guests } = site;
  for (const less of fewer(site.faults)) yield { ...site, faults: less };
  for (const less of fewer(hosts, 1)) yield restrictedTo(site, less, guests);
  for (const less of fewer(guests)) yield restrictedTo(site, hosts, less);
  for (const guest of guests) {
    for (const load of smallerLoads(site.workloads[guest.id] ?? {}))
      yield { ...site, workloads: { ...site.workloads, [guest.id]: load } };
  }
  for (const less of each(guests, function* (guest): Generator<Guest> {
    if (guest.vcpus > 1) yield { ...guest, vcpus: 1 };
    if (guest.memory > gibibytes(1)) yield { ...guest, memory: gibibytes(1) };
  }))
    yield { ...site, guests: less };
};

/** Sites with hosts that are sound and guests that fit. They shrink to few hosts and guests, round loads and no faults. */
export const sites = ({
  hosts = 3,
  guestsPerHost = 3,
  standing = true,
  faultsUntil = 0,
}: SiteOptions = {}): fc.Arbitrary<Site> =>
  shrinking(
    equipment({ hosts, guestsPerHost, oddness: 0 })
      .filter((furnished) => furnished.length > 1)
      .chain((furnished) => {
        const guests = furnished.flatMap((one) => one.guests);
        const names = furnished.map(({ host }) => host.id);
        return fc
          .record({
            loads: fc.tuple(...guests.map(() => workloads({ standing }))),
            wrong: faultsUntil > 0 ? faults(names, faultsUntil) : fc.constant([]),
          })
          .map(({ loads, wrong }): Site => ({
            hosts: furnished.map(({ host }) => host),
            guests,
            workloads: Object.fromEntries(guests.map(({ id }, i) => [id, loads[i] ?? standingLoad(0)])),
            faults: wrong,
          }));
      }),
    smallerSites,
  );
