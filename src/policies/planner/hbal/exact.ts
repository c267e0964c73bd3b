/** Exact: the score of a move summed as hbal sums it, so that its roundings decide between equals as they do there. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of nodes and instances by construction */
import { hbalScore, type Nodes, shift } from './nodes.js';

/** Where an instance might go. */
export interface Candidate {
  readonly guest: number;
  readonly to: number;
}

/** Without those that repeat an earlier one to the last digit: an equal instance, or the same, from the same node to the same. */
const distinct = ({ memory, vcpus, demand, host }: Nodes, candidates: readonly Candidate[]): readonly Candidate[] => {
  const seen = new Set<string>();
  return candidates.filter(({ guest, to }) => {
    const key = `${host[guest]!} ${to} ${memory[guest]!} ${vcpus[guest]!} ${demand[guest]!}`;
    return !seen.has(key) && seen.add(key);
  });
};

/** The best of candidates as hbal scores them, the first of equals in the order of instances and then of nodes. */
export const firstBest = (nodes: Nodes, candidates: readonly Candidate[]): Candidate & { readonly score: number } => {
  const { free, used, util, host } = nodes;
  let best: (Candidate & { readonly score: number }) | undefined;
  const ordered = [...candidates].sort((a, b) => a.guest - b.guest || a.to - b.to);
  for (const { guest, to } of ordered.length > 1 ? distinct(nodes, ordered) : ordered) {
    // Taking back a sum of floats may leave a trace, so the changed entries are kept and put back.
    const from = host[guest]!;
    const own = [free[from]!, used[from]!, util[from]!] as const;
    const other = [free[to]!, used[to]!, util[to]!] as const;
    shift(nodes, guest, to);
    const score = hbalScore(nodes);
    host[guest] = from;
    [free[from], used[from], util[from]] = own;
    [free[to], used[to], util[to]] = other;
    if (!best || score < best.score) best = { guest, to, score };
  }
  if (!best) throw new Error('no candidate to choose from');
  return best;
};
