/** Sound: an order of a plan's moves of which no beginning leaves the cluster less even than it was when it began. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts, guests and steps by construction */
import { rangeLately } from './lately.js';
import { fits } from './shortened.js';
import type { Spread } from './spread.js';
import type { State, Step } from './state.js';

/** Moves that are tried as the one to bring forward. */
const forward = 200;

/** Times that a move is brought forward; each makes way for many after it. */
const repairs = 30;

/** The number of moves at the beginning that may be made one after the other without ever leaving more than there was. */
const soundUpTo = (steps: readonly Step[], spread: Spread, most: number): number => {
  const before = most + 1e-9;
  let count = 0;
  while (count < steps.length) {
    const { guest, from, to } = steps[count]!;
    spread.shift(guest, from, to);
    count++;
    if (spread.value() > before) break;
  }
  const ends = count === 0 || spread.value() <= before;
  for (let i = count - 1; i >= 0; i--) spread.shift(steps[i]!.guest, steps[i]!.to, steps[i]!.from);
  return ends ? count : count - 1;
};

/**
 * Where a beginning would be worse than no move, moves from further on that help by themselves are brought forward, the best
 * first, as far as memory allows. What cannot be repaired is cut off.
 */
export const soundOrder = (state: State, steps: readonly Step[], spread: Spread): readonly Step[] => {
  let order = steps;
  const { most } = rangeLately(state, spread.value, spread.shift);
  let good = soundUpTo(order, spread, most);
  for (let repair = 0; good < order.length && repair < repairs; repair++) {
    const known = new Set(order.slice(0, good + 1).map(({ guest }) => guest));
    const idle = spread.value();
    const helping = order
      .flatMap((step, i) => {
        if (i <= good || known.has(step.guest)) return [];
        known.add(step.guest);
        spread.shift(step.guest, step.from, step.to);
        const gain = idle - spread.value();
        spread.shift(step.guest, step.to, step.from);
        return gain > 0 ? [{ step, i, gain }] : [];
      })
      .sort((a, b) => b.gain - a.gain || a.i - b.i)
      .slice(0, forward);
    let better = false;
    for (const { step, i } of helping) {
      const tried = [...order.slice(0, good), step, ...order.slice(good, i), ...order.slice(i + 1)];
      if (!fits(state, tried)) continue;
      const reach = soundUpTo(tried, spread, most);
      if (reach <= good) continue;
      [order, good, better] = [tried, reach, true];
      break;
    }
    if (!better) break;
  }
  return order.slice(0, good);
};
