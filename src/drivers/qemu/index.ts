/** QEMU: a driver for hosts that run QEMU by itself. */
export type { QemuGuest, QemuHost, QemuMigration, QemuOptions } from './options.js';
export { qemu } from './qemu.js';
