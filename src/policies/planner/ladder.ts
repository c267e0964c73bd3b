/** Ladder: the best few moves, found for a budget of one move, then of two, and so on, each from the one before. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { chance } from './chance.js';
import { orderable, sequence } from './sequence.js';
import type { Spread } from './spread.js';
import type { State, Step } from './state.js';

/** Spread at which a cluster is even enough, so that no further rung is climbed. */
const even = 1e-4;

/** What memory beyond a host's weighs against spread while the search is under way. */
const crowding = 6;

/** How hard to look. */
export interface LadderOptions {
  /** Moves at most. */
  readonly budget: number;
  /** Changes that are tried for each rung; every fifth rung five times as many, from the eleventh on a quarter. */
  readonly effort: number;
  /** Least gain of a further move, as a share of capacity. */
  readonly smallestGain: number;
  /** Called before each rung; false ends the search with what is found. */
  readonly goOn: () => boolean;
}

/** Hosts and guests in an order that does not depend on names, but among equals. */
const byNature = (state: State): { readonly guests: Int32Array; readonly hosts: Int32Array } => {
  const { guestLoad, guestMemory, guestHost, movable, capacity, load, taken } = state;
  const guests = Int32Array.from(
    Array.from(guestLoad.keys()).filter((g) => movable[g] === 1 && guestHost[g]! >= 0),
  ).sort((a, b) => guestLoad[b]! - guestLoad[a]! || guestMemory[b]! - guestMemory[a]! || a - b);
  const hosts = Int32Array.from(capacity.keys()).sort(
    (a, b) => load[b]! / capacity[b]! - load[a]! / capacity[a]! || taken[b]! - taken[a]! || a - b,
  );
  return { guests, hosts };
};

/**
 * Looks for the moves, at most so many, that leave the least spread: on every rung of the ladder from the best of the rung below
 * with its best further move, by threshold accepting over relocations, returns, replacements and swaps. What a smaller budget
 * finds is a rung of the larger one, so a larger budget is never worse. Deterministic: chance has a fixed seed.
 */
export const climb = (
  state: State,
  spread: Spread,
  { budget, effort, smallestGain, goOn }: LadderOptions,
): readonly Step[] => {
  const { guestHost, guestMemory, room, admits, grouped } = state;
  const { guests, hosts } = byNature(state);
  const [count, n] = [guests.length, hosts.length];
  if (count === 0 || n < 2) return [];
  const random = chance(0x2545f491);
  const at = guestHost.slice();
  const taken = state.taken.slice();
  const scratch = state.taken.slice();
  const moved: number[] = [];
  const placeOf = new Int32Array(at.length).fill(-1);
  let value = spread.value();

  /** Enters in the list of moves where a guest stands. */
  const enter = (guest: number, to: number): void => {
    at[guest] = to;
    const place = placeOf[guest]!;
    if (to !== guestHost[guest]) {
      if (place < 0) placeOf[guest] = moved.push(guest) - 1;
      return;
    }
    const last = moved.pop()!;
    if (last !== guest) {
      moved[place] = last;
      placeOf[last] = place;
    }
    placeOf[guest] = -1;
  };
  /** Memory beyond what hosts have, as a sum of shares. On the way to a better place it may be passed for a while. */
  let over = 0;
  const carry = (guest: number, from: number, to: number): void => {
    const memory = guestMemory[guest]!;
    const left = taken[from]!;
    const came = taken[to]! + memory;
    if (left > room[from]!) over -= (left - Math.max(room[from]!, left - memory)) / room[from]!;
    if (came > room[to]!) over += (came - Math.max(room[to]!, came - memory)) / room[to]!;
    taken[from] = left - memory;
    taken[to] = came;
  };
  const put = (guest: number, to: number): void => {
    const from = at[guest]!;
    spread.shift(guest, from, to);
    carry(guest, from, to);
    enter(guest, to);
  };

  const stepsNow = (): readonly Step[] => moved.map((guest) => ({ guest, from: guestHost[guest]!, to: at[guest]! }));
  /** Puts everything as a list of moves has it. */
  const restore = (steps: readonly Step[]): void => {
    while (moved.length > 0) put(moved[moved.length - 1]!, guestHost[moved[moved.length - 1]!]!);
    for (const { guest, to } of steps) put(guest, to);
    over = 0;
    value = spread.value();
  };

  /** Up to three changes that are tried together; they are entered in the list of moves once they are taken. */
  const changed = new Int32Array(3);
  const goes = new Int32Array(3);
  let changes = 0;
  /** Moves that there would be with them. */
  let length = 0;
  const change = (guest: number, to: number): void => {
    const from = at[guest]!;
    if (from === to) return;
    changed[changes] = guest;
    goes[changes++] = to;
    if (to === guestHost[guest]) length--;
    else if (from === guestHost[guest]) length++;
    spread.shift(guest, from, to);
    carry(guest, from, to);
  };
  const undo = (): void => {
    for (let i = changes - 1; i >= 0; i--) {
      const guest = changed[i]!;
      const from = at[guest]!;
      const to = goes[i]!;
      spread.shift(guest, to, from);
      carry(guest, to, from);
    }
  };
  const keep = (): void => {
    for (let i = 0; i < changes; i++) enter(changed[i]!, goes[i]!);
  };
  // Of two the one on the hotter host, and of two hosts the cooler: most of what is worth a try.
  const anyGuest = (): number => {
    const a = guests[random(count)]!;
    const b = guests[random(count)]!;
    return spread.above(at[a]!) >= spread.above(at[b]!) ? a : b;
  };
  const anyHost = (): number => {
    const a = hosts[random(n)]!;
    const b = hosts[random(n)]!;
    return spread.above(a) <= spread.above(b) ? a : b;
  };
  const anyMoved = (): number => moved[random(moved.length)]!;

  const propose = (most: number): void => {
    const kind = random(20);
    if (kind < 7 || moved.length === 0) {
      const guest = anyGuest();
      change(guest, anyHost());
      if (length > most && moved.length > 0) {
        const other = anyMoved();
        if (other !== guest) change(other, guestHost[other]!);
      }
    } else if (kind < 10) {
      const guest = anyMoved();
      change(guest, anyHost());
    } else if (kind < 15) {
      // Another guest makes the journey.
      const guest = anyMoved();
      const list = state.on[guestHost[guest]!]!;
      const other = list[random(list.length)]!;
      if (at[other] === guestHost[guest]) {
        const to = at[guest]!;
        change(guest, guestHost[guest]!);
        change(other, to);
      }
    } else {
      // Two change places; beyond the budget a third one goes home.
      const a = guests[random(count)]!;
      const b = kind < 18 ? anyMoved() : guests[random(count)]!;
      const x = at[a]!;
      const y = at[b]!;
      if (x === y) return;
      change(a, y);
      change(b, x);
      if (length > most && moved.length > 0) {
        const other = anyMoved();
        if (other !== a && other !== b) change(other, guestHost[other]!);
      }
    }
  };

  const lawful = (most: number): boolean => {
    if (length > most) return false;
    for (let i = 0; i < changes; i++) {
      const guest = changed[i]!;
      const to = goes[i]!;
      if (to !== guestHost[guest]! && !admits(guest, to)) return false;
      if (grouped[guest] === 1 && to !== guestHost[guest]!) return false;
    }
    return true;
  };

  let best: readonly Step[] = [];
  let bestValue = value;
  const idle = value;
  for (let rung = 1; rung <= budget && bestValue > even && goOn(); rung++) {
    let found: readonly Step[] = best;
    let foundValue = bestValue;
    // About what a single move of this rung may be worth.
    const heat = Math.max(bestValue, idle / 50) * 0.15;
    restore(best);
    const tries = (rung % 5 === 0 ? 5 : 1) * (rung <= 10 ? effort : effort / 4);
    for (let i = 0; i < tries; i++) {
      const threshold = heat * (1 - i / tries) ** 2;
      changes = 0;
      length = moved.length;
      propose(rung);
      if (changes === 0) continue;
      const next = lawful(rung) ? spread.value() + (over > 1e-9 ? (crowding * over) / n : 0) : Infinity;
      if (next > value + threshold * (random(1024) / 1024)) {
        undo();
        continue;
      }
      keep();
      value = next;
      if (value < foundValue - 1e-9 && over <= 1e-9 && orderable(state, stepsNow(), scratch)) {
        found = stepsNow();
        foundValue = value;
      }
    }
    if (foundValue < bestValue - Math.max(1e-9, smallestGain)) {
      restore([]);
      const ordered = sequence(state, found, spread);
      if (ordered) {
        best = ordered;
        bestValue = foundValue;
      }
    }
  }
  restore([]);
  return best;
};
