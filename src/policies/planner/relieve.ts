/** Relieve: brings every host under its mark at the least cost, and touches nothing else. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { type Board, hasRoom, mayGo, move, rewind } from './board.js';
import { type Ranking, rankingOf, rerank } from './ranking.js';
import { cheapestRemoval, fewestRemoved, type Removal, removals } from './removal.js';
import { repair, type Repaired } from './repair.js';
import { nearly } from './state.js';
import { sizeOf } from './ties.js';

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

/** Guests that such a set may have beyond the smallest one that suffices: more where many small ones may cost less, and there is the time. */
const beyond = { usual: 2, thorough: 4 } as const;

/** Hosts up to which a repair is begun in two ways, from what found a place at once and anew; the better one counts. */
const small = 150;

const one = (): number => 1;

/** The coolest host that takes a guest and stays within the mark; -1 for none. */
const coolest = (board: Board, { order, share }: Ranking, guest: number, from: number, mark: number): number => {
  const { guestLoad, capacity } = board.state;
  const weight = guestLoad[guest]!;
  for (let i = 0; i < order.length; i++) {
    const to = order[i]!;
    if (share[to]! > mark) break;
    const within = board.load[to]! + weight <= (mark + nearly) * capacity[to]!;
    if (to !== from && within && hasRoom(board, guest, to) && mayGo(board, guest, to)) return to;
  }
  return -1;
};

/** How many guests the smallest set that suffices has. */
const smallestSet = ({ state }: Board, guests: readonly number[], excess: number): number => {
  let [need, count] = [excess, 0];
  while (need > 0 && count < guests.length) need -= state.guestLoad[guests[count++]!]!;
  return count;
};

/** Whether the first repair is better than the second. */
const isBetter = (first: Repaired, second: Repaired): boolean =>
  first.left.length < second.left.length || (first.left.length === second.left.length && first.cost < second.cost);

/**
 * Brings hosts under the mark. Of each hot host the cheapest set that suffices is worked out exactly; the sets are packed, the
 * heaviest guest first, into the coolest hosts that stay within the mark. Where one finds no place, other sets are tried, others are
 * sent on to make room, and the relief of some hosts is taken back for that of others, see {@link repair}.
 *
 * @param weights - what each guest counts for, a unit for what its guests do; memory and time are multiplied by what one does
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
  const costOf = weights
    ? (guest: number) => (weights[guest]! * plain(guest)) / (minimise === 'moves' ? 1 : sizeOf(state.units, guest))
    : plain;
  const uniform = costOf === one;
  const loadOf = (guest: number): number => guestLoad[guest]!;
  const excessOf = (host: number): number => board.load[host]! - (mark + nearly) * capacity[host]!;
  let [free, head] = [0, 0];
  const hot: number[] = [];
  for (let h = 0; h < capacity.length; h++) {
    if (excessOf(h) > 0) hot.push(h);
    else {
      free += Math.max(0, room[h]! - board.taken[h]!);
      head += mark * capacity[h]! - board.load[h]!;
    }
  }
  hot.sort((a, b) => ranking.share[b]! - ranking.share[a]! || a - b);
  const bulkOf = (guest: number): number => guestMemory[guest]! / free + guestLoad[guest]! / head;
  let bound = 0;
  const left: LeftHot[] = [];
  const wanted: { readonly host: number; readonly removal: Removal }[] = [];
  for (const host of hot) {
    const excess = excessOf(host);
    const removal = uniform
      ? fewestRemoved(on[host]!, excess, loadOf, bulkOf)
      : cheapestRemoval(on[host]!, excess, loadOf, costOf);
    if (!removal) {
      left.push({ host, why: 'stuck' });
      continue;
    }
    bound += removal.cost;
    wanted.push({ host, removal });
  }
  // All guests of all hosts together, the heaviest first, as long as each finds the coolest host that takes it.
  const all = wanted.flatMap(({ host, removal }) => removal.guests.map((guest) => ({ host, guest })));
  all.sort((a, b) => guestLoad[b.guest]! - guestLoad[a.guest]! || a.guest - b.guest);
  const unplaced = new Set<number>();
  for (const { host, guest } of all) {
    const to = coolest(board, ranking, guest, host, mark);
    if (to < 0) unplaced.add(host);
    else {
      move(board, guest, host, to);
      for (const each of [host, to]) rerank(ranking, each, board.load[each]! / capacity[each]!);
    }
  }
  if (unplaced.size === 0) return { bound, left };
  const kept = board.steps.filter(({ from }) => !unplaced.has(from));
  rewind(board, 0);
  const patients = wanted.map(({ host, removal }) => {
    const guests =
      smallestSet(board, on[host]!, excessOf(host)) +
      (uniform || capacity.length > small ? beyond.usual : beyond.thorough);
    const sets = removals(on[host]!, excessOf(host), loadOf, costOf, bulkOf, { sets: alternatives, guests });
    // The cheapest of all may be one of many guests.
    const known = sets.length > 0 && sets[0]!.cost <= removal.cost * (1 + 1e-9);
    return { host, sets: known ? sets : [removal, ...sets] };
  });
  const beginnings = capacity.length <= small ? [[], kept] : [uniform ? [] : kept];
  const tried = beginnings.map((begun) => repair(board, { mark, patients, costOf, uniform, kept: begun, goOn }));
  const best = tried.reduce((least, each) => (isBetter(each, least) ? each : least));
  for (const { guest, from, to } of best.steps) move(board, guest, from, to);
  const many = new Set(patients.filter(({ sets }) => sets.length >= alternatives).map(({ host }) => host));
  for (const host of best.left) left.push({ host, why: best.exhausted && !many.has(host) ? 'nowhere' : 'given up' });
  return { bound, left };
};
