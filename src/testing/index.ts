/** Testing: arbitrary clusters and the laws that anybody's policy has to keep. Needs fast-check. */
export { applied } from './applied.js';
export { happens, type Rate, seldom } from './chance.js';
export { type ClusterOptions, clusters } from './clusters.js';
export { type Bustle, equipment, type EquipmentOptions, type Furnished } from './equipment.js';
export type { Law } from './law.js';
export { breaches, type Exceptions, expectLawful, lawful, type LawName } from './lawful.js';
export { histories, type History, type HistoryOptions, samplesOf } from './samples.js';
