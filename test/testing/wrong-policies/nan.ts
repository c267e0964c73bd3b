/** NaN: compares the mean of a host's guests with a mark, and the mean of no numbers is none. */
import { compare, hostSubject, lookup, type PassedOver } from '../../../src/model/index.js';
import { definePolicy, type Policy } from '../../../src/policies/index.js';
import { busyOf, carefulPolicy, watch } from './careful.js';

/** NaN is below nothing, so that an empty host is passed over for a hot one. */
export const comparesNaN: Policy = definePolicy({
  name: 'compares-nan',
  watch,
  plan: (cluster) => ({
    ...carefulPolicy().plan(cluster),
    passedOver: cluster.hosts.flatMap(({ id }): readonly PassedOver[] => {
      const guests = lookup(cluster).guestsOn(id);
      const mean = guests.reduce((sum, guest) => sum + (busyOf(guest) ?? 0), 0) / guests.length;
      if (mean < 0.8) return [];
      const subject = hostSubject(id);
      const rule = compare({
        rule: 'hot',
        subject,
        measure: 'mean of its guests',
        value: mean,
        relation: 'below',
        limit: 0.8,
        unit: 'count',
      });
      return [{ subject, because: [rule] }];
    }),
  }),
});
