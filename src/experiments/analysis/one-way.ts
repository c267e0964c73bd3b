/** One-way analysis of variance: whether the means of groups differ by more than the spread within them explains. */
import { failed, type Fraction, ok, type Result } from '../../model/index.js';
import { statistics } from './library.js';
import { type StatisticsProblem, strange, tooFew } from './problem.js';

/** What the analysis found. */
export interface Variance {
  /** Fisher's F: the mean square between the groups over that within them. */
  readonly f: number;
  readonly freedom: { readonly between: number; readonly within: number };
  /** Probability of such an F or a larger one if all groups were of one population (the thesis calls it odds of no difference). */
  readonly p: Fraction;
}

/** One-way analysis of variance of groups of values (Wilcox, §5.1). */
export const oneWay = (groups: readonly (readonly number[])[]): Result<Variance, StatisticsProblem> => {
  if (groups.length < 2) return failed(tooFew('groups', groups.length, 2));
  for (const [i, values] of groups.entries()) {
    if (values.length < 2) return failed(tooFew(`values of group ${i + 1}`, values.length, 2));
    const wrong = strange(`values of group ${i + 1}`, values);
    if (wrong) return failed(wrong);
  }
  if (groups.every((values) => values.every((value) => value === values[0])))
    return failed({ kind: 'no spread', what: 'values within the groups' });
  const { anovafscore, centralF } = statistics();
  const between = groups.length - 1;
  const within = groups.reduce((sum, { length }) => sum + length, 0) - groups.length;
  // Rounding may leave a trace below zero where the means are equal.
  const f = Math.max(0, anovafscore(groups));
  if (!Number.isFinite(f)) return failed({ kind: 'no spread', what: 'values within the groups' });
  return ok({ f, freedom: { between, within }, p: 1 - centralF.cdf(f, between, within) });
};

/** Things in groups by a factor such as the engine's being on, in the order in which its levels first occur. */
const byLevel = <T>(
  things: readonly T[],
  factor: (thing: T) => string | number | boolean,
): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const level = String(factor(thing));
    const group = groups.get(level);
    if (group) group.push(thing);
    else groups.set(level, [thing]);
  }
  return groups;
};

/**
 * Whether a factor bears on a measure.
 *
 * @example
 * byFactor(records, ({ test }) => test.engine, throughput);
 */
export const byFactor = <T>(
  things: readonly T[],
  factor: (thing: T) => string | number | boolean,
  measure: (thing: T) => number,
): Result<Variance, StatisticsProblem> =>
  oneWay([...byLevel(things, factor).values()].map((group) => group.map(measure)));
