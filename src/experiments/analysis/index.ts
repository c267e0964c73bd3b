/** Analysis: what the figures of many tests say, and how surely. */
export { confidenceInterval, type Interval } from './interval.js';
export { byFactor, oneWay, type Variance } from './one-way.js';
export type { StatisticsProblem } from './problem.js';
