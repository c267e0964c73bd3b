/** Expected runs: how many runs of a benchmark the budget of processor time lets expect (Wilcox, chapter 6). */
export type { ProcessorBudget, ProcessorTime, StaticBudget } from './budget.js';
export { balancingPays, type BalancingCost, dynamicRunsOff, dynamicRunsOn, dynamicRunsOnAsPrinted } from './dynamic.js';
export {
  type AlikeBudget,
  staticRunsOff,
  staticRunsOfEach,
  staticRunsOn,
  type WholeRuns,
  wholeRuns,
} from './static.js';
