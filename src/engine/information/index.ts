/** Information: what the decider is told of the hosts, and when: the first of the three policies of a dynamic scheduler (W8). */
export { informed, type InformationMessage, type InformationSettings, type InformedDriver } from './informed.js';
export type { Report } from './node.js';
export { atInterval, onChange, type OnChange, type ReportRule, type NodeStanding, whichever } from './report-rule.js';
