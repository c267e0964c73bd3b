/** Classification: sorts anything that has a value into light, moderate and heavy. It knows nothing of hosts. */

/** The three groups of CSLB (Lan and Yu 1995; Wilcox, §3.1 and §3.2). */
export type Group = 'light' | 'moderate' | 'heavy';

/** Light is below the first bound, heavy is above the second; the bounds themselves are moderate (W13). */
export interface Bounds {
  readonly light: number;
  readonly heavy: number;
}

/** The group of one value; `undefined` where the value is not known or not a number. */
export const groupOf = (value: number | undefined, { light, heavy }: Bounds): Group | undefined => {
  if (value === undefined || Number.isNaN(value)) return undefined;
  if (value < light) return 'light';
  return value > heavy ? 'heavy' : 'moderate';
};

/**
 * The group by several resources at once: heavy above the second bound in any of them, light below the first in all, moderate
 * otherwise (after Kubernetes' descheduler). Heavy goes before not known, for more knowledge would not change it; else
 * `undefined` where any of the values is not known.
 *
 * @param bounds - one pair for each value, in the same order
 */
export const groupOfSeveral = (
  values: readonly (number | undefined)[],
  bounds: readonly Bounds[],
): Group | undefined => {
  const groups = values.map((value, i) => groupOf(value, bounds[i] ?? { light: -Infinity, heavy: Infinity }));
  if (groups.includes('heavy')) return 'heavy';
  if (groups.length === 0 || groups.includes(undefined)) return undefined;
  return groups.every((group) => group === 'light') ? 'light' : 'moderate';
};

/** Items by group, each in the order in which it was given. */
export interface Groups<Item> {
  readonly light: readonly Item[];
  readonly moderate: readonly Item[];
  readonly heavy: readonly Item[];
  /** Items whose value is not known. */
  readonly unknown: readonly Item[];
}

/** Sorts items into the three groups by a value of each. */
export const classify = <Item>(
  items: readonly Item[],
  valueOf: (item: Item) => number | undefined,
  bounds: Bounds,
): Groups<Item> => {
  const groups = { light: [] as Item[], moderate: [] as Item[], heavy: [] as Item[], unknown: [] as Item[] };
  for (const item of items) groups[groupOf(valueOf(item), bounds) ?? 'unknown'].push(item);
  return groups;
};

/** Bounds that move with the average: `average·(1 − below)` and `average·(1 + above)`, within 0 and `most` (W11). */
export const movingBounds = (
  values: readonly number[],
  { below, above, most }: { readonly below: number; readonly above: number; readonly most: number },
): Bounds => {
  const average = values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
  const within = (bound: number): number => Math.min(most, Math.max(0, bound));
  return { light: within(average * (1 - below)), heavy: within(average * (1 + above)) };
};
