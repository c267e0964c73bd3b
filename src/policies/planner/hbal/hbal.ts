/** hbal: Ganeti's greedy balancer with its own score and its own rule, each candidate in constant time and most of them not at all. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of nodes and instances by construction */
import type { State, Step } from '../state.js';
import { dominanceOf } from './dominance.js';
import { hbalScore, type HbalEncoding, type Nodes, nodesOf, shift } from './nodes.js';
import { type Scores, scoresOf } from './scores.js';

/** hbal's own options. */
export interface HbalOptions {
  readonly encoding: HbalEncoding;
  /** A step must gain so much once the score is below {@link minGainLimit} (`-g`). */
  readonly minGain: number;
  /** Above this score any gain will do (`--min-gain-limit`). */
  readonly minGainLimit: number;
  /** Steps at most (`-l`). */
  readonly steps: number;
  /** Called before each step; false ends the search. */
  readonly goOn: () => boolean;
}

/** Score at which hbal is content. */
const content = 1e-9;
/** Candidates this near to the best are scored anew as hbal does it, for the order of sums to decide as it does there. */
const tie = 1e-11;

/** Where an instance might go. */
interface Candidate {
  readonly guest: number;
  readonly to: number;
}

/** The best of candidates as hbal scores them, the first of equals. */
const firstBest = (nodes: Nodes, candidates: readonly Candidate[]): Candidate & { readonly score: number } => {
  let best: (Candidate & { readonly score: number }) | undefined;
  for (const { guest, to } of candidates) {
    const from = nodes.host[guest]!;
    // Taking back a sum of floats may leave a trace, so the changed entries are kept and put back.
    const saved = [from, to].map((h) => [h, nodes.free[h]!, nodes.used[h]!, nodes.util[h]!] as const);
    shift(nodes, guest, to);
    const score = hbalScore(nodes);
    nodes.host[guest] = from;
    for (const [h, free, used, util] of saved) {
      nodes.free[h] = free;
      nodes.used[h] = used;
      nodes.util[h] = util;
    }
    if (!best || score < best.score) best = { guest, to, score };
  }
  if (!best) throw new Error('no candidate to choose from');
  return best;
};

/** Nodes of one kind that are looked at together, and what the best of each component among them is. */
interface Batch {
  readonly kind: number;
  readonly members: readonly number[];
  /** Most free memory of them, in mebibytes and as the scores have it; fewest processors taken; least utilisation. */
  readonly room: number;
  readonly free: number;
  readonly used: number;
  readonly util: number;
}

/** Nodes in a batch: what is ruled out with it costs one look in place of so many. */
const together = 4;

const batchOf = (kind: number, members: readonly number[], nodes: Nodes, scores: Scores): Batch => {
  let [first, used, util] = [members[0]!, Infinity, Infinity];
  for (const node of members) {
    if (nodes.free[node]! > nodes.free[first]!) first = node;
    used = Math.min(used, scores.used[node]!);
    util = Math.min(util, scores.util[node]!);
  }
  return { kind, members, room: nodes.free[first]!, free: scores.free[first]!, used, util };
};

/** Nodes of one kind in batches, those with the most free memory first. */
const batchesOf = (kind: number, members: readonly number[], nodes: Nodes, scores: Scores): readonly Batch[] => {
  const falling = [...members].sort((a, b) => nodes.free[b]! - nodes.free[a]!);
  const batches: Batch[] = [];
  for (let i = 0; i < falling.length; i += together)
    batches.push(batchOf(kind, falling.slice(i, i + together), nodes, scores));
  return batches;
};

/** For each kind of nodes one batch of all of them. */
const wholes = (undominated: readonly (readonly number[])[], nodes: Nodes, scores: Scores): readonly Batch[] =>
  undominated.flatMap((members, kind) => (members.length > 0 ? [batchOf(kind, members, nodes, scores)] : []));

/**
 * The steps that `hbal` takes: of all moves of any guest to any host the one that lowers the score most, as long as it lowers
 * it, and by enough. Its score is a sum of three standard deviations; from their sums and sums of squares a candidate is scored
 * in constant time. For each guest the score at an ideal host, that has the best of each component, bounds what any host can
 * give, batch by batch, and only hosts that are not dominated are looked at.
 *
 * It moves a guest more than once where that is the best step, as hbal does.
 */
export const hbal = (
  state: State,
  { encoding, minGain, minGainLimit, steps: most, goOn }: HbalOptions,
): readonly Step[] => {
  const nodes = nodesOf(state, encoding);
  const { free, memory, host, movable } = nodes;
  const count = memory.length;
  const steps: Step[] = [];
  if (free.length < 2) return steps;
  const dominance = dominanceOf(nodes);
  const { kinds } = dominance;
  const scores = scoresOf(nodes, kinds);
  const bounds = new Float64Array(count);
  let score = hbalScore(nodes);
  while (steps.length < most && score > content && goOn()) {
    scores.refresh();
    const undominated = dominance.undominated();
    const behind = dominance.dominatedOnlyBy(undominated);
    const batches = undominated.flatMap((members, kind) => batchesOf(kind, members, nodes, scores));
    const coarse = wholes(undominated, nodes, scores);
    /** The score of the instance in hand at a node that had the best of all of a batch. */
    const ideal = (batch: Batch): number => scores.atIdeal(batch.kind, batch.free, batch.used, batch.util);
    let best = score;
    let tied: Candidate[] = [];
    const tryThese = (guest: number, nodesToTry: readonly number[]): void => {
      for (const to of nodesToTry) {
        if (to === host[guest] || free[to]! <= memory[guest]!) continue;
        const reached = scores.at(to);
        if (reached > best + tie || !state.admits(guest, to)) continue;
        if (reached < best - tie) tied = [];
        best = Math.min(best, reached);
        tied.push({ guest, to });
      }
    };
    const tryAll = (guest: number): void => {
      scores.take(guest);
      if (state.plain[guest] === 0) {
        for (const members of kinds) tryThese(guest, members);
        return;
      }
      for (const batch of batches)
        if (batch.room > memory[guest]! && ideal(batch) <= best + tie) tryThese(guest, batch.members);
      const hidden = behind.get(host[guest]!);
      if (hidden) tryThese(guest, hidden);
    };
    let lowest = Infinity;
    let promising = -1;
    for (let guest = 0; guest < count; guest++) {
      let bound = Infinity;
      if (movable[guest] === 1 && host[guest]! >= 0) {
        scores.take(guest);
        for (const batch of coarse) {
          if (batch.room <= memory[guest]!) continue;
          const reached = ideal(batch);
          if (reached < bound) bound = reached;
        }
      }
      bounds[guest] = bound;
      if (bound < lowest) {
        lowest = bound;
        promising = guest;
      }
    }
    if (promising < 0) break;
    // The most promising one first, so that the best so far rules out as much as it can.
    tryAll(promising);
    for (let guest = 0; guest < count; guest++) if (guest !== promising && bounds[guest]! <= best + tie) tryAll(guest);
    if (tied.length === 0) break;
    tied.sort((a, b) => a.guest - b.guest || a.to - b.to);
    const step = firstBest(nodes, tied);
    if (!(step.score < score) || !(score > minGainLimit || score - step.score >= minGain)) break;
    const from = host[step.guest]!;
    dominance.forget(from, step.to);
    shift(nodes, step.guest, step.to);
    dominance.learn(from, step.to);
    score = step.score;
    steps.push({ guest: step.guest, from, to: step.to });
  }
  return steps;
};
