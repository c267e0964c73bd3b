/** Exact: the best placement of a cluster that is so small that all of them can be looked at. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts, guests and placements by construction */
import type { Climbed } from './ladder.js';
import type { Limit } from './purse.js';
import { roomiest, sequence } from './sequence.js';
import type { Spread } from './spread.js';
import { movableGuests, type State, type Step } from './state.js';
import { isFree } from './ties.js';

/** Placements that are looked at, at most. */
const most = 20_000;

/** Placements that are put in order at once, the best first: mostly one of the first few will do. */
const atOnce = 500;

/** Values this near are equal: the order of a sum shall not decide. */
const nearby = 1e12;

/** Whether a cluster is that small. */
export const isTiny = (state: State): boolean => state.hosts.length ** movableGuests(state).length <= most;

/**
 * Looks at all placements within the limits, and takes the best to which an order of moves leads, of equals the one that takes least of the first
 * limit. So a larger budget is never worse.
 *
 * @param worth - what is to fall, at the state as it is
 * @param limits - what a move takes of each must be finite
 */
export const exact = (state: State, worth: Spread, limits: readonly Limit[]): Climbed => {
  const { hosts, guestHost, guestMemory, room, admits, grouped, ties } = state;
  const guests = movableGuests(state);
  const n = hosts.length;
  const spent = new Float64Array(limits.length);
  const idle = worth.value();
  const within = (of: ArrayLike<number>): boolean => limits.every((limit, i) => of[i]! <= limit.most);
  const spend = (guest: number, times: 1 | -1): void => {
    for (let i = 0; i < limits.length; i++) spent[i]! += times * limits[i]!.of[guest]!;
  };
  // Of placements that are better than none: what they leave, what they take of the first limit, and the host of each guest as a digit.
  const left: number[] = [];
  const takes: number[] = [];
  const codes: number[] = [];
  const place = (i: number, code: number): void => {
    const guest = guests[i];
    if (guest === undefined) {
      const value = worth.value();
      if (value >= idle - 1e-9) return;
      left.push(Math.round(value * nearby) / nearby);
      takes.push(spent[0] ?? 0);
      codes.push(code);
      return;
    }
    const from = guestHost[guest]!;
    place(i + 1, code * n + from);
    spend(guest, 1);
    if (within(spent))
      for (let to = 0; to < n; to++) {
        if (to === from || !admits(guest, to)) continue;
        worth.shift(guest, from, to);
        place(i + 1, code * n + to);
        worth.shift(guest, to, from);
      }
    spend(guest, -1);
  };
  const stepsOf = (code: number): readonly Step[] => {
    const steps: Step[] = [];
    for (let i = guests.length - 1, rest = code; i >= 0; i--, rest = Math.floor(rest / n)) {
      const [guest, to] = [guests[i]!, rest % n];
      if (to !== guestHost[guest]) steps.unshift({ guest, from: guestHost[guest]!, to });
    }
    return steps;
  };
  /** Whether memory holds the end, and members of groups may stand so. */
  const stands = (steps: readonly Step[]): boolean => {
    const at = guestHost.slice();
    const taken = state.taken.slice();
    for (const { guest, from, to } of steps) {
      at[guest] = to;
      taken[from]! -= guestMemory[guest]!;
      taken[to]! += guestMemory[guest]!;
    }
    const moved = steps.map(({ guest }) => guest);
    return steps.every(
      ({ guest, to }) => taken[to]! <= room[to]! && (grouped[guest] === 0 || isFree(ties, guest, to, moved, at)),
    );
  };
  place(0, 0);
  const spares = roomiest(state);
  let noPath = Infinity;
  const rising = Float64Array.from(left).sort();
  for (let [first, above] = [0, -Infinity]; first < rising.length; first += atOnce) {
    const bar = rising[Math.min(rising.length, first + atOnce) - 1]!;
    const some = Array.from(left.keys()).filter((i) => left[i]! > above && left[i]! <= bar);
    some.sort((i, j) => left[i]! - left[j]! || takes[i]! - takes[j]!);
    above = bar;
    for (const i of some) {
      const wanted = stepsOf(codes[i]!);
      if (!stands(wanted)) continue;
      const ordered = sequence(state, wanted, worth, spares);
      const all = limits.map(({ of }) => (ordered ?? []).reduce((sum, { guest }) => sum + of[guest]!, 0));
      if (ordered && within(all)) return { steps: ordered, noPath };
      noPath = Math.min(noPath, left[i]!);
    }
  }
  return { steps: [], noPath };
};
