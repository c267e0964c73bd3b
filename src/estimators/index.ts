/** Estimators: what a move takes, and whether it pays. */
export {
  calibrated,
  calibration,
  calibrationSchema,
  contentionAt,
  fitCalibration,
  observeMigration,
  observeOutcome,
  siteDuration,
  type Calibration,
  type CalibrationCell,
  type Contention,
  type PathFit,
  type SiteFit,
  type SiteMigration,
  type TooLittle,
} from './calibration.js';
export { uniqueDirtied, writingOf, writtenBetween, type Writing } from './dirtying.js';
export type {
  DirtyMeasurement,
  Estimator,
  KnownDemand,
  MemoryDemand,
  MoveFacts,
  SampledDemand,
  WritePhase,
} from './estimator.js';
export { missingFacts } from './facts.js';
export { geometric, geometricSeries, type GeometricOptions, type GeometricSeries } from './geometric.js';
export { qemuTiming, type QemuTiming } from './hypervisor-timing.js';
export { endsOf } from './phases.js';
export { gainRate, worth, type MoveGain, type PayOffSettings, type Worth } from './pay-off.js';
export { precopy, usualAutoConverge, type PrecopyOptions } from './precopy.js';
export { replayQemu, type AutoConverge, type LoopInput, type LoopResult } from './qemu-loop.js';
export { corrected, correctedBy, correction, median, observeResidual, type Residuals } from './residuals.js';
export {
  allBytes,
  liveLength,
  replayRounds,
  type AdaptiveRate,
  type Round,
  type RoundsInput,
  type RoundsResult,
} from './rounds.js';
export { scenariosOf, type Scenario, type Scenarios } from './scenarios.js';
export {
  clarkStops,
  forces,
  qemuStops,
  stops,
  xenClassicStops,
  xenStops,
  type RoundsSoFar,
  type StopRule,
} from './stop-rules.js';
export {
  defaultExponent,
  expectedBusy,
  fittedExponent,
  medianRemaining,
  observeLife,
  survival,
  survivalFit,
  type RemainingLife,
  type SurvivalFit,
} from './survival.js';
export {
  acceptable,
  longEnough,
  thesis,
  thesisCompletion,
  thesisDuration,
  thesisPredicted,
  thesisSynchronisation,
  type ThesisOptions,
} from './thesis.js';
export { replayXen, xenPrecopy, type XenOptions } from './xen-loop.js';
