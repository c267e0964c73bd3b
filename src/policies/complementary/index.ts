/** Complementary: guests that want different resources are placed together. */
export { clash } from './clash.js';
export { complementary, type ComplementarySettings } from './complementary.js';
export { diskThroughput, networkThroughput, type Offered } from './resources.js';
