/** Scores: what hbal's score would be after any one move, in constant time from sums and sums of squares. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of nodes and instances by construction */
import type { Nodes } from './nodes.js';

/** Scores of moves from one state of the nodes. */
export interface Scores {
  /** Takes the nodes as they are now. */
  readonly refresh: () => void;
  /** Takes up an instance where it stands; what follows is about it. */
  readonly take: (guest: number) => void;
  /** The score once it stands on a node. */
  readonly at: (node: number) => number;
  /** The score once it stood on a node of a kind that had the given shares before. */
  readonly atIdeal: (kind: number, free: number, used: number, util: number) => number;
  /** Share of memory that is free on each node, less a constant; of processors taken; and utilisation. */
  readonly free: Float64Array;
  readonly used: Float64Array;
  readonly util: Float64Array;
}

/**
 * Prepares scores. All shares are taken around their means of the beginning, so that little is lost in differences of squares.
 *
 * @param kinds - nodes of equal memory and equal processors
 */
export const scoresOf = (nodes: Nodes, kinds: readonly (readonly number[])[]): Scores => {
  const { totalMemory, processors, memory, vcpus, demand, host } = nodes;
  const n = totalMemory.length;
  const count = memory.length;
  const free = new Float64Array(n);
  const used = new Float64Array(n);
  const util = new Float64Array(n);
  const kindOf = new Int32Array(n);
  kinds.forEach((members, kind) => members.forEach((h) => (kindOf[h] = kind)));
  // What each instance is on a node of each kind.
  const memoryShare = new Float64Array(count * kinds.length);
  const vcpuShare = new Float64Array(count * kinds.length);
  kinds.forEach((members, kind) => {
    for (let g = 0; g < count; g++) {
      memoryShare[kind * count + g] = memory[g]! / totalMemory[members[0]!]!;
      vcpuShare[kind * count + g] = vcpus[g]! / processors[members[0]!]!;
    }
  });
  const middle = [0, 0, 0];
  for (let h = 0; h < n; h++) {
    middle[0]! += nodes.free[h]! / totalMemory[h]! / n;
    middle[1]! += nodes.used[h]! / processors[h]! / n;
    middle[2]! += nodes.util[h]! / n;
  }
  let sf = 0;
  let su = 0;
  let sd = 0;
  let qf = 0;
  let qu = 0;
  let qd = 0;
  // Of the instance in hand: the sums without what it does to its own node, and its own utilisation.
  let guest = 0;
  let sf1 = 0;
  let su1 = 0;
  let qf1 = 0;
  let qu1 = 0;
  let qd1 = 0;
  let w = 0;
  const atIdeal = (kind: number, f: number, u: number, d: number): number => {
    const m = memoryShare[kind * count + guest]!;
    const v = vcpuShare[kind * count + guest]!;
    const s1 = (sf1 - m) / n;
    const s2 = (su1 + v) / n;
    const s3 = sd / n;
    const v1 = (qf1 - m * (2 * f - m)) / n - s1 * s1;
    const v2 = (qu1 + v * (2 * u + v)) / n - s2 * s2;
    const v3 = (qd1 + w * (2 * d + w)) / n - s3 * s3;
    return (v1 > 0 ? Math.sqrt(v1) : 0) + (v2 > 0 ? Math.sqrt(v2) : 0) + (v3 > 0 ? Math.sqrt(v3) : 0);
  };
  return {
    free,
    used,
    util,
    atIdeal,
    at: (node) => atIdeal(kindOf[node]!, free[node]!, used[node]!, util[node]!),
    take: (next) => {
      guest = next;
      const from = host[guest]!;
      const kind = kindOf[from]!;
      const m = memoryShare[kind * count + guest]!;
      const v = vcpuShare[kind * count + guest]!;
      w = demand[guest]!;
      sf1 = sf + m;
      su1 = su - v;
      qf1 = qf + m * (2 * free[from]! + m);
      qu1 = qu - v * (2 * used[from]! - v);
      qd1 = qd - w * (2 * util[from]! - w);
    },
    refresh: () => {
      sf = su = sd = qf = qu = qd = 0;
      for (let h = 0; h < n; h++) {
        const f = nodes.free[h]! / totalMemory[h]! - middle[0]!;
        const u = nodes.used[h]! / processors[h]! - middle[1]!;
        const d = nodes.util[h]! - middle[2]!;
        free[h] = f;
        used[h] = u;
        util[h] = d;
        sf += f;
        su += u;
        sd += d;
        qf += f * f;
        qu += u * u;
        qd += d * d;
      }
    },
  };
};
