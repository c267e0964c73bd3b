/** Ladder: the best few moves, found for a small budget, then for a larger one, and so on, each from the one before. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of guests of the state by construction */
import { beam } from './beam.js';
import type { BalanceGoal } from './goal.js';
import type { Mix } from './mix.js';
import { pathfinder } from './path.js';
import { roomiest, sequence } from './sequence.js';
import { settlerOf } from './settle.js';
import { measuresOf, spreadOf } from './spread.js';
import type { State, Step } from './state.js';
import { stroll } from './stroll.js';
import { holds, movesOf, passable, restart, walkFrom } from './walk.js';

/** Spread at which a cluster is even enough, so that no further rung is climbed: sooner where there are many rungs. */
const even = { byMoves: 1e-4, byPrice: 3e-4 };

/** What the budget that is taken weighs, as a share of what it has gained on average. */
const tollShare = 0.4;

/** Gain that is worth an order, as a share of capacity. */
const noticeable = 1e-6;

/** Moves of which an order is found quickly enough to ask for one after each exchange. */
const few = 40;

/** What moves take of a budget. */
const priceOf = (steps: readonly Step[], price: Float64Array | undefined): number =>
  price ? steps.reduce((sum, { guest }) => sum + price[guest]!, 0) : steps.length;

/** What came of it. */
export interface Climbed {
  readonly steps: readonly Step[];
  /** The least spread of placements that were met and to which no order of moves leads; infinite where there was none. */
  readonly noPath: number;
}

/** One walk of a rung. */
export interface Stretch {
  /** From the state as it is, not from the best so far. */
  readonly anew: boolean;
  readonly tries: number;
  /** What it may make worse at the beginning, as a share of what is left. */
  readonly warmth: number;
}

/** How hard to look on a rung. */
export interface Effort {
  /** Ways that a beam keeps side by side, before the walks; 0 for no beam, which only is cast where moves are counted. */
  readonly width: number;
  /** What walks try. */
  readonly mix: Mix;
  /** Whether walks keep to placements to which an order leads, rather than to find out at the end. */
  readonly careful: boolean;
  /** Whether hosts exchange guests in pairs where a walk ends. */
  readonly settles: boolean;
  /** Guests that two hosts exchange there where pairs trade a move, at most; 0 for no trade. */
  readonly trade: number;
  readonly stretches: readonly Stretch[];
}

/** How hard to look. */
export interface LadderOptions {
  /** What moves may take of the budget on each rung, the least first; what the last one is must not change those before. */
  readonly rungs: readonly number[];
  /** What a move of each guest takes; where it is left out, moves are counted. */
  readonly price?: Float64Array;
  /** What is done on a rung; must not depend on the last one. */
  readonly effort: (rung: number) => Effort;
  /** Moves to begin a rung with if they are better than the rung below, in orders that can be made. */
  readonly begin?: (rung: number) => readonly (readonly Step[])[];
  /** Called before each rung and each walk; false ends the search with what is found. */
  readonly goOn: () => boolean;
}

/**
 * Looks for the moves within a budget that leave the least spread: on every rung of the ladder from the best of the rung below
 * by walks, and on the rung that has a move for every host by a beam. What a smaller budget finds is a rung of the
 * larger one, so a larger budget is never worse. Deterministic: chance has a fixed seed.
 */
export const climb = (
  state: State,
  goal: Pick<BalanceGoal, 'of' | 'by' | 'smallestGain'>,
  { rungs, price, effort, begin, goOn }: LadderOptions,
): Climbed => {
  const walk = walkFrom(state, goal, price);
  if (walk.guests.length === 0 || walk.hosts.length < 2) return { steps: [], noPath: Infinity };
  const spread = spreadOf(measuresOf(state, goal.of), goal.by);
  const spares = roomiest(state);
  const finder = pathfinder(state, state.taken, spares, Math.max(64, price ? walk.guests.length : 0), price);
  const settle = settlerOf(walk);
  // A beam is for processors alone, and leaves their weight out.
  const unit = goal.of.cpu;
  const idle = spread.value();
  let best: readonly Step[] = [];
  let bestValue = idle;
  let noPath = Infinity;
  for (const rung of rungs) {
    if (bestValue <= (price ? even.byPrice : even.byMoves) || !goOn()) break;
    let end: { readonly steps: readonly Step[]; readonly value: number } | undefined;
    const better = (value: number): boolean => {
      const steps = passable(walk, finder, rung) ? sequence(state, movesOf(walk), spread, spares) : undefined;
      if (!steps || priceOf(steps, price) > rung) {
        noPath = Math.min(noPath, value);
        return false;
      }
      end = { steps, value };
      return true;
    };
    for (const first of begin?.(rung) ?? []) {
      for (const { guest, from, to } of first) spread.shift(guest, from, to);
      const value = spread.value();
      for (const { guest, from, to } of first) spread.shift(guest, to, from);
      if (value < bestValue) [best, bestValue] = [first, value];
    }
    const toll = price ? (tollShare * Math.max(0, idle - bestValue)) / rung : 0;
    const { width, mix, careful, settles, trade, stretches } = effort(rung);
    const least = (): number => end?.value ?? bestValue;
    if (width > 0 && !price)
      beam(walk, { moves: rung, width, best: bestValue / unit, better: (value) => better(value * unit) });
    for (const { anew, tries, warmth } of stretches) {
      if (!goOn()) break;
      restart(walk, anew ? [] : (end?.steps ?? best));
      stroll(walk, {
        most: rung,
        tries,
        mix,
        toll,
        // About what a single move of this rung may be worth.
        heat: Math.max(bestValue, idle / 50) * warmth,
        finder: careful ? finder : undefined,
        best: least(),
        better,
      });
      if (!settles || !holds(walk)) continue;
      const orderly = walk.counts[0]! <= few;
      const value = settle({
        most: rung,
        best: least(),
        trade: price ? 0 : trade,
        finder: orderly ? finder : undefined,
      });
      if (value < least() - noticeable) better(value);
    }
    if (end && end.value < bestValue - Math.max(1e-9, goal.smallestGain)) [best, bestValue] = [end.steps, end.value];
  }
  return { steps: best, noPath };
};
