/** Consolidate: empties as many hosts as it can, the cheapest first, and leaves room for what may come. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { type Board, hasRoom, mayGo, move, rewind } from './board.js';
import type { ConsolidateGoal } from './goal.js';

/** What came of it: hosts that carry nothing, and how many any plan needs at least. */
export interface Consolidated {
  readonly empty: number;
  readonly bound: number;
}

/** The fewest hosts that offer so much: the largest first. */
const fewest = (wanted: number, offered: Float64Array, spare: number): number => {
  const falling = Array.from(offered).sort((a, b) => b - a);
  let [sum, count] = [0, 0];
  while (count < falling.length && sum < wanted) sum += falling[count++]!;
  return wanted > 0 ? Math.min(falling.length, count + spare) : 0;
};

/** Whether the others could carry what any one host carries, all in all: processors up to their fill, and memory. */
const survives = ({ load, taken, state }: Board, used: readonly number[], fill: number): boolean => {
  const { capacity, room } = state;
  let [head, free] = [0, 0];
  for (const h of used) {
    head += fill * capacity[h]! - load[h]!;
    free += room[h]! - taken[h]!;
  }
  return used.every(
    (h) => head - (fill * capacity[h]! - load[h]!) >= load[h]! && free - (room[h]! - taken[h]!) >= taken[h]!,
  );
};

/**
 * Empties hosts as a whole or not at all, that with the least memory to move first. Each guest, the heaviest first, goes where
 * it leaves least room (best fit) among the hosts that stay within their fill; a host that has been emptied takes nothing, and one
 * that carried nothing at the start is not begun. With `surviveOne` no host is emptied if the rest could not carry what
 * any one of them carries.
 */
export const consolidate = (
  board: Board,
  { fill, surviveOne }: ConsolidateGoal,
  affords: (board: Board, guests: readonly number[]) => boolean,
  goOn: () => boolean,
): Consolidated => {
  const { state, load, taken } = board;
  const { capacity, room, on, guestHost, guestLoad, guestMemory } = state;
  const n = capacity.length;
  const standing = new Int32Array(n);
  guestHost.forEach((host) => {
    if (host >= 0) standing[host]! += 1;
  });
  const inUse = new Set<number>();
  for (let h = 0; h < n; h++) if (taken[h]! > 0) inUse.add(h);
  const closed = new Set<number>();
  // Only hosts that stand to be emptied whole: nothing on them is held, and nothing has come to them.
  const candidates = [...inUse]
    .filter((h) => standing[h] === on[h]!.length && load[h]! <= fill * capacity[h]!)
    .sort((a, b) => taken[a]! - taken[b]! || load[a]! - load[b]! || a - b);
  const got = new Set<number>();
  for (const host of candidates) {
    if (!goOn()) break;
    if (got.has(host) || !affords(board, on[host]!)) continue;
    const before = board.steps.length;
    const placed = on[host]!.every((guest) => {
      let [best, least] = [-1, Infinity];
      for (const to of inUse) {
        if (to === host || closed.has(to) || !hasRoom(board, guest, to)) continue;
        const after = load[to]! + guestLoad[guest]!;
        if (after > fill * capacity[to]!) continue;
        const spare = 1 - after / capacity[to]! + (room[to]! - taken[to]! - guestMemory[guest]!) / room[to]!;
        if (spare < least && mayGo(board, guest, to)) [best, least] = [to, spare];
      }
      if (best >= 0) move(board, guest, host, best);
      return best >= 0;
    });
    const left = [...inUse].filter((h) => h !== host && !closed.has(h));
    if (!placed || (surviveOne && !survives(board, left, fill))) {
      rewind(board, before);
      continue;
    }
    closed.add(host);
    for (const { to } of board.steps.slice(before)) got.add(to);
  }
  const [all, memory] = [load, taken].map((list) => list.reduce((sum, each) => sum + each, 0));
  const filled = capacity.map((each) => each * fill);
  const spare = surviveOne ? 1 : 0;
  return {
    empty: n - inUse.size + closed.size,
    bound: Math.max(fewest(all!, filled, spare), fewest(memory!, room, spare)),
  };
};
