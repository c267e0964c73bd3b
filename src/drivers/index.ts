/** Drivers: the hands of the engine. */
export {
  collected,
  type Collected,
  type CollectOptions,
  type CommandEvent,
  type CommandOptions,
  lines,
  type LinesOptions,
  localCommands,
  type LocalCommands,
  outputOf,
  overSsh,
  type OverSsh,
  type RunCommand,
} from './commands/index.js';
export { DriverError, failureOf } from './driver-error.js';
export type { Driver, MigrationEvent } from './driver.js';
export {
  type DirtyRateOptions,
  libvirt,
  type LibvirtHost,
  type LibvirtMigration,
  type LibvirtOptions,
} from './libvirt/index.js';
export { qemu, type QemuGuest, type QemuHost, type QemuMigration, type QemuOptions } from './qemu/index.js';
export {
  type Dial,
  dialSocket,
  type QmpAddress,
  qmpClient,
  type QmpClient,
  type QmpConnection,
  qmpConnection,
  type QmpEvent,
  type QmpExecute,
  type QmpGreeting,
  type QmpOptions,
  type Wire,
} from './qmp/index.js';
export type { HostFacts, SharedStorage } from './survey/index.js';
export {
  xapi,
  type XapiConnection,
  type XapiOptions,
  xl,
  type XlHost,
  type XlMigration,
  type XlOptions,
} from './xen/index.js';
