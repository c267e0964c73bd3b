/** Evacuate: hosts that are to be left are emptied, and guests of lost hosts find new ones. */
export { evacuate, type EvacuateSettings } from './evacuate.js';
export { failover, type FailoverSettings, type Restart, type RestartPlan } from './failover.js';
