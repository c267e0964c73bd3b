/** Clearance: makes room for one large guest by sending several others of a host away, where fewer do not suffice. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { admitted, put, takeBack } from './draft.js';
import { fit, type Insertion } from './insertion.js';

/** Hosts that are tried, those with the most free memory. */
const choice = 64;

/**
 * Sends guests of a host away until another one has room there: the smallest that leaves enough by itself, else the largest that finds a
 * place.
 *
 * @returns what their moves cost; infinite where they do not suffice, and then some of them may have been moved
 */
const clear = (insertion: Insertion, guest: number, to: number, owner: number, limit: number): number => {
  const { draft, costOf } = insertion;
  const { guestLoad, guestMemory, guestHost, on } = draft.state;
  const left = on[to]!.filter((other) => draft.owner[other]! < 0 && other !== guest);
  left.sort((a, b) => guestMemory[a]! - guestMemory[b]! || a - b);
  let cost = 0;
  while (draft.free[to]! < guestMemory[guest]!) {
    const lack = guestMemory[guest]! - draft.free[to]!;
    const enough = left.findIndex((other) => guestMemory[other]! >= lack);
    // From the first that is enough upwards, then from the largest that is not downwards.
    const upwards = enough < 0 ? [] : left.slice(enough);
    const downwards = (enough < 0 ? left : left.slice(0, enough)).toReversed();
    const found = [...upwards, ...downwards].find((other) => {
      if (cost + costOf(other) >= limit) return false;
      const place = fit(insertion, other, to, guestHost[guest]!);
      if (place < 0) return false;
      put(draft, other, place, owner);
      return true;
    });
    if (found === undefined) return Infinity;
    cost += costOf(found);
    left.splice(left.indexOf(found), 1);
  }
  return draft.head[to]! >= guestLoad[guest]! ? cost : Infinity;
};

/**
 * Puts a guest in hand on the host that is cleared for it at the least cost.
 *
 * @param limit - what that must be less than
 * @returns what it costs; infinite where no host can be cleared, and then nothing is changed
 */
export const clearFor = (insertion: Insertion, guest: number, owner: number, limit: number): number => {
  const { draft } = insertion;
  const { state, byFree, head } = draft;
  const begun = draft.changes.length;
  let best = -1;
  let least = limit;
  for (const to of Array.from(byFree.order.slice(-choice)).reverse()) {
    draft.looks += state.on[to]!.length;
    if (head[to]! < 0 || to === state.guestHost[guest] || !admitted(draft, guest, to)) continue;
    const cost = clear(insertion, guest, to, owner, least);
    takeBack(draft, begun);
    if (cost < least) [best, least] = [to, cost];
  }
  if (best < 0) return Infinity;
  clear(insertion, guest, best, owner, limit);
  put(draft, guest, best, owner);
  return least;
};
