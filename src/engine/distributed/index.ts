/** Distributed: one engine on every host, started from one policy (W37). */
export type { ConsentLimits } from './consent.js';
export { distributed, type DistributedEvent, type DistributedOptions, type GossipSettings } from './distributed.js';
