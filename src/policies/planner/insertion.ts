/** Insertion: finds a host for a guest in hand, where need be by sending others on to make room for it. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { admitted, type Draft, firstWith, inHand, put, takeBack } from './draft.js';

/** Hosts that have the room of which the one that is filled best is taken. */
const choice = 6;

/** Hosts that are looked at where others are sent on in their turn, those with the most free memory. */
const deepChoice = 24;

/** Guests of a host that are tried in hand to make room, where others are sent on in their turn. */
const deepGuests = 4;

/** How an insertion goes about it. */
export interface Insertion {
  readonly draft: Draft;
  /** The hot hosts, for whose sake guests move. */
  readonly hot: readonly number[];
  /** What the move of a guest costs that did not move so far. */
  readonly costOf: (guest: number) => number;
  /** Whether every move costs one, so that the first way will do. */
  readonly uniform: boolean;
  /** A number that looks random, from 0 up to a limit; `undefined` where the best is taken first. */
  readonly chance: ((limit: number) => number) | undefined;
  /** Hosts that may be looked at for a guest that makes room. */
  readonly reach: number;
  /** Share of a guest's load that such a host bears as it is. */
  readonly bears: number;
}

/**
 * The host that a guest fills best of those that have the room; -1 for none. Room elsewhere is kept for larger guests.
 *
 * @param notOn - a host that will not do, -1 for none
 * @param early - a host that it must reach before anything has left there, as it makes room for what leaves it; -1 for none
 */
export const fit = ({ draft, chance }: Insertion, guest: number, notOn: number, early: number): number => {
  const { state, free, head, byFree } = draft;
  const { guestLoad, guestMemory, guestHost, room, capacity } = state;
  const [memory, load, home] = [guestMemory[guest]!, guestLoad[guest]!, guestHost[guest]!];
  const { order } = byFree;
  let [best, least, seen] = [-1, Infinity, 0];
  let i = firstWith(draft, memory);
  for (; i < order.length && seen < choice; i++) {
    const to = order[i]!;
    if (head[to]! < load || to === home || to === notOn) continue;
    if (to === early && draft.early[to]! < memory) continue;
    // By chance another one than the fullest, so that not all tries come to the same.
    if (chance && chance(3) === 0) continue;
    const spare = (free[to]! - memory) / room[to]! + (head[to]! - load) / capacity[to]!;
    seen++;
    if (spare < least && admitted(draft, guest, to)) [best, least] = [to, spare];
  }
  draft.looks += seen + 4;
  return best;
};

/** What makes room for a guest: another one of that host goes on to a third. */
interface Way {
  readonly to: number;
  readonly other: number;
  readonly on: number;
}

/** A guest that has come to a host is sent elsewhere, which costs nothing more. */
const redirected = (insertion: Insertion, guest: number): Way | undefined => {
  const { draft, hot } = insertion;
  const { state, free, head, at, owned } = draft;
  const { guestLoad, guestMemory, guestHost } = state;
  const [memory, load] = [guestMemory[guest]!, guestLoad[guest]!];
  for (const host of hot)
    for (const other of owned[host]!) {
      const to = at[other]!;
      draft.looks++;
      if (to === inHand || to === guestHost[guest]) continue;
      const [m, l] = [guestMemory[other]!, guestLoad[other]!];
      if (free[to]! + m < memory || head[to]! + l < load || (m >= memory && l >= load)) continue;
      const on = fit(insertion, other, to, guestHost[guest]!);
      if (on >= 0 && admitted(draft, guest, to)) return { to, other, on };
    }
  return undefined;
};

/** A guest that did not move so far makes room, the cheapest one. */
const evicted = (insertion: Insertion, guest: number, limit: number): (Way & { readonly cost: number }) | undefined => {
  const { draft, costOf, uniform, reach, bears } = insertion;
  const { state, free, head, byFree, owner } = draft;
  const { guestLoad, guestMemory, guestHost, grouped, on: standing } = state;
  if (limit <= (uniform ? 1 : 0)) return undefined;
  const [memory, load] = [guestMemory[guest]!, guestLoad[guest]!];
  const { order } = byFree;
  let best: (Way & { readonly cost: number }) | undefined;
  let least = limit;
  let looked = 0;
  for (let i = order.length - 1; i >= 0 && looked < reach; i--) {
    const to = order[i]!;
    if (head[to]! < load * bears || to === guestHost[guest]) continue;
    looked++;
    const list = standing[to]!;
    draft.looks += list.length >> 1;
    for (let k = 0; k < list.length; k++) {
      const other = list[k]!;
      const l = guestLoad[other]!;
      // The heaviest come first, so none further on is heavy enough.
      if (head[to]! + l < load) break;
      const m = guestMemory[other]!;
      if (free[to]! + m < memory || owner[other]! >= 0) continue;
      // Each may change what the other may do.
      if (grouped[guest] === 1 && grouped[other] === 1) continue;
      const cost = costOf(other);
      if (cost >= least) continue;
      const on = fit(insertion, other, to, guestHost[guest]!);
      if (on < 0 || !admitted(draft, guest, to)) continue;
      if (uniform) return { to, other, on, cost };
      best = { to, other, on, cost };
      least = cost;
    }
  }
  return best;
};

const takeWay = ({ draft }: Insertion, guest: number, { to, other, on }: Way, owner: number): void => {
  put(draft, other, on, draft.owner[other]! < 0 ? owner : draft.owner[other]!);
  put(draft, guest, to, owner);
};

/** Others are sent on that make room in their turn. */
const deeply = (insertion: Insertion, guest: number, owner: number, pains: number, limit: number): number => {
  const { draft, costOf } = insertion;
  const { state, free, head, byFree, arrivals } = draft;
  const { guestLoad, guestMemory, guestHost, on: standing } = state;
  const [memory, load] = [guestMemory[guest]!, guestLoad[guest]!];
  const tried = Array.from(byFree.order.slice(-deepChoice)).reverse();
  for (const to of tried) {
    if (head[to]! < 0 || to === guestHost[guest] || !admitted(draft, guest, to)) continue;
    const enough = (other: number): boolean =>
      free[to]! + guestMemory[other]! >= memory &&
      head[to]! + guestLoad[other]! >= load &&
      (guestMemory[other]! < memory || guestLoad[other]! < load);
    const stay = standing[to]!.filter((other) => draft.owner[other]! < 0 && costOf(other) < limit && enough(other));
    const others = [...arrivals[to]!.filter(enough), ...stay].sort(
      (a, b) => guestMemory[a]! - guestMemory[b]! || guestLoad[a]! - guestLoad[b]! || a - b,
    );
    draft.looks += 10;
    for (const other of others.slice(0, deepGuests)) {
      const before = draft.changes.length;
      const own = draft.owner[other]!;
      const cost = own < 0 ? costOf(other) : 0;
      if (cost >= limit) continue;
      put(draft, other, inHand, own < 0 ? owner : own);
      put(draft, guest, to, owner);
      const further = insert(insertion, other, draft.owner[other]!, pains - 1, limit - cost);
      if (further < Infinity) return cost + further;
      takeBack(draft, before);
    }
  }
  return Infinity;
};

/**
 * Puts a guest in hand on a host.
 *
 * @param pains - what is done for it: 0, where there is room; 1, others that move anyway go elsewhere; 2, one that stood still so far
 * makes room; 3 and more, such ones make room for each other
 * @param limit - what the moves of those that stood still so far must cost less than
 * @returns what these moves cost; infinite where no place was found, and then nothing is changed
 */
export const insert = (insertion: Insertion, guest: number, owner: number, pains: number, limit: number): number => {
  const { draft } = insertion;
  const to = fit(insertion, guest, -1, -1);
  if (to >= 0) {
    put(draft, guest, to, owner);
    return 0;
  }
  if (pains < 1) return Infinity;
  const free = redirected(insertion, guest);
  if (free) {
    takeWay(insertion, guest, free, owner);
    return 0;
  }
  if (pains < 2) return Infinity;
  const way = evicted(insertion, guest, limit);
  if (way) takeWay(insertion, guest, way, owner);
  if (way || pains < 3) return way ? way.cost : Infinity;
  return deeply(insertion, guest, owner, pains, limit);
};
