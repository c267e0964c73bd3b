/** Model: the nouns of the field, their schemas at the edge, and their units. */
export { type BadInput, type BadInputProblem, malformed, pathText, printable, type Reading } from './bad-input.js';
export type { Cluster, Knowledge, ObservedGuest, ObservedHost, SignalValues } from './cluster.js';
export type { Estimate, EstimateFigures, EstimateGround } from './estimate.js';
export {
  type Evidence,
  explainPlan,
  explainPlanInHtml,
  explainPlanInMarkdown,
  type Explanation,
  explanationOf,
  type LeftAlone,
  type MoveExplained,
  type Refusal,
  sayReason,
  sayWhyNot,
  type Saying,
  type WhyNot,
  whyNot,
} from './explanation/index.js';
export { type Failure, type FailureKind, failureKindSchema } from './failure.js';
export { type Guest, guestSchema, type Image } from './guest.js';
export {
  cpuCapacity,
  type Host,
  type HostMemory,
  type HostNetwork,
  hostSchema,
  type HostState,
  type NetworkRole,
  type PowerPoint,
  type Processor,
  type StoragePath,
} from './host.js';
export {
  byName,
  type GuestId,
  guestSubject,
  type HostId,
  hostSubject,
  type LinkId,
  type MigrationId,
  type StorageId,
  type Subject,
  wholeCluster,
} from './identifiers.js';
export { type Inventory, inventorySchema } from './inventory.js';
export { guestMemory, lookup, type Lookup, withMigrations } from './lookup.js';
export type {
  ConvergenceAction,
  Ending,
  Migration,
  MigrationOrder,
  MigrationPhase,
  Outcome,
  Progress,
} from './migration.js';
export { nothing, type PassedOver, type Plan, type Proposal } from './plan.js';
export { sayQuantities, sayQuantity } from './quantity.js';
export {
  compare,
  type Compared,
  holds,
  type Listed,
  lookFor,
  type Reason,
  relates,
  type Relation,
  unknown,
  type Unknown,
  type Weighed,
} from './reason.js';
export { failed, ok, type Result } from './result.js';
export {
  type CpuShares,
  type DirtyReading,
  type DiskReading,
  type GuestSample,
  type HostSample,
  type LoadAverages,
  type MemoryReading,
  type NetworkReading,
  type ProcessReading,
  type ProcessState,
  type Readings,
  type Sample,
  sampleSchema,
  type Stall,
} from './sample.js';
export {
  type Bytes,
  type BytesPerSecond,
  type Fraction,
  gbps,
  gibibytes,
  gigahertz,
  type Hertz,
  hours,
  type Hundredths,
  kibibytes,
  mbps,
  mebibytes,
  mebibytesPerSecond,
  megahertz,
  type Milliseconds,
  minutes,
  percent,
  seconds,
  transferTime,
  type Unit,
  type Watts,
} from './units.js';
