/** Survey: what the drivers that ask single hosts have in common: inventories, names and samples put together from what each host says. */
export {
  checkedSettings,
  type HostFacts,
  hostFactsSchema,
  listedTwice,
  reservedOf,
  type SharedStorage,
  sharedStorageSchema,
  storageOf,
} from './host-facts.js';
export type { HostReport, ReportedGuest } from './placed.js';
export { newRoster, type Roster } from './roster.js';
export { sampled } from './sampled.js';
export { stationOf } from './station-of.js';
export { surveyed } from './surveyed.js';
