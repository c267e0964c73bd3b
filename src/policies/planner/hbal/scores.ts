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
  // Sums, then sums of squares; then both without what the instance in hand does to its own node, and its own utilisation. Flat
  // arrays hold them, for what changes in a closure is boxed anew each time.
  const all = new Float64Array(6);
  const rest = new Float64Array(6);
  const own = new Int32Array(1);
  const atIdeal = (kind: number, f: number, u: number, d: number): number => {
    const m = memoryShare[kind * count + own[0]!]!;
    const v = vcpuShare[kind * count + own[0]!]!;
    const w = demand[own[0]!]!;
    const s1 = (rest[0]! - m) / n;
    const s2 = (rest[1]! + v) / n;
    const s3 = rest[2]! / n;
    const v1 = (rest[3]! - m * (2 * f - m)) / n - s1 * s1;
    const v2 = (rest[4]! + v * (2 * u + v)) / n - s2 * s2;
    const v3 = (rest[5]! + w * (2 * d + w)) / n - s3 * s3;
    return (v1 > 0 ? Math.sqrt(v1) : 0) + (v2 > 0 ? Math.sqrt(v2) : 0) + (v3 > 0 ? Math.sqrt(v3) : 0);
  };
  return {
    free,
    used,
    util,
    atIdeal,
    at: (node) => atIdeal(kindOf[node]!, free[node]!, used[node]!, util[node]!),
    take: (guest) => {
      own[0] = guest;
      const from = host[guest]!;
      const kind = kindOf[from]!;
      const m = memoryShare[kind * count + guest]!;
      const v = vcpuShare[kind * count + guest]!;
      const w = demand[guest]!;
      rest[0] = all[0]! + m;
      rest[1] = all[1]! - v;
      rest[2] = all[2]!;
      rest[3] = all[3]! + m * (2 * free[from]! + m);
      rest[4] = all[4]! - v * (2 * used[from]! - v);
      rest[5] = all[5]! - w * (2 * util[from]! - w);
    },
    refresh: () => {
      all.fill(0);
      for (let h = 0; h < n; h++) {
        const f = nodes.free[h]! / totalMemory[h]! - middle[0]!;
        const u = nodes.used[h]! / processors[h]! - middle[1]!;
        const d = nodes.util[h]! - middle[2]!;
        free[h] = f;
        used[h] = u;
        util[h] = d;
        all[0]! += f;
        all[1]! += u;
        all[2]! += d;
        all[3]! += f * f;
        all[4]! += u * u;
        all[5]! += d * d;
      }
    },
  };
};
