/** OnlyFor: a policy that is given leave over some of the guests. */
import { type Guest, guestSubject, holds, lookFor, type Reason } from '../../model/index.js';
import { definePolicy, type Policy } from '../policy.js';
import { sift } from '../sift.js';

/** Labels that a guest has to have, with their values. */
export type Labels = Readonly<Record<string, string>>;

const lacks = 'none';

const labelled = (guest: Guest, labels: Labels): readonly Reason[] =>
  Object.entries(labels).map(([label, value]) =>
    lookFor({
      rule: 'onlyFor',
      subject: guestSubject(guest.id),
      measure: `label ${label}`,
      value: Object.hasOwn(guest.labels, label) ? (guest.labels[label] ?? lacks) : lacks,
      among: [value],
    }),
  );

/**
 * A policy that moves only guests that carry all the labels. The others are shown to it as guests that may not be moved, so that a policy
 * that keeps to `isMigratable`, as all of this package do, chooses among those that remain; what it proposes of the others all the same
 * is passed over. They count as load and as memory as ever.
 *
 * @example
 * const batchOnly = onlyFor(cslb(), { tier: 'batch' });
 */
export const onlyFor = (policy: Policy, labels: Labels): Policy =>
  definePolicy({
    name: `onlyFor(${policy.name})`,
    watch: policy.watch,
    plan: (cluster) => {
      const guests = cluster.guests.map((guest) =>
        labelled(guest, labels).every(holds) ? guest : { ...guest, migratable: false },
      );
      return sift('onlyFor', cluster, policy.plan({ ...cluster, guests }), ({ guest }) => labelled(guest, labels));
    },
  });
