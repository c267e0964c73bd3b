/** Problem: why there is no statistic: too few values, one that is no number, or no spread to compare with. */

/** Why there is no statistic. */
export type StatisticsProblem =
  | { readonly kind: 'too few'; readonly what: string; readonly count: number; readonly needed: number }
  /** A value that is not finite, and its place in the list. */
  | { readonly kind: 'not a number'; readonly what: string; readonly place: number }
  /** All values within the groups are equal, so there is nothing to compare the differences between groups with. */
  | { readonly kind: 'no spread'; readonly what: string }
  /** A setting that is not in its range. */
  | { readonly kind: 'out of range'; readonly what: string; readonly value: number };

/** Too few of something. */
export const tooFew = (what: string, count: number, needed: number): StatisticsProblem => ({
  kind: 'too few',
  what,
  count,
  needed,
});

/** The first value that is no finite number. */
export const strange = (what: string, values: readonly number[]): StatisticsProblem | undefined => {
  const place = values.findIndex((value) => !Number.isFinite(value));
  return place < 0 ? undefined : { kind: 'not a number', what, place };
};
