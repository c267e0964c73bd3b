/** Dominance: which nodes may be the best destination of anything at all, kept as nodes change. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of nodes by construction */
import type { Nodes } from './nodes.js';

/** How many equal nodes each node is dominated by. */
export interface Dominance {
  /** Kinds of equal nodes, the nodes of each; and the kind of each node. */
  readonly kinds: readonly Int32Array[];
  readonly kindOf: Int32Array;
  /** How many dominate each node. */
  readonly beaten: Int32Array;
  /** Whether the first node dominates the second, which is of the same kind. */
  readonly dominates: (node: number, other: number) => boolean;
  /** Call with the two nodes that are about to change. */
  readonly forget: (from: number, to: number) => void;
  /** Call with the same nodes once they have changed. */
  readonly learn: (from: number, to: number) => void;
}

/**
 * Of two equal nodes the one that has more memory free, fewer processors taken and less utilisation is the better destination
 * for any instance: the score rises with each of the three, and what fits into the other fits into it. So for an instance
 * only those nodes need a look that none dominates but perhaps the one where it stands. Of equals the first listed wins.
 */
export const dominanceOf = ({ free, used, util, totalMemory, processors }: Nodes): Dominance => {
  const n = free.length;
  const byKind = new Map<string, number[]>();
  for (let h = 0; h < n; h++) {
    const key = `${totalMemory[h]!} ${processors[h]!}`;
    const kind = byKind.get(key);
    if (kind) kind.push(h);
    else byKind.set(key, [h]);
  }
  const kinds = [...byKind.values()].map((members) => Int32Array.from(members));
  const kindOf = new Int32Array(n);
  kinds.forEach((members, kind) => {
    for (const h of members) kindOf[h] = kind;
  });
  const beaten = new Int32Array(n);
  const dominates = (node: number, other: number): boolean =>
    free[node]! >= free[other]! &&
    used[node]! <= used[other]! &&
    util[node]! <= util[other]! &&
    (node < other || free[node]! > free[other]! || used[node]! < used[other]! || util[node]! < util[other]!);
  /** Counts what one node does to its kind; the other changed node is asked by itself. */
  const count = (node: number, sign: number): void => {
    const members = kinds[kindOf[node]!]!;
    const [f, u, d] = [free[node]!, used[node]!, util[node]!];
    for (let i = 0; i < members.length; i++) {
      const other = members[i]!;
      if (free[other]! > f || used[other]! < u || util[other]! < d || other === node) continue;
      if (dominates(node, other)) beaten[other] = beaten[other]! + sign;
    }
  };
  const recount = (node: number): void => {
    let by = 0;
    const members = kinds[kindOf[node]!]!;
    for (let i = 0; i < members.length; i++) if (members[i] !== node && dominates(members[i]!, node)) by++;
    beaten[node] = by;
  };
  for (let h = 0; h < n; h++) count(h, 1);
  return {
    kinds,
    kindOf,
    beaten,
    dominates,
    forget: (from, to) => {
      count(from, -1);
      count(to, -1);
    },
    learn: (from, to) => {
      count(from, 1);
      count(to, 1);
      recount(from);
      recount(to);
    },
  };
};
