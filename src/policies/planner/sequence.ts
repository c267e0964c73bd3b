/** Sequence: an order in which moves can be made one after the other, memory held at both ends, or that there is none. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import type { Spread } from './spread.js';
import type { State, Step } from './state.js';

/**
 * Whether an order exists in which each move finds the memory that it needs. Moves are made as they become possible; a move
 * that is possible stays so until another takes its room, and rooms freed are never taken back, so what is found first may
 * hide an order in rare cases of very tight memory, but no order that is found is wrong.
 */
export const orderable = (state: State, steps: readonly Step[], taken: Float64Array): boolean => {
  const { guestMemory, room } = state;
  const left = steps.slice();
  taken.set(state.taken);
  while (left.length > 0) {
    let kept = 0;
    for (let i = 0; i < left.length; i++) {
      const step = left[i]!;
      const memory = guestMemory[step.guest]!;
      if (taken[step.to]! + memory <= room[step.to]!) {
        taken[step.to] = taken[step.to]! + memory;
        taken[step.from] = taken[step.from]! - memory;
      } else left[kept++] = step;
    }
    if (kept === left.length) return false;
    left.length = kept;
  }
  return true;
};

/**
 * An order that memory allows, of the possible moves always the one that leaves the least spread; `undefined` where none is
 * found, or where some beginning of it would be worse than no move at all.
 */
export const sequence = (state: State, steps: readonly Step[], spread: Spread): readonly Step[] | undefined => {
  const { guestMemory, room } = state;
  const taken = state.taken.slice();
  const left = [...steps].sort((a, b) => guestMemory[b.guest]! - guestMemory[a.guest]! || a.guest - b.guest);
  const before = spread.value();
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
