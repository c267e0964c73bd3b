/** Conformance: what every driver has to keep. */
export { driverConformance } from './driver-conformance.js';
export type { DriverCheck, DriverHarness, DriverWorld } from './harness.js';
