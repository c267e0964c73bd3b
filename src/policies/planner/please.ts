/** Please: once a cluster is even, takes guests that stand amiss to where they would rather be, alone or in exchange for another. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { type Board, hasRoom, mayGo, move } from './board.js';
import { firstOfSwap } from './even-out.js';
import { standing } from './exchange.js';
import type { Affords } from './purse.js';
import type { Spread } from './spread.js';
import type { Step } from './state.js';
import type { Tastes } from './tastes.js';

/** Steps that are weighed before the rest is left as it is. */
const patience = 300_000;

/** Times that all guests are looked at: what one has left may please another. */
const passes = 3;

/** How pleasing is limited. */
export interface PleaseOptions {
  /** Spread and tastes together, as the board stands; so do the tastes. */
  readonly worth: Spread;
  readonly tastes: Tastes;
  readonly affords: Affords;
  /** Least fall that is worth a move. */
  readonly least: number;
  /** What a move of each guest weighs. */
  readonly weights: Float64Array | undefined;
  readonly goOn: () => boolean;
}

/**
 * Takes guests one after the other, the least pleased first, and makes for each the move or the swap after which spread and tastes
 * together are least, if that is less than before, by so much for each move's weight. A guest that has moved may move on; what then moves
 * twice is for {@link shortened}.
 */
export const please = (board: Board, { worth, tastes, affords, least, weights, goOn }: PleaseOptions): void => {
  const { state } = board;
  const { grouped, movable } = state;
  const n = state.hosts.length;
  const on = standing(board);
  const at = state.guestHost.slice();
  for (const { guest, to } of board.steps) at[guest] = to;
  const weigh = (guest: number): number => weights?.[guest] ?? 1;
  let looks = 0;

  const after = (steps: readonly Step[]): number => {
    looks++;
    for (const { guest, from, to } of steps) worth.shift(guest, from, to);
    const value = worth.value();
    for (let i = steps.length - 1; i >= 0; i--) worth.shift(steps[i]!.guest, steps[i]!.to, steps[i]!.from);
    return value;
  };

  const bestFor = (guest: number): readonly Step[] | undefined => {
    const from = at[guest]!;
    const before = worth.value();
    let best = 1e-9;
    let found: readonly Step[] | undefined;
    const consider = (steps: readonly Step[], weight: number): void => {
      const gain = (before - after(steps)) / weight;
      if (
        gain <= best ||
        gain < least ||
        !affords(
          board,
          steps.map((step) => step.guest),
        )
      )
        return;
      best = gain;
      found = steps;
    };
    for (let to = 0; to < n && looks < patience; to++) {
      if (to === from || tastes.change(guest, from, to) >= 0 || !mayGo(board, guest, to)) continue;
      const there = { guest, from, to };
      if (hasRoom(board, guest, to)) consider([there], weigh(guest));
      for (const other of on[to]!) {
        if (grouped[other] === 1) continue;
        const first = firstOfSwap(board, guest, other, from, to);
        if (first === undefined || !mayGo(board, other, from)) continue;
        const back = { guest: other, from: to, to: from };
        consider(first === 'guest' ? [there, back] : [back, there], weigh(guest) + weigh(other));
      }
    }
    return found;
  };

  for (let pass = 0; pass < passes; pass++) {
    const amiss = Array.from(at.keys())
      .filter((guest) => movable[guest] === 1 && grouped[guest] === 0 && at[guest]! >= 0)
      .map((guest) => ({ guest, cost: tastes.cost(guest, at[guest]!) }))
      .filter(({ cost }) => cost > 0)
      .sort((a, b) => b.cost - a.cost || a.guest - b.guest);
    const made = board.steps.length;
    for (const { guest } of amiss) {
      if (looks >= patience || !goOn()) return;
      for (const { guest: each, from, to } of bestFor(guest) ?? []) {
        move(board, each, from, to);
        worth.shift(each, from, to);
        on[from]!.splice(on[from]!.indexOf(each), 1);
        on[to]!.push(each);
        at[each] = to;
      }
    }
    if (board.steps.length === made) return;
  }
};
