/** Dominance: which nodes may be the best destination of anything at all, kept as nodes change. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of nodes by construction */
import type { Nodes } from './nodes.js';

/** Nodes that no two others of their kind dominate. */
export interface Dominance {
  /** Kinds of equal nodes, the nodes of each. */
  readonly kinds: readonly (readonly number[])[];
  /** For each kind the nodes that no other dominates. */
  readonly undominated: () => readonly (readonly number[])[];
  /** For each node those that it alone dominates: with what stands on it, they are as good as undominated. */
  readonly dominatedOnlyBy: (undominated: readonly (readonly number[])[]) => ReadonlyMap<number, readonly number[]>;
  /** Call with the nodes that are about to change. */
  readonly forget: (...changed: readonly number[]) => void;
  /** Call with the same nodes once they have changed. */
  readonly learn: (...changed: readonly number[]) => void;
}

/**
 * Of two equal nodes the one that has more memory free, fewer processors taken and less utilisation is the better destination
 * for any instance: the score rises with each of the three, and what fits into the other fits into it. So for an instance
 * only those nodes need a look that none dominates but perhaps the one where it stands. Of equals the first listed wins,
 * as with hbal.
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
  const kinds = [...byKind.values()];
  const kindOf = new Int32Array(n);
  kinds.forEach((members, kind) => members.forEach((h) => (kindOf[h] = kind)));
  const beaten = new Int32Array(n);
  const dominates = (a: number, b: number): boolean =>
    free[a]! >= free[b]! &&
    used[a]! <= used[b]! &&
    util[a]! <= util[b]! &&
    (a < b || free[a]! > free[b]! || used[a]! < used[b]! || util[a]! < util[b]!);
  const learn = (...changed: readonly number[]): void => {
    for (const node of changed) {
      let by = 0;
      for (const other of kinds[kindOf[node]!]!) {
        if (other === node) continue;
        // What another changed node is beaten by is counted with that node.
        if (dominates(node, other)) beaten[other] = beaten[other]! + (changed.includes(other) ? 0 : 1);
        else if (dominates(other, node)) by++;
      }
      beaten[node] = by;
    }
  };
  const forget = (...changed: readonly number[]): void => {
    for (const node of changed)
      for (const other of kinds[kindOf[node]!]!)
        if (other !== node && dominates(node, other)) beaten[other] = beaten[other]! - 1;
  };
  for (const members of kinds)
    for (const a of members) for (const b of members) if (a !== b && dominates(a, b)) beaten[b] = beaten[b]! + 1;
  return {
    kinds,
    undominated: () => kinds.map((members) => members.filter((h) => beaten[h] === 0)),
    dominatedOnlyBy: (undominated) => {
      const found = new Map<number, number[]>();
      kinds.forEach((members, kind) => {
        for (const h of members) {
          if (beaten[h] !== 1) continue;
          // What dominates a dominator dominates too, so the only one is itself undominated.
          const by = undominated[kind]!.find((other) => dominates(other, h))!;
          const list = found.get(by);
          if (list) list.push(h);
          else found.set(by, [h]);
        }
      });
      return found;
    },
    forget,
    learn,
  };
};
