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
  const perNode = 1 / n;
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
  // What an instance does to the sums of squares where it stands and where it goes, less what it does to the means. Written out in each
  // function, for this is done for nearly all instances at each step, and arrays or objects between functions take twice the time.
  const largestChange = (i: number): void => {
    const guest = movers[i]!;
    const from = host[guest]!;
    const own = kindOf[from]!;
    const m = memory[guest]! * perMemory[own]!;
    const v = vcpus[guest]! * perProcessor[own]!;
    const w = demand[guest]!;
    let y1 = -Infinity;
    let y2 = -Infinity;
    for (let kind = 0; kind < kinds.length; kind++) {
      const p = memory[guest]! * perMemory[kind]!;
      const q = vcpus[guest]! * perProcessor[kind]!;
      const s1 = m - p;
      const s2 = q - v;
      y1 = Math.max(y1, p * (p + 2 * ceiling[0]!) - s1 * (2 * sum[0]! + s1) * perNode);
      y2 = Math.max(y2, q * (q + 2 * ceiling[1]!) - s2 * (2 * sum[1]! + s2) * perNode);
    }
    high1[i] = (y1 + m * (2 * free[from]! + m)) * perNode;
    high2[i] = (y2 + v * (v - 2 * used[from]!)) * perNode;
    high3[i] = 2 * w * (w - util[from]! + ceiling[2]!) * perNode;
  };
  const settle = (i: number, bound: number): void => {
    gap[i] = total[0]! - root1[i]! - root2[i]! - root3[i]! - bound;
    most[i] = bound;
  };
  const renew = (i: number): void => {
    const guest = movers[i]!;
    const from = host[guest]!;
    const own = kindOf[from]!;
    const m = memory[guest]! * perMemory[own]!;
    const v = vcpus[guest]! * perProcessor[own]!;
    const w = demand[guest]!;
    const left1 = m * (2 * free[from]! + m);
    const left2 = v * (v - 2 * used[from]!);
    const left3 = 2 * w * (w - util[from]!);
    const n1 = variance[0]!;
    const n2 = variance[1]!;
    const n3 = variance[2]!;
    let bound = -Infinity;
    let y1 = Infinity;
    let y2 = Infinity;
    let y3 = Infinity;
    for (let kind = 0; kind < fronts.length; kind++) {
      const front = fronts[kind]!;
      const last = front.roomFor(memory[guest]!) - 1;
      if (last < 0) continue;
      const p = memory[guest]! * perMemory[kind]!;
      const q = vcpus[guest]! * perProcessor[kind]!;
      const s1 = m - p;
      const s2 = q - v;
      const v1 = (left1 + p * (p - 2 * front.free[0]!) - s1 * (2 * sum[0]! + s1) * perNode) * perNode;
      const v2 = (left2 + q * (q + 2 * front.leastUsed[last]!) - s2 * (2 * sum[1]! + s2) * perNode) * perNode;
      const v3 = (left3 + 2 * w * front.leastUtil[last]!) * perNode;
      const gain = total[0]! - rootOf(n1 + v1) - rootOf(n2 + v2) - rootOf(n3 + v3);
      if (gain > bound) bound = gain;
      if (v1 < y1) y1 = v1;
      if (v2 < y2) y2 = v2;
      if (v3 < y3) y3 = v3;
    }
    if (bound === -Infinity) y1 = y2 = y3 = 0;
    low1[i] = y1;
    low2[i] = y2;
    low3[i] = y3;
    root1[i] = rootOf(n1 + y1);
    root2[i] = rootOf(n2 + y2);
    root3[i] = rootOf(n3 + y3);
    settle(i, bound);
  };
  /** A node has become better, and the mover might go there. */
  const admit = (i: number, node: number): void => {
    const guest = movers[i]!;
    const from = host[guest]!;
    const own = kindOf[from]!;
    const kind = kindOf[node]!;
    const m = memory[guest]! * perMemory[own]!;
    const v = vcpus[guest]! * perProcessor[own]!;
    const w = demand[guest]!;
    const p = memory[guest]! * perMemory[kind]!;
    const q = vcpus[guest]! * perProcessor[kind]!;
    const s1 = m - p;
    const s2 = q - v;
    const n1 = variance[0]!;
    const n2 = variance[1]!;
    const n3 = variance[2]!;
    const v1 = (m * (2 * free[from]! + m) + p * (p - 2 * free[node]!) - s1 * (2 * sum[0]! + s1) * perNode) * perNode;
    const v2 = (v * (v - 2 * used[from]!) + q * (q + 2 * used[node]!) - s2 * (2 * sum[1]! + s2) * perNode) * perNode;
    const v3 = 2 * w * (w - util[from]! + util[node]!) * perNode;
    const gain = total[0]! - rootOf(n1 + v1) - rootOf(n2 + v2) - rootOf(n3 + v3);
    const lower1 = v1 < low1[i]!;
    const lower2 = v2 < low2[i]!;
    const lower3 = v3 < low3[i]!;
    if (!lower1 && !lower2 && !lower3 && gain <= most[i]!) return;
    if (lower1) root1[i] = rootOf(n1 + (low1[i] = v1));
    if (lower2) root2[i] = rootOf(n2 + (low2[i] = v2));
    if (lower3) root3[i] = rootOf(n3 + (low3[i] = v3));
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
