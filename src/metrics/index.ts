/** Metrics: from samples to signals and snapshots. */
export type { AnySignal, Measure, Signal, ValueOf } from './signal.js';
export type { Watch, Watched } from './watch.js';
