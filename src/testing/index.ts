/** Testing: arbitrary clusters and the laws that anybody's policy has to keep. Needs fast-check. */
export { applied } from './applied.js';
export { happens, type Rate, seldom } from './chance.js';
export { type ClusterOptions, clusters } from './clusters.js';
export { type DriverCheck, driverConformance, type DriverHarness, type DriverWorld } from './conformance/index.js';
export { type Bustle, equipment, type EquipmentOptions, type Furnished } from './equipment.js';
export { brokenPromises, expectLawful, type LawfulOptions, type Promises } from './expect-lawful.js';
export type { Flavour, Plight } from './flavours.js';
export type { Law } from './law.js';
export { breaches, type Exceptions, lawful, type LawName } from './lawful.js';
export {
  type Badness,
  equalHostsRest,
  everyStepAsGood,
  homogeneous,
  type LoadsOf,
  loadsBy,
  restsAtOnce,
  staysUnder,
} from './laws/balance.js';
export { dearerNeverCheaper, raisingAddsNothing } from './laws/families.js';
export {
  breachesOverTime,
  type Course,
  courseOf,
  faults,
  lawfulOverTime,
  type LawOverTime,
  type LawOverTimeName,
  type MoveInTime,
  noPingPong,
  noStarvation,
  noStorm,
  type Pace,
  restsInTime,
  simulateLawful,
  type SimulateOptions,
  type Site,
  type SiteOptions,
  sites,
  standingLoad,
  type Terms,
  workloads,
} from './over-time/index.js';
export { pictureOf } from './picture.js';
export { histories, type History, type HistoryOptions, samplesOf } from './samples.js';
export { sampleStreams, type StreamOptions } from './streams.js';
