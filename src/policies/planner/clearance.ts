/** Clearance: makes room for one large guest by sending several others of a host away, where fewer do not suffice. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { admitted, inHand, put, takeBack } from './draft.js';
import { fit, insert, type Insertion } from './insertion.js';

/** Hosts that are tried, those with the most free memory. */
const choice = 64;

/** Guests of a host for whom others are sent on, where none finds a place at once. */
const pressed = 3;

/** How a host is cleared. */
interface Clearing {
  /** The hot host for whose sake guests move. */
  readonly owner: number;
  /** What the moves must cost less than. */
  readonly limit: number;
  /** Whether others are sent on for guests that leave the host. */
  readonly press: boolean;
}

/** What of so much that lacks is covered, from 0 to 1; nothing where nothing lacks. */
const covered = (amount: number, lack: number): number => (lack > 0 ? Math.min(1, amount / lack) : 0);

/**
 * Sends guests of a host away until another one has room there and the host bears its load: the smallest that is enough by itself, else the
 * one that brings it nearest, of those that find a place; where none does, one for whom others make room.
 *
 * @returns what their moves cost; infinite where they do not suffice, and then some of them may have been moved
 */
const clear = (insertion: Insertion, guest: number, to: number, { owner, limit, press }: Clearing): number => {
  const { draft, costOf } = insertion;
  const { guestLoad, guestMemory, guestHost, grouped, on } = draft.state;
  // Of two members of groups each may change what the other may do.
  const left = on[to]!.filter((other) => draft.owner[other]! < 0 && (grouped[guest] === 0 || grouped[other] === 0));
  let cost = 0;
  for (;;) {
    const memory = guestMemory[guest]! - draft.free[to]!;
    const load = guestLoad[guest]! - draft.head[to]!;
    if (memory <= 0 && load <= 0) return cost;
    const cover = new Map(
      left.map((other) => [other, covered(guestMemory[other]!, memory) + covered(guestLoad[other]!, load)]),
    );
    const able = left.filter((other) => cover.get(other)! > 0 && cost + costOf(other) < limit);
    able.sort(
      (a, b) =>
        cover.get(b)! - cover.get(a)! || guestMemory[a]! - guestMemory[b]! || guestLoad[a]! - guestLoad[b]! || a - b,
    );
    let found = able.find((other) => {
      const place = fit(insertion, other, to, guestHost[guest]!);
      if (place >= 0) put(draft, other, place, owner);
      return place >= 0;
    });
    found ??= able.slice(0, press ? pressed : 0).find((other) => {
      const before = draft.changes.length;
      put(draft, other, inHand, owner);
      const further = insert(insertion, other, owner, 2, limit - cost - costOf(other));
      if (further === Infinity) takeBack(draft, before);
      else cost += further;
      return further < Infinity;
    });
    if (found === undefined) return Infinity;
    cost += costOf(found);
    left.splice(left.indexOf(found), 1);
  }
};

/**
 * Puts a guest in hand on the host that is cleared for it at the least cost.
 *
 * @returns what that costs; infinite where no host can be cleared, and then nothing is changed
 */
export const clearFor = (insertion: Insertion, guest: number, clearing: Clearing): number => {
  const { draft } = insertion;
  const { state, byFree, head } = draft;
  const begun = draft.changes.length;
  let best = -1;
  let least = clearing.limit;
  for (const to of Array.from(byFree.order.slice(-choice)).reverse()) {
    draft.looks += state.on[to]!.length;
    if (head[to]! < 0 || to === state.guestHost[guest] || !admitted(draft, guest, to)) continue;
    const cost = clear(insertion, guest, to, { ...clearing, limit: least });
    // What went elsewhere may have sent a member of its group there.
    const takes = cost < least && admitted(draft, guest, to);
    takeBack(draft, begun);
    if (takes) [best, least] = [to, cost];
  }
  if (best < 0) return Infinity;
  clear(insertion, guest, best, clearing);
  put(draft, guest, best, clearing.owner);
  return least;
};
