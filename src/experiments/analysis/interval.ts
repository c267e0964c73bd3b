/** Interval: between what bounds the mean of a population lies, with a given confidence, from a sample of it. */
import { failed, type Fraction, ok, type Result } from '../../model/index.js';
import { statistics } from './library.js';
import { type StatisticsProblem, strange, tooFew } from './problem.js';

/** Where a mean lies. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: Fraction;
  /** Values it was worked out from. */
  readonly count: number;
}

/**
 * Confidence interval of a mean by Student's t distribution, for values that are about normally spread.
 *
 * @param confidence - between 0 and 1, both excluded
 */
export const confidenceInterval = (
  values: readonly number[],
  confidence: Fraction = 0.95,
): Result<Interval, StatisticsProblem> => {
  const count = values.length;
  if (!(confidence > 0 && confidence < 1))
    return failed({ kind: 'out of range', what: 'confidence', value: confidence });
  if (count < 2) return failed(tooFew('values', count, 2));
  const wrong = strange('values', values);
  if (wrong) return failed(wrong);
  const { mean: meanOf, stdev, studentt } = statistics();
  const mean = meanOf(values);
  const half = (studentt.inv((1 + confidence) / 2, count - 1) * stdev(values, true)) / Math.sqrt(count);
  return ok({ mean, low: mean - half, high: mean + half, confidence, count });
};
