/** Loading: policies out of the modules of a folder. */
export { loadPolicies, loadPolicy, type LoadOptions } from './load-policies.js';
