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
export type { BrokenPolicy } from './broken-policy.js';
export { allOf } from './combinators/all-of.js';
export { canary, type CanarySettings } from './combinators/canary.js';
export { constrained } from './combinators/constrained.js';
export { damped } from './combinators/damped.js';
export { during, type DayWindow, type Weekday } from './combinators/during.js';
export { everythingKnown } from './combinators/everything-known.js';
export { firstOf } from './combinators/first-of.js';
export { gated, type Gate } from './combinators/gated.js';
export { held, type Holding } from './combinators/held.js';
export { inTurn, netMoves } from './combinators/in-turn.js';
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
export {
  type Candidacy,
  dynamic,
  type DynamicSettings,
  type Giving,
  type GuestOrder,
  type Placement as DynamicPlacement,
  type Situation,
  toFewest,
  toLightest,
  toTightest,
  type Transfer,
  whenOverloaded,
  whenUneven,
} from './dynamic/index.js';
export {
  evacuate,
  type EvacuateSettings,
  failover,
  type FailoverSettings,
  type Restart,
  type RestartPlan,
} from './evacuate/index.js';
export { even, type EvenSettings, type Spread, spreadOf, type WeightedResource } from './evenness/index.js';
export {
  feasibility,
  type Feasibility,
  type FeasibilityOptions,
  feasible,
  mend,
  type MendSettings,
  type PlacementRule,
  sayRule,
} from './feasibility/index.js';
export {
  type Action,
  type Amount,
  type Amounts,
  type Asked,
  type AtHand,
  type ClassOptions,
  type Collection,
  type Comparison,
  type Condition,
  type Departure,
  type Destination,
  type Group as GroupTerm,
  type GuestTerm,
  type HostTerm,
  type HostWith,
  type Journey,
  type Lasting,
  type Mapped,
  type Measured,
  type MoveTerm,
  type Named,
  type NoParameters,
  type OwnSignal,
  type Parameters as PolicyParameters,
  type Pick as Choice,
  policy,
  type Power,
  type Predicate,
  type Quantities,
  type Quantity,
  type Reading as SampledQuantity,
  type Readings as ReadingTerms,
  type SaidAtOnce,
  type SettingsOf as PolicySettings,
  type Test,
  type Text,
  type Ties,
  type Time,
  type UnitTerm,
  type UsageTerm,
  type Vocabulary,
  type WrittenPolicy,
} from './language/index.js';
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
export {
  type Bounds,
  classify,
  type Group,
  groupOf,
  groupOfSeveral,
  type Groups,
  movingBounds,
} from './phases/classify.js';
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
export { guestPlaces, memoryGranted, vcpusGranted } from './phases/granted.js';
export type { Shares } from './phases/profile.js';
export { profitability } from './phases/profitability.js';
export { type Candidate, type Selection, selectTask } from './phases/selection.js';
export { amountFor, type Middle, middleOf } from './phases/transfer.js';
export { firstPlacement, type FirstPlacement, type FirstPlacementOptions } from './placement/index.js';
export {
  avoids,
  type Budget,
  type CompanyPreference,
  follow,
  type Follower,
  type Found,
  type Goal,
  type GoalSettings,
  type GroupTies,
  type GuestUnits,
  type HostPreference,
  type Loaded,
  loadState,
  moveDuration,
  planner,
  plannerRules,
  type PlannerRules,
  type PlannerSettings,
  type PlannerState,
  type PlannerStep,
  type Preference,
  prefers,
  ratherApart,
  ratherTogether,
  type Reading,
  solve,
  type Waved,
  type WavedProposal,
  wavesOf,
  wholePlan,
  type WholePlan,
} from './planner/index.js';
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
export {
  type Leaving,
  lowestOf,
  type Mark,
  memoryFree,
  relieve,
  type ReliefMarks,
  type RelieveSettings,
  timesMean,
} from './relief/index.js';
export { SettingsError, settingsOf } from './settings.js';
export { type Judge, sift } from './sift.js';
export { unitsOf } from './sift.js';
export type { SimpleRule, SimpleSettings } from './simple-balancing/settings.js';
export { simple } from './simple-balancing/simple.js';
export { stay } from './stay.js';
