/** Place: one unit of guests to the host that it fills best, and why not to the others. */
import {
  type Cluster,
  compare,
  type Fraction,
  guestSubject,
  type HostId,
  hostSubject,
  type ObservedHost,
  type PassedOver,
  type Plan,
  type Reason,
} from '../../model/index.js';
import { byName, lookup } from '../../model/index.js';
import { leavingUnits, type Unit, unitMemory, unitName } from '../leaving.js';
import { byFit, offers, type Search, stepsOf, wantedAgainst, worseThan } from './offer.js';

/** The guests of a host in the units in which they must leave, largest memory first. */
export const unitsOn = (cluster: Cluster, host: ObservedHost): readonly Unit[] =>
  [...leavingUnits(cluster, lookup(cluster).guestsOn(host.id))].sort(
    (a, b) => unitMemory(b) - unitMemory(a) || byName(unitName(a), unitName(b)),
  );

/**
 * Finds a place for one unit.
 *
 * @param rule - names who asks
 * @param limit - share of a destination's processors up to which it is filled as long as another one is left
 * @param because - why it has to leave
 * @param takes - whether a host is a destination at all; left out, any is
 */
export const place = (
  rule: string,
  search: Search,
  limit: Fraction,
  because: Reason,
  takes: (host: HostId) => boolean = () => true,
): Plan => {
  const { unit, from } = search;
  const { made, refused } = offers(search);
  const [best, ...others] = made.filter(({ to }) => takes(to.id)).sort(byFit(limit));
  if (!best) {
    const none = compare({
      rule,
      subject: hostSubject(from.id),
      measure: 'hosts that can take it',
      value: 0,
      relation: 'at least',
      limit: 1,
      unit: 'count',
    });
    return {
      moves: [],
      passedOver: [...refused, ...unit.map(({ id }) => ({ subject: guestSubject(id), because: [none] }))],
    };
  }
  const wanted = wantedAgainst(best, best.wanted <= limit ? 'at most' : 'above', limit);
  const left = others.flatMap((other): readonly PassedOver[] =>
    unit.map(({ id }) => ({ subject: guestSubject(id), to: other.to.id, because: [worseThan(best, other, limit)] })),
  );
  return {
    moves: stepsOf(search, best.to.id).map((step, i) => ({
      ...step,
      because: [because, wanted, ...(best.reasons[i] ?? [])],
    })),
    passedOver: [...refused, ...left],
  };
};
