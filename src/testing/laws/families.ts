/** Laws of families: policies that differ in one threshold, and moves that differ in how dear they are. */
import type { Cluster, Estimate } from '../../model/index.js';
import { limited, type paysOff, type Policy } from '../../policies/index.js';

/** Says what a move takes: what {@link paysOff} asks. */
type EstimatorOfMoves = Parameters<typeof paysOff>[1];

/** The facts of a move that an estimator is asked with. */
type Facts = Parameters<EstimatorOfMoves>[0];

/**
 * Raising a threshold never adds moves, one step at a time: each policy is asked for its first move only.
 *
 * @param family - the policy of a threshold
 * @param thresholds - any, in any order
 */
export const raisingAddsNothing = (
  family: (threshold: number) => Policy,
  thresholds: readonly number[],
  cluster: Cluster,
): readonly string[] => {
  const rising = [...thresholds].sort((a, b) => a - b);
  const counts = rising.map((at) => limited(family(at), { moves: 1 }).plan(cluster).moves.length);
  return rising.flatMap((at, i) => {
    const before = rising[i - 1];
    return before !== undefined && (counts[i] ?? 0) > (counts[i - 1] ?? 0)
      ? [`a threshold of ${at} moves something, and ${before} does not`]
      : [];
  });
};

const durationOf = (estimate: Estimate): number | undefined => {
  switch (estimate.convergence) {
    case 'converges':
    case 'uncertain':
      return estimate.duration;
    case 'never':
      return Infinity;
    case 'unknown':
      return undefined;
  }
};

/** The facts with more dirtied memory per second. */
const dirtier = (facts: Facts, factor: number): Facts => {
  const { demand } = facts;
  switch (demand.kind) {
    case 'known':
      return { ...facts, demand: { ...demand, writeRate: demand.writeRate * factor } };
    case 'sampled':
      return { ...facts, demand: { ...demand, rate: demand.rate * factor } };
    case 'unknown':
      return facts;
  }
};

/** The last bits of a sum are not a cheaper move. */
const slack = 1 - 1e-9;

/**
 * Lower bandwidth, more dirtied pages or more memory never make a move look cheaper, by how long it takes. What is not known
 * is compared with nothing.
 *
 * @param factor - how much dearer, above 1
 */
export const dearerNeverCheaper = (
  estimator: (facts: Facts) => Estimate,
  facts: Facts,
  factor: number,
): readonly string[] => {
  const plain = durationOf(estimator(facts));
  const dearer: Readonly<Record<string, Facts>> = {
    'lower bandwidth': { ...facts, bandwidth: facts.bandwidth / factor },
    'more memory': {
      ...facts,
      memory: facts.memory * factor,
      ...(facts.nonZero === undefined ? {} : { nonZero: facts.nonZero * factor }),
    },
    'more dirtied pages': dirtier(facts, factor),
  };
  return Object.entries(dearer).flatMap(([what, of]) => {
    const duration = durationOf(estimator(of));
    return plain !== undefined && duration !== undefined && duration < plain * slack
      ? [`${what} makes it look cheaper: ${duration} ms in place of ${plain} ms`]
      : [];
  });
};
