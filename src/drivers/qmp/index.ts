/** QMP: how a QEMU is spoken to. */
export { listensAt, type QmpAddress, qmpArgument } from './address.js';
export { qmpClient, type QmpClient } from './client.js';
export { type QmpConnection, qmpConnection, type QmpExecute, type QmpOptions } from './connection.js';
export type { QmpEvent, QmpGreeting } from './messages.js';
export { failureFrom } from './problems.js';
export { type Dial, dialSocket, type Wire } from './wire.js';
