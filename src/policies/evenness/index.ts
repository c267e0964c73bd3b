/** Evenness: loads that are too far apart are evened out. */
export { even } from './even.js';
export type { EvenSettings, WeightedResource } from './settings.js';
export { type Spread, spreadOf } from './spread.js';
