/** Sequence: an order in which moves can be made one after the other, memory held at both ends, or that there is none. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { rangeLately } from './lately.js';
import { path } from './path.js';
import { soundOrder } from './sound.js';
import type { Spread } from './spread.js';
import type { State, Step } from './state.js';

/** The few hosts with the most free memory, the roomiest first, on which a guest may wait for its place. */
export const roomiest = ({ room, taken }: Pick<State, 'room' | 'taken'>, count = 6): readonly number[] => {
  const best: number[] = [];
  const free = (host: number): number => room[host]! - taken[host]!;
  // Not sorted, for this is asked for again and again where there are a thousand hosts.
  for (let host = 0; host < room.length; host++) {
    let place = best.length;
    while (place > 0 && free(best[place - 1]!) < free(host)) place--;
    if (place === count) continue;
    best.splice(place, 0, host);
    if (best.length > count) best.pop();
  }
  return best;
};

/** Moves of which other orders are tried, at most; each has its bit. */
const core = 30;

/** Moves that are tried in all, on the way to an order. */
const looks = 100;

/**
 * Of the moves that memory allows always the one that leaves the least spread; where that comes to no end, the next best one in its place, and so
 * on. `undefined` where none is found.
 */
const leastFirst = (state: State, steps: readonly Step[], spread: Spread): readonly Step[] | undefined => {
  const { guestMemory, room } = state;
  const taken = state.taken.slice();
  const moves = [...steps].sort((a, b) => guestMemory[b.guest]! - guestMemory[a.guest]! || a.guest - b.guest);
  const { most: before } = rangeLately(state, spread.value, spread.shift);
  const made = moves.map(() => false);
  const done: Step[] = [];
  /** Sets of moves after which there is no order for the others. */
  const dead = new Set<number>();
  let looked = 0;
  const make = (i: number): void => {
    const { guest, from, to } = moves[i]!;
    taken[to] = taken[to]! + guestMemory[guest]!;
    taken[from] = taken[from]! - guestMemory[guest]!;
    spread.shift(guest, from, to);
    made[i] = true;
    done.push(moves[i]!);
  };
  const takeBack = (i: number): void => {
    const { guest, from, to } = moves[i]!;
    taken[from] = taken[from]! + guestMemory[guest]!;
    taken[to] = taken[to]! - guestMemory[guest]!;
    spread.shift(guest, to, from);
    made[i] = false;
    done.pop();
  };
  /** The moves that may come next, the best first. */
  const next = (): readonly number[] => {
    const may: { readonly i: number; readonly value: number }[] = [];
    moves.forEach(({ guest, from, to }, i) => {
      if (made[i]! || taken[to]! + guestMemory[guest]! > room[to]!) return;
      spread.shift(guest, from, to);
      const value = spread.value();
      spread.shift(guest, to, from);
      if (value <= before + 1e-9) may.push({ i, value });
    });
    return may.sort((a, b) => a.value - b.value || a.i - b.i).map(({ i }) => i);
  };
  const search = (mask: number): boolean => {
    if (done.length === moves.length) return true;
    if (dead.has(mask)) return false;
    for (const i of next()) {
      if (looked++ > looks) return false;
      make(i);
      if (search(mask | (1 << i))) return true;
      takeBack(i);
    }
    dead.add(mask);
    return false;
  };
  if (moves.length <= core) search(0);
  else for (let [i] = next(); i !== undefined; [i] = next()) make(i);
  const order = [...done];
  while (done.length > 0) takeBack(moves.indexOf(done[done.length - 1]!));
  return order.length === moves.length ? order : undefined;
};

/**
 * An order that memory allows, no beginning of which is worse than no move at all; where moves block each other, a guest waits on a
 * spare host, which costs a move more. `undefined` where none is found: a placement that may be good, but no path to it.
 */
export const sequence = (
  state: State,
  steps: readonly Step[],
  spread: Spread,
  spares: readonly number[],
): readonly Step[] | undefined => {
  const ordered = leastFirst(state, steps, spread);
  if (ordered) return ordered;
  const way = path({ state, taken: state.taken }, steps, spares);
  if (!way) return undefined;
  const sound = soundOrder(state, way, spread);
  return sound.length === way.length ? sound : undefined;
};
