/** Reads the clock: leaves guests alone on one day of the year, and asks the machine what day it is. */
import { nothing } from '../../../src/model/index.js';
import { definePolicy, type Policy } from '../../../src/policies/index.js';
import { carefulPolicy, watch } from './careful.js';

/** Asked twice in a row it gives the same answer, so that only who watches the clock finds it. */
export const readsClock: Policy = definePolicy({
  name: 'reads-clock',
  watch,
  plan: (cluster) => {
    const today = new Date();
    return today.getUTCFullYear() === 1970 ? nothing() : carefulPolicy().plan(cluster);
  },
});
