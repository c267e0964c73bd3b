/** Policies: whether, when and whither a guest should move. */
export {
  type Classification,
  classified,
  type ClassifiedOptions,
  type ClassifiedState,
  type Classifier,
  type ClassifierContext,
  type Demand,
  demandOf,
  demandRule,
  type DemandRuleSettings,
  type StallSeenBy,
  thesisRule,
  type ThesisRuleSettings,
  usage,
  type Usage,
  usageOf,
  type UsageOptions,
  type UsageState,
  type WorkloadClass,
} from './classification/index.js';
export { allOf } from './combinators/all-of.js';
export { canary, type CanarySettings } from './combinators/canary.js';
export { constrained } from './combinators/constrained.js';
export { damped } from './combinators/damped.js';
export { during, type DayWindow, type Weekday } from './combinators/during.js';
export { firstOf } from './combinators/first-of.js';
export { gated, type Gate } from './combinators/gated.js';
export { limited, type Limits } from './combinators/limited.js';
export { type Labels, onlyFor } from './combinators/only-for.js';
export { paysOff, type PaysOffSettings } from './combinators/pays-off.js';
export { type Agreement, agreement, shadow } from './combinators/shadow.js';
export {
  clash,
  complementary,
  type ComplementarySettings,
  diskThroughput,
  networkThroughput,
  type Offered,
  type Shares,
} from './complementary/index.js';
export { type Constraint, judge, type Move, moveOf, planned, refusals } from './constraint.js';
export { keptApart } from './constraints/apart.js';
export { sameArchitecture } from './constraints/architecture.js';
export { enoughCores } from './constraints/cores.js';
export { sameCpuModel } from './constraints/cpu-model.js';
export { devicesPresent } from './constraints/devices.js';
export { goesElsewhere } from './constraints/elsewhere.js';
export { imageReachable } from './constraints/image.js';
export { isKnown } from './constraints/known.js';
export { enoughMemory } from './constraints/memory.js';
export { isMigratable } from './constraints/migratable.js';
export { withinPins } from './constraints/pins.js';
export { type Rest, rested } from './constraints/rested.js';
export { isSettled } from './constraints/settled.js';
export { jointConstraints, standardConstraints } from './constraints/standard.js';
export { takesGuests } from './constraints/state.js';
export { enoughStorage } from './constraints/storage.js';
export { companions, keptTogether } from './constraints/together.js';
export { together as wantedTogether, unserved, type Wanted, wantedBy } from './contention.js';
export { cslb } from './cslb/cslb.js';
export type { CslbGuards, CslbSettings, MovingThresholds } from './cslb/settings.js';
export { evacuate, type EvacuateSettings } from './evacuate/evacuate.js';
export { type MergedWatch, mergeWatches } from './merge-watches.js';
export {
  type AcceptableRule,
  type CapabilityRule,
  heldJobs,
  type HeldJob,
  type HoldSettings,
  homeward,
  type HomewardSettings,
  learnProgram,
  type LengthRule,
  type LoadRule,
  muda,
  type MudaSettings,
  neededBy,
  type NeedRule,
  type Program,
  type UseRule,
  type WaitingJob,
} from './muda/index.js';
export { ordered } from './ordered.js';
export { type Bounds, classify, type Group, groupOf, type Groups, movingBounds } from './phases/classify.js';
export { type Attempt, firstThatTakes, type Placement } from './phases/destination.js';
export {
  cpuCount,
  cpuCycles,
  evaluateLoads,
  type GuestLoad,
  type HostLoad,
  type ReadingOf,
  type Resource,
  shareOf,
  type UnknownLoad,
} from './phases/load.js';
export { profitability } from './phases/profitability.js';
export { type Candidate, type Selection, selectTask } from './phases/selection.js';
export { amountFor, type Middle, middleOf } from './phases/transfer.js';
export { definePolicy, type Policy, type PolicyDefinition, type View } from './policy.js';
export { consolidate, type ConsolidateSettings, type PowerAdvice, powerAdvice } from './power/index.js';
export { productivityLoss } from './productivity-loss/productivity-loss.js';
export type { MoveCost, ProductivityLossSettings } from './productivity-loss/settings.js';
export {
  type Assignment,
  type CostOf,
  exactRebalance,
  greedyRebalance,
  type Job,
  partitionRebalance,
  rebalance,
  type RebalanceLimit,
  type RebalanceMethod,
  type RebalanceSettings,
  type Rebalanced,
  type Relocation,
} from './rebalancing/index.js';
export { SettingsError, settingsOf } from './settings.js';
export { type Judge, sift } from './sift.js';
export type { SimpleRule, SimpleSettings } from './simple-balancing/settings.js';
export { simple } from './simple-balancing/simple.js';
export { stay } from './stay.js';
