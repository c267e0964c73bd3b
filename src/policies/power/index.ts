/** Power: gathers guests on fewer hosts, and spreads them again. */
export { consolidate } from './consolidate.js';
export { type PowerAdvice, powerAdvice } from './power-advice.js';
export type { ConsolidateSettings } from './settings.js';
