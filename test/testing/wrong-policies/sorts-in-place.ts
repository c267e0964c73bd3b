/** Sorts in place: brings the guests of the snapshot into the order of their load, for everybody who holds it. */
import { byName, type Cluster } from '../../../src/model/index.js';
import type { Policy } from '../../../src/policies/index.js';
import { busyOf, carefulPolicy, watch } from './careful.js';

/** What plain JavaScript lets pass; the cast stands for the missing types. */
export const sortsInPlace: Policy = {
  name: 'sorts-in-place',
  watch,
  plan: (cluster) => {
    (cluster.guests as Cluster['guests'][number][]).sort(
      (a, b) => (busyOf(b) ?? 0) - (busyOf(a) ?? 0) || byName(a.id, b.id),
    );
    return carefulPolicy().plan(cluster);
  },
};
