/** Bound: the least unevenness that so many moves, or any number of them, could leave, whatever they are. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { distances, type Ground, groundOf, reachOf } from './attainable.js';
import { alike, byMoves, byPrice, largestOf, type Least, shareOf, sumOf } from './bound-by-budget.js';
import type { BalanceGoal } from './goal.js';
import { hbalScore, type HbalEncoding, nodesOf, shift } from './hbal/nodes.js';
import type { Limit } from './purse.js';
import { type Measured, measuresOf, type Unevenness } from './spread.js';
import type { State, Step } from './state.js';

/** Of so many guests on so many hosts some host has several; the most that they must come to, on any one. */
const crowded = (ground: Ground, { capacity, amount }: Measured): number => {
  const falling = Float64Array.from(ground.free, (guest) => amount[guest]!)
    .sort()
    .reverse();
  const n = capacity.length;
  let most = 0;
  // One host has k + 1 of the k n + 1 largest at least, and these are no less than the smallest of them.
  for (let k = 0; k * n < falling.length; k++) most = Math.max(most, sumOf(falling.subarray(k * n - k, k * n + 1)));
  return most;
};

/** By what stands where it stands for good, by guests that are larger than a host's part, by sets that do not come out even. */
const byPieces = (state: State, ground: Ground, measure: Measured): Least => {
  const { capacity, amount } = measure;
  const n = capacity.length;
  const common = shareOf(measure);
  const largest = largestOf(capacity);
  const reach = reachOf(state, ground, measure);
  const off = distances(state, ground, measure, reach, common).map((each, h) => each / capacity[h]!);
  const low = reach.least.map((each, h) => each / capacity[h]! - common);
  const high = reach.most.map((each, h) => each / capacity[h]! - common);
  const positive = (value: number): number => Math.max(0, value);
  const big = ground.free.map((guest) => positive(amount[guest]! / largest - common));
  // Guests that are each larger than a host's part stand on hosts of their own, or make it worse together.
  const pile = positive(crowded(ground, measure) / largest - common);
  const over = Math.max(sumOf(low.map(positive)) + sumOf(big), pile);
  const under = sumOf(high.map((each) => positive(-each)));
  const excess = sumOf(low.map((each, h) => positive(each) * capacity[h]!)) + sumOf(big) * largest;
  const missing = sumOf(high.map((each, h) => positive(-each) * capacity[h]!));
  // All that is too much here is too little there, and no host is larger than the largest.
  const both = Math.max(excess, missing, pile * largest) / largest;
  const mean = Math.max(Math.max(over, both) + Math.max(under, both), sumOf(off)) / n;
  const top = Math.max(largestOf(low), largestOf(big), pile);
  const apart = positive(top - high.reduce((least, each) => Math.min(least, each), Infinity)) / Math.sqrt(2 * n);
  const around = Math.sqrt(sumOf(off.map((each) => each * each)) / n);
  return { mean, deviation: alike(measure) ? Math.max(mean, around, apart) : apart, highest: top };
};

const leastOf = (
  state: State,
  ground: Ground | undefined,
  measure: Measured,
  by: Unevenness,
  moves: number,
  limits: readonly Limit[],
): number => {
  const bounds = [
    ...(moves < Infinity ? [byMoves(state, measure, moves)] : []),
    ...limits.map((limit) => byPrice(state, measure, limit)),
    ...(ground ? [byPieces(state, ground, measure)] : []),
  ];
  const [mean, deviation, highest] = (['mean', 'deviation', 'highest'] as const).map((name) =>
    largestOf(bounds.map((bound) => bound[name])),
  );
  switch (by) {
    case 'mean deviation':
      return mean!;
    case 'standard deviation':
      return deviation!;
    case 'both':
      return (mean! + deviation!) / 2;
    case 'largest host':
      return highest!;
  }
};

/** A plan that leaves no more than this is near enough; what of it nobody could help is not worked out. */
const nearEnough = 0.01;

/**
 * A spread below which no plan of so many moves can come. Each move takes one guest off one host: what is left above the mean,
 * if the largest guests left the hosts that have most to spare and each landed where it does no harm, is what any plan leaves
 * at least. And however many moves there are, guests are whole, some stay, and memory is what it is. Measures are bounded one by one, so of
 * two it is the weaker.
 *
 * @param reached - what a plan leaves; where that is little, only the budget is asked
 * @param limits - what else moves may take at most, such as bytes
 */
export const leastSpread = (
  state: State,
  { of, by }: Pick<BalanceGoal, 'of' | 'by'>,
  moves: number,
  reached = Infinity,
  limits: readonly Limit[] = [],
): number => {
  if (state.hosts.length === 0) return 0;
  const ground = reached > nearEnough ? groundOf(state) : undefined;
  return measuresOf(state, of).reduce(
    (sum, measure) => sum + measure.weight * leastOf(state, ground, measure, by, moves, limits),
    0,
  );
};

/** hbal's score after some steps, and a score below which no plan of so many steps can come; its deviations are bounded one by one. */
export const scoreAndBound = (
  state: State,
  encoding: HbalEncoding,
  steps: readonly Step[],
  moves: number,
): { readonly reached: number; readonly bound: number } => {
  if (state.hosts.length === 0) return { reached: 0, bound: 0 };
  const nodes = nodesOf(state, encoding);
  const { free, used, util, totalMemory, processors, memory, vcpus, demand } = nodes;
  const ground = groundOf(state);
  const measures: readonly Omit<Measured, 'weight'>[] = [
    { capacity: totalMemory, carried: totalMemory.map((each, h) => each - free[h]!), amount: memory },
    { capacity: processors, carried: used.slice(), amount: vcpus },
    { capacity: util.map(() => 1), carried: util.slice(), amount: demand },
  ];
  const bound = measures.reduce(
    (sum, each) => sum + leastOf(state, ground, { ...each, weight: 1 }, 'standard deviation', moves, []),
    0,
  );
  for (const { guest, to } of steps) shift(nodes, guest, to);
  return { reached: hbalScore(nodes), bound };
};
