/** Settle: lets every two hosts exchange up to four guests as long as that leaves less spread. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { markOf } from './chance.js';
import type { Pathfinder } from './path.js';
import { carry, enter, mayStand, passable, type Walk } from './walk.js';

/** Guests that two hosts exchange at once, at most; each multiplies what there is to look at. */
const deep = 4;

/** Guests of two hosts that are looked at, and exchanges among them, at most. */
const most = 64;
const looks = 3_000;

/** Hosts of which any two exchange guests; of more, only those that guests have left or come to. */
const fewHosts = 20;

/** Gain that is worth an exchange, as a share of one host's capacity. */
const noticeable = 1e-7;

/** Places of the table of pairs of hosts that have nothing to exchange; a power of two. */
const places = 1 << 16;

/** How to settle. */
interface Settling {
  /** Moves at most. */
  readonly moves: number;
  /** Where given, only exchanges are made after which there is an order of so many moves. */
  readonly finder: Pathfinder | undefined;
}

/** Settles a walk where it stands, and gives the spread that is left. */
export type Settler = (how: Settling) => number;

/**
 * Local search over pairs of hosts: of all exchanges of up to four guests that two hosts can make without a move too many, the best, until
 * no two hosts have one. A guest that goes home gives its move back. Members of groups stay where they are. Pairs that were found to have
 * nothing to exchange are known by what stands on them, so that walks that end near each other cost little. What else weighs on a pair where squares
 * count, the spread of all others, is left out of that.
 */
export const settlerOf = (walk: Walk): Settler => {
  const { state, goal, hosts, at, x, z, perLoad, perByte, full, moved, counts } = walk;
  const { guestLoad, guestMemory, guestHost, grouped, on } = state;
  const [ofCpu, ofMemory] = [goal.of.cpu, goal.of.memory];
  const flat = goal.by === 'standard deviation' ? 0 : goal.by === 'both' ? 0.5 : 1;
  const n = hosts.length;
  const settled = new Int32Array(places);
  const marks = Int32Array.from(at.keys(), markOf);
  const hash = new Int32Array(n);
  const touched = new Uint8Array(n);
  const lists: number[][] = Array.from({ length: n }, () => []);
  // Guests of two hosts: who they are, what they would take over, and what that does to the number of moves.
  const id = new Int32Array(most);
  const load = new Float64Array(most);
  const memory = new Float64Array(most);
  const cost = new Int32Array(most);
  const picked = new Int32Array(deep);
  const chosen = new Int32Array(deep);
  let size = 0;
  let givers = 0;

  const enlist = (host: number, other: number, sign: 1 | -1): void => {
    const list = lists[host]!;
    for (let k = 0; k < list.length && size < most; k++) {
      const guest = list[k]!;
      const home = guestHost[guest]!;
      if (other !== home && !mayStand(walk, guest, other)) continue;
      let p = size++;
      if (other === home) {
        // Those that give a move back stand first.
        id[p] = id[givers]!;
        load[p] = load[givers]!;
        memory[p] = memory[givers]!;
        cost[p] = cost[givers]!;
        p = givers++;
      }
      id[p] = guest;
      load[p] = sign * guestLoad[guest]!;
      memory[p] = sign * guestMemory[guest]!;
      cost[p] = home === host ? 1 : home === other ? -1 : 0;
    }
  };
  const exchange = (list: Int32Array, count: number, a: number, b: number): void => {
    for (let q = 0; q < count; q++) {
      const guest = id[list[q]!]!;
      enter(walk, guest, at[guest] === a ? b : a);
    }
  };

  return ({ moves, finder }) => {
    let [sumX, squareX, sumZ, squareZ] = [0, 0, 0, 0];
    let [offX, offZ] = [0, 0];
    for (let h = 0; h < n; h++) {
      touched[h] = 0;
      offX += Math.abs(x[h]!);
      sumX += x[h]!;
      squareX += x[h]! * x[h]!;
      offZ += Math.abs(z[h]!);
      sumZ += z[h]!;
      squareZ += z[h]! * z[h]!;
    }
    const under = moved.subarray(0, counts[0]);
    for (const guest of under) touched[at[guest]!] = touched[guestHost[guest]!] = 1;
    const among = n > fewHosts ? hosts.filter((host) => touched[host] === 1) : hosts;
    for (const host of among) {
      const list: number[] = [];
      const add = (guest: number): void => {
        hash[host]! += marks[guest]!;
        if (grouped[guest] === 0) list.push(guest);
      };
      hash[host] = markOf(-1 - host);
      for (const guest of on[host]!) if (at[guest] === host) add(guest);
      for (const guest of under) if (at[guest] === host) add(guest);
      lists[host] = list;
    }
    /** The spread, from sums over all hosts. */
    const spread = (off: number, sum: number, square: number, offM: number, sumM: number, squareM: number): number => {
      let all = (flat * (ofCpu * off + ofMemory * offM)) / n;
      if (flat === 1) return all;
      const varianceX = square / n - (sum / n) ** 2;
      const varianceZ = squareM / n - (sumM / n) ** 2;
      if (ofCpu > 0 && varianceX > 0) all += (1 - flat) * ofCpu * Math.sqrt(varianceX);
      if (ofMemory > 0 && varianceZ > 0) all += (1 - flat) * ofMemory * Math.sqrt(varianceZ);
      return all;
    };
    /** Makes the best exchange of two hosts, if there is one. */
    const serve = (a: number, b: number): boolean => {
      const slack = moves - counts[0]!;
      if (slack === 0 && touched[a] === 0 && touched[b] === 0) return false;
      const key = (Math.imul(hash[a]!, 31) + hash[b]! + Math.imul(slack, 0x51ed27)) | 1;
      const place = (key ^ (key >>> 15)) & (places - 1);
      if (settled[place] === key) return false;
      size = givers = 0;
      enlist(a, b, 1);
      enlist(b, a, -1);
      const [xa, xb, za, zb] = [x[a]!, x[b]!, z[a]!, z[b]!];
      const [pa, pb, qa, qb] = [perLoad[a]!, perLoad[b]!, perByte[a]!, perByte[b]!];
      const restX = offX - Math.abs(xa) - Math.abs(xb);
      const restZ = offZ - Math.abs(za) - Math.abs(zb);
      let best = spread(offX, sumX, squareX, offZ, sumZ, squareZ) - noticeable / n;
      let count = 0;
      let looked = 0;
      let refused = 0;
      const search = (first: number, depth: number, l: number, m: number, spent: number): void => {
        for (let k = first; k < size; k++) {
          if (looked++ > looks) return;
          const now = spent + cost[k]!;
          const l2 = l + load[k]!;
          const m2 = m + memory[k]!;
          if (now <= slack) {
            const ya = xa - l2 * pa;
            const yb = xb + l2 * pb;
            const wa = za - m2 * qa;
            const wb = zb + m2 * qb;
            const off = restX + Math.abs(ya) + Math.abs(yb);
            const offM = restZ + Math.abs(wa) + Math.abs(wb);
            const left =
              flat === 1
                ? (ofCpu * off + ofMemory * offM) / n
                : spread(
                    off,
                    sumX + l2 * (pb - pa),
                    squareX + ya * ya + yb * yb - xa * xa - xb * xb,
                    offM,
                    sumZ + m2 * (qb - qa),
                    squareZ + wa * wa + wb * wb - za * za - zb * zb,
                  );
            if (left < best && wa <= full + 1e-12 && wb <= full + 1e-12) {
              picked[depth] = k;
              let may = true;
              if (finder) {
                exchange(picked, depth + 1, a, b);
                may = passable(walk, finder, moves);
                exchange(picked, depth + 1, a, b);
              }
              if (may) {
                best = left;
                count = depth + 1;
                for (let q = 0; q < count; q++) chosen[q] = picked[q]!;
              } else refused++;
            }
          } else if (k >= givers) continue;
          if (depth + 1 < deep) {
            picked[depth] = k;
            search(k + 1, depth + 1, l2, m2, now);
          }
        }
      };
      search(0, 0, 0, 0, 0);
      if (count === 0) {
        if (refused === 0) settled[place] = key;
        return false;
      }
      exchange(chosen, count, a, b);
      for (let q = 0; q < count; q++) {
        const guest = id[chosen[q]!]!;
        const to = at[guest]!;
        const from = to === a ? b : a;
        carry(walk, from, to, guestLoad[guest]!, guestMemory[guest]!);
        lists[from]!.splice(lists[from]!.indexOf(guest), 1);
        lists[to]!.push(guest);
        hash[from]! -= marks[guest]!;
        hash[to]! += marks[guest]!;
      }
      touched[a] = touched[b] = 1;
      offX = restX + Math.abs(x[a]!) + Math.abs(x[b]!);
      offZ = restZ + Math.abs(z[a]!) + Math.abs(z[b]!);
      sumX += x[a]! + x[b]! - xa - xb;
      sumZ += z[a]! + z[b]! - za - zb;
      squareX += x[a]! ** 2 + x[b]! ** 2 - xa * xa - xb * xb;
      squareZ += z[a]! ** 2 + z[b]! ** 2 - za * za - zb * zb;
      return true;
    };
    for (let exchanged = true; exchanged;) {
      exchanged = false;
      for (let i = 0; i < among.length; i++)
        for (let j = i + 1; j < among.length; j++) if (serve(among[i]!, among[j]!)) exchanged = true;
    }
    return spread(offX, sumX, squareX, offZ, sumZ, squareZ);
  };
};
