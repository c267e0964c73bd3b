/** Placement: the third policy of a dynamic scheduler: where a guest that is moved goes. */
import * as z from 'zod';
import { byName, compare, hostSubject, lookup, type Reason } from '../../model/index.js';
import { type GuestLoad, type HostLoad, shareOf } from '../phases/load.js';
import { settingsOf } from '../settings.js';
import type { Situation } from './transfer.js';

/** A host that a guest may go to, as a placement policy sees it. */
export interface Candidacy {
  readonly to: HostLoad;
  /** It may be taken if every reason holds. */
  readonly because: readonly Reason[];
}

/** Where a guest goes (W8). Pure. */
export interface Placement {
  readonly name: string;
  /** The other hosts, the best first. */
  readonly candidates: (
    guest: GuestLoad,
    from: HostLoad,
    others: readonly HostLoad[],
    situation: Situation,
  ) => readonly Candidacy[];
}

const sorted = (loads: readonly HostLoad[], rank: (load: HostLoad) => number): readonly HostLoad[] =>
  [...loads].sort((a, b) => rank(a) - rank(b) || byName(a.host.id, b.host.id));

/** The host whose load is least. */
export const toLightest: Placement = {
  name: 'to the lightest',
  candidates: (_, __, others) => sorted(others, ({ share }) => share).map((to) => ({ to, because: [] })),
};

/** The host with the fewest guests, moves in flight counted, if it has fewer than the one that gives; of equals the lightest. */
export const toFewest: Placement = {
  name: 'to the one with fewest guests',
  candidates: (_, from, others, { cluster }) => {
    const { arrivals } = lookup(cluster);
    const count = ({ host, guests }: HostLoad): number => guests.length + arrivals(host.id).length;
    return sorted(
      sorted(others, ({ share }) => share),
      count,
    ).map((to) => ({
      to,
      because: [
        compare({
          rule: 'placement.fewest',
          subject: hostSubject(to.host.id),
          measure: `guests, against those on ${from.host.id},`,
          value: count(to),
          relation: 'below',
          limit: count(from),
          unit: 'count',
        }),
      ],
    }));
  },
};

const ceiling = /* @__PURE__ */ z.strictObject({ upTo: /* @__PURE__ */ z.number().positive() });

/**
 * The fullest host that stays at or below a ceiling with the guest: best fit, which leaves hosts empty.
 *
 * @throws SettingsError with the path and the rule of every value that is wrong
 */
export const toTightest = (settings: { readonly upTo: number }): Placement => {
  const { upTo } = settingsOf('toTightest', ceiling, settings);
  return {
    name: `to the fullest below ${upTo}`,
    candidates: ({ guest, taken }, _, others, { resource }) =>
      sorted(others, ({ share }) => -share).map((to) => ({
        to,
        because: [
          compare({
            rule: 'placement.tightest',
            subject: hostSubject(to.host.id),
            measure: `${resource.name} with ${guest.id}`,
            value: shareOf(to.taken + taken, to.host, resource),
            relation: 'at most',
            limit: upTo,
            unit: resource.unit,
          }),
        ],
      })),
  };
};
