/** The front door: the few names that most users need. Everything else has a door of its own. */
export { type Driver, DriverError } from './drivers/index.js';
export { engine, type EngineEvent, type EngineOptions } from './engine/index.js';
export { precopy } from './estimators/index.js';
export { cpu, iowait, level, smoothed, sustained } from './metrics/index.js';
export {
  type Cluster,
  explainPlan,
  gbps,
  gibibytes,
  gigahertz,
  type Guest,
  type Host,
  hours,
  mbps,
  mebibytes,
  mebibytesPerSecond,
  minutes,
  nothing,
  percent,
  type Plan,
  sayReason,
  type Sample,
  seconds,
  whyNot,
} from './model/index.js';
export {
  allOf,
  cslb,
  damped,
  definePolicy,
  evacuate,
  firstOf,
  limited,
  paysOff,
  policy,
  type Policy,
  stay,
  type WrittenPolicy,
} from './policies/index.js';
export { clusterOf, simulatedCluster, traceDemand, virtualTime } from './simulation/index.js';
