/** Solve: from a state and rules to ordered moves in waves, the bound that no plan can beat, and what could not be reached. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { type Board, boardOf, rewind } from './board.js';
import { consolidate } from './consolidate.js';
import { evenOut } from './even-out.js';
import type { BalanceGoal, PlannerRules } from './goal.js';
import { hbal } from './hbal/hbal.js';
import { climb } from './ladder.js';
import { relieve } from './relieve.js';
import { measuresOf, spreadOf } from './spread.js';
import type { State, Step } from './state.js';

/** What was found. */
export interface Found {
  readonly steps: readonly Step[];
  /** What every plan that reaches the goal costs at least (relief), or the least spread that any plan could leave (balance). */
  readonly bound: number;
  /** What this plan costs, or leaves, in the same measure. */
  readonly reached: number;
  /** Hosts for which the goal is not reached, and why. */
  readonly left: readonly { readonly host: number; readonly why: Missed }[];
}

/**
 * Why a host is left: `stuck`: what may leave it does not suffice; `nowhere`: no other host has the room, in any order that was
 * tried.
 */
export type Missed = 'stuck' | 'nowhere';

/** Rungs of the ladder at most; from there on further moves are made one by one. */
const rungs = 40;
/** Changes tried for a rung. Moves beyond some dozens, or clusters of thousands of guests, leave so little to gain by more. */
const effort = 8_000;

/** Whether a budget still allows for more, counted over the steps of a board. */
const purse = ({ budget }: PlannerRules, state: State): ((board: Board, guests: readonly number[]) => boolean) => {
  const { moves, memory, time } = budget;
  if (moves === Infinity && memory === Infinity && time === Infinity) return () => true;
  const waits = time < Infinity ? state.durations() : undefined;
  let [counted, bytes, milliseconds] = [0, 0, 0];
  const spent = (guest: number): void => {
    bytes += state.guestMemory[guest]!;
    milliseconds += waits?.[guest] ?? 0;
  };
  return ({ steps }, guests) => {
    if (steps.length < counted) [counted, bytes, milliseconds] = [0, 0, 0];
    for (; counted < steps.length; counted++) spent(steps[counted]!.guest);
    let [b, t] = [bytes, milliseconds];
    for (const guest of guests) {
      b += state.guestMemory[guest]!;
      t += waits?.[guest] ?? 0;
    }
    return steps.length + guests.length <= moves && b <= memory && t <= time;
  };
};

/** What a list of moves leaves, and whether no beginning of it leaves more than there was. */
const judged = (
  state: State,
  goal: BalanceGoal,
  steps: readonly Step[],
): { readonly left: number; readonly sound: boolean } => {
  const spread = spreadOf(measuresOf(state, goal.of), goal.by);
  const before = spread.value() + 1e-9;
  let sound = true;
  for (const { guest, from, to } of steps) {
    spread.shift(guest, from, to);
    if (spread.value() > before) sound = false;
  }
  return { left: spread.value(), sound };
};

/** Evens out processors step by step within a budget; what the last step of a swap would break is left out. */
const evened = (state: State, rules: PlannerRules, goal: BalanceGoal, goOn: () => boolean): readonly Step[] => {
  const board = boardOf(state);
  const affords = purse(rules, state);
  const { moves, memory, time } = rules.budget;
  const unlimited = Math.min(moves, memory, time) === Infinity;
  evenOut(board, {
    within: goal.within,
    affordable: unlimited ? () => true : (guest, back) => affords(board, back < 0 ? [guest] : [guest, back]),
    goOn,
  });
  return board.steps;
};

const balanced = (state: State, rules: PlannerRules, goal: BalanceGoal, goOn: () => boolean): Found => {
  const { moves, memory, time } = rules.budget;
  const byMoves = memory === Infinity && time === Infinity;
  const found: (readonly Step[])[] = [];
  if (byMoves && (goal.of.memory > 0 || moves < Infinity)) {
    // Two measures take longer to keep than one, and a small cluster has less to try.
    const scale = Math.min(1, Math.max(0.05, (state.hosts.length * state.guests.length) / 1000));
    const tries = Math.ceil(scale * (goal.of.memory > 0 && goal.of.cpu > 0 ? 0.7 * effort : effort));
    const ladder = { budget: Math.min(moves, rungs), effort: tries, smallestGain: goal.smallestGain, goOn };
    found.push(climb(state, spreadOf(measuresOf(state, goal.of), goal.by), ladder));
    if (goal.of.memory > 0 && goal.of.cpu > 0 && moves > rungs)
      found.push(hbal(state, { encoding: 'ratio', minGain: 0, minGainLimit: 0, steps: moves, goOn }));
  }
  if (goal.of.memory === 0 || !byMoves) found.push(evened(state, rules, goal, goOn));
  let best: { readonly steps: readonly Step[]; readonly left: number } | undefined;
  for (const steps of found) {
    const { left, sound } = judged(state, goal, steps);
    if (sound && (!best || left < best.left - 1e-12)) best = { steps, left };
  }
  // Hosts can be even to the last cycle only if guests could be split, so the bound of none is mostly out of reach.
  return { steps: best?.steps ?? [], bound: 0, reached: best?.left ?? judged(state, goal, []).left, left: [] };
};

/**
 * Finds the moves.
 *
 * @param goOn - called between steps of the search; false gives the best so far. A caller with a clock makes a deadline of it
 */
export const solve = (state: State, rules: PlannerRules, goOn: () => boolean = () => true): Found => {
  const { goal, budget } = rules;
  switch (goal.kind) {
    case 'relieve': {
      const board = boardOf(state);
      const { bound, left } = relieve(board, goal.mark, goal.minimise, goOn);
      const affords = purse(rules, state);
      // A beginning of the plan relieves what it relieves; hosts were served the hottest first.
      for (let kept = board.steps.length; kept > 0; kept--) {
        if (affords({ ...board, steps: board.steps.slice(0, kept) }, [])) break;
        rewind(board, kept - 1);
      }
      const costs =
        goal.minimise === 'memory' ? state.guestMemory : goal.minimise === 'time' ? state.durations() : undefined;
      const reached = board.steps.reduce((sum, { guest }) => sum + (costs ? costs[guest]! : 1), 0);
      return { steps: board.steps, bound, reached, left };
    }
    case 'balance':
      return balanced(state, rules, goal, goOn);
    case 'hbal':
      return { steps: hbal(state, { ...goal, steps: budget.moves, goOn }), bound: 0, reached: 0, left: [] };
    case 'consolidate': {
      const board = boardOf(state);
      const { empty, bound } = consolidate(board, goal, purse(rules, state), goOn);
      return { steps: board.steps, bound, reached: state.hosts.length - empty, left: [] };
    }
  }
};
