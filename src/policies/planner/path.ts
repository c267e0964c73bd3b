/** Path: an order of a few moves that memory allows, through a spare host where they block each other. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts, guests and moves by construction */
import type { State, Step } from './state.js';

/** Moves that block each other, at most, of which all orders are looked through; each has its bit. */
const core = 30;

/** Sets of moves that are looked at before that is given up. */
const looks = 100;

/** Looks for orders of moves, one list after the other. */
export interface Pathfinder {
  /** Forgets all moves, then takes them one by one; a guest may wait on one of the hosts given, or of those given to the finder. */
  readonly begin: (spares?: readonly number[]) => void;
  readonly add: (guest: number, from: number, to: number) => void;
  /** Whether there is an order of moves that take so much at most, those to spare hosts counted in. */
  readonly find: (limit: number) => boolean;
  /** The order that was found. */
  readonly steps: () => readonly Step[];
}

/**
 * Orders in which each move finds its memory, held at both ends while it runs. First come moves to hosts that have room for all that are
 * to arrive there, which can block nobody; of the others all orders are looked through. Where there is none, one of the guests waits on a spare host
 * until its place is free, the smallest that lets another one through; that costs a move more.
 *
 * @param taken - what is taken before the first move
 * @param roomy - hosts on which a guest may wait, the roomiest first
 * @param most - moves that are looked at together
 * @param price - what a move of each guest takes of a limit, where moves are not just counted
 */
export const pathfinder = (
  state: State,
  taken: Float64Array,
  roomy: readonly number[],
  most = 64,
  price?: Float64Array,
): Pathfinder => {
  const { guestMemory, room, admits, guestHost, grouped } = state;
  // Of hosts that the moves at hand touch: what is free, and what is still to arrive.
  const free = new Float64Array(room.length);
  const owed = new Float64Array(room.length);
  const guests = new Int32Array(most);
  const memories = new Float64Array(most);
  /** Where each guest was, where it is as long as its move is not made, and where it goes. */
  const homes = new Int32Array(most);
  const sources = new Int32Array(most);
  const targets = new Int32Array(most);
  /** By move: whether it is made, and whether its guest has waited already. */
  const made = new Uint8Array(most);
  const parked = new Uint8Array(most);
  /** Moves in the order in which they are made, and where the guest goes; one that waits comes up twice. */
  const order = new Int32Array(2 * most);
  const where = new Int32Array(2 * most);
  let spares = roomy;
  let count = 0;
  let done = 0;
  let left = 0;
  let looked = 0;
  /** What all moves take, those to spare hosts so far counted in. */
  let due = 0;
  const dead = new Set<number>();

  const make = (i: number): void => {
    const memory = memories[i]!;
    const to = targets[i]!;
    free[to]! -= memory;
    owed[to]! -= memory;
    free[sources[i]!]! += memory;
    made[i] = 1;
    left--;
    order[done] = i;
    where[done++] = to;
  };
  const takeBack = (kept: number): void => {
    while (done > kept) {
      const i = order[--done]!;
      const memory = memories[i]!;
      const to = targets[i]!;
      free[to]! += memory;
      owed[to]! += memory;
      free[sources[i]!]! -= memory;
      made[i] = 0;
      left++;
    }
  };
  /** Makes moves as long as there are some that fit; where asked, only those that can block no other one. */
  const makeAll = (harmless: boolean): void => {
    for (let before = -1; before !== done && left > 0;) {
      before = done;
      for (let i = 0; i < count; i++) {
        if (made[i] === 1) continue;
        const room = free[targets[i]!]!;
        if (room >= memories[i]! && (!harmless || room >= owed[targets[i]!]!)) make(i);
      }
    }
  };

  /** Makes all that is left in some order, or nothing. */
  const search = (mask: number): boolean => {
    const before = done;
    makeAll(true);
    if (left === 0) return true;
    let now = mask;
    for (let at = before; at < done; at++) now &= ~(1 << order[at]!);
    if (!dead.has(now) && looked++ < looks) {
      for (let i = 0; i < count; i++) {
        if (made[i] === 1 || free[targets[i]!]! < memories[i]!) continue;
        const here = done;
        make(i);
        if (search(now & ~(1 << i))) return true;
        takeBack(here);
      }
      dead.add(now);
    }
    takeBack(before);
    return false;
  };

  /** Sends a guest to wait; false where none would let another one through, or has no place to wait. */
  const park = (): boolean => {
    let best = -1;
    let spare = -1;
    for (let i = 0; i < count; i++) {
      const guest = guests[i]!;
      const memory = memories[i]!;
      // A member of a group might meet another one where it waits.
      if (made[i] === 1 || parked[i] === 1 || grouped[guest] === 1) continue;
      if (best >= 0 && memories[best]! <= memory) continue;
      const from = sources[i]!;
      let unblocks = false;
      for (let j = 0; j < count && !unblocks; j++)
        unblocks = made[j] === 0 && targets[j] === from && free[from]! + memory >= memories[j]!;
      if (!unblocks) continue;
      const host = spares.find(
        (each) =>
          each !== from &&
          each !== targets[i] &&
          each !== guestHost[guest] &&
          free[each]! >= memory &&
          admits(guest, each),
      );
      if (host !== undefined) [best, spare] = [i, host];
    }
    if (best < 0) return false;
    free[spare]! -= memories[best]!;
    free[sources[best]!]! += memories[best]!;
    order[done] = best;
    where[done++] = spare;
    sources[best] = spare;
    parked[best] = 1;
    due += price ? price[guests[best]!]! : 1;
    return true;
  };

  return {
    begin: (hosts = roomy) => {
      spares = hosts;
      count = 0;
    },
    add: (guest, from, to) => {
      guests[count] = guest;
      memories[count] = guestMemory[guest]!;
      homes[count] = from;
      targets[count++] = to;
    },
    find: (limit) => {
      for (const host of spares) free[host] = room[host]! - taken[host]!;
      for (let i = 0; i < count; i++) {
        const from = homes[i]!;
        const to = targets[i]!;
        sources[i] = from;
        made[i] = parked[i] = 0;
        free[from] = room[from]! - taken[from]!;
        free[to] = room[to]! - taken[to]!;
        owed[to] = 0;
      }
      for (let i = 0; i < count; i++) owed[targets[i]!]! += memories[i]!;
      done = 0;
      left = due = count;
      if (price) {
        due = 0;
        for (let i = 0; i < count; i++) due += price[guests[i]!]!;
      }
      for (;;) {
        if (due > limit) return false;
        makeAll(true);
        if (left === 0) return true;
        if (count <= core) {
          let mask = 0;
          for (let i = 0; i < count; i++) if (made[i] === 0) mask |= 1 << i;
          looked = 0;
          dead.clear();
          if (search(mask)) return true;
        }
        if (due >= limit) return false;
        if (park()) continue;
        makeAll(false);
        if (left > 0 && !park()) return false;
      }
    },
    steps: () => {
      const at = homes.slice(0, count);
      return Array.from({ length: done }, (_, k): Step => {
        const i = order[k]!;
        const from = at[i]!;
        at[i] = where[k]!;
        return { guest: guests[i]!, from, to: where[k]! };
      });
    },
  };
};

/**
 * An order of a list of moves, however many it takes.
 *
 * @returns `undefined` where none is found
 */
export const orderBy = (
  finder: Pathfinder,
  moves: readonly Step[],
  spares?: readonly number[],
): readonly Step[] | undefined => {
  finder.begin(spares);
  for (const { guest, from, to } of moves) finder.add(guest, from, to);
  return finder.find(Infinity) ? finder.steps() : undefined;
};

/** An order of a list of moves, as a pathfinder made for it finds it. */
export const path = (
  { state, taken }: { readonly state: State; readonly taken: Float64Array },
  moves: readonly Step[],
  spares: readonly number[],
): readonly Step[] | undefined => orderBy(pathfinder(state, taken, spares, moves.length), moves);
