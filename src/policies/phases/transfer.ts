/** Work transfer vector, the third phase: which host gives to which, and how much. */
import type { Bounds } from './classify.js';

/** The middle of the moderate band: between the bounds, or the median of the moderate values (W13). */
export type Middle = 'mean' | 'median';

/** Median of numbers: of an even count the mean of the two in the middle. `undefined` of none. */
const median = (values: readonly number[]): number | undefined => {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
};

/**
 * The middle of the moderate band. Where nothing is moderate there is no median, and the mean of the bounds takes its place:
 * with two hosts, one heavy and one light, it is the only middle (W13).
 */
export const middleOf = (kind: Middle, { light, heavy }: Bounds, moderate: readonly number[]): number =>
  (kind === 'median' ? median(moderate) : undefined) ?? (light + heavy) / 2;

/** What a host of a given load should be given: what is missing to the middle (W12.3). */
export const amountFor = (middle: number, load: number): number => middle - load;
