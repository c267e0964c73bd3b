/** Hopes: for each instance a gain that no move of it can exceed, kept from step to step and renewed only where it matters. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of nodes, instances and measures by construction */
import type { State, Step } from '../state.js';
import type { Dominance } from './dominance.js';
import type { Front } from './fronts.js';
import type { Nodes } from './nodes.js';
import { dim, type Scores } from './scores.js';

/** Bounds on gains. */
export interface Hopes {
  /** Instances that may move at all. */
  readonly movers: Int32Array;
  /** Of each mover a gain that none of its moves exceeds as things stand. */
  readonly most: Float64Array;
  /** Brings all bounds to the state after the last step, or to the first one. */
  readonly raise: (last: Step | undefined) => void;
  /** Bounds a mover by a node that had the best of all that it might go to. */
  readonly renew: (mover: number) => void;
  /** The most that any move of a mover has just been found to gain. */
  readonly settle: (mover: number, gain: number) => void;
}

/** How far above the highest share of today a share may grow before all bounds are made anew, as a part of the range. */
const headroom = 0.1;

const rootOf = (variance: number): number => (variance > dim ? Math.sqrt(variance) : 0);

/** How far the largest is above the smallest. */
const spanOf = (values: Float64Array): number =>
  values.reduce((most, each) => Math.max(most, each), -Infinity) -
  values.reduce((least, each) => Math.min(least, each), Infinity);

/**
 * A move changes the variance V of each measure by an amount y that depends on its two nodes alone where all nodes are equal, and gains
 * √V - √(V + y) of it. Where other steps bring V to V', the candidate gains more by h(y) = √V' - √(V' + y) - √V + √(V + y), which falls with y where V
 * falls, and rises with y where V rises. So what no move of an instance can exceed grows by at most what its ideal node would gain
 * more, that brings down each variance by as much as any; and, where V rises, by what the worst would gain more. It is kept as the
 * ideal less a gap. A node that has become worse leaves bounds as they are; one that has become better is looked at,
 * if it is not dominated. Where nodes differ the mean moves too, and with it each change by up to a little, by which its range grows.
 */
export const hopesOf = (
  { plain }: State,
  nodes: Nodes,
  { kinds, kindOf, beaten, dominates }: Dominance,
  scores: Scores,
  fronts: readonly Front[],
): Hopes => {
  const { memory, vcpus, demand, movable, host } = nodes;
  const { floor, sum, variance, highest, lowest, perMemory, perProcessor, free, used, util } = scores;
  const n = free.length;
  const movers = Int32Array.from(memory.keys()).filter((guest) => movable[guest] === 1 && host[guest]! >= 0);
  const count = movers.length;
  const most = new Float64Array(count);
  const gap = new Float64Array(count);
  // The lowest and the highest change of each variance that any move of a mover brings, and the roots of what the lowest leaves.
  const [low1, low2, low3] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const [high1, high2, high3] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const [root1, root2, root3] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const before = new Float64Array(3);
  const sumBefore = new Float64Array(3);
  const ceiling = new Float64Array(3);
  const total = new Float64Array(1);
  // How much shares of one instance differ between nodes, by what it takes; and by how much moving means may have shifted changes.
  const [apart1, apart2] = [spanOf(perMemory), spanOf(perProcessor)];
  /** What the instance in hand does to its own node, and then what each variance changes by: a constant, and a slope by the share there. */
  const left = new Float64Array(5);
  const toward = new Float64Array(6);
  const leave = (guest: number): void => {
    const from = host[guest]!;
    const kind = kindOf[from]!;
    const m = memory[guest]! * perMemory[kind]!;
    const v = vcpus[guest]! * perProcessor[kind]!;
    const w = demand[guest]!;
    left[0] = m * (2 * free[from]! + m);
    left[1] = v * (v - 2 * used[from]!);
    left[2] = 2 * w * (w - util[from]!);
    left[3] = m;
    left[4] = v;
  };
  const approach = (guest: number, kind: number): void => {
    const m = memory[guest]! * perMemory[kind]!;
    const v = vcpus[guest]! * perProcessor[kind]!;
    const s1 = left[3]! - m;
    const s2 = v - left[4]!;
    toward[0] = (left[0]! + m * m - (s1 * (2 * sum[0]! + s1)) / n) / n;
    toward[1] = (left[1]! + v * v - (s2 * (2 * sum[1]! + s2)) / n) / n;
    toward[2] = left[2]! / n;
    toward[3] = (-2 * m) / n;
    toward[4] = (2 * v) / n;
    toward[5] = (2 * demand[guest]!) / n;
  };
  const largestChange = (i: number): void => {
    const guest = movers[i]!;
    leave(guest);
    let y1 = -Infinity;
    let y2 = -Infinity;
    let y3 = -Infinity;
    for (let kind = 0; kind < kinds.length; kind++) {
      approach(guest, kind);
      y1 = Math.max(y1, toward[0]! - toward[3]! * ceiling[0]!);
      y2 = Math.max(y2, toward[1]! + toward[4]! * ceiling[1]!);
      y3 = Math.max(y3, toward[2]! + toward[5]! * ceiling[2]!);
    }
    high1[i] = y1;
    high2[i] = y2;
    high3[i] = y3;
  };
  const settle = (i: number, bound: number): void => {
    gap[i] = total[0]! - root1[i]! - root2[i]! - root3[i]! - bound;
    most[i] = bound;
  };
  const renew = (i: number): void => {
    const guest = movers[i]!;
    leave(guest);
    let bound = -Infinity;
    let y1 = Infinity;
    let y2 = Infinity;
    let y3 = Infinity;
    for (let kind = 0; kind < fronts.length; kind++) {
      const front = fronts[kind]!;
      const last = front.roomFor(memory[guest]!) - 1;
      if (last < 0) continue;
      approach(guest, kind);
      const v1 = toward[0]! + toward[3]! * front.free[0]!;
      const v2 = toward[1]! + toward[4]! * front.leastUsed[last]!;
      const v3 = toward[2]! + toward[5]! * front.leastUtil[last]!;
      const gain = total[0]! - rootOf(variance[0]! + v1) - rootOf(variance[1]! + v2) - rootOf(variance[2]! + v3);
      if (gain > bound) bound = gain;
      if (v1 < y1) y1 = v1;
      if (v2 < y2) y2 = v2;
      if (v3 < y3) y3 = v3;
    }
    if (bound === -Infinity) y1 = y2 = y3 = 0;
    low1[i] = y1;
    low2[i] = y2;
    low3[i] = y3;
    root1[i] = rootOf(variance[0]! + y1);
    root2[i] = rootOf(variance[1]! + y2);
    root3[i] = rootOf(variance[2]! + y3);
    settle(i, bound);
  };
  /** A node has become better, and the mover might go there. */
  const admit = (i: number, node: number): void => {
    leave(movers[i]!);
    approach(movers[i]!, kindOf[node]!);
    const v1 = toward[0]! + toward[3]! * free[node]!;
    const v2 = toward[1]! + toward[4]! * used[node]!;
    const v3 = toward[2]! + toward[5]! * util[node]!;
    const gain = total[0]! - rootOf(variance[0]! + v1) - rootOf(variance[1]! + v2) - rootOf(variance[2]! + v3);
    if (v1 < low1[i]!) root1[i] = rootOf(variance[0]! + (low1[i] = v1));
    if (v2 < low2[i]!) root2[i] = rootOf(variance[1]! + (low2[i] = v2));
    if (v3 < low3[i]!) root3[i] = rootOf(variance[2]! + (low3[i] = v3));
    settle(i, Math.max(gain, most[i]!));
  };
  /** Takes in what a step did to its two nodes. */
  const mend = ({ from, to }: Step): void => {
    const by = beaten[from]!;
    // What dominates a dominator dominates too, so the only one is itself undominated.
    const only = by === 1 ? kinds[kindOf[from]!]!.find((node) => dominates(node, from))! : -1;
    for (let i = 0; i < count; i++) {
      const guest = movers[i]!;
      const at = host[guest]!;
      // What stands on the node that took it in has more to gain by leaving; what stands on the other, less.
      if (at === to) {
        renew(i);
        largestChange(i);
      } else if (at === from) largestChange(i);
      // The other may have become the best for anybody, unless another is better still.
      else if ((by === 0 || at === only || plain[guest] === 0) && nodes.free[from]! > memory[guest]!) admit(i, from);
    }
  };
  /** Whether no node is worse off than it might have been. */
  const below = (): boolean => -lowest[0]! <= ceiling[0]! && highest[1]! <= ceiling[1]! && highest[2]! <= ceiling[2]!;
  const restart = (): void => {
    ceiling[0] = headroom * (highest[0]! - lowest[0]!) - lowest[0]!;
    ceiling[1] = headroom * (highest[1]! - lowest[1]!) + highest[1]!;
    ceiling[2] = headroom * (highest[2]! - lowest[2]!) + highest[2]!;
    for (let i = 0; i < count; i++) {
      renew(i);
      largestChange(i);
    }
  };
  /** Brings the bounds of all from the variances before to those of now. */
  const follow = (): void => {
    const n1 = variance[0]!;
    const n2 = variance[1]!;
    const n3 = variance[2]!;
    const rise1 = Math.max(0, n1 - before[0]!) / 2;
    const rise2 = Math.max(0, n2 - before[1]!) / 2;
    const rise3 = Math.max(0, n3 - before[2]!) / 2;
    const f1 = floor[0]!;
    const f2 = floor[1]!;
    const f3 = floor[2]!;
    const all = total[0]!;
    const shift1 = (2 * apart1 * Math.abs(sum[0]! - sumBefore[0]!)) / n ** 2;
    const shift2 = (2 * apart2 * Math.abs(sum[1]! - sumBefore[1]!)) / n ** 2;
    const shifted = shift1 > 0 || shift2 > 0;
    for (let i = 0; i < count; i++) {
      let v1 = n1 + low1[i]!;
      let v2 = n2 + low2[i]!;
      const v3 = n3 + low3[i]!;
      if (v1 <= f1 || v2 <= f2 || v3 <= f3) {
        renew(i);
        continue;
      }
      let r1 = rootOf(v1);
      let r2 = rootOf(v2);
      const r3 = rootOf(v3);
      let own = gap[i]!;
      // The difference of two roots is at least their radicands' by twice the larger root.
      if (rise1 > 0) own -= Math.max(0, r1 - root1[i]! - rise1 / Math.sqrt(n1 + high1[i]!));
      if (rise2 > 0) own -= Math.max(0, r2 - root2[i]! - rise2 / Math.sqrt(n2 + high2[i]!));
      if (rise3 > 0) own -= Math.max(0, r3 - root3[i]! - rise3 / Math.sqrt(n3 + high3[i]!));
      if (shifted) {
        const guest = movers[i]!;
        const d1 = shift1 * memory[guest]!;
        const d2 = shift2 * vcpus[guest]!;
        low1[i] = low1[i]! - d1;
        low2[i] = low2[i]! - d2;
        high1[i] = high1[i]! + d1;
        high2[i] = high2[i]! + d2;
        v1 -= d1;
        v2 -= d2;
        if (v1 <= f1 || v2 <= f2) {
          renew(i);
          continue;
        }
        r1 = rootOf(v1);
        r2 = rootOf(v2);
      }
      root1[i] = r1;
      root2[i] = r2;
      root3[i] = r3;
      gap[i] = own;
      most[i] = all - r1 - r2 - r3 - own;
    }
  };
  return {
    movers,
    most,
    renew,
    settle,
    raise: (last) => {
      total[0] = Math.sqrt(variance[0]!) + Math.sqrt(variance[1]!) + Math.sqrt(variance[2]!);
      if (last && below()) {
        follow();
        mend(last);
      } else restart();
      before.set(variance);
      sumBefore.set(sum);
    },
  };
};
