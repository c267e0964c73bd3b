/** Consolidate: empties as many hosts as it can, the cheapest first, and leaves room for what may come. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { type Board, hasRoom, mayGo, move, rewind } from './board.js';
import type { ConsolidateGoal } from './goal.js';
import { type LeftHot, relieve } from './relieve.js';
import { sizeOf } from './ties.js';

/** What came of it: hosts that carry nothing, and how many hosts any plan needs at least. */
export interface Consolidated {
  readonly empty: readonly number[];
  readonly bound: number;
  /** Hosts that carry more than their fill and find nothing to give it to. */
  readonly left: readonly LeftHot[];
  /** Whether headroom is lacking on all hosts that are on, so that another one is wanted. */
  readonly wantsMore: boolean;
  /** Whether, on a board with other destinations, the hosts in use could carry what any one of them carries. */
  readonly survives: (board: Board) => boolean;
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
 * Empties hosts as a whole or not at all, that with the least memory to move first, each guest's multiplied by its weight. Each guest, the heaviest first, goes where
 * it leaves least room (best fit) among the hosts that stay within their fill; a host that has been emptied takes nothing, and one
 * that carried nothing at the start is not begun. With `surviveOne` no host is emptied if the rest could not carry what
 * any one of them carries.
 *
 * The way back comes first: hosts above their fill give what is too much to the coolest ones, empty ones among them, and while that
 * is needed none is emptied.
 */
export const consolidate = (
  board: Board,
  { fill, surviveOne }: ConsolidateGoal,
  affords: (board: Board, guests: readonly number[]) => boolean,
  goOn: () => boolean,
  weights?: Float64Array,
): Consolidated => {
  const { state, load, taken } = board;
  const { capacity, room, on, guestHost, guestLoad, guestMemory } = state;
  const n = capacity.length;
  const { left } = relieve(board, fill, 'moves', goOn, weights);
  const spreads = board.steps.length > 0 || left.length > 0;
  const standing = new Int32Array(n);
  guestHost.forEach((host) => {
    if (host >= 0) standing[host]! += 1;
  });
  for (const [first, members] of state.units)
    if (guestHost[first]! >= 0) standing[guestHost[first]!]! -= members.length - 1;
  const inUse = new Set<number>();
  for (let h = 0; h < n; h++) if (taken[h]! > 0) inUse.add(h);
  const closed = new Set<number>();
  const weightOf = (host: number): number =>
    weights
      ? on[host]!.reduce((sum, guest) => sum + (weights[guest]! / sizeOf(state.units, guest)) * guestMemory[guest]!, 0)
      : taken[host]!;
  // Only hosts that stand to be emptied whole: nothing on them is held, and nothing has come to them.
  const candidates = [...inUse]
    .filter((h) => standing[h] === on[h]!.length && load[h]! <= fill * capacity[h]!)
    .sort((a, b) => weightOf(a) - weightOf(b) || load[a]! - load[b]! || a - b);
  const got = new Set<number>();
  for (const host of candidates) {
    if (spreads || !goOn()) break;
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
    const others = [...inUse].filter((h) => h !== host && !closed.has(h));
    if (!placed || (surviveOne && !survives(board, others, fill))) {
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
    empty: Array.from(capacity.keys()).filter((h) => !inUse.has(h) || closed.has(h)),
    left,
    survives: (other) =>
      survives(
        other,
        [...inUse].filter((h) => !closed.has(h)),
        fill,
      ),
    wantsMore: left.length > 0 || (surviveOne && n > 0 && !survives(board, Array.from(capacity.keys()), fill)),
    bound: Math.max(fewest(all!, filled, spare), fewest(memory!, room, spare)),
  };
};
