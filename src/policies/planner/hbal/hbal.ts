/** hbal: Ganeti's greedy balancer with its own score and its own rule, each candidate in constant time and most of them not at all. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of nodes and instances by construction */
import type { Admits, State, Step } from '../state.js';
import { isFree } from '../ties.js';
import { type Dominance, dominanceOf } from './dominance.js';
import { type Candidate, firstBest } from './exact.js';
import { frontsOf } from './fronts.js';
import { hopesOf } from './hopes.js';
import { hbalScore, type HbalEncoding, type Nodes, nodesOf, shift } from './nodes.js';
import { dim, scoresOf } from './scores.js';
import { searchOf } from './search.js';

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
/** The same where a variance is too small to be told: three roots of what is taken as nothing. */
const wideTie = 3 * Math.sqrt(dim);

/**
 * Candidates with the same instance to every node like theirs, which the search leaves out: of empty nodes, say, hbal takes the one
 * that the roundings of its sums favour.
 */
const withTwins = (
  { admits }: State,
  { free, used, util, memory, host }: Nodes,
  { kinds, kindOf }: Dominance,
  candidates: readonly Candidate[],
): readonly Candidate[] => {
  const all: Candidate[] = [];
  for (const { guest, to } of candidates) {
    for (const twin of kinds[kindOf[to]!]!) {
      if (free[twin] !== free[to] || used[twin] !== used[to] || Math.abs(util[twin]! - util[to]!) > tie) continue;
      if (twin === to || (twin !== host[guest] && free[twin]! > memory[guest]! && admits(guest, twin)))
        all.push({ guest, to: twin });
    }
  }
  return all;
};

/** What constraints admit, and what groups admit once others have moved. */
const admitting =
  ({ admits, ties }: State, moved: readonly number[], host: Int32Array): Admits =>
  (guest, to) =>
    admits(guest, to) && isFree(ties, guest, to, moved, host);

/**
 * The steps that `hbal` takes: of all moves of any guest to any host the one that lowers the score most, as long as it lowers
 * it, and by enough. Its score is a sum of three standard deviations; from their sums and sums of squares a candidate is scored
 * in constant time. For each guest a gain that none of its moves can exceed is kept from step to step; only guests for which it is
 * above the best gain found are looked at, the most hopeful first, and for them only hosts that have the memory and that no other
 * dominates.
 *
 * It moves a guest more than once where that is the best step, as hbal does.
 */
export const hbal = (
  whole: State,
  { encoding, minGain, minGainLimit, steps: most, goOn }: HbalOptions,
): readonly Step[] => {
  const nodes = nodesOf(whole, encoding);
  const { host } = nodes;
  const steps: Step[] = [];
  const moved: number[] = [];
  const state = whole.ties.size === 0 ? whole : { ...whole, admits: admitting(whole, moved, host) };
  if (nodes.free.length < 2) return steps;
  const dominance = dominanceOf(nodes);
  const scores = scoresOf(nodes, dominance);
  const fronts = frontsOf(nodes, dominance, scores);
  const hopes = hopesOf(state, nodes, dominance, scores, fronts);
  const search = searchOf({ state, nodes, dominance, fronts, scores, hopes });
  let score = hbalScore(nodes);
  while (steps.length < most && score > content && goOn()) {
    scores.refresh();
    for (const front of fronts) front.refresh();
    const last = steps.at(-1);
    hopes.raise(last);
    const atLeast = score > minGainLimit ? 0 : minGain;
    scores.dimmed[0] = 0;
    let tied = search(last, atLeast, tie);
    if (scores.dimmed[0] !== 0) tied = search(last, atLeast, wideTie);
    if (tied.length === 0) break;
    const step = firstBest(nodes, withTwins(state, nodes, dominance, tied));
    if (!(step.score < score) || !(score > minGainLimit || score - step.score >= minGain)) break;
    const from = host[step.guest]!;
    dominance.forget(from, step.to);
    shift(nodes, step.guest, step.to);
    dominance.learn(from, step.to);
    score = step.score;
    steps.push({ guest: step.guest, from, to: step.to });
    if (!moved.includes(step.guest)) moved.push(step.guest);
  }
  return steps;
};
