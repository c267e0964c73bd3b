/** Ladder: the best few moves, found for a budget of one move, then of two, and so on, each from the one before. */
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

/** Spread at which a cluster is even enough, so that no further rung is climbed. */
const even = 1e-4;

/** Gain that is worth an order, as a share of capacity. */
const noticeable = 1e-6;

/** Ends of a rung that are kept until an order is found for one. */
const kept = 8;

/** What came of it. */
interface Climbed {
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
  /** Ways that a beam keeps side by side, before the walks; 0 for no beam. */
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
  /** Moves at most. */
  readonly budget: number;
  /** What is done on a rung; must not depend on the budget. */
  readonly effort: (rung: number) => Effort;
  /** Called before each rung and each walk; false ends the search with what is found. */
  readonly goOn: () => boolean;
}

/**
 * Looks for the moves, at most so many, that leave the least spread: on every rung of the ladder from the best of the rung below
 * with its best further move, by walks, and on the rung that has a move for every host by a beam. What a smaller budget finds is a rung of the
 * larger one, so a larger budget is never worse. Deterministic: chance has a fixed seed.
 */
export const climb = (
  state: State,
  goal: Pick<BalanceGoal, 'of' | 'by' | 'smallestGain'>,
  { budget, effort, goOn }: LadderOptions,
): Climbed => {
  const walk = walkFrom(state, goal);
  if (walk.guests.length === 0 || walk.hosts.length < 2) return { steps: [], noPath: Infinity };
  const spread = spreadOf(measuresOf(state, goal.of), goal.by);
  const spares = roomiest(state);
  const finder = pathfinder(state, state.taken, spares);
  const settle = settlerOf(walk);
  // A beam is for processors alone, and leaves their weight out.
  const unit = goal.of.cpu;
  const idle = spread.value();
  let best: readonly Step[] = [];
  let bestValue = idle;
  let noPath = Infinity;
  for (let rung = 1; rung <= budget && bestValue > even && goOn(); rung++) {
    const ends: { readonly steps: readonly Step[]; readonly value: number }[] = [];
    const better = (value: number): boolean => {
      if (!passable(walk, finder, rung)) {
        noPath = Math.min(noPath, value);
        return false;
      }
      ends.push({ steps: movesOf(walk), value });
      if (ends.length > kept) ends.shift();
      return true;
    };
    const { width, mix, careful, settles, trade, stretches } = effort(rung);
    const least = (): number => ends[ends.length - 1]?.value ?? bestValue;
    if (width > 0) beam(walk, { moves: rung, width, best: bestValue / unit, better: (value) => better(value * unit) });
    for (const { anew, tries, warmth } of stretches) {
      if (!goOn()) break;
      restart(walk, anew ? [] : (ends[ends.length - 1]?.steps ?? best));
      stroll(walk, {
        moves: rung,
        tries,
        mix,
        // About what a single move of this rung may be worth.
        heat: Math.max(bestValue, idle / 50) * warmth,
        finder: careful ? finder : undefined,
        best: least(),
        better,
      });
      if (!settles || !holds(walk)) continue;
      const value = settle({ moves: rung, best: least(), trade, finder });
      if (value < least() - noticeable) better(value);
    }
    for (const { steps, value } of ends.reverse()) {
      if (value >= bestValue - Math.max(1e-9, goal.smallestGain)) break;
      const ordered = sequence(state, steps, spread, spares);
      if (!ordered || ordered.length > rung) {
        noPath = Math.min(noPath, value);
        continue;
      }
      [best, bestValue] = [ordered, value];
      break;
    }
  }
  return { steps: best, noPath };
};
