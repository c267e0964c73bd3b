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

/** Of the moves that memory allows always the one that leaves the least spread; `undefined` where that comes to no end. */
const leastFirst = (state: State, steps: readonly Step[], spread: Spread): readonly Step[] | undefined => {
  const { guestMemory, room } = state;
  const taken = state.taken.slice();
  const left = [...steps].sort((a, b) => guestMemory[b.guest]! - guestMemory[a.guest]! || a.guest - b.guest);
  const { most: before } = rangeLately(state, spread.value, spread.shift);
  const done: Step[] = [];
  while (left.length > 0) {
    let [best, least] = [-1, Infinity];
    left.forEach(({ guest, from, to }, i) => {
      if (taken[to]! + guestMemory[guest]! > room[to]!) return;
      spread.shift(guest, from, to);
      const value = spread.value();
      if (value < least - 1e-12) [best, least] = [i, value];
      spread.shift(guest, to, from);
    });
    if (best < 0 || least > before + 1e-9) break;
    const [step] = left.splice(best, 1);
    taken[step!.to] = taken[step!.to]! + guestMemory[step!.guest]!;
    taken[step!.from] = taken[step!.from]! - guestMemory[step!.guest]!;
    spread.shift(step!.guest, step!.from, step!.to);
    done.push(step!);
  }
  for (const { guest, from, to } of done) spread.shift(guest, to, from);
  return left.length === 0 ? done : undefined;
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
