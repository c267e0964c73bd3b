/** Average: the arithmetic mean of the last readings. */
import { finite } from '../finite.js';
import type { Measure, Signal } from '../signal.js';
import { whole } from '../setting.js';
import { windowed, type WindowState } from './window.js';

/** Of how many readings. */
export interface AverageOptions {
  /** Readings that it is taken of: the last so many. */
  readonly of: number;
}

/** Arithmetic mean of numbers; NaN of none. */
export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The mean of the last readings, in the unit of the measure. Not known before as many were seen, nor while the latest sample does
 * not hold the reading. (OpenStack Neat finds a host underloaded by the mean of its last two.)
 */
export const average = (measure: Measure, { of }: AverageOptions): Signal<number, WindowState<number>> =>
  windowed({
    name: `average(${measure.name}, of ${of})`,
    size: whole('average.of', of, 1),
    read: (sample) => finite(measure.of(sample)),
    reckon: (readings) => finite(mean(readings)),
  });
