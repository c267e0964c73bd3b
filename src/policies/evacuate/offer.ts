/** Offers: what each destination would be left with if it took guests that leave together, and which offer is best. */
import {
  byName,
  type Cluster,
  compare,
  type Compared,
  type Fraction,
  guestMemory,
  guestSubject,
  holds,
  type HostId,
  hostSubject,
  lookup,
  type ObservedGuest,
  type ObservedHost,
  type PassedOver,
  type Proposal,
  type Reason,
} from '../../model/index.js';
import { type Constraint, planned } from '../constraint.js';
import { judgeUnit, type Unit } from '../leaving.js';
import { cpuCycles, evaluateLoads, shareOf } from '../phases/load.js';

/** What a destination would be left with. */
export interface Offer {
  readonly to: ObservedHost;
  /** What each of the unit's guests was judged by. */
  readonly reasons: readonly (readonly Reason[])[];
  /** Share of the destination's memory that is free afterwards. */
  readonly spare: Fraction;
  /** Share of the destination's processors that is wanted afterwards. */
  readonly wanted: Fraction;
}

/** A unit that looks for a place, and the snapshot with the moves planned so far in flight. */
export interface Search {
  readonly unit: Unit;
  readonly from: ObservedHost;
  readonly cluster: Cluster;
  readonly constraints: readonly Constraint[];
}

/** The moves of a unit to one destination, without evidence. */
export const stepsOf = ({ unit, from }: Search, to: HostId): readonly Omit<Proposal, 'because'>[] =>
  unit.map(({ id }) => ({ guest: id, from: from.id, to }));

/** Nobody knows what a guest without a reading wants, so it counts as wanting all of its vCPUs. */
const readingOf = ({ signals }: ObservedGuest): number => (typeof signals['cpu'] === 'number' ? signals['cpu'] : 1);

/** What every destination offers, or why it refuses. */
export const offers = (
  search: Search,
): { readonly made: readonly Offer[]; readonly refused: readonly PassedOver[] } => {
  const { unit, from, cluster, constraints } = search;
  const loads = new Map(evaluateLoads(cluster, cpuCycles, readingOf).map((load) => [load.host.id, load]));
  const more = unit.reduce((sum, guest) => sum + cpuCycles.taken(readingOf(guest), guest, from), 0);
  const made: Offer[] = [];
  const refused: PassedOver[] = [];
  // A host that takes no guests is no destination for anybody, so it is not judged for each guest.
  for (const to of cluster.hosts.filter(({ state }) => state === 'active')) {
    const steps = stepsOf(search, to.id);
    const reasons = judgeUnit(constraints, unit, from, to, cluster);
    const against = unit.flatMap((guest, i) => {
      const because = (reasons[i] ?? []).filter((reason) => !holds(reason));
      return because.length > 0 ? [{ subject: guestSubject(guest.id), to: to.id, because }] : [];
    });
    refused.push(...against);
    if (against.length > 0) continue;
    const load = loads.get(to.id);
    if (load?.kind === 'known')
      made.push({
        to,
        reasons,
        spare: lookup(planned(cluster, steps)).freeMemory(to.id) / guestMemory(to),
        wanted: shareOf(load.taken + more, to, cpuCycles),
      });
    else
      refused.push(...unit.map(({ id }) => ({ subject: guestSubject(id), to: to.id, because: load?.because ?? [] })));
  }
  return { made, refused };
};

/** Best first: within the limit the fullest in memory (best fit), beyond it the least wanted processors; then by name. */
export const byFit =
  (limit: Fraction) =>
  (a: Offer, b: Offer): number => {
    const [aWithin, bWithin] = [a.wanted <= limit, b.wanted <= limit];
    if (aWithin !== bWithin) return aWithin ? -1 : 1;
    return (aWithin ? a.spare - b.spare : a.wanted - b.wanted) || byName(a.to.id, b.to.id);
  };

/** How the processors wanted at a destination stand to a limit. */
export const wantedAgainst = ({ to, wanted }: Offer, relation: Compared['relation'], limit: Fraction): Compared =>
  compare({
    rule: 'evacuate.cpu',
    subject: hostSubject(to.id),
    measure: 'cpu afterwards',
    value: wanted,
    relation,
    limit,
    unit: 'fraction',
  });

/** Why an offer is not taken where another one is. */
export const worseThan = (best: Offer, other: Offer, limit: Fraction): Compared => {
  if (best.wanted > limit) return wantedAgainst(other, 'below', best.wanted);
  if (other.wanted > limit) return wantedAgainst(other, 'at most', limit);
  return compare({
    rule: 'evacuate.fit',
    subject: hostSubject(other.to.id),
    measure: 'memory to spare afterwards',
    value: other.spare,
    relation: 'below',
    limit: best.spare,
    unit: 'fraction',
  });
};
