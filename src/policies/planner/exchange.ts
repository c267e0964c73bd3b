/** Exchange: mends hosts that no single move or swap brings near the mean: several guests against several, through a spare host at need. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { type Board, move } from './board.js';
import { orderBy, pathfinder } from './path.js';
import { type Ranking, rerank } from './ranking.js';
import { roomiest } from './sequence.js';
import type { Step } from './state.js';

/** Guests of one host that leave it together. */
interface Parcel {
  readonly guests: readonly number[];
  readonly load: number;
  readonly memory: number;
}

/** Guests of a host that are looked at, the heaviest; fewer where there are so many hosts that one of them will suit. */
const mostGuests = (hosts: number): number => (hosts > 300 ? 8 : 14);

/** Parcels of the stuck host that are tried against one of a partner: those whose loads come nearest to what is wanted. */
const neighbours = 3;

/** Share of what the furthest partner could give at which the search for a better one ends. */
const nearlyAll = 0.9;

/** Guests that leave a host and guests that come in exchange, at most: few at first, and more where that is not enough. */
const sizes = [
  { mine: 1, theirs: 2 },
  { mine: 2, theirs: 3 },
] as const;

/** Hosts of a cluster so small that the few sets of a guest or two are tried by themselves first. */
const fewHosts = 20;

/** Share of what a partner could give at which no larger sets of its guests are tried. */
const allOfIt = 0.99;

/** Parcels of partners looked at before what is still off is given up. */
const patience = 400_000;

/** The same for one host, so that one for which nothing fits does not take it all. */
const patienceWithOne = 20_000;

/** Hosts through which guests may go where they are in each other's way. */
const spareHosts = 4;

/** An exchange, and how far it leaves the host off the mean. */
interface Found {
  readonly steps: readonly Step[];
  readonly off: number;
}

/** How an exchange is limited. */
export interface ExchangeOptions {
  readonly mean: number;
  /** Hosts within this of the mean are left alone, as a share of capacity. */
  readonly within: number;
  /** Whether there is still budget for moves of these guests. */
  readonly affords: (guests: readonly number[]) => boolean;
  /** Whether no plan could do better than the board as it stands. Asked once, where simple exchanges do not suffice. */
  readonly atBest: () => boolean;
  readonly goOn: () => boolean;
}

/** All sets of so many guests at most, by rising load; the empty one among them. */
const parcelsOf = (board: Board, guests: readonly number[], most: number): readonly Parcel[] => {
  const { guestLoad, guestMemory } = board.state;
  const found: Parcel[] = [];
  const grow = (from: number, parcel: Parcel): void => {
    found.push(parcel);
    if (parcel.guests.length === most) return;
    for (let i = from; i < guests.length; i++) {
      const guest = guests[i]!;
      grow(i + 1, {
        guests: [...parcel.guests, guest],
        load: parcel.load + guestLoad[guest]!,
        memory: parcel.memory + guestMemory[guest]!,
      });
    }
  };
  grow(0, { guests: [], load: 0, memory: 0 });
  return found.sort((a, b) => a.load - b.load);
};

/** Where guests stand on the board now: on each host those that may be moved, the heaviest first. */
export const standing = ({ state, steps }: Board): number[][] => {
  const lists = state.on.map((list) => list.slice());
  const at = new Map<number, number>();
  for (const { guest, to } of steps) at.set(guest, to);
  for (const guest of at.keys()) {
    const list = lists[state.guestHost[guest]!]!;
    list.splice(list.indexOf(guest), 1);
  }
  for (const [guest, host] of at) lists[host]!.push(guest);
  for (const list of lists) list.sort((a, b) => state.guestLoad[b]! - state.guestLoad[a]! || a - b);
  return lists;
};

/**
 * For each host that is further off the mean than it should be, the furthest first, looks at all others for the best exchange of up
 * to two of its guests for up to three of theirs. Guests that the plan has moved may move on: that is a chain through a host
 * that had the room, and {@link shortened} makes one move of it where the order allows.
 */
export const exchange = (
  board: Board,
  ranking: Ranking,
  { mean, within, affords, atBest, goOn }: ExchangeOptions,
): void => {
  const { state, load, taken } = board;
  const { capacity, room, guestLoad, guestMemory, grouped } = state;
  const { order, share } = ranking;
  const n = capacity.length;
  const off = (host: number): number => Math.abs(share[host]! - mean);
  const waiting = Array.from(order).filter((host) => off(host) > within);
  if (waiting.length === 0) return;
  const on = standing(board);
  const free = (host: number): number => room[host]! - taken[host]!;
  const candidates = (host: number): readonly number[] =>
    on[host]!.filter((guest) => grouped[guest] === 0).slice(0, mostGuests(n));
  let looks = 0;
  let futile: boolean | undefined;

  const finder = pathfinder(state, taken, []);

  /** The best exchange of a host with any other: the moves in an order that memory allows. */
  const bestOf = (host: number, size: (typeof sizes)[number]): Found | undefined => {
    const mine = parcelsOf(board, candidates(host), size.mine);
    const loads = Float64Array.from(mine, (parcel) => parcel.load);
    const bulkiest = mine.reduce((largest, { memory }) => Math.max(largest, memory), 0);
    const spares = roomiest({ room, taken }, spareHosts);
    const [x, p] = [share[host]! - mean, 1 / capacity[host]!];
    let best = Math.max(1e-9, within * within * 0.1);
    let found: Found | undefined;

    const against = (other: number, guests: readonly number[], theirs: number, memory: number): void => {
      looks++;
      if (memory > free(host) + bulkiest) return;
      const [y, q] = [share[other]! - mean, 1 / capacity[other]!];
      // Of two hosts this much is best carried over.
      const wanted = (x * p - y * q) / (p * p + q * q) + theirs;
      let [low, high] = [0, loads.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (loads[middle]! < wanted) low = middle + 1;
        else high = middle;
      }
      for (let i = Math.max(0, low - neighbours); i < Math.min(loads.length, low + neighbours); i++) {
        const carried = loads[i]! - theirs;
        const [a, b] = [carried * p, carried * q];
        const gain = a * (2 * x - a) - b * (2 * y + b);
        const parcel = mine[i]!;
        if (gain <= best || free(host) + parcel.memory < memory || free(other) + memory < parcel.memory) continue;
        const moves = [
          ...parcel.guests.map((guest) => ({ guest, from: host, to: other })),
          ...guests.map((guest) => ({ guest, from: other, to: host })),
        ];
        if (!moves.every(({ guest, to }) => state.admits(guest, to))) continue;
        const ordered = orderBy(finder, moves, spares);
        if (!ordered || !affords(ordered.map(({ guest }) => guest))) continue;
        best = gain;
        found = { steps: ordered, off: Math.abs(x - a) };
      }
    };

    let enough = Infinity;
    const hot = x > 0;
    const last = looks + patienceWithOne;
    for (let i = 0; i < n && looks < Math.min(patience, last); i++) {
      const other = order[hot ? i : n - 1 - i]!;
      if (other === host) continue;
      // What could be gained with this partner if guests could be split; the furthest off come first and have the most to give.
      const [y, q] = [share[other]! - mean, 1 / capacity[other]!];
      const most = (x * p - y * q) ** 2 / (p * p + q * q);
      if (enough === Infinity) enough = nearlyAll * most;
      if (best >= enough) break;
      if (most <= best) continue;
      const theirs = candidates(other);
      const each = (from: number, guests: readonly number[], load: number, memory: number, more: number): void => {
        if (more === 0) {
          against(other, guests, load, memory);
          return;
        }
        for (let a = from; a + more <= theirs.length; a++) {
          const guest = theirs[a]!;
          each(a + 1, [...guests, guest], load + guestLoad[guest]!, memory + guestMemory[guest]!, more - 1);
        }
      };
      // Large sets are many; they are tried where small ones leave something to wish.
      for (let more = 0; more <= size.theirs && best < allOfIt * most; more++) each(0, [], 0, 0, more);
    }
    return found;
  };

  const bestFor = (host: number): readonly Step[] | undefined => {
    // In a large cluster some partner has nearly always what fits, if only in larger sets.
    const simple = n > fewHosts ? undefined : bestOf(host, sizes[0]);
    if (simple && simple.off <= within) return simple.steps;
    // Before what costs most, whether anybody could do better.
    if (futile === undefined) futile = atBest();
    return futile ? simple?.steps : (bestOf(host, sizes[1]) ?? simple)?.steps;
  };

  const settle = (steps: readonly Step[]): void => {
    for (const { guest, from, to } of steps) {
      move(board, guest, from, to);
      const list = on[from]!;
      list.splice(list.indexOf(guest), 1);
      on[to]!.push(guest);
    }
    for (const host of new Set(steps.flatMap(({ from, to }) => [from, to]))) {
      on[host]!.sort((a, b) => guestLoad[b]! - guestLoad[a]! || a - b);
      rerank(ranking, host, load[host]! / capacity[host]!);
    }
  };

  /** Exchanges that one host may ask for; each takes away much of what is wrong, so a few are all there is to gain. */
  const most = 4;
  const asked = new Int32Array(n);
  while (waiting.length > 0 && looks < patience && goOn()) {
    waiting.sort((a, b) => off(b) - off(a) || a - b);
    const host = waiting.shift()!;
    if (off(host) <= within) continue;
    const steps = bestFor(host);
    if (!steps) continue;
    settle(steps);
    asked[host]! += 1;
    for (const each of new Set(steps.flatMap(({ from, to }) => [from, to])))
      if (off(each) > within && asked[each]! < most && !waiting.includes(each)) waiting.push(each);
  }
};
