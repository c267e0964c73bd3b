/** Planner: plans for a whole cluster, near the best that is possible, in waves that can be carried out. */
export { moveDuration } from './duration.js';
export { follow, type Follower } from './follow.js';
export type { Budget, Goal, GoalSettings, PlannerRules, PlannerSettings } from './goal.js';
export { plannerRules } from './goal.js';
export { type Loaded, loadState, type Reading } from './load-state.js';
export { planner, wholePlan, type WholePlan } from './planner.js';
export {
  avoids,
  type CompanyPreference,
  type HostPreference,
  type Preference,
  prefers,
  ratherApart,
  ratherTogether,
} from './preference.js';
export { type Found, solve } from './solve.js';
export type { State as PlannerState, Step as PlannerStep } from './state.js';
export type { WavedProposal } from './told.js';
export type { GroupTies, GuestUnits } from './ties.js';
export { type Waved, wavesOf } from './waves.js';
