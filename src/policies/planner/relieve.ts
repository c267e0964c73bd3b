/** Relieve: brings every host under its mark at the least cost, and touches nothing else. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { type Board, hasRoom, mayGo, move, rewind } from './board.js';
import { type Ranking, rankingOf, rerank } from './ranking.js';
import { cheapestRemoval, fewestRemoved, type Removal, removals } from './removal.js';
import { nearly } from './state.js';

/** What is kept small. */
export type Minimise = 'moves' | 'memory' | 'time';

/** What came of it. */
export interface Relief {
  /** What every plan must cost at least: moves, bytes or milliseconds. */
  readonly bound: number;
  /** Hosts that stay above their mark. */
  readonly left: readonly LeftHot[];
}

/** A host that stays above its mark, and why. */
export interface LeftHot {
  readonly host: number;
  /** `stuck`: what may leave it does not suffice; `nowhere`: no other host has the room; `given up`: not all has been tried. */
  readonly why: 'stuck' | 'nowhere' | 'given up';
}

/** Sets of guests that are tried for a host whose best one finds no place. */
const alternatives = 100;

/** Hosts looked at before what is still hot is given up: where all are near the mark there is no end to what could be tried. */
const patience = 2_000_000;

const one = (): number => 1;

interface Search {
  readonly board: Board;
  readonly ranking: Ranking;
  readonly mark: number;
  readonly costOf: (guest: number) => number;
  readonly goOn: () => boolean;
  /** Hosts looked at so far. */
  looks: number;
}

const put = ({ board, ranking }: Search, guest: number, from: number, to: number): void => {
  move(board, guest, from, to);
  const { capacity } = board.state;
  for (const host of [from, to]) rerank(ranking, host, board.load[host]! / capacity[host]!);
};

const undo = ({ board, ranking }: Search, length: number): void => {
  const touched = board.steps.slice(length).flatMap(({ from, to }) => [from, to]);
  rewind(board, length);
  for (const host of touched) rerank(ranking, host, board.load[host]! / board.state.capacity[host]!);
};

/** Whether a host stays within its mark if so much more comes to it. */
const staysWithin = ({ board, mark }: Search, host: number, more: number): boolean =>
  board.load[host]! + more <= (mark + nearly) * board.state.capacity[host]!;

/** The coolest host that takes a guest; -1 for none. */
const coolest = (search: Search, guest: number, from: number): number => {
  const { board, ranking } = search;
  const { order } = ranking;
  const weight = board.state.guestLoad[guest]!;
  for (let i = 0; i < order.length; i++) {
    const to = order[i]!;
    search.looks++;
    if (ranking.share[to]! > search.mark) break;
    if (to !== from && staysWithin(search, to, weight) && hasRoom(board, guest, to) && mayGo(board, guest, to))
      return to;
  }
  return -1;
};

/** The host that a guest fills best; -1 for none. It keeps room elsewhere for larger ones. */
const fullest = (search: Search, guest: number, from: number): number => {
  const { board, ranking } = search;
  const { guestLoad, guestMemory, capacity, room } = board.state;
  let [best, least] = [-1, Infinity];
  for (const to of ranking.order) {
    search.looks++;
    if (ranking.share[to]! > search.mark) break;
    if (to === from || !staysWithin(search, to, guestLoad[guest]!) || !hasRoom(board, guest, to)) continue;
    const spare =
      (room[to]! - board.taken[to]! - guestMemory[guest]!) / room[to]! +
      search.mark -
      (board.load[to]! + guestLoad[guest]!) / capacity[to]!;
    if (spare < least && mayGo(board, guest, to)) [best, least] = [to, spare];
  }
  return best;
};

/** Places all guests of a set, the heaviest first, or none. */
const place = (search: Search, guests: readonly number[], from: number): boolean => {
  const { board } = search;
  const { guestLoad } = board.state;
  const falling = [...guests].sort((a, b) => guestLoad[b]! - guestLoad[a]! || a - b);
  for (const find of [coolest, fullest]) {
    const before = board.steps.length;
    const placed = falling.every((guest) => {
      const to = find(search, guest, from);
      if (to >= 0) put(search, guest, from, to);
      return to >= 0;
    });
    if (placed) return true;
    undo(search, before);
  }
  return false;
};

/** Makes room for a guest somewhere by sending another one on from there; false where that helps nowhere. */
const placeByChain = (search: Search, guest: number, from: number): boolean => {
  const { board, ranking } = search;
  const { guestLoad, guestMemory, room, on } = board.state;
  let best: { readonly to: number; readonly other: number; readonly on: number; readonly cost: number } | undefined;
  for (const to of ranking.order.slice()) {
    search.looks += 5;
    // Of moves one is as good as another, so the first way that is found will do.
    if (best && search.costOf === one) break;
    if (to === from || !mayGo(board, guest, to)) continue;
    for (const other of on[to]!) {
      if (board.moved[other] === 1) continue;
      if (!staysWithin(search, to, guestLoad[guest]! - guestLoad[other]!)) continue;
      if (board.taken[to]! - guestMemory[other]! + guestMemory[guest]! > room[to]!) continue;
      const cost = search.costOf(other);
      if (best && cost >= best.cost && (cost > best.cost || guestMemory[other]! >= guestMemory[best.other]!)) continue;
      // The one that makes room may also take the place of the one that comes.
      const back = board.load[from]! - guestLoad[guest]! + guestLoad[other]!;
      const further =
        back <= (search.mark + nearly) * board.state.capacity[from]! &&
        hasRoom(board, other, from) &&
        mayGo(board, other, from)
          ? from
          : coolest(search, other, to);
      if (further >= 0) best = { to, other, on: further, cost };
    }
  }
  if (!best) return false;
  put(search, best.other, best.to, best.on);
  put(search, guest, from, best.to);
  return true;
};

const excessOf = ({ board, mark }: Search, host: number): number =>
  board.load[host]! - (mark + nearly) * board.state.capacity[host]!;

/** How many guests the smallest set that suffices has. */
const smallestSet = ({ state }: Board, guests: readonly number[], excess: number): number => {
  let [need, count] = [excess, 0];
  while (need > 0 && count < guests.length) need -= state.guestLoad[guests[count++]!]!;
  return count;
};

/** Tries one set after the other, then sets whose guests need others to make room. */
const placeAnother = (search: Search, host: number): boolean => {
  const { board, costOf, goOn } = search;
  const { guestLoad, on } = board.state;
  if (search.looks > patience) return false;
  const still = on[host]!.filter((guest) => board.moved[guest] === 0);
  const sets = removals(still, excessOf(search, host), (guest) => guestLoad[guest]!, costOf, {
    sets: alternatives,
    guests: smallestSet(board, still, excessOf(search, host)) + 2,
  });
  const byBulk = (set: Removal): number => set.guests.reduce((sum, guest) => sum + board.state.guestMemory[guest]!, 0);
  // A set that needs another guest to make room costs that one's move too; of equal cost the smaller memory goes first.
  const more = costOf === one ? 1 : 0;
  const tried = sets
    .flatMap((set) =>
      [false, true].map((chain) => ({ ...set, chain, all: set.cost + (chain ? more : 0), bulk: byBulk(set) })),
    )
    .sort((a, b) => a.all - b.all || Number(a.chain) - Number(b.chain) || a.bulk - b.bulk);
  for (const { guests, chain } of tried) {
    if (search.looks > patience || !goOn()) return false;
    if (!chain) {
      if (place(search, guests, host)) return true;
      continue;
    }
    const before = board.steps.length;
    const placed = guests.every((guest) => place(search, [guest], host) || placeByChain(search, guest, host));
    if (placed && excessOf(search, host) <= 0) return true;
    undo(search, before);
  }
  return false;
};

/**
 * Brings hosts under the mark. Of each hot host the cheapest set that suffices is worked out exactly; the sets are packed, the
 * heaviest guest first, into the coolest hosts that stay within the mark; where one finds no place, other sets of that host
 * are tried, and then others are sent on to make room.
 *
 * @param weights - what each guest's move counts for; the cost of a guest is multiplied by it
 */
export const relieve = (
  board: Board,
  mark: number,
  minimise: Minimise,
  goOn: () => boolean = () => true,
  weights?: Float64Array,
): Relief => {
  const { state } = board;
  const { guestLoad, guestMemory, capacity, room, on } = state;
  const ranking = rankingOf(board.load, capacity);
  const costs = minimise === 'time' ? state.durations() : guestMemory;
  const plain = minimise === 'moves' ? one : (guest: number) => costs[guest]!;
  const costOf = weights ? (guest: number) => weights[guest]! * plain(guest) : plain;
  const search: Search = { board, ranking, mark, costOf, goOn, looks: 0 };
  const loadOf = (guest: number): number => guestLoad[guest]!;
  let [free, head] = [0, 0];
  const hot: number[] = [];
  for (let h = 0; h < capacity.length; h++) {
    if (excessOf(search, h) > 0) hot.push(h);
    else {
      free += Math.max(0, room[h]! - board.taken[h]!);
      head += mark * capacity[h]! - board.load[h]!;
    }
  }
  hot.sort((a, b) => ranking.share[b]! - ranking.share[a]! || a - b);
  const bulkOf = (guest: number): number => guestMemory[guest]! / free + guestLoad[guest]! / head;
  let bound = 0;
  const left: LeftHot[] = [];
  const wanted: { readonly host: number; readonly guests: readonly number[] }[] = [];
  for (const host of hot) {
    const excess = excessOf(search, host);
    const removal =
      costOf === one
        ? fewestRemoved(on[host]!, excess, loadOf, bulkOf)
        : cheapestRemoval(on[host]!, excess, loadOf, costOf);
    if (!removal) {
      left.push({ host, why: 'stuck' });
      continue;
    }
    bound += removal.cost;
    wanted.push({ host, guests: removal.guests });
  }
  // All guests of all hosts together, the heaviest first, as long as each finds the coolest host that takes it.
  const all = wanted.flatMap(({ host, guests }) => guests.map((guest) => ({ host, guest })));
  all.sort((a, b) => guestLoad[b.guest]! - guestLoad[a.guest]! || a.guest - b.guest);
  const unplaced = new Set<number>();
  for (const { host, guest } of all) {
    const to = coolest(search, guest, host);
    if (to >= 0) put(search, guest, host, to);
    else unplaced.add(host);
  }
  if (unplaced.size > 0) {
    // What was placed of a host that cannot go as a whole is taken back, and that host is served anew.
    const kept = board.steps.filter(({ from }) => !unplaced.has(from));
    undo(search, 0);
    for (const { guest, from, to } of kept) put(search, guest, from, to);
    for (const { host, guests } of wanted)
      if (unplaced.has(host) && !place(search, guests, host) && !placeAnother(search, host))
        left.push({ host, why: search.looks > patience || !goOn() ? 'given up' : 'nowhere' });
  }
  return { bound, left };
};
