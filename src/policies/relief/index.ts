/** Relief: hosts above a mark give guests away. */
export { lowestOf, type Mark, memoryFree, timesMean } from './marks.js';
export { relieve } from './relieve.js';
export type { Leaving, ReliefMarks, RelieveSettings } from './settings.js';
