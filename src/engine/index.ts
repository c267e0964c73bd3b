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
export {
  type ConsentLimits,
  distributed,
  type DistributedEvent,
  type DistributedOptions,
  type GossipSettings,
} from './distributed/index.js';
export { engine } from './engine.js';
export type { DriverRequest, EngineEvent, Happening, PolicyProblem } from './events.js';
export {
  atInterval,
  informed,
  type InformationMessage,
  type InformationSettings,
  type InformedDriver,
  type NodeStanding,
  onChange,
  type OnChange,
  type Report,
  type ReportRule,
  whichever,
} from './information/index.js';
export { type Limits, limitReasons, type Move } from './limits.js';
export type { EngineOptions, NameOf, Tempo } from './options.js';
export {
  type HostService,
  type HostState,
  type OnPollFailure,
  polled,
  type PolledDriver,
  type PolledSettings,
  type PollFailure,
  polling,
  type PollingSettings,
  type Query,
} from './polling/index.js';
export * as protocol from './protocol/index.js';
export { type EngineState, engineStateSchema, type MoveState, type WaitState } from './state/index.js';
export {
  type Attributes,
  type CounterLike,
  type HistogramLike,
  type InstrumentOptions,
  type MeterLike,
  type SpanLike,
  telemetry,
  type TelemetryOptions,
  type TracerLike,
} from './telemetry/index.js';
