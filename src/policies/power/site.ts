/** Site: a snapshot as consolidation sees it: how loaded each host is, for how long, and whether it is empty. */
import type { Spell } from '../../metrics/index.js';
import {
  byName,
  type Cluster,
  compare,
  guestSubject,
  hostSubject,
  lookup,
  type PassedOver,
  type Proposal,
  type Reason,
  unknown,
} from '../../model/index.js';
import { planned } from '../constraint.js';
import { byFit, type Offer, offers, stepsOf } from '../evacuate/offer.js';
import type { Unit } from '../leaving.js';
import { cpuCycles, evaluateLoads, type HostLoad, type UnknownLoad } from '../phases/load.js';
import type { ConsolidateRules } from './settings.js';

const isKnownLoad = (load: HostLoad | UnknownLoad): load is HostLoad => load.kind === 'known';

/** What the active hosts carry, the least loaded first; those of which it is not known apart. */
export const loadsOf = (
  cluster: Cluster,
): { readonly known: readonly HostLoad[]; readonly unknown: readonly UnknownLoad[] } => {
  const loads = evaluateLoads(cluster, cpuCycles, ({ signals: { cpu } }) =>
    // The policy watches this name with a signal of numbers.
    typeof cpu === 'number' ? cpu : undefined,
  ).filter(({ host }) => host.state === 'active');
  return {
    known: loads.filter(isKnownLoad).sort((a, b) => a.share - b.share || byName(a.host.id, b.host.id)),
    unknown: loads.filter((load) => load.kind === 'unknown'),
  };
};

/** Whether no guest stands on a host or is on the way to it. */
export const isEmpty = (cluster: Cluster, { host: { id } }: HostLoad): boolean => {
  const { guestsOn, arrivals } = lookup(cluster);
  return guestsOn(id).length === 0 && arrivals(id).length === 0;
};

/** The marks beyond which a host is emptied, or relieved. */
export type Mark = 'low' | 'high';

/** How a host's load stands to a mark. */
export const against = ({ low, high }: ConsolidateRules, { host, share: value }: HostLoad, mark: Mark): Reason =>
  compare({
    rule: `consolidate.${mark}`,
    subject: hostSubject(host.id),
    measure: 'cpu',
    value,
    relation: mark === 'low' ? 'below' : 'above',
    limit: mark === 'low' ? low : high,
    unit: 'fraction',
  });

/** Whether the host's own readings have been beyond a mark for the mark's window. */
export const lasting = ({ down, up }: ConsolidateRules, { host }: HostLoad, mark: Mark): Reason => {
  const subject = hostSubject(host.id);
  const measure = mark === 'low' ? 'time below the lower mark' : 'time above the upper mark';
  // The policy watches both names with signals of spells.
  const spell = host.signals[mark] as Spell | undefined;
  return spell === undefined
    ? unknown({ rule: `consolidate.${mark}`, subject, measure, why: 'not measured' })
    : compare({
        rule: `consolidate.${mark}`,
        subject,
        measure,
        value: spell.held,
        relation: 'at least',
        limit: mark === 'low' ? down : up,
        unit: 'milliseconds',
      });
};

/** A unit that found a place, or did not. */
export interface Placed {
  readonly moves: readonly Proposal[];
  readonly passedOver: readonly PassedOver[];
}

/** What a destination's processors would be wanted for. */
const filled = ({ to, wanted }: Offer, limit: number): Reason =>
  compare({
    rule: 'consolidate.fill',
    subject: hostSubject(to.id),
    measure: 'cpu afterwards',
    value: wanted,
    relation: 'at most',
    limit,
    unit: 'fraction',
  });

/**
 * Finds a place for guests that leave together: of the hosts that end within a limit, limits in turn, the one that they fill best.
 *
 * @param from - where they stand
 * @param moves - planned so far
 * @param takes - whether a host is a destination at all
 */
export const place = (
  { constraints }: ConsolidateRules,
  cluster: Cluster,
  { from, unit, moves }: { readonly from: HostLoad; readonly unit: Unit; readonly moves: readonly Proposal[] },
  limits: readonly number[],
  takes: (host: HostLoad['host']) => boolean,
): Placed => {
  const search = { unit, from: from.host, cluster: planned(cluster, moves), constraints };
  const { made, refused } = offers(search);
  const taking = made.filter(({ to }) => takes(to));
  for (const limit of limits) {
    const [best] = taking.filter(({ wanted }) => wanted <= limit).sort(byFit(limit));
    if (best)
      return {
        moves: stepsOf(search, best.to.id).map((step, i) => ({
          ...step,
          because: [filled(best, limit), ...(best.reasons[i] ?? [])],
        })),
        passedOver: refused,
      };
  }
  const most = Math.max(...limits);
  return {
    moves: [],
    passedOver: [
      ...refused,
      ...taking.flatMap((offer) =>
        unit.map(({ id }) => ({ subject: guestSubject(id), to: offer.to.id, because: [filled(offer, most)] })),
      ),
    ],
  };
};
