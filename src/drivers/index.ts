/** Drivers: the hands of the engine. */
export { DriverError, failureOf } from './driver-error.js';
export type { Driver, MigrationEvent } from './driver.js';
