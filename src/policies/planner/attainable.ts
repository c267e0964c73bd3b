/** Attainable: what each host must carry and may carry at most, whatever is moved where, and how near to a share it can come. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import type { Measured } from './spread.js';
import type { State } from './state.js';

/** Pairs of a guest and a host that are asked for the sake of a bound. */
const pairs = 200_000;

/** Guests of which all sets are looked at: above this a set that comes near is likely to exist, and unlikely to be found soon. */
const sets = 12;

/** Guests that can go somewhere, and what stays on each host. */
export interface Ground {
  /** Guests that have another host to go to, all others being out of the way. */
  readonly free: readonly number[];
  /** Memory of the guests that stay on each host. */
  readonly memory: Float64Array;
  /** Whether a guest may stand on a host, memory apart. */
  readonly mayStand: (guest: number, host: number) => boolean;
}

/** Tells guests that can go somewhere from those that cannot, though nobody holds them. */
export const groundOf = (state: State): Ground => {
  const { guestHost, guestMemory, movable, plain, room, taken, admits } = state;
  const n = room.length;
  const memory = taken.slice();
  let free = Array.from(guestHost.keys()).filter((g) => movable[g] === 1 && guestHost[g]! >= 0);
  for (const guest of free) memory[guestHost[guest]!]! -= guestMemory[guest]!;
  const special = free.reduce((count, guest) => count + (plain[guest] === 1 ? 0 : 1), 0);
  const asks = special * n <= pairs;
  const mayStand = (guest: number, host: number): boolean =>
    host === guestHost[guest] || plain[guest] === 1 || !asks || admits(guest, host);
  // One that is found to stay may keep others from coming.
  for (let before = -1; before !== free.length;) {
    before = free.length;
    let [first, second] = [-1, -1];
    const roomAt = (host: number): number => (host < 0 ? -Infinity : room[host]! - memory[host]!);
    for (let h = 0; h < n; h++)
      if (roomAt(h) > roomAt(first)) [first, second] = [h, first];
      else if (roomAt(h) > roomAt(second)) second = h;
    const goes = (guest: number): boolean => {
      const home = guestHost[guest]!;
      if (guestMemory[guest]! > roomAt(home === first ? second : first)) return false;
      if (plain[guest] === 1 || !asks) return true;
      for (let h = 0; h < n; h++) if (h !== home && guestMemory[guest]! <= roomAt(h) && admits(guest, h)) return true;
      return false;
    };
    const staying = free.filter((guest) => !goes(guest));
    free = free.filter(goes);
    for (const guest of staying) memory[guestHost[guest]!]! += guestMemory[guest]!;
  }
  return { free, memory, mayStand };
};

/** Least and most that each host can carry of a measure. */
export interface Reach {
  readonly least: Float64Array;
  readonly most: Float64Array;
}

/** What each host carries of those that stay, and with the guests that bring most for their memory as far as they have room, one in part. */
export const reachOf = (state: State, { free, memory }: Ground, { carried, amount }: Measured): Reach => {
  const { guestHost, guestMemory, room } = state;
  const least = carried.slice();
  for (const guest of free) least[guestHost[guest]!]! -= amount[guest]!;
  const dense = Array.from(free).sort((a, b) => amount[b]! * guestMemory[a]! - amount[a]! * guestMemory[b]! || a - b);
  const most = least.map((held, host) => {
    let [left, sum] = [room[host]! - memory[host]!, held];
    for (const guest of dense) {
      if (left <= 0) break;
      const part = Math.min(1, left / guestMemory[guest]!);
      sum += part * amount[guest]!;
      left -= guestMemory[guest]!;
    }
    return sum;
  });
  return { least, most };
};

/** How far each host stays from a share of its capacity at least, whichever guests it has; in the unit of the measure. */
export const distances = (
  state: State,
  { free, memory, mayStand }: Ground,
  { capacity, amount }: Measured,
  { least, most }: Reach,
  share: number,
): Float64Array =>
  capacity.map((each, host) => {
    const wanted = share * each;
    const outside = Math.max(0, least[host]! - wanted, wanted - most[host]!);
    if (outside > 0 || free.length > sets) return outside;
    const able = free.filter((guest) => mayStand(guest, host));
    const spare = state.room[host]! - memory[host]!;
    let nearest = Infinity;
    const choose = (i: number, sum: number, taken: number): void => {
      if (taken > spare) return;
      nearest = Math.min(nearest, Math.abs(sum - wanted));
      for (let j = i; j < able.length && sum < wanted; j++)
        choose(j + 1, sum + amount[able[j]!]!, taken + state.guestMemory[able[j]!]!);
    };
    choose(0, least[host]!, 0);
    return nearest;
  });
