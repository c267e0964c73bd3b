/** Engine: the loop, with admission, limits, in-flight tracking, back-off and convergence. */
export { admit, type Round, type Verdict } from './admission.js';
export {
  afterFailure,
  afterSuccess,
  type BackOff,
  backOffDelay,
  backOffReasons,
  type BackOffs,
  forgiven,
  noBackOffs,
} from './back-off.js';
export {
  atBestMoment,
  type AtBestMoment,
  type ConvergencePolicy,
  firstToAct,
  leaveAlone,
  newerXen,
  olderXen,
  pauseAfter,
  type PauseAfter,
  settleWithin,
  type SettleWithin,
  type StallAction,
  stepwiseDowntime,
  type StepwiseDowntime,
  whenStalled,
  type WhenStalled,
  xenLimits,
  type XenLimits,
} from './convergence/index.js';
export { engine } from './engine.js';
export type { DriverRequest, EngineEvent, Happening, PolicyProblem } from './events.js';
export { type Limits, limitReasons, type Move } from './limits.js';
export type { EngineOptions, NameOf, Tempo } from './options.js';
export * as protocol from './protocol/index.js';
