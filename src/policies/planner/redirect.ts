/** Redirect: sends a guest that the plan moves anyway to another host, where the order of the moves leaves room for it. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts, guests and steps by construction */
import { type Board, mayGo } from './board.js';

/** The least memory that is free on a host from a step on; what comes in that step goes elsewhere or comes anew. */
const leastFree = ({ state, taken, steps }: Board, host: number, since: number): number => {
  // From the end of the plan backwards, for the end is what the board shows.
  let now = taken[host]!;
  let most = now;
  for (let i = steps.length - 1; i > since; i--) {
    const { guest, from, to } = steps[i]!;
    if (to === host) now -= state.guestMemory[guest]!;
    else if (from === host) now += state.guestMemory[guest]!;
    if (now > most) most = now;
  }
  return state.room[host]! - most;
};

/**
 * Sends one of the guests that come to a host of the plan to another one instead, in the same place of the order.
 *
 * @param gainOf - what that gains; only the best that gains something is done
 * @returns whether something was done
 */
export const redirect = (
  board: Board,
  hosts: readonly number[],
  partners: readonly number[],
  gainOf: (guest: number, from: number, to: number) => number,
): boolean => {
  const { state, load, taken, steps } = board;
  // Below this a gain may be rounding, and there would be no end to it.
  let [best, at, where] = [1e-9, -1, -1];
  for (let i = 0; i < steps.length; i++) {
    const { guest, from, to } = steps[i]!;
    if (!hosts.includes(to) || state.grouped[guest] === 1) continue;
    for (const other of partners) {
      if (other === to || other === from) continue;
      const gain = gainOf(guest, to, other);
      if (gain <= best || taken[other]! + state.guestMemory[guest]! > state.room[other]!) continue;
      if (!mayGo(board, guest, other) || leastFree(board, other, i) < state.guestMemory[guest]!) continue;
      [best, at, where] = [gain, i, other];
    }
  }
  if (at < 0) return false;
  const { guest, from, to } = steps[at]!;
  const [weight, memory] = [state.guestLoad[guest]!, state.guestMemory[guest]!];
  load[to] = load[to]! - weight;
  taken[to] = taken[to]! - memory;
  load[where] = load[where]! + weight;
  taken[where] = taken[where]! + memory;
  steps[at] = { guest, from, to: where };
  return true;
};
