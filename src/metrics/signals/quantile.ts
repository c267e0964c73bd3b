/** Quantile: the reading below which a given share of the last readings lie. */
import type { Fraction } from '../../model/index.js';
import { finite } from '../finite.js';
import type { Measure, Signal } from '../signal.js';
import { fraction, whole } from '../setting.js';
import { windowed, type WindowState } from './window.js';

/** Which quantile, and of how many readings. */
export interface QuantileOptions {
  /** 0 for the least, 0.5 for the median, 1 for the greatest. */
  readonly q: Fraction;
  /** Readings that it is taken of: the last so many. */
  readonly of: number;
}

/** Numbers in rising order, as a new list. */
export const sorted = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);

/**
 * Quantile of numbers that are in rising order, by linear interpolation between the two nearest (Hyndman and Fan 1996, type 7);
 * `undefined` of none.
 */
export const quantileOf = (rising: readonly number[], q: Fraction): number | undefined => {
  const rank = (rising.length - 1) * q;
  const below = rising[Math.floor(rank)];
  const above = rising[Math.ceil(rank)];
  if (below === undefined || above === undefined) return undefined;
  const part = rank - Math.floor(rank);
  // Equal neighbours stay exact; a difference could overflow, a weighted sum cannot.
  return below === above ? below : below * (1 - part) + above * part;
};

/**
 * A quantile of the last readings, in the unit of the measure. Not known before as many were seen, nor while the latest sample
 * does not hold the reading.
 *
 * @example
 * const peak = quantile(cpu, { q: 0.95, of: 60 });
 */
export const quantile = (measure: Measure, { q, of }: QuantileOptions): Signal<number, WindowState<number>> => {
  fraction('quantile.q', q);
  return windowed({
    name: `quantile(${measure.name}, ${q} of ${of})`,
    size: whole('quantile.of', of, 1),
    read: (sample) => finite(measure.of(sample)),
    reckon: (readings) => quantileOf(sorted(readings), q),
  });
};
