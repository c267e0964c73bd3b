/** Xen: the drivers for Xen hosts, by the xl toolstack or by XAPI. */
export type { XlHost, XlMigration, XlOptions } from './options.js';
export { xapi, type XapiConnection, type XapiOptions } from './xapi/index.js';
export { xl } from './xl.js';
