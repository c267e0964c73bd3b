/** Convergence: policies for migrations that do not settle. */
export { atBestMoment, type AtBestMoment } from './at-best-moment.js';
export { firstToAct } from './first-to-act.js';
export { pauseAfter, type PauseAfter } from './pause-after.js';
export { type ConvergencePolicy, leaveAlone } from './policy.js';
export { settleWithin, type SettleWithin } from './settle-within.js';
export { stepwiseDowntime, type StepwiseDowntime } from './stepwise-downtime.js';
export { type StallAction, whenStalled, type WhenStalled } from './when-stalled.js';
export { newerXen, olderXen, xenLimits, type XenLimits } from './xen-limits.js';
