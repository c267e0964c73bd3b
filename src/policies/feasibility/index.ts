/** Feasibility: whether rules can be kept at all, and moves that mend those that are broken. */
export { feasibility, type Feasibility, type FeasibilityOptions, feasible } from './feasibility.js';
export { mend, type MendSettings } from './mend.js';
export { type PlacementRule, sayRule } from './rules.js';
