/** Pairs: what stands on the hosts of a walk, two at a time, and all that two of them could exchange. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { markOf } from './chance.js';
import type { Leeway } from './leeway.js';
import { carry, enter, mayStand, type Walk } from './walk.js';

/** Guests of two hosts that are looked at, and exchanges among them, at most. */
const most = 64;
const looks = 3_000;

/** Hosts of which any two exchange guests; of more, only those that guests have left or come to. */
const fewHosts = 20;

/** Moves from which there are too many pairs, and how many hosts then make pairs: those that are furthest from the mean. */
const manyMoves = 40;
const furthestHosts = 24;

/** Guests that an exchange has, at most. */
const deepest = 4;

/** Told of an exchange: how many guests, what goes over from the first host to the second, and what that takes of the budget or gives back. */
export type Visit = (count: number, load: number, memory: number, cost: number) => void;

/** Hosts of a walk two at a time. Guests that are members of groups stay out of it. */
export interface Pairs {
  /** Takes up where the walk stands; the hosts that may exchange guests. */
  readonly begin: () => Int32Array;
  /** Whether guests have left a host or come to it. */
  readonly touched: Uint8Array;
  /** A number for what stands on two hosts. */
  readonly keyOf: (a: number, b: number) => number;
  /** Tells of all exchanges within a leeway of so many guests that take so much of the budget at most; those with many guests are cut off. */
  readonly through: (a: number, b: number, deep: number, limit: number, leeway: Leeway, visit: Visit) => void;
  /** The guests of the exchange that is told of. */
  readonly picked: Int32Array;
  /** Puts guests on the other one of two hosts, or back, for as long as something is asked of the walk. */
  readonly swap: (guests: ArrayLike<number>, count: number, a: number, b: number) => void;
  /** Lets two hosts exchange guests for good. */
  readonly make: (guests: ArrayLike<number>, count: number, a: number, b: number) => void;
}

export const pairsOf = (walk: Walk): Pairs => {
  const { state, goal, hosts, at, moved, counts, price } = walk;
  const { guestLoad, guestMemory, guestHost, grouped, on } = state;
  const n = hosts.length;
  const marks = Int32Array.from(at.keys(), markOf);
  const hash = new Int32Array(n);
  const touched = new Uint8Array(n);
  const lists: number[][] = Array.from({ length: n }, () => []);
  // Guests of two hosts: who they are, what they would take over, and what that takes of the budget.
  const id = new Int32Array(most);
  const load = new Float64Array(most);
  const memory = new Float64Array(most);
  const cost = new Float64Array(most);
  const picked = new Int32Array(deepest);
  // The most and the least that any guest from there on would take over, or nothing.
  const above = { load: new Float64Array(most + 1), memory: new Float64Array(most + 1) };
  const below = { load: new Float64Array(most + 1), memory: new Float64Array(most + 1) };
  let size = 0;
  let givers = 0;

  const mostOf = (amounts: Float64Array, high: Float64Array, low: Float64Array): void => {
    high[size] = low[size] = 0;
    for (let p = size - 1; p >= 0; p--) {
      high[p] = Math.max(high[p + 1]!, amounts[p]!);
      low[p] = Math.min(low[p + 1]!, amounts[p]!);
    }
  };

  const enlist = (host: number, other: number, sign: 1 | -1): void => {
    const list = lists[host]!;
    for (let k = 0; k < list.length && size < most; k++) {
      const guest = list[k]!;
      const home = guestHost[guest]!;
      if (other !== home && !mayStand(walk, guest, other)) continue;
      let p = size++;
      if (other === home) {
        // Those that give back what they took stand first.
        id[p] = id[givers]!;
        load[p] = load[givers]!;
        memory[p] = memory[givers]!;
        cost[p] = cost[givers]!;
        p = givers++;
      }
      id[p] = guest;
      load[p] = sign * guestLoad[guest]!;
      memory[p] = sign * guestMemory[guest]!;
      cost[p] = home === host ? price[guest]! : home === other ? -price[guest]! : 0;
    }
  };

  const off = (host: number): number =>
    goal.of.cpu * Math.abs(walk.x[host]!) + goal.of.memory * Math.abs(walk.z[host]!);
  /** Of hosts those that are furthest from the mean, in the order given. */
  const furthest = (among: Int32Array): Int32Array => {
    if (counts[0]! <= manyMoves || among.length <= furthestHosts) return among;
    const bar = Float64Array.from(among, off).sort()[among.length - furthestHosts]!;
    return among.filter((host) => off(host) >= bar).subarray(0, furthestHosts);
  };

  return {
    touched,
    picked,
    begin: () => {
      touched.fill(0);
      const under = moved.subarray(0, counts[0]);
      for (const guest of under) touched[at[guest]!] = touched[guestHost[guest]!] = 1;
      const among = n > fewHosts ? furthest(hosts.filter((host) => touched[host] === 1)) : hosts;
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
      return among;
    },
    keyOf: (a, b) => Math.imul(hash[a]!, 31) + hash[b]!,
    through: (a, b, deep, limit, leeway, visit) => {
      size = givers = 0;
      enlist(a, b, 1);
      enlist(b, a, -1);
      mostOf(load, above.load, below.load);
      mostOf(memory, above.memory, below.memory);
      let looked = 0;
      const search = (first: number, depth: number, l: number, m: number, spent: number): void => {
        const left = deep - depth - 1;
        for (let k = first; k < size; k++) {
          if (looked++ > looks) return;
          const now = spent + cost[k]!;
          if (now > limit && k >= givers) continue;
          picked[depth] = id[k]!;
          const goes = l + load[k]!;
          const takes = m + memory[k]!;
          if (
            now <= limit &&
            goes >= leeway.load.low &&
            goes <= leeway.load.high &&
            takes >= leeway.memory.low &&
            takes <= leeway.memory.high
          )
            visit(depth + 1, goes, takes, now);
          // Guests that are still to be picked cannot bring it back by more than so much each.
          if (
            left > 0 &&
            goes + left * above.load[k + 1]! >= leeway.load.low &&
            goes + left * below.load[k + 1]! <= leeway.load.high &&
            takes + left * above.memory[k + 1]! >= leeway.memory.low &&
            takes + left * below.memory[k + 1]! <= leeway.memory.high
          )
            search(k + 1, depth + 1, goes, takes, now);
        }
      };
      search(0, 0, 0, 0, 0);
    },
    swap: (guests, count, a, b) => {
      for (let q = 0; q < count; q++) enter(walk, guests[q]!, at[guests[q]!] === a ? b : a);
    },
    make: (guests, count, a, b) => {
      for (let q = 0; q < count; q++) {
        const guest = guests[q]!;
        const from = at[guest]!;
        const to = from === a ? b : a;
        enter(walk, guest, to);
        carry(walk, from, to, guestLoad[guest]!, guestMemory[guest]!);
        lists[from]!.splice(lists[from]!.indexOf(guest), 1);
        lists[to]!.push(guest);
        hash[from]! -= marks[guest]!;
        hash[to]! += marks[guest]!;
      }
      touched[a] = touched[b] = 1;
    },
  };
};
