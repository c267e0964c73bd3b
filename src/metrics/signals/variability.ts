/** Variability: how far the last readings are strewn, by a measure that a few outliers do not spoil. */
import { finite } from '../finite.js';
import type { Measure, Signal } from '../signal.js';
import { quantileOf, sorted } from './quantile.js';
import { whole } from '../setting.js';
import { windowed, type WindowState } from './window.js';

/** How variability is measured, and of how many readings. */
export interface VariabilityOptions {
  /** Readings that it is taken of: the last so many. */
  readonly of: number;
  /** `mad`: median of the absolute distances from the median. `iqr`: third quartile less the first. */
  readonly by: 'mad' | 'iqr';
}

const medianDistance = (readings: readonly number[]): number | undefined => {
  const median = quantileOf(sorted(readings), 0.5);
  return median === undefined
    ? undefined
    : quantileOf(sorted(readings.map((reading) => Math.abs(reading - median))), 0.5);
};

const quartileRange = (readings: readonly number[]): number | undefined => {
  const rising = sorted(readings);
  const [low, high] = [quantileOf(rising, 0.25), quantileOf(rising, 0.75)];
  return low === undefined || high === undefined ? undefined : high - low;
};

/**
 * How far the last readings are strewn, in the unit of the measure: what the adaptive thresholds of Beloglazov and Buyya
 * (CCPE 2012) are built on, 1 − 2.5 MAD or 1 − 1.5 IQR. Not known before as many readings were seen, nor while the latest sample
 * does not hold the reading.
 */
export const variability = (measure: Measure, { of, by }: VariabilityOptions): Signal<number, WindowState<number>> => {
  const strewn = by === 'mad' ? medianDistance : quartileRange;
  return windowed({
    name: `variability(${measure.name}, ${by} of ${of})`,
    size: whole('variability.of', of, 2),
    read: (sample) => finite(measure.of(sample)),
    reckon: (readings) => finite(strewn(readings)),
  });
};
