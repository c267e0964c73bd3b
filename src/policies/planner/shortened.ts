/** Shortened: makes one move of several that a plan has for a guest, where the order of all moves leaves the memory for it. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import type { State, Step } from './state.js';

/** Whether each move finds its memory, in the order given. */
export const fits = ({ taken, room, guestMemory }: State, steps: readonly Step[]): boolean => {
  const now = taken.slice();
  for (const { guest, from, to } of steps) {
    now[to] = now[to]! + guestMemory[guest]!;
    if (now[to] > room[to]!) return false;
    now[from] = now[from]! - guestMemory[guest]!;
  }
  return true;
};

/** The steps without those of a guest, but with one in the place of one of them. */
const instead = (steps: readonly Step[], guest: number, place: number, one: Step): readonly Step[] => {
  const way: Step[] = [];
  for (let i = 0; i < steps.length; i++)
    if (steps[i]!.guest !== guest) way.push(steps[i]!);
    else if (i === place && one.from !== one.to) way.push(one);
  return way;
};

/** The steps, with as few as possible for each guest. What hosts carry in the end is the same. */
export const shortened = (state: State, steps: readonly Step[]): readonly Step[] => {
  const first = new Map<number, number>();
  const twice = new Set<number>();
  steps.forEach(({ guest, from }) => {
    if (first.has(guest)) twice.add(guest);
    else first.set(guest, from);
  });
  let best = steps;
  for (const guest of twice) {
    const own: number[] = [];
    best.forEach((step, i) => {
      if (step.guest === guest) own.push(i);
    });
    const one = { guest, from: first.get(guest)!, to: best[own[own.length - 1]!]!.to };
    // In its last place most has made way, in its first one others have not yet waited for it to leave.
    for (const place of one.from === one.to ? own.slice(0, 1) : own) {
      const way = instead(best, guest, place, one);
      if (!fits(state, way)) continue;
      best = way;
      break;
    }
  }
  return best;
};
