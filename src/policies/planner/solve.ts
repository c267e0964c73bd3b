/** Solve: from a state and rules to ordered moves in waves, the bound that no plan can beat, and what could not be reached. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import type { ObservedGuest } from '../../model/index.js';
import { type Board, boardOf, rewind } from './board.js';
import { leastSpread } from './bound.js';
import { consolidate } from './consolidate.js';
import { evenOut } from './even-out.js';
import type { BalanceGoal, PlannerRules } from './goal.js';
import { hbal } from './hbal/hbal.js';
import { climb, type Effort } from './ladder.js';
import { type LeftHot, relieve } from './relieve.js';
import { shortened } from './shortened.js';
import { soundOrder } from './sound.js';
import { measuresOf, type Spread, spreadOf } from './spread.js';
import { meanOf, nearly, type State, type Step } from './state.js';

/** What was found. */
export interface Found {
  readonly steps: readonly Step[];
  /** What every plan that reaches the goal costs at least (relief), or the least spread that any plan could leave (balance). */
  readonly bound: number;
  /** What this plan costs, or leaves, in the same measure. */
  readonly reached: number;
  /** Hosts for which the goal is not reached, and why. */
  readonly left: readonly { readonly host: number; readonly why: Missed }[];
  /** A lower spread that a placement within the budget would leave, to which no order of moves was found. */
  readonly noPath?: number;
  /** Hosts that stand empty in the end, and whether further hosts are wanted; of consolidation. */
  readonly empty?: readonly number[];
  readonly wantsMore?: boolean;
}

/**
 * Why a host is left: `stuck`: what may leave it does not suffice; `nowhere`: no other host has the room, in any order that was
 * tried; `given up`: the search ended before all orders had been tried; `given up`: the search ended before all that might help had been tried; `budget`: it would
 * have cost more than it may.
 */
export type Missed = LeftHot['why'] | 'budget';

/** Rungs of the ladder at most; from there on further moves are made one by one. */
const rungs = 40;
/**
 * The walks of a rung. The rungs that people give as budgets get most of the time: from the rung below, anew and warmer, and from the
 * best so far once more. Moves beyond some dozens leave little to gain.
 */
const effort = (rung: number, share: number): readonly Effort[] => {
  const walked = (anew: boolean, tries: number, warmth: number): Effort => ({
    anew,
    warmth,
    tries: Math.ceil(share * tries),
  });
  // Of ten moves there are most ways that look alike; of five nearly all are seen, and twenty leave little to gain.
  const long = rung === 10 ? 2 : rung === 5 ? 1 : 0.6;
  if (rung !== 5 && rung !== 10 && rung !== 20) return [walked(false, rung < 10 ? 6_000 : 1_000, 0.15)];
  return [
    walked(false, 15_000 * long, 0.15),
    walked(true, 40_000 * long, 0.5),
    walked(false, 15_000 * long, 0.4),
    walked(true, 40_000 * long, 0.7),
    walked(false, 15_000 * long, 0.4),
  ];
};

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

/** What a list of moves leaves. */
const leftBy = (steps: readonly Step[], spread: Spread): number => {
  for (const { guest, from, to } of steps) spread.shift(guest, from, to);
  const left = spread.value();
  for (let i = steps.length - 1; i >= 0; i--) spread.shift(steps[i]!.guest, steps[i]!.to, steps[i]!.from);
  return left;
};

/** Evens out processors step by step within a budget; what the last step of a swap would break is left out. */
const evened = (state: State, rules: PlannerRules, goal: BalanceGoal, goOn: () => boolean): readonly Step[] => {
  const board = boardOf(state);
  const affords = purse(rules, state);
  const { moves, memory, time } = rules.budget;
  const unlimited = Math.min(moves, memory, time) === Infinity;
  evenOut(board, {
    within: goal.within,
    // Few moves are for the ladder to spend well.
    thoroughly: moves > rungs,
    affordable: unlimited ? () => true : (guest, back) => affords(board, back < 0 ? [guest] : [guest, back]),
    affords: (guests) => affords(board, guests),
    goOn,
  });
  return shortened(state, board.steps);
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

const balanced = (state: State, rules: PlannerRules, goal: BalanceGoal, goOn: () => boolean): Found => {
  const { moves, memory, time } = rules.budget;
  const byMoves = memory === Infinity && time === Infinity;
  const found: (readonly Step[])[] = [];
  let noPath = Infinity;
  if (byMoves && (goal.of.memory > 0 || moves < Infinity)) {
    // Two measures take longer to keep than one, and a small cluster has less to try.
    const scale = Math.min(1, Math.max(0.3, (state.hosts.length * state.guests.length) / 1000));
    const share = scale * (goal.of.memory > 0 && goal.of.cpu > 0 ? 0.8 : 1);
    const climbed = climb(state, goal, {
      budget: Math.min(moves, rungs),
      effort: (rung) => effort(rung, share),
      goOn,
    });
    found.push(climbed.steps);
    noPath = climbed.noPath;
    if (goal.of.memory > 0 && goal.of.cpu > 0 && moves > rungs)
      found.push(hbal(state, { encoding: 'ratio', minGain: 0, minGainLimit: 0, steps: moves, goOn }));
  }
  if (goal.of.memory === 0 || !byMoves) found.push(evened(state, rules, goal, goOn));
  let best: { readonly steps: readonly Step[]; readonly left: number } | undefined;
  const spread = spreadOf(measuresOf(state, goal.of), goal.by);
  for (const each of found) {
    const steps = soundOrder(state, each, spread);
    const left = leftBy(steps, spread);
    if (!best || left < best.left - 1e-12) best = { steps, left };
  }
  const reached = best?.left ?? spread.value();
  return {
    steps: best?.steps ?? [],
    bound: leastSpread(state, goal, moves),
    reached,
    left: byMoves && moves === Infinity && goal.of.memory === 0 ? stillOff(state, goal, best?.steps ?? []) : [],
    ...(noPath < reached - 1e-9 ? { noPath } : {}),
  };
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
      // What nobody can weigh stays.
      const weigh = (guest: ObservedGuest): number => {
        const weight = rules.reluctance?.(guest) ?? 1;
        return weight >= 0 ? weight : Infinity;
      };
      const weights = rules.reluctance && Float64Array.from(state.guests, weigh);
      const { bound, left } = relieve(board, goal.mark, goal.minimise, goOn, weights);
      const affords = purse(rules, state);
      // A beginning of the plan relieves what it relieves; hosts were served the hottest first.
      for (let kept = board.steps.length; kept > 0; kept--) {
        if (affords({ ...board, steps: board.steps.slice(0, kept) }, [])) break;
        rewind(board, kept - 1);
      }
      const costs =
        goal.minimise === 'memory' ? state.guestMemory : goal.minimise === 'time' ? state.durations() : undefined;
      const reached = board.steps.reduce(
        (sum, { guest }) => sum + (costs ? costs[guest]! : 1) * (weights ? weights[guest]! : 1),
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
    }
    case 'balance':
      return balanced(state, rules, goal, goOn);
    case 'hbal':
      return { steps: hbal(state, { ...goal, steps: budget.moves, goOn }), bound: 0, reached: 0, left: [] };
    case 'consolidate': {
      const board = boardOf(state);
      const { empty, bound, left, wantsMore } = consolidate(board, goal, purse(rules, state), goOn);
      return { steps: board.steps, bound, reached: state.hosts.length - empty.length, left, empty, wantsMore };
    }
  }
};
