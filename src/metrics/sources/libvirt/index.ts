/** The libvirt source: parsers of virsh's statistics, and the rates between two readings. */
export { type DomainCounters, parseDomstats } from './domstats.js';
export { type NodeCpuTimes, type NodeMemory, parseNodeCpuStats, parseNodeMemoryStats } from './node-stats.js';
export { domainRates, nodeRates } from './rates.js';
