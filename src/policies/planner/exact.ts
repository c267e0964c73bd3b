/** Exact: the best placement of a cluster that is so small that all of them can be looked at. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts, guests and placements by construction */
import type { Limit } from './purse.js';
import { roomiest, sequence } from './sequence.js';
import type { Spread } from './spread.js';
import type { State, Step } from './state.js';
import { isFree } from './ties.js';

/** Placements that are looked at, at most. */
const most = 20_000;

/** Placements for which an order is looked for, the best first. */
const tried = 1_000;

/** Values this near are equal: the order of a sum shall not decide. */
const nearby = 1e12;

const movableOf = ({ guestHost, movable }: State): readonly number[] =>
  Array.from(guestHost.keys()).filter((guest) => movable[guest] === 1 && guestHost[guest]! >= 0);

/** Whether a cluster is that small. */
export const isTiny = (state: State): boolean => state.hosts.length ** movableOf(state).length <= most;

/** What is known of a placement. */
interface Placement {
  readonly steps: readonly Step[];
  readonly value: number;
  /** What its moves take of the first limit. */
  readonly takes: number;
}

/** What came of it. */
interface Exact {
  readonly steps: readonly Step[];
  /** The least of placements to which no order of moves leads; infinite where there was none. */
  readonly noPath: number;
}

/**
 * Looks at all placements within the limits, and takes the best to which an order of moves leads, of equals the one that takes least of the first
 * limit. So a larger budget is never worse.
 *
 * @param worth - what is to fall, at the state as it is
 * @param limits - what a move takes of each must be finite
 */
export const exact = (state: State, worth: Spread, limits: readonly Limit[]): Exact => {
  const { hosts, guestHost, guestMemory, room, admits, grouped, ties } = state;
  const guests = movableOf(state);
  const at = guestHost.slice();
  const taken = state.taken.slice();
  const spent = new Float64Array(limits.length);
  const steps: Step[] = [];
  const found: Placement[] = [];
  const idle = worth.value();
  const put = (guest: number, from: number, to: number): void => {
    worth.shift(guest, from, to);
    taken[from]! -= guestMemory[guest]!;
    taken[to]! += guestMemory[guest]!;
    at[guest] = to;
  };
  const spend = (guest: number, times: 1 | -1): void => {
    for (let i = 0; i < limits.length; i++) spent[i]! += times * limits[i]!.of[guest]!;
  };
  const within = (of: ArrayLike<number>): boolean => limits.every((limit, i) => of[i]! <= limit.most);
  const stands = (): boolean => {
    if (taken.some((each, host) => each > Math.max(room[host]!, state.taken[host]!))) return false;
    const moved = steps.map(({ guest }) => guest);
    return steps.every(({ guest, to }) => grouped[guest] === 0 || isFree(ties, guest, to, moved, at));
  };
  const place = (i: number): void => {
    const guest = guests[i];
    if (guest === undefined) {
      const value = worth.value();
      if (value < idle - 1e-9 && stands()) found.push({ steps: [...steps], value, takes: spent[0] ?? steps.length });
      return;
    }
    place(i + 1);
    const from = guestHost[guest]!;
    spend(guest, 1);
    if (within(spent))
      for (let to = 0; to < hosts.length; to++) {
        if (to === from || !admits(guest, to)) continue;
        put(guest, from, to);
        steps.push({ guest, from, to });
        place(i + 1);
        steps.pop();
        put(guest, to, from);
      }
    spend(guest, -1);
  };
  place(0);
  const rank = ({ value }: Placement): number => Math.round(value * nearby);
  found.sort((a, b) => rank(a) - rank(b) || a.takes - b.takes);
  const spares = roomiest(state);
  let noPath = Infinity;
  for (const { steps: wanted, value } of found.slice(0, tried)) {
    const ordered = sequence(state, wanted, worth, spares);
    const takes = limits.map(({ of }) => (ordered ?? []).reduce((sum, { guest }) => sum + of[guest]!, 0));
    if (ordered && within(takes)) return { steps: ordered, noPath };
    noPath = Math.min(noPath, value);
  }
  return { steps: [], noPath };
};
