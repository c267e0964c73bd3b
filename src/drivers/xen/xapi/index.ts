/** Xapi: the driver for pools of XenServer and XCP-ng. */
export type { XapiConnection } from './connection.js';
export { xapi, type XapiOptions } from './xapi.js';
