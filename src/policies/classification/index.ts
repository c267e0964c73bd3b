/** Classification: what a guest needs most, by the thesis' rule and by one for shared hosts. */
export type { Classification, Classifier, ClassifierContext, WorkloadClass } from './classification.js';
export { classified, type ClassifiedOptions, type ClassifiedState } from './classified.js';
export { type Demand, demandOf, type StallSeenBy } from './demand.js';
export { demandRule, type DemandRuleSettings } from './demand-rule.js';
export { thesisRule, type ThesisRuleSettings } from './thesis-rule.js';
export { usage, usageOf, type Usage, type UsageOptions, type UsageState } from './usage.js';
