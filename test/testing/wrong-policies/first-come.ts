/** First come: of what is equal it takes the one that is listed first. */
import type { Policy } from '../../../src/policies/index.js';
import { first, improvements, only, watch } from './careful.js';

/** Not made by `definePolicy`, which puts the lists in order. */
export const firstCome: Policy = {
  name: 'first-come',
  watch,
  plan: (cluster) => only(first(improvements(cluster, { ties: () => 0 }))),
};
