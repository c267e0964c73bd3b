/** Estimators: what a move takes, and whether it pays. */
export type { Estimator, MemoryDemand, MoveFacts } from './estimator.js';
