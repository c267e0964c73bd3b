/** Solve: from a state and rules to ordered moves, the bound that no plan can beat, and what could not be reached. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { balance } from './balance.js';
import { type Board, boardOf, move, rewind } from './board.js';
import { scoreAndBound } from './bound.js';
import { consolidate } from './consolidate.js';
import type { ConsolidateGoal, HbalGoal, PlannerRules, RelieveGoal } from './goal.js';
import type { Found } from './found.js';
import { hbal } from './hbal/hbal.js';
import { purse } from './purse.js';
import { rehouse } from './rehouse.js';
import { relieve } from './relieve.js';
import { weightsOf, withoutHeld } from './reluctance.js';
import { nearly, type State } from './state.js';
import { tastesOf } from './tastes.js';
import { sizeOf } from './ties.js';

export type { Found, Missed } from './found.js';

/** Sends what a board moves to where it would rather be, as far as hosts may carry it. */
const pleasantly = (
  board: Board,
  { preferences }: PlannerRules,
  share: number,
  mayTake: (host: number) => boolean = () => true,
): void => {
  if (preferences.length === 0 || board.steps.length === 0) return;
  const { capacity } = board.state;
  const tastes = tastesOf(board.state, preferences);
  for (const { guest, from, to } of board.steps) tastes.shift(guest, from, to);
  rehouse(board, tastes, (host, load) => load <= (share + nearly) * capacity[host]! && mayTake(host));
};

const relieved = (
  state: State,
  rules: PlannerRules,
  goal: RelieveGoal,
  weights: Float64Array | undefined,
  goOn: () => boolean,
): Found => {
  const board = boardOf(state);
  const { bound, left } = relieve(board, goal.mark, goal.minimise, goOn, weights);
  const affords = purse(rules, state);
  // A beginning of the plan relieves what it relieves; hosts were served the hottest first.
  for (let kept = board.steps.length; kept > 0; kept--) {
    if (affords({ steps: board.steps.slice(0, kept) }, [])) break;
    rewind(board, kept - 1);
  }
  pleasantly(board, rules, goal.mark);
  const costs =
    goal.minimise === 'memory' ? state.guestMemory : goal.minimise === 'time' ? state.durations() : undefined;
  const reached = board.steps.reduce(
    (sum, { guest }) =>
      sum + (costs ? costs[guest]! / sizeOf(state.units, guest) : 1) * (weights ? weights[guest]! : 1),
    0,
  );
  const named = new Set(left.map(({ host }) => host));
  const cut = Array.from(board.load.keys()).filter(
    (host) => !named.has(host) && board.load[host]! > (goal.mark + 2 * nearly) * state.capacity[host]!,
  );
  return {
    steps: board.steps,
    bound,
    reached,
    left: [...left, ...cut.map((host) => ({ host, why: 'budget' }) as const)],
  };
};

const consolidated = (
  state: State,
  rules: PlannerRules,
  goal: ConsolidateGoal,
  weights: Float64Array | undefined,
  goOn: () => boolean,
): Found => {
  const board = boardOf(state);
  const { empty, bound, left, wantsMore, survives } = consolidate(board, goal, purse(rules, state), goOn, weights);
  const closed = new Set(empty);
  const liked = boardOf(state);
  for (const { guest, from, to } of board.steps) move(liked, guest, from, to);
  pleasantly(liked, rules, goal.fill, (host) => !closed.has(host));
  // What the others could carry for one that fails hangs on what stands where.
  const { steps } = goal.surviveOne && !survives(liked) ? board : liked;
  return { steps, bound, reached: state.hosts.length - empty.length, left, empty, wantsMore };
};

const byHbal = (loaded: State, { budget }: PlannerRules, goal: HbalGoal, goOn: () => boolean): Found => {
  // It moves guests singly.
  const state = withoutHeld(
    loaded,
    Float64Array.from(loaded.guests, (_, guest) => (loaded.units.has(guest) ? Infinity : 1)),
  );
  const steps = hbal(state, { ...goal, steps: budget.moves, goOn });
  return { steps, ...scoreAndBound(state, goal.encoding, steps, budget.moves), left: [] };
};

/**
 * Finds the moves.
 *
 * @param goOn - called between steps of the search; false gives the best so far. A caller with a clock makes a deadline of it
 */
export const solve = (loaded: State, rules: PlannerRules, goOn: () => boolean = () => true): Found => {
  const { goal } = rules;
  // Where nothing is known of any host there is no mean and no spread.
  if (loaded.hosts.length === 0) return { steps: [], bound: 0, reached: 0, left: [] };
  const weights = weightsOf(loaded, rules);
  const state = withoutHeld(loaded, weights);
  switch (goal.kind) {
    case 'relieve':
      return relieved(state, rules, goal, weights, goOn);
    case 'balance':
      return balance({ state, rules, goal, weights, goOn });
    case 'hbal':
      return byHbal(state, rules, goal, goOn);
    case 'consolidate':
      return consolidated(state, rules, goal, weights, goOn);
  }
};
