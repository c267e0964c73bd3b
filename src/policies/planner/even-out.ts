/** Even out: brings every host within so much of the mean, the furthest first, each by its best move, swap or chain. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { type Board, hasRoom, mayGo, move } from './board.js';
import { exchange } from './exchange.js';
import { rankingOf, rerank } from './ranking.js';
import { redirect } from './redirect.js';
import { meanOf } from './state.js';

/** Partners that are looked at for the host that is furthest off; more of them only where these cannot help. */
const near = 6;

/** Partners for swaps and for guests that are sent elsewhere than planned so far, where the near ones cannot help. */
const far = 60;

/** Times that all hosts are looked at for one; where memory is so tight that more are wanted, little would come of them. */
const wideLooks = 1500;

/** What may be done between two hosts: a guest from the one to the other, and perhaps one back. */
interface Exchange {
  gain: number;
  guest: number;
  back: number;
  from: number;
  to: number;
}

/** How evening out ends. */
export interface EvenOptions {
  /** Hosts within this of the mean are left alone, as a share of capacity. */
  readonly within: number;
  /** Whether hosts that nothing simple helps are served by exchanges of several guests. */
  readonly thoroughly: boolean;
  /** Whether there is still budget for a step of these guests (-1 for none). */
  readonly affordable: (guest: number, back: number) => boolean;
  /** Whether there is still budget for moves of these guests. */
  readonly affords: (guests: readonly number[]) => boolean;
  /** Whether no plan could do better than the board as it stands; then nothing further is tried. */
  readonly atBest: () => boolean;
  /** Called before each step; false ends the search with what is found. */
  readonly goOn: () => boolean;
  /** What a step gains by other lights than evenness alone, if there are any. */
  readonly sway?: Sway;
}

/** Other lights: what guests weigh, and where they would rather be. */
export interface Sway {
  /**
   * The gain of taking a guest from one host to another, and perhaps one back (-1 for none), as it is to be compared.
   *
   * @param off - how far the host that is furthest from the mean is away from it
   */
  readonly gain: (even: number, guest: number, back: number, from: number, to: number, off: number) => number;
  readonly settle: (guest: number, from: number, to: number) => void;
}

/** Whether two guests can change places one after the other, and which must go first. */
export const firstOfSwap = (
  board: Board,
  guest: number,
  back: number,
  from: number,
  to: number,
): 'guest' | 'back' | undefined => {
  const { guestMemory, room } = board.state;
  const [m, b] = [guestMemory[guest]!, guestMemory[back]!];
  const [freeFrom, freeTo] = [room[from]! - board.taken[from]!, room[to]! - board.taken[to]!];
  if (freeTo >= m && freeFrom + m >= b) return 'guest';
  if (freeFrom >= b && freeTo + b >= m) return 'back';
  return undefined;
};

/**
 * Brings every host within a share of the mean where it can. What it does next depends on loads first and on names last, so a
 * cluster that is made of copies is treated copy by copy alike.
 */
export const evenOut = (
  board: Board,
  { within, thoroughly, affordable, affords, atBest, goOn, sway }: EvenOptions,
): void => {
  const { state, load, moved } = board;
  const { capacity, room, on, guestLoad, guestMemory, grouped } = state;
  const n = capacity.length;
  if (n < 2) return;
  /** The least memory that a guest of each host takes: where there is less, none of them goes. */
  const smallest = Float64Array.from(on, (guests) =>
    guests.reduce((least, guest) => Math.min(least, guestMemory[guest]!), Infinity),
  );
  const mean = meanOf({ load, capacity });
  const ranking = rankingOf(load, capacity);
  const { order, share } = ranking;
  /** Hosts that nothing helps; they are looked at again once something has changed around them. */
  const stuck = new Uint8Array(n);
  let wide = wideLooks;
  /** Hosts for which all partners have been looked at in vain; from then on only the near ones are. */
  const hopeless = new Uint8Array(n);
  const best: Exchange = { gain: 0, guest: -1, back: -1, from: -1, to: -1 };
  /** How far the host in hand is off the mean. */
  let furthest = 0;

  const lookAtMoves = (from: number, to: number): void => {
    if (board.taken[to]! + smallest[from]! > room[to]!) return;
    const [x, y, p, q] = [share[from]! - mean, share[to]! - mean, 1 / capacity[from]!, 1 / capacity[to]!];
    const list = on[from]!;
    for (let i = 0; i < list.length; i++) {
      const guest = list[i]!;
      const weight = guestLoad[guest]!;
      const [a, b] = [weight * p, weight * q];
      // x² + y² less (x − a)² + (y + b)²
      let gain = a * (2 * x - a) - b * (2 * y + b);
      if (sway) gain = sway.gain(gain, guest, -1, from, to, furthest);
      if (
        gain > best.gain &&
        moved[guest] === 0 &&
        hasRoom(board, guest, to) &&
        mayGo(board, guest, to) &&
        affordable(guest, -1)
      ) {
        best.gain = gain;
        best.guest = guest;
        best.back = -1;
        best.from = from;
        best.to = to;
      }
    }
  };

  const lookAtSwaps = (from: number, to: number): void => {
    const [x, y, p, q] = [share[from]! - mean, share[to]! - mean, 1 / capacity[from]!, 1 / capacity[to]!];
    const [mine, theirs] = [on[from]!, on[to]!];
    // Of two hosts this much is best carried over; what a guest brings beyond it, the one that comes back takes away.
    const wanted = (x * p - y * q) / (p * p + q * q);
    let j = 0;
    for (let i = 0; i < mine.length; i++) {
      const guest = mine[i]!;
      if (moved[guest] === 1) continue;
      const weight = guestLoad[guest]!;
      while (j < theirs.length && guestLoad[theirs[j]!]! > weight - wanted) j++;
      // Both neighbours of the ideal; one more of each as either may be held.
      for (let k = Math.max(0, j - 2); k < Math.min(theirs.length, j + 2); k++) {
        const back = theirs[k]!;
        const carried = weight - guestLoad[back]!;
        const [a, b] = [carried * p, carried * q];
        let gain = a * (2 * x - a) - b * (2 * y + b);
        if (sway) gain = sway.gain(gain, guest, back, from, to, furthest);
        if (
          gain > best.gain &&
          moved[back] === 0 &&
          // Each may change what the other may do.
          (grouped[guest] === 0 || grouped[back] === 0) &&
          firstOfSwap(board, guest, back, from, to) !== undefined &&
          mayGo(board, guest, to) &&
          mayGo(board, back, from) &&
          affordable(guest, back)
        ) {
          best.gain = gain;
          best.guest = guest;
          best.back = back;
          best.from = from;
          best.to = to;
        }
      }
    }
  };

  /** Looks for the best exchange of one host with some of those at the other end of the ranking. */
  const look = (host: number, end: 'low' | 'high', width: number, at: (from: number, to: number) => void): void => {
    const hot = end === 'low';
    for (let i = 0; i < width && i < n; i++) {
      const other = order[hot ? i : n - 1 - i]!;
      if (hot ? share[other]! >= share[host]! : share[other]! <= share[host]!) break;
      if (hot) at(host, other);
      else at(other, host);
    }
  };

  const settle = (): void => {
    const { guest, back, from, to } = best;
    if (back < 0) move(board, guest, from, to);
    else if (firstOfSwap(board, guest, back, from, to) === 'guest') {
      move(board, guest, from, to);
      move(board, back, to, from);
    } else {
      move(board, back, to, from);
      move(board, guest, from, to);
    }
    sway?.settle(guest, from, to);
    if (back >= 0) sway?.settle(back, to, from);
    for (const host of [from, to]) {
      rerank(ranking, host, load[host]! / capacity[host]!);
      stuck[host] = 0;
      hopeless[host] = 0;
    }
  };

  /** Where all that could go has gone, something that came or went may yet go elsewhere. */
  const sendElsewhere = (host: number, hot: boolean): boolean => {
    const others = Array.from(hot ? order.subarray(0, far) : order.subarray(Math.max(0, n - far)));
    const gainOf = (guest: number, from: number, to: number): number => {
      const [a, b] = [guestLoad[guest]! / capacity[from]!, guestLoad[guest]! / capacity[to]!];
      return a * (2 * (share[from]! - mean) - a) - b * (2 * (share[to]! - mean) + b);
    };
    const done = hot ? redirect(board, [host], others, gainOf) : redirect(board, others, [host], gainOf);
    if (done) for (const each of [host, ...others]) rerank(ranking, each, load[each]! / capacity[each]!);
    return done;
  };

  /** One step for the host that is furthest off of those that are not stuck; false where there is none. */
  const step = (): boolean => {
    let [low, high] = [0, n - 1];
    while (low < n && stuck[order[low]!] === 1) low++;
    if (low === n) return false;
    while (stuck[order[high]!] === 1) high--;
    const [under, over] = [mean - share[order[low]!]!, share[order[high]!]! - mean];
    const hot = over >= under;
    const host = hot ? order[high]! : order[low]!;
    const off = Math.max(over, under);
    if (off <= within) return false;
    furthest = off;
    best.gain = 1e-12;
    best.guest = -1;
    const end = hot ? 'low' : 'high';
    look(host, end, near, lookAtMoves);
    // A move that takes away most of what is wrong is a step on the way; the rest is for a swap to find.
    if (best.gain < 0.75 * off * off) look(host, end, near, lookAtSwaps);
    if (wide === 0) hopeless[host] = 1;
    if (best.guest < 0 && hopeless[host] === 0) {
      wide--;
      look(host, end, far, lookAtMoves);
      if (best.guest < 0) look(host, end, far, lookAtSwaps);
      if (best.guest < 0) look(host, end, n, lookAtMoves);
    }
    if (best.guest >= 0) settle();
    else if (hopeless[host] === 1 || !sendElsewhere(host, hot)) {
      stuck[host] = 1;
      hopeless[host] = 1;
    }
    return true;
  };

  // Hosts that nothing helped may be helped once others have changed.
  for (let [made, rounds] = [-1, 0]; made < board.steps.length && rounds < 3; rounds++) {
    made = board.steps.length;
    stuck.fill(0);
    while (goOn() && step());
  }
  if (thoroughly) exchange(board, ranking, { mean, within, affords, atBest, goOn });
};
