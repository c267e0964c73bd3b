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
export { type ConvergencePolicy, leaveAlone, settleWithin, type SettleWithin } from './convergence.js';
export { engine } from './engine.js';
export type { DriverRequest, EngineEvent, Happening, PolicyProblem } from './events.js';
export { type Limits, limitReasons, type Move } from './limits.js';
export type { EngineOptions, NameOf, Tempo } from './options.js';
export * as protocol from './protocol/index.js';
