/** Stay: never a move; the arm that every other policy is compared to. */
import { nothing } from '../model/index.js';
import { definePolicy, type Policy } from './policy.js';

/** Leaves every guest where it was placed (Wilcox, §1.2.2 after Eager et al. 1988; W24). */
export const stay = (): Policy => definePolicy({ name: 'stay', watch: {}, plan: () => nothing() });
