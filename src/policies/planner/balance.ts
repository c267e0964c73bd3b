/** Balance: candidates for an even cluster from every way to search that suits the budget, and the best of them. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { boardOf, move } from './board.js';
import { leastSpread } from './bound.js';
import { effortOf, rungs } from './effort.js';
import { evenOut, type Sway } from './even-out.js';
import type { Found } from './found.js';
import { type BalanceGoal, isBoundless, type PlannerRules } from './goal.js';
import { hbal } from './hbal/hbal.js';
import { climb } from './ladder.js';
import { please } from './please.js';
import { countsFor, purse } from './purse.js';
import { withoutHeld } from './reluctance.js';
import { shortened } from './shortened.js';
import { soundOrder } from './sound.js';
import { measuresOf, type Spread, spreadOf } from './spread.js';
import { meanOf, nearly, type State, type Step } from './state.js';
import { leastAmiss, type Tastes, tastesOf, withTastes } from './tastes.js';
import { climbByWorth } from './worth-ladder.js';

/** What is to be balanced, by what, and how long. */
interface Task {
  readonly state: State;
  readonly rules: PlannerRules;
  readonly goal: BalanceGoal;
  /** What a move of each guest weighs, where that differs. */
  readonly weights: Float64Array | undefined;
  readonly goOn: () => boolean;
}

/** Rungs to which the end that evenness alone would come to is brought, for preferences to make the best of. */
const landings = [2, 5, 10, 20, 40];

/** A spread so near to the least that is possible is not worth a longer search. */
const notWorthMore = 0.001;

/** Spread, and tastes if there are any, as the state stands. */
const worthOf = ({ state, rules, goal }: Task): { readonly worth: Spread; readonly tastes: Tastes | undefined } => {
  const spread = spreadOf(measuresOf(state, goal.of), goal.by);
  if (rules.preferences.length === 0) return { worth: spread, tastes: undefined };
  const tastes = tastesOf(state, rules.preferences);
  return { worth: withTastes(spread, tastes, state.hosts.length), tastes };
};

/** What a list of moves leaves. */
const leftBy = (steps: readonly Step[], worth: Spread): number => {
  for (const { guest, from, to } of steps) worth.shift(guest, from, to);
  const left = worth.value();
  for (let i = steps.length - 1; i >= 0; i--) worth.shift(steps[i]!.guest, steps[i]!.to, steps[i]!.from);
  return left;
};

/** Gains by weight, and by what preferences say. */
const swayOf = ({ state, rules, weights }: Task): Sway | undefined => {
  if (!weights && rules.preferences.length === 0) return undefined;
  const tastes = tastesOf(state, rules.preferences);
  return {
    gain: (even, guest, back, from, to, off) => {
      const amiss = tastes.change(guest, from, to) + (back < 0 ? 0 : tastes.change(back, to, from));
      // A gain counts squares: of a share that is nearer by so much, twice as much times what is off.
      const gain = even - amiss * off;
      if (!weights || gain <= 0) return gain;
      const weight = back < 0 ? weights[guest]! : (weights[guest]! + weights[back]!) / 2;
      return weight > 0 ? gain / weight : gain / Number.MIN_VALUE;
    },
    settle: tastes.shift,
  };
};

/** Evens out processors step by step within a budget. */
const evened = (task: Task, sway: Sway | undefined): readonly Step[] => {
  const { state, rules, goal, weights, goOn } = task;
  const board = boardOf(state);
  const affords = purse(rules, state, weights);
  const { moves, memory, time } = rules.budget;
  const unlimited = Math.min(moves, memory, time) === Infinity;
  evenOut(board, {
    within: goal.within,
    // Few moves are for the ladder to spend well.
    thoroughly: moves > rungs,
    affordable: unlimited ? () => true : (guest, back) => affords(board, back < 0 ? [guest] : [guest, back]),
    affords: (guests) => affords(board, guests),
    atBest: () => {
      const even = { of: { cpu: 1, memory: 0 }, by: 'mean deviation' } as const;
      const left = leftBy(board.steps, spreadOf(measuresOf(state, even.of), even.by));
      return left <= leastSpread(state, even, Infinity) + notWorthMore;
    },
    goOn,
    ...(sway ? { sway } : {}),
  });
  return shortened(state, board.steps);
};

/** What else pleases, from where a list of moves ends. */
const pleased = ({ state, rules, goal, weights, goOn }: Task, steps: readonly Step[]): readonly Step[] => {
  const board = boardOf(state);
  const { worth, tastes } = worthOf({ state, rules, goal, weights, goOn });
  if (!tastes) return steps;
  for (const { guest, from, to } of steps) {
    move(board, guest, from, to);
    worth.shift(guest, from, to);
  }
  please(board, { worth, tastes, affords: purse(rules, state, weights), least: goal.smallestGain, weights, goOn });
  return shortened(state, board.steps);
};

/** The first of the moves that the budget pays. */
const affordable = ({ state, rules, weights }: Task, steps: readonly Step[]): readonly Step[] => {
  const affords = purse(rules, state, weights);
  let kept = steps.length;
  while (kept > 0 && !affords({ steps: steps.slice(0, kept) }, [])) kept--;
  return steps.slice(0, kept);
};

/** By the ladder that knows nothing but evenness and a number of moves. */
const climbed = (task: Task, state: State, moves: number): ReturnType<typeof climb> =>
  climb(state, task.goal, {
    budget: moves,
    // What is left of a budget is any number, and a plan that has begun is to come to as good an end as it was to.
    effort: effortOf(state, task.goal, state.lately.length > 0 ? moves : undefined),
    goOn: task.goOn,
  });

/** By the ladder that knows all. */
const climbedByWorth = (task: Task): readonly Step[] => {
  const { state, rules, goal, weights, goOn } = task;
  const { moves, memory, time } = rules.budget;
  // Those that count for more than one stay, for the ends that evenness alone would come to.
  const light = withoutHeld(
    state,
    weights?.map((weight) => (weight > 1 ? Infinity : weight)),
  );
  const states = light === state ? [state] : [light, state];
  return climbByWorth(state, {
    // Of few guests there are few moves, one that waits elsewhere counted twice.
    rungs: Math.min(moves, rungs, 2 * state.on.reduce((count, list) => count + list.length, 0)),
    counts: Float64Array.from(state.guests, (_, guest) => countsFor(state, guest, weights)),
    limits: [
      ...(memory < Infinity ? [{ of: state.guestMemory, most: memory }] : []),
      ...(time < Infinity ? [{ of: state.durations(), most: time }] : []),
    ],
    worth: worthOf(task).worth,
    least: goal.smallestGain,
    ends: (rung) => (landings.includes(rung) ? states.map((each) => climbed(task, each, rung).steps) : []),
    goOn,
  });
};

/** Hosts that are further from the mean than they should be after all steps. */
const stillOff = (state: State, { within }: BalanceGoal, steps: readonly Step[]): Found['left'] => {
  const load = state.load.slice();
  for (const { guest, from, to } of steps) {
    load[from] = load[from]! - state.guestLoad[guest]!;
    load[to] = load[to]! + state.guestLoad[guest]!;
  }
  const mean = meanOf(state);
  return Array.from(load.keys())
    .filter((h) => Math.abs(load[h]! / state.capacity[h]! - mean) > within + nearly)
    .map((host) => ({ host, why: 'nowhere' }));
};

/** Finds the moves that make a cluster even, and a bound that no plan within the budget can beat. */
export const balance = (task: Task): Found => {
  const { state, rules, goal, weights, goOn } = task;
  const { moves, memory, time } = rules.budget;
  const byMoves = memory === Infinity && time === Infinity;
  const picky = rules.preferences.length > 0;
  const few = moves <= rungs;
  // Where all guests are alike and nothing but their number counts, the plain ladder is the better one.
  const byWorth = (picky && few) || !byMoves || (weights !== undefined && few && weights.some((weight) => weight > 1));
  const { cpu, memory: ofMemory } = goal.of;
  const found: (readonly Step[])[] = [];
  let noPath = Infinity;
  if (byWorth) found.push(climbedByWorth(task));
  else if (ofMemory > 0 || moves < Infinity) {
    const { steps, noPath: better } = climbed(task, state, Math.min(moves, rungs));
    found.push(steps);
    if (!picky) noPath = better;
    if (ofMemory > 0 && cpu > 0 && moves > rungs)
      found.push(hbal(state, { encoding: 'ratio', minGain: 0, minGainLimit: 0, steps: moves, goOn }));
  }
  // A ladder's end for few moves is monotone in their number; greedy steps are not, so they stand aside.
  if ((ofMemory === 0 || !byMoves) && !(byWorth && byMoves)) {
    const sway = swayOf(task);
    found.push(evened(task, sway));
    // What preferences keep from being even may cost more than they are worth.
    if (picky) found.push(evened(task, undefined));
  }
  if (picky && !few) found.push(...found.map((steps) => pleased(task, steps)));
  const { worth } = worthOf(task);
  let best: { readonly steps: readonly Step[]; readonly left: number } | undefined;
  for (const each of found) {
    const steps = affordable(task, soundOrder(state, each, worth));
    const left = leftBy(steps, worth);
    if (!best || left < best.left - 1e-12) best = { steps, left };
  }
  const reached = best?.left ?? worth.value();
  return {
    steps: best?.steps ?? [],
    bound: leastSpread(state, goal, moves, reached) + leastAmiss(state, rules.preferences, moves) / state.hosts.length,
    reached,
    left: isBoundless(goal, rules.budget) ? stillOff(state, goal, best?.steps ?? []) : [],
    ...(noPath < reached - 1e-9 ? { noPath } : {}),
  };
};
