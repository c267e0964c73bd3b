/** Path: an order of a few moves that memory allows, through a spare host where they block each other. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import type { State, Step } from './state.js';

/** Where a path is looked for: what is taken before the first move. */
interface Ground {
  readonly state: State;
  readonly taken: Float64Array;
}

/**
 * An order in which each move finds its memory, held at both ends while it runs. Where all that is left is blocked, one of the
 * guests waits on a spare host until its place is free, the smallest that lets another one through; that costs a move more.
 *
 * @param spares - hosts on which a guest may wait, the roomiest first
 * @returns `undefined` where no order is found
 */
export const path = (
  { state, taken }: Ground,
  moves: readonly Step[],
  spares: readonly number[],
): readonly Step[] | undefined => {
  const { guestMemory, room, admits, guestHost, grouped } = state;
  const change = new Map<number, number>();
  const free = (host: number): number => room[host]! - taken[host]! - (change.get(host) ?? 0);
  const done: Step[] = [];
  const make = (step: Step): void => {
    const memory = guestMemory[step.guest]!;
    change.set(step.to, (change.get(step.to) ?? 0) + memory);
    change.set(step.from, (change.get(step.from) ?? 0) - memory);
    done.push(step);
  };
  const left = [...moves];
  const parked = new Set<number>();
  const unblocks = ({ guest, from }: Step): boolean =>
    left.some((step) => step.to === from && free(from) + guestMemory[guest]! >= guestMemory[step.guest]!);
  while (left.length > 0) {
    const next = left.findIndex(({ guest, to }) => free(to) >= guestMemory[guest]!);
    if (next >= 0) {
      make(left[next]!);
      left.splice(next, 1);
      continue;
    }
    let [at, where] = [-1, -1];
    left.forEach((step, i) => {
      if (parked.has(step.guest) || (at >= 0 && guestMemory[left[at]!.guest]! <= guestMemory[step.guest]!)) return;
      // A member of a group might meet another one where it waits.
      if (grouped[step.guest] === 1 || !unblocks(step)) return;
      const spare = spares.find(
        (host) =>
          host !== step.from &&
          host !== step.to &&
          host !== guestHost[step.guest] &&
          free(host) >= guestMemory[step.guest]! &&
          admits(step.guest, host),
      );
      if (spare !== undefined) [at, where] = [i, spare];
    });
    if (at < 0) return undefined;
    const { guest, from, to } = left[at]!;
    make({ guest, from, to: where });
    left[at] = { guest, from: where, to };
    parked.add(guest);
  }
  return done;
};
