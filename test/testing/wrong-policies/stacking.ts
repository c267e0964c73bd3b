/** Stacking: moves every guest for which there is room, each by itself; together they have none. */
import { definePolicy, type Policy } from '../../../src/policies/index.js';
import { improvements, only, watch } from './careful.js';

export const stacking: Policy = definePolicy({
  name: 'stacking',
  watch,
  plan: (cluster) => {
    const all = [...improvements(cluster)];
    return only(all.filter(({ guest }, i) => all.findIndex((other) => other.guest === guest) === i));
  },
});
