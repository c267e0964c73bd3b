/** Bound by budget: the least unevenness that moves within a budget could leave, if each landed where it does no harm. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import type { Limit } from './purse.js';
import type { Measured } from './spread.js';
import type { State } from './state.js';

export const sumOf = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, each) => sum + each, 0);
export const largestOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, each) => Math.max(most, each), 0);

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
  return Math.max(0, sumOf(excess) - sumOf(offers.slice(0, moves)));
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

/** Lower bounds of one measure, each a share: of the three ways to say how uneven it is. */
export interface Least {
  readonly mean: number;
  readonly deviation: number;
  readonly highest: number;
}

export const shareOf = ({ carried, capacity }: Measured): number => sumOf(carried) / sumOf(capacity);

/** Whether all hosts offer the same, so that the mean of shares is the common share and stays. */
export const alike = ({ capacity }: Measured): boolean => capacity.every((each) => each === capacity[0]);

/** Hosts above the mean, and what they have above it. */
interface Surplus {
  readonly hosts: readonly number[];
  readonly excess: readonly number[];
}

const surplusOf = (measure: Measured): Surplus => {
  const { capacity, carried } = measure;
  const common = shareOf(measure);
  const hosts = Array.from(capacity.keys()).filter((h) => carried[h]! > common * capacity[h]!);
  return { hosts, excess: hosts.map((h) => carried[h]! - common * capacity[h]!) };
};

/** What is above the mean on some hosts, as shares and as amounts, is missing on others, of which none is larger than the largest. */
const spreadFrom = (measure: Measured, ofShares: number, ofAmounts: number, highest: number): Least => {
  const { capacity } = measure;
  const mean = (ofShares + ofAmounts / largestOf(capacity)) / capacity.length;
  // A standard deviation is never less than the mean one around the same mean, which it is where all hosts are alike.
  return { mean, deviation: alike(measure) ? mean : 0, highest };
};

/** By moves: of each host above the mean its largest guests leave. */
export const byMoves = (state: State, measure: Measured, moves: number): Least => {
  const { capacity, amount } = measure;
  const { hosts, excess } = surplusOf(measure);
  const falling = hosts.map((h) => state.on[h]!.map((guest) => amount[guest]!).sort((a, b) => b - a));
  const shares = falling.map((list, i) => list.map((each) => each / capacity[hosts[i]!]!));
  const excessShares = excess.map((each, i) => each / capacity[hosts[i]!]!);
  return spreadFrom(
    measure,
    leftOf(excessShares, shares, moves),
    leftOf(excess, falling, moves),
    highestOf(excessShares, shares, moves),
  );
};

/** What leaves a host: an amount for a price. */
interface Offer {
  readonly amount: number;
  readonly price: number;
}

/** The most that leaves for so much, if guests could leave in part; no more of each host than it has above the mean. */
const bought = (offers: readonly (readonly Offer[])[], excess: readonly number[], most: number): number => {
  const pieces = offers.flatMap((list, i) => {
    let left = excess[i]!;
    return list.map(({ amount, price }) => {
      const part = Math.min(1, left / amount);
      left -= part * amount;
      return { amount: part * amount, price: part * price };
    });
  });
  // Of one host the pieces become dearer, so the cheapest of all is always right.
  const some = pieces.filter(({ amount }) => amount > 0).sort((a, b) => b.amount * a.price - a.amount * b.price);
  let [paid, all] = [0, 0];
  for (const { amount, price } of some) {
    const part = price > 0 ? Math.min(1, Math.max(0, (most - paid) / price)) : 1;
    paid += part * price;
    all += part * amount;
  }
  return all;
};

/** What it takes to bring a host down by so much, if guests could leave in part. */
const priceOf = (offers: readonly Offer[], excess: number): number => {
  let [left, all] = [excess, 0];
  for (const { amount, price } of offers) {
    if (left <= amount) return all + Math.max(0, left / amount) * price;
    left -= amount;
    all += price;
  }
  return left > 0 ? Infinity : all;
};

/** Steps by which the height is found to which a budget brings all hosts. */
const halvings = 40;

/** By price: of each host above the mean the guests leave that are the cheapest for what they take, the last one in part. */
export const byPrice = (state: State, measure: Measured, { of, most }: Limit): Least => {
  const { capacity, amount } = measure;
  const { hosts, excess } = surplusOf(measure);
  const offers = hosts.map((h) =>
    state.on[h]!.filter((guest) => amount[guest]! > 0 && of[guest]! <= most)
      .map((guest) => ({ amount: amount[guest]!, price: of[guest]! }))
      .sort((a, b) => b.amount * a.price - a.amount * b.price),
  );
  const shares = offers.map((list, i) => list.map((each) => ({ ...each, amount: each.amount / capacity[hosts[i]!]! })));
  const excessShares = excess.map((each, i) => each / capacity[hosts[i]!]!);
  // Sums may be rounded to a little more than there is.
  const less = (all: readonly number[], taken: number): number => Math.max(0, sumOf(all) * (1 - 1e-12) - taken);
  let [low, high] = [0, largestOf(excessShares)];
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2;
    const price = sumOf(shares.map((list, h) => priceOf(list, excessShares[h]! - middle)));
    if (price <= most) high = middle;
    else low = middle;
  }
  return spreadFrom(
    measure,
    less(excessShares, bought(shares, excessShares, most)),
    less(excess, bought(offers, excess, most)),
    low,
  );
};
