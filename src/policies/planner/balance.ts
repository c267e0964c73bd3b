/** Balance: candidates for an even cluster from every way to search that suits the budget, and the best of them. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { boardOf, move } from './board.js';
import { leastSpread } from './bound.js';
import { effortByPrice, effortOf, rungs } from './effort.js';
import { evenOut, type Sway } from './even-out.js';
import { exact, isTiny } from './exact.js';
import type { Found } from './found.js';
import { type BalanceGoal, isBoundless, type PlannerRules } from './goal.js';
import { hbal } from './hbal/hbal.js';
import { climb, type Climbed } from './ladder.js';
import { please } from './please.js';
import { beginningsOf, climbPriced } from './priced.js';
import { countsFor, type Limit, limitsOf, purse } from './purse.js';
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

/** For how many moves of the budget each guest counts; `undefined` where each counts for one. */
const countsOf = ({ state, weights }: Task): Float64Array | undefined => {
  const counts = Float64Array.from(state.guests, (_, guest) => countsFor(state, guest, weights));
  return counts.some((count) => count > 1) ? counts : undefined;
};

/** By the ladder that knows nothing but evenness and a number of moves. */
const climbed = (task: Task, moves: number): Climbed => {
  const { state, goal, goOn } = task;
  const counts = countsOf(task);
  return climb(state, goal, {
    rungs: Array.from({ length: moves }, (_, i) => i + 1),
    ...(counts ? { price: counts } : {}),
    // What is left of a budget is any number, and a plan that has begun is to come to as good an end as it was to.
    effort: effortOf(state, goal, state.lately.length > 0 ? moves : undefined),
    goOn,
  });
};

/** By the ladder for a limit of bytes or of time, and what greedy steps come to within it. */
const climbedWithin = (task: Task, { of: price, most }: Limit): readonly Climbed[] => {
  const { state, rules, goal, goOn } = task;
  const { worth } = worthOf(task);
  const free = { ...task, rules: { ...rules, budget: { moves: Infinity, memory: Infinity, time: Infinity } } };
  // As if there were no limit, and once more by what is gained for the price.
  const starts = [undefined, price].map((weights) => {
    const steps = evened({ ...free, weights }, swayOf({ ...free, weights }));
    return beginningsOf(soundOrder(state, steps, worth), price, worth);
  });
  return [
    climbPriced({ state, goal, price, most, effort: effortByPrice(state, goal), starts, goOn }),
    ...starts.map(({ within }) => ({ steps: within(most), noPath: Infinity })),
  ];
};

/** By the ladder that knows all. */
const climbedByWorth = (task: Task): readonly Step[] => {
  const { state, rules, goal, goOn } = task;
  const { moves } = rules.budget;
  const limits = limitsOf(state, rules.budget);
  const even = { ...task, rules: { ...rules, preferences: [] } };
  const within = limits.flatMap((limit) => climbedWithin(even, limit));
  return climbByWorth(state, {
    // Of few guests there are few moves, one that waits elsewhere counted twice.
    rungs: Math.min(moves, rungs, 2 * state.on.reduce((count, list) => count + list.length, 0)),
    counts: countsOf(task) ?? new Float64Array(state.guests.length).fill(1),
    limits,
    worth: worthOf(task).worth,
    least: goal.smallestGain,
    ends: (rung) => {
      if (!landings.includes(rung)) return [];
      const counted = moves < Infinity || limits.length === 0 ? [climbed(even, rung)] : [];
      return [...counted, ...within].map(({ steps }) => steps);
    },
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

/** Every way to search that suits the budget. */
const candidates = (task: Task): readonly Climbed[] => {
  const { state, rules, goal, goOn } = task;
  const { moves } = rules.budget;
  const { cpu, memory: ofMemory } = goal.of;
  const picky = rules.preferences.length > 0;
  const few = moves <= rungs;
  const limits = limitsOf(state, rules.budget);
  const plain = (steps: readonly Step[]): Climbed => ({ steps, noPath: Infinity });
  if ((limits.length > 0 || few) && goal.smallestGain === 0 && isTiny(state)) {
    const of = countsOf(task) ?? new Float64Array(state.guests.length).fill(1);
    return goOn() ? [exact(state, worthOf(task).worth, [{ of, most: moves }, ...limits])] : [];
  }
  // A ladder's end is monotone in what there is one for; greedy steps are not, so they stand aside.
  if (!picky && moves === Infinity && limits.length === 1) return climbedWithin(task, limits[0]!);
  if (limits.length === 0 && few) {
    if (picky) return [plain(climbedByWorth(task))];
    const found = [climbed(task, moves)];
    return ofMemory > 0 || countsOf(task) ? found : [...found, plain(evened(task, swayOf(task)))];
  }
  const found: Climbed[] = [];
  if (limits.length > 0) found.push(plain(climbedByWorth(task)));
  else if (ofMemory > 0 || moves < Infinity) {
    found.push(climbed(task, Math.min(moves, rungs)));
    if (ofMemory > 0 && cpu > 0)
      found.push(plain(hbal(state, { encoding: 'ratio', minGain: 0, minGainLimit: 0, steps: moves, goOn })));
  }
  if (ofMemory === 0 || limits.length > 0) {
    found.push(plain(evened(task, swayOf(task))));
    // What preferences keep from being even may cost more than they are worth.
    if (picky) found.push(plain(evened(task, undefined)));
  }
  return picky && !few ? [...found, ...found.map(({ steps }) => plain(pleased(task, steps)))] : found;
};

/** Finds the moves that make a cluster even, and a bound that no plan within the budget can beat. */
export const balance = (asked: Task): Found => {
  const { rules, goal } = asked;
  const { moves } = rules.budget;
  // A guest of which nobody knows what its move takes of a limit stays.
  const state = limitsOf(asked.state, rules.budget).reduce((all, { of }) => withoutHeld(all, of), asked.state);
  const task = { ...asked, state };
  const { worth } = worthOf(task);
  const found = candidates(task);
  let best: { readonly steps: readonly Step[]; readonly left: number } | undefined;
  for (const { steps: each } of found) {
    const steps = affordable(task, soundOrder(state, each, worth));
    const left = leftBy(steps, worth);
    if (!best || left < best.left - 1e-12) best = { steps, left };
  }
  const reached = best?.left ?? worth.value();
  // Of preferences a ladder for evenness alone knows nothing.
  const noPath = rules.preferences.length > 0 ? Infinity : Math.min(...found.map((each) => each.noPath));
  return {
    steps: best?.steps ?? [],
    bound:
      leastSpread(state, goal, moves, reached, limitsOf(state, rules.budget)) +
      leastAmiss(state, rules.preferences, moves) / state.hosts.length,
    reached,
    left: isBoundless(goal, rules.budget) ? stillOff(state, goal, best?.steps ?? []) : [],
    ...(noPath < reached - 1e-9 ? { noPath } : {}),
  };
};
