/** Rebalancing: at most so many moves, or so much cost, for the smallest largest load. */
export { exactRebalance } from './exact.js';
export { greedyRebalance } from './greedy.js';
export type { Assignment, Job, Rebalanced, Relocation } from './jobs.js';
export { partitionRebalance } from './partition.js';
export { rebalance } from './rebalance.js';
export type { CostOf, RebalanceLimit, RebalanceMethod, RebalanceSettings } from './settings.js';
