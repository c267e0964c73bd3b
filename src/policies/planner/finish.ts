/** Finish: the best few moves among a few hosts, by looking through all that could help. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { firstUpTo } from './fitting.js';
import type { State, Step } from './state.js';
import type { Walk } from './walk.js';

/** Moves that are looked through together at most; each multiplies what there is to look at. */
const deep = 3;

/** Places at which the search looks before it is given up. */
const looks = 300;

/** What came of it: the moves, and the sum of what all hosts are off after them. */
interface Finished {
  readonly steps: readonly Step[];
  readonly sum: number;
}

/**
 * Looks for moves among some hosts that leave the least sum of distances from the mean. The host that is furthest off takes part in each
 * move but the last, which is the one guest, found by its load, between a host above the mean and one below. The walk is left as it was.
 *
 * @param beat - the sum that must be beaten, over all hosts
 * @returns `undefined` where nothing beats it
 */
export const finish = (
  { state, hosts, at, x, z, perLoad, perByte, full }: Walk,
  among: readonly number[],
  moves: number,
  beat: number,
): Finished | undefined => {
  const { guestLoad, guestMemory, guestHost, on, admits, grouped }: State = state;
  const n = among.length;
  const guests = new Int32Array(deep);
  let depth = 0;
  let best: readonly Step[] | undefined;
  let least = beat;
  let work = 0;
  const mayGo = (guest: number, from: number, to: number): boolean =>
    at[guest] === from &&
    grouped[guest] === 0 &&
    z[to]! + guestMemory[guest]! * perByte[to]! <= full + 1e-12 &&
    admits(guest, to);
  const record = (sum: number, steps: readonly Step[]): void => {
    least = sum;
    // Each guest moves from where it stood at first, for none moves twice.
    best = [
      ...Array.from(guests.subarray(0, depth), (guest) => ({ guest, from: guestHost[guest]!, to: at[guest]! })),
      ...steps,
    ];
  };
  const last = (sum: number): void => {
    for (let i = 0; i < n; i++) {
      const from = among[i]!;
      const above = x[from]!;
      if (above <= 0) continue;
      for (let j = 0; j < n; j++) {
        const to = among[j]!;
        const below = x[to]!;
        const rest = sum - above + below;
        if (below >= 0 || rest >= least) continue;
        work++;
        const most = Math.max(above / perLoad[from]!, -below / perLoad[to]!);
        const enough = Math.min(above / perLoad[from]!, -below / perLoad[to]!);
        const list = on[from]!;
        // From the nearest that is more than both are off, down to the nearest that is less than either.
        for (let p = Math.max(0, firstUpTo(list, guestLoad, most) - 1); p < list.length; p++) {
          const guest = list[p]!;
          const load = guestLoad[guest]!;
          const left = rest + Math.abs(above - load * perLoad[from]!) + Math.abs(below + load * perLoad[to]!);
          if (left < least && mayGo(guest, from, to)) record(left, [{ guest, from, to }]);
          if (load < enough) break;
        }
      }
    }
  };
  const search = (left: number, sum: number): void => {
    work++;
    if (sum < least) record(sum, []);
    let furthest = among[0]!;
    let above = 0;
    let below = 0;
    for (let i = 0; i < n; i++) {
      const off = x[among[i]!]!;
      if (Math.abs(off) > Math.abs(x[furthest]!)) furthest = among[i]!;
      if (off > above) above = off;
      if (-off > below) below = -off;
    }
    if (left <= 1) {
      if (left === 1 && sum - above - below < least) last(sum);
      return;
    }
    const out = x[furthest]! > 0;
    for (let i = 0; i < n; i++) {
      const other = among[i]!;
      if (other === furthest) continue;
      const from = out ? furthest : other;
      const to = out ? other : furthest;
      for (const guest of on[from]!) {
        if (work > looks) return;
        if (!mayGo(guest, from, to)) continue;
        // One by one, for this is done a million times a second.
        const load = guestLoad[guest]!;
        const memory = guestMemory[guest]!;
        const xa = x[from]!;
        const xb = x[to]!;
        const za = z[from]!;
        const zb = z[to]!;
        x[from] = xa - load * perLoad[from]!;
        x[to] = xb + load * perLoad[to]!;
        z[from] = za - memory * perByte[from]!;
        z[to] = zb + memory * perByte[to]!;
        at[guest] = to;
        guests[depth++] = guest;
        search(left - 1, sum + Math.abs(x[from]) + Math.abs(x[to]) - Math.abs(xa) - Math.abs(xb));
        depth--;
        at[guest] = from;
        x[from] = xa;
        x[to] = xb;
        z[from] = za;
        z[to] = zb;
      }
    }
  };
  let sum = 0;
  for (const host of hosts) sum += Math.abs(x[host]!);
  search(Math.min(deep, moves), sum);
  return best && { steps: best, sum: least };
};
