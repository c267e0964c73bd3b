/** Libvirt: the driver for hosts with libvirt daemons. */
export { libvirt } from './libvirt.js';
export type { DirtyRateOptions, LibvirtHost, LibvirtMigration, LibvirtOptions } from './options.js';
