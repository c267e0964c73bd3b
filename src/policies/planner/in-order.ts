/** In order: the moves of a draft one after the other, so that each finds its memory while its source still holds it. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import type { Board } from './board.js';
import { nearly, type Step } from './state.js';

/** Moves in an order, and those for which there is none. */
export interface Ordered {
  readonly steps: readonly Step[];
  readonly blocked: readonly Step[];
}

/**
 * Orders moves of guests that move once each. First come those whose destination stays within its mark at that moment, then those that
 * leave a host above it.
 *
 * @param moves - those that should come first, first
 * @returns what memory allows in this order, and what is left that blocks each other
 */
export const inOrder = ({ state, load, taken }: Board, moves: readonly Step[], mark: number): Ordered => {
  const { guestLoad, guestMemory, room, capacity } = state;
  const now = { load: load.slice(), taken: taken.slice() };
  const within = (host: number, more: number): boolean =>
    now.load[host]! + more <= (mark + 2 * nearly) * capacity[host]!;
  const fits = ({ guest, to }: Step): boolean => now.taken[to]! + guestMemory[guest]! <= room[to]!;
  const done: Step[] = [];
  let left = [...moves];
  const make = (step: Step): void => {
    const { guest, from, to } = step;
    now.taken[to]! += guestMemory[guest]!;
    now.taken[from]! -= guestMemory[guest]!;
    now.load[to]! += guestLoad[guest]!;
    now.load[from]! -= guestLoad[guest]!;
    done.push(step);
  };
  while (left.length > 0) {
    const waiting: Step[] = [];
    for (const step of left)
      if (fits(step) && within(step.to, guestLoad[step.guest]!)) make(step);
      else waiting.push(step);
    if (waiting.length === left.length) {
      // A hot source is cooled by what its destination bears for a while; nothing else is made hotter if it can be helped.
      let at = waiting.findIndex((step) => fits(step) && !within(step.from, 0));
      if (at < 0) at = waiting.findIndex(fits);
      if (at < 0) return { steps: done, blocked: waiting };
      make(waiting[at]!);
      waiting.splice(at, 1);
    }
    left = waiting;
  }
  return { steps: done, blocked: [] };
};
