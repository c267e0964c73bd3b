/** Loading: policies out of the modules of a folder. */
export { loadPolicies, type LoadOptions } from './load-policies.js';
