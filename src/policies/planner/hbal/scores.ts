/** Scores: what hbal's score would gain by any one move, in constant time from sums and sums of squares. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of nodes, instances and measures by construction */
import type { Dominance } from './dominance.js';
import type { Nodes } from './nodes.js';

/** Free memory, taken processors, utilisation. */
const measures = 3;

/**
 * A variance below this is not told from nothing: rounding of the sums would show in its root. Roots of such are taken as nothing,
 * which is never too much.
 */
export const dim = 1e-10;

/** Gains of moves from one state of the nodes. */
export interface Scores {
  /** Takes the nodes as they are now. */
  readonly refresh: () => void;
  /** Takes up an instance where it stands; what follows is about it. */
  readonly take: (guest: number) => void;
  /** What the score gains on each of so many nodes of one kind, never too little; the largest of them but of its own node. */
  readonly weigh: (kind: number, nodes: ArrayLike<number>, count: number, gains: Float64Array) => number;
  /** Below which a variance of each measure cannot be told; below nothing for one that no instance takes anything of. */
  readonly floor: Float64Array;
  /** 1 once a variance was too small to tell; for the caller to reset. */
  readonly dimmed: Uint8Array;
  /** The share of memory that is free on each node, that of processors that is taken, and utilisation, all less a constant. */
  readonly free: Float64Array;
  readonly used: Float64Array;
  readonly util: Float64Array;
  /** What a mebibyte and a virtual processor are as shares of a node of each kind. */
  readonly perMemory: Float64Array;
  readonly perProcessor: Float64Array;
  /** Of each measure: the sum of shares around their first mean, their variance, the lowest and the highest. */
  readonly sum: Float64Array;
  readonly variance: Float64Array;
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
}

/** Prepares scores. All shares are taken around their means of the beginning, so that little is lost in differences of squares. */
export const scoresOf = (nodes: Nodes, { kinds, kindOf }: Dominance): Scores => {
  const { totalMemory, processors, memory, vcpus, demand, host } = nodes;
  const n = totalMemory.length;
  const free = new Float64Array(n);
  const used = new Float64Array(n);
  const util = new Float64Array(n);
  const perMemory = Float64Array.from(kinds, (members) => 1 / totalMemory[members[0]!]!);
  const perProcessor = Float64Array.from(kinds, (members) => 1 / processors[members[0]!]!);
  const middle = new Float64Array(measures);
  for (let h = 0; h < n; h++) {
    middle[0]! += nodes.free[h]! / totalMemory[h]! / n;
    middle[1]! += nodes.used[h]! / processors[h]! / n;
    middle[2]! += nodes.util[h]! / n;
  }
  const sum = new Float64Array(measures);
  const squares = new Float64Array(measures);
  const variance = new Float64Array(measures);
  const lowest = new Float64Array(measures);
  const highest = new Float64Array(measures);
  const dimmed = new Uint8Array(1);
  // A measure of which no instance takes anything stays as it is, however small.
  const silent = [memory, vcpus, demand].map((amounts) => amounts.every((each) => each === 0));
  const floor = Float64Array.from(silent, (each) => (each ? -1 : dim));
  // Sums and sums of squares without what the instance in hand does to its own node, what it takes, and the score as it is. Flat
  // arrays hold them, for what changes in a closure is boxed anew each time.
  const rest = new Float64Array(2 * measures);
  const own = new Float64Array(measures);
  const standing = new Int32Array(1);
  const root = new Float64Array(1);
  const measure = (k: number, shares: Float64Array): void => {
    let [all, squared, low, high] = [0, 0, Infinity, -Infinity];
    for (let h = 0; h < n; h++) {
      const share = shares[h]!;
      all += share;
      squared += share * share;
      if (share < low) low = share;
      if (share > high) high = share;
    }
    sum[k] = all;
    squares[k] = squared;
    variance[k] = Math.max(0, squared / n - (all / n) ** 2);
    lowest[k] = low;
    highest[k] = high;
  };
  return {
    free,
    used,
    util,
    perMemory,
    perProcessor,
    floor,
    sum,
    variance,
    lowest,
    highest,
    dimmed,
    refresh: () => {
      for (let h = 0; h < n; h++) {
        free[h] = nodes.free[h]! / totalMemory[h]! - middle[0]!;
        used[h] = nodes.used[h]! / processors[h]! - middle[1]!;
        util[h] = nodes.util[h]! - middle[2]!;
      }
      measure(0, free);
      measure(1, used);
      measure(2, util);
      root[0] = Math.sqrt(variance[0]!) + Math.sqrt(variance[1]!) + Math.sqrt(variance[2]!);
    },
    take: (guest) => {
      const from = (standing[0] = host[guest]!);
      const kind = kindOf[from]!;
      const m = (own[0] = memory[guest]!) * perMemory[kind]!;
      const v = (own[1] = vcpus[guest]!) * perProcessor[kind]!;
      const w = (own[2] = demand[guest]!);
      rest[0] = sum[0]! + m;
      rest[1] = sum[1]! - v;
      rest[2] = sum[2]! - w;
      rest[3] = squares[0]! + m * (2 * free[from]! + m);
      rest[4] = squares[1]! - v * (2 * used[from]! - v);
      rest[5] = squares[2]! - w * (2 * util[from]! - w);
    },
    weigh: (kind, among, count, gains) => {
      const m = own[0]! * perMemory[kind]!;
      const v = own[1]! * perProcessor[kind]!;
      const w = own[2]!;
      const s1 = (rest[0]! - m) / n;
      const s2 = (rest[1]! + v) / n;
      const s3 = (rest[2]! + w) / n;
      const c1 = (rest[3]! + m * m) / n - s1 * s1;
      const c2 = (rest[4]! + v * v) / n - s2 * s2;
      const c3 = (rest[5]! + w * w) / n - s3 * s3;
      const d1 = (2 * m) / n;
      const d2 = (2 * v) / n;
      const d3 = (2 * w) / n;
      const [f1, f2, f3] = [floor[0]!, floor[1]!, floor[2]!];
      const before = root[0]!;
      const at = standing[0]!;
      let most = -Infinity;
      for (let i = 0; i < count; i++) {
        const node = among[i]!;
        const v1 = c1 - d1 * free[node]!;
        const v2 = c2 + d2 * used[node]!;
        const v3 = c3 + d3 * util[node]!;
        if (v1 < f1 || v2 < f2 || v3 < f3) dimmed[0] = 1;
        const gain =
          before - (v1 > dim ? Math.sqrt(v1) : 0) - (v2 > dim ? Math.sqrt(v2) : 0) - (v3 > dim ? Math.sqrt(v3) : 0);
        gains[i] = gain;
        if (gain > most && node !== at) most = gain;
      }
      return most;
    },
  };
};
