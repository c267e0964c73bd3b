/** Fitting: finds the guest whose load comes nearest to what is asked for, and changes that such a guest makes for the better. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { draw } from './chance.js';
import type { Walk } from './walk.js';

/** Where in a list, the heaviest first, the guests begin that weigh so much at most; its length where all weigh more. */
export const firstUpTo = (list: readonly number[], guestLoad: Float64Array, most: number): number => {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (guestLoad[list[middle]!]! > most) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** A change of a walk: a guest goes from one host to another, perhaps one comes back for it, and perhaps a third one goes home. */
export interface Change {
  guest: number;
  other: number;
  third: number;
  from: number;
  to: number;
}

/**
 * Draws two hosts, and of the one that is further above the mean the guest whose load comes nearest to what the two are off, or to that and
 * the load of one that comes back. Where the budget is spent, one of those that have moved so far goes home, and what that changes is counted in.
 *
 * @param most - what moves may take of the budget
 * @param change - what was found is written here
 * @returns false where nothing was
 */
export const fitting = (
  { state, hosts, at, x, perLoad, moved, counts, usual, spent, seed }: Walk,
  most: number,
  back: boolean,
  change: Change,
): boolean => {
  const { guestLoad, guestHost, on } = state;
  const p = hosts[draw(seed, hosts.length)]!;
  const q = hosts[draw(seed, hosts.length)]!;
  if (p === q) return false;
  let above = x[p]!;
  let below = x[q]!;
  let third = -1;
  if (spent[0]! + usual > most && counts[0]! > 0) {
    third = moved[draw(seed, counts[0]!)]!;
    const load = guestLoad[third]!;
    const leaves = at[third]!;
    const home = guestHost[third]!;
    if (leaves === p) above -= load * perLoad[p]!;
    else if (home === p) above += load * perLoad[p]!;
    if (leaves === q) below -= load * perLoad[q]!;
    else if (home === q) below += load * perLoad[q]!;
  }
  const from = above >= below ? p : q;
  const to = from === p ? q : p;
  const give = Math.max(above, below) / perLoad[from]!;
  const take = -Math.min(above, below) / perLoad[to]!;
  let want = give + (take - give) * draw(seed, 1025) * (1 / 1024);
  let other = -1;
  if (back) {
    const list = on[to]!;
    if (list.length === 0) return false;
    other = list[draw(seed, list.length)]!;
    if (at[other] !== to || other === third) return false;
    want += guestLoad[other]!;
  }
  const list = on[from]!;
  // The nearest below or the nearest above.
  const place = firstUpTo(list, guestLoad, want) - 1 + draw(seed, 2);
  const guest = list[place];
  if (guest === undefined || at[guest] !== from || guest === third) return false;
  change.guest = guest;
  change.other = other;
  change.third = third;
  change.from = from;
  change.to = to;
  return true;
};
