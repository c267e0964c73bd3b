/** The Xen source: parsers of xentop and `xl vcpu-list`, and the rates between two readings. */
export { xenRates, type XenCounters } from './rates.js';
export { type DomainVcpus, parseVcpuList } from './vcpu-list.js';
export { parseXentop, type XentopDomain } from './xentop.js';
