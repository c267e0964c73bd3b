/** Priced: the moves that leave the least spread within a budget that guests take different parts of, such as bytes or time. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of guests of the state by construction */
import type { PricedEffort } from './effort.js';
import type { BalanceGoal } from './goal.js';
import { climb, type Climbed } from './ladder.js';
import type { Spread } from './spread.js';
import type { State, Step } from './state.js';

/** Rungs on which a budget doubles, once there are so many units in it; below that every unit is one. */
const perDoubling = 32;

/** The part of what all moves would take that the first rung is at least. */
const lowest = 2 ** 16;

/** The greatest common divisor. */
const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** A power of two, or three times one. */
const isRound = (count: number): boolean => [count, count / 3].some((each) => Number.isInteger(Math.log2(each)));

/** One rung: what moves may take, and whether it is one of the two that come with each doubling. */
interface Rung {
  readonly most: number;
  readonly round: boolean;
}

/**
 * The rungs of a budget, whatever it is: what guests take that have a price, counted in the largest unit that all prices are whole multiples of, so that
 * what a few of them take together is a rung; further up rungs are as far apart as so many on which it doubles.
 */
export const rungsOf = (prices: Float64Array): readonly Rung[] => {
  if (prices.length === 0) return [];
  // Each guest moves once, or waits on the way.
  const all = 2 * prices.reduce((sum, each) => sum + each, 0);
  const least = Math.max(
    all / lowest,
    prices.reduce((low, each) => Math.min(low, each), Infinity),
  );
  const whole = prices.every((each) => Number.isSafeInteger(each));
  const unit = whole ? prices.reduce(gcd, 0) : 2 ** Math.floor(Math.log2(least)) / perDoubling;
  const rungs: Rung[] = [];
  for (let step = 1, count = 1; count * unit <= all; count += step) {
    if (count >= 2 * perDoubling * step) step *= 2;
    if (count * unit >= least) rungs.push({ most: count * unit, round: isRound(count) });
  }
  return rungs;
};

/** What beginnings of a list of moves take and leave. */
interface Beginnings {
  /** The best that is within a budget. */
  readonly within: (most: number) => readonly Step[];
}

/** The beginnings of a list of moves, in an order that can be made. */
export const beginningsOf = (steps: readonly Step[], price: Float64Array, worth: Spread): Beginnings => {
  const ends: { readonly count: number; readonly takes: number; readonly leaves: number }[] = [];
  let takes = 0;
  let least = worth.value();
  steps.forEach(({ guest, from, to }, i) => {
    takes += price[guest]!;
    worth.shift(guest, from, to);
    const leaves = worth.value();
    if (leaves < least) ends.push({ count: i + 1, takes, leaves: (least = leaves) });
  });
  for (const { guest, from, to } of steps.toReversed()) worth.shift(guest, to, from);
  return { within: (most) => steps.slice(0, ends.findLast((end) => end.takes <= most)?.count ?? 0) };
};

/** What is to be done within what budget. */
export interface Priced {
  readonly state: State;
  readonly goal: BalanceGoal;
  /** What a move of each guest takes of the budget; finite for those that may be moved. */
  readonly price: Float64Array;
  readonly most: number;
  /** How hard to look on most rungs, and on round ones. */
  readonly effort: PricedEffort;
  /** Beginnings of what somebody without a budget would do, good starts perhaps. */
  readonly starts: readonly Beginnings[];
  readonly goOn: () => boolean;
}

/** Climbs to the budget by way of all rungs below it, so a larger budget is never worse. */
export const climbPriced = ({ state, goal, price, most, effort, starts, goOn }: Priced): Climbed => {
  const rungs = rungsOf(price.filter((each, guest) => state.movable[guest] === 1 && each > 0));
  const round = new Set(rungs.filter((rung) => rung.round).map((rung) => rung.most));
  return climb(state, goal, {
    rungs: rungs.map((rung) => rung.most).filter((rung) => rung <= most),
    price,
    effort: (rung) => (round.has(rung) ? effort.round : effort.light),
    begin: (rung) => starts.map(({ within }) => within(rung)),
    goOn,
  });
};
