/** Over time: arbitrary sites, and the laws of what a policy does to them. */
export { type Course, courseOf, type MoveInTime, type Pace } from './course.js';
export { type LawOverTime, noPingPong, noStarvation, noStorm, restsInTime, type Terms } from './laws.js';
export {
  breachesOverTime,
  lawfulOverTime,
  type LawOverTimeName,
  simulateLawful,
  type SimulateOptions,
} from './simulate-lawful.js';
export { faults, type Site, type SiteOptions, sites, standingLoad, workloads } from './sites.js';
