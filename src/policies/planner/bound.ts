/** Bound: the least unevenness that so many moves could leave, whatever they are. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import type { BalanceGoal } from './goal.js';
import { type Measured, measuresOf } from './spread.js';
import type { State } from './state.js';

/** What is left above nothing once the best takings have been made: of each host its largest first, in all so many at most. */
const leftOf = (excess: readonly number[], takings: readonly (readonly number[])[], moves: number): number => {
  // Of one host what a further move takes is never more than what the one before took, so the largest of all is always right.
  const offers = excess.flatMap((over, i) => {
    let left = over;
    return takings[i]!.slice(0, moves).map((most) => {
      const taken = Math.min(most, Math.max(0, left));
      left -= taken;
      return taken;
    });
  });
  offers.sort((a, b) => b - a);
  const all = excess.reduce((sum, each) => sum + each, 0);
  return Math.max(0, all - offers.slice(0, moves).reduce((sum, each) => sum + each, 0));
};

/** The least that the largest excess can be brought to: the host that is highest gives its largest guest, again and again. */
const highestOf = (excess: readonly number[], takings: readonly (readonly number[])[], moves: number): number => {
  const left = [...excess];
  const used = left.map(() => 0);
  for (let i = 0; i < moves; i++) {
    const top = left.indexOf(Math.max(...left));
    const most = takings[top]?.[used[top]!];
    if (most === undefined) break;
    left[top]! -= most;
    used[top]! += 1;
  }
  return Math.max(0, ...left);
};

const boundOf = (
  state: State,
  { capacity, carried, amount, weight }: Measured,
  goal: BalanceGoal,
  moves: number,
): number => {
  const n = capacity.length;
  const sumOf = (values: Float64Array): number => values.reduce((sum, each) => sum + each, 0);
  const [common, largest] = [
    sumOf(carried) / sumOf(capacity),
    capacity.reduce((most, each) => Math.max(most, each), 0),
  ];
  const over = Array.from(capacity.keys()).filter((h) => carried[h]! > common * capacity[h]!);
  const falling = over.map((h) => state.on[h]!.map((guest) => amount[guest]!).sort((a, b) => b - a));
  const excess = over.map((h) => carried[h]! - common * capacity[h]!);
  const shares = (list: readonly number[], i: number): readonly number[] =>
    list.map((each) => each / capacity[over[i]!]!);
  const excessShares = excess.map((each, i) => each / capacity[over[i]!]!);
  if (goal.by === 'largest host') return weight * highestOf(excessShares, falling.map(shares), moves);
  // What is above the mean on some hosts is missing on others, of which none is larger than the largest.
  const mean = (leftOf(excessShares, falling.map(shares), moves) + leftOf(excess, falling, moves) / largest) / n;
  // A standard deviation is never less than the mean one around the same mean, which it is where all hosts are equal.
  const equal = capacity.every((each) => each === largest);
  const parts = goal.by === 'mean deviation' || equal ? 1 : goal.by === 'both' ? 0.5 : 0;
  return weight * mean * parts;
};

/**
 * A spread below which no plan of so many moves can come. Each move takes one guest off one host: what is left above the mean,
 * if the largest guests left the hosts that have most to spare and each landed where it does no harm, is what any plan leaves
 * at least. Measures are bounded one by one, so of two it is the weaker.
 */
export const leastSpread = (state: State, goal: BalanceGoal, moves: number): number =>
  moves === Infinity
    ? 0
    : measuresOf(state, goal.of).reduce((sum, measure) => sum + boundOf(state, measure, goal, moves), 0);
