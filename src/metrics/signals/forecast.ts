/** Forecast: what a reading will be some time ahead, if it goes on as it did. */
import type { Milliseconds, Sample } from '../../model/index.js';
import { finite } from '../finite.js';
import type { Measure, Signal } from '../signal.js';
import { mean } from './average.js';
import { notNegative, number, whole } from '../setting.js';
import { windowed, type WindowState } from './window.js';

/** How to look ahead. */
export interface ForecastOptions {
  /** How far ahead of the latest sample. */
  readonly ahead: Milliseconds;
  /** Readings that it is made from: the last so many; at least 2 for a line, 3 for `ar1`. */
  readonly of: number;
  /**
   * `line`: the least-squares line through the readings over their times. `ar1`: a first-order autoregression, which falls back
   * towards the mean (Wood et al., Sandpiper, NSDI 2007).
   */
  readonly by: 'line' | 'ar1';
  /** Least and greatest value that the forecast may take: `[0, 1]` for a share. Without it a line may run past any bound. */
  readonly within?: readonly [least: number, greatest: number];
}

/** One reading and its time. */
export interface Point {
  readonly at: Milliseconds;
  readonly value: number;
}

/** The least-squares line through the points, read at a time; their mean where all have one time. */
const lineAt = (points: readonly Point[], at: Milliseconds): number => {
  const middle = mean(points.map((point) => point.at));
  const height = mean(points.map((point) => point.value));
  const spread = points.reduce((sum, point) => sum + (point.at - middle) ** 2, 0);
  const slant = points.reduce((sum, point) => sum + (point.at - middle) * (point.value - height), 0);
  return spread === 0 ? height : height + (slant / spread) * (at - middle);
};

/**
 * u(t+k) = μ + φᵏ (u(t) − μ), μ the mean and φ the autocorrelation at lag one of the readings; k is the time ahead in mean
 * intervals, rounded to at least one. φ is kept within −1 … 1, so that the forecast never runs away.
 */
const autoregressionAt = (points: readonly Point[], ahead: Milliseconds): number => {
  const values = points.map((point) => point.value);
  const centre = mean(values);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return Number.NaN;
  const interval = (last.at - first.at) / (points.length - 1);
  const steps = interval > 0 ? Math.max(1, Math.round(ahead / interval)) : 1;
  let together = 0;
  let apart = 0;
  let before: number | undefined;
  for (const value of values) {
    if (before !== undefined) {
      together += (before - centre) * (value - centre);
      apart += (before - centre) ** 2;
    }
    before = value;
  }
  const phi = apart === 0 ? 0 : Math.min(1, Math.max(-1, together / apart));
  return centre + phi ** steps * (last.value - centre);
};

/**
 * What a reading will be, in the unit of the measure. Not known before as many readings were seen as it is made from, nor while
 * the latest sample does not hold the reading.
 *
 * @example
 * const next = forecast(cpu, { ahead: seconds(10), of: 10, by: 'ar1', within: [0, 1] });
 */
export const forecast = (
  measure: Measure,
  { ahead, of, by, within }: ForecastOptions,
): Signal<number, WindowState<Point>> => {
  notNegative('forecast.ahead', ahead);
  whole('forecast.of', of, by === 'line' ? 2 : 3);
  const [least, greatest] = within ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (within) {
    number('forecast.within[0]', least);
    number('forecast.within[1]', greatest);
    if (least > greatest) throw new RangeError(`forecast.within: ${least} is above ${greatest}`);
  }
  const expected = (points: readonly Point[]): number => {
    const last = points.at(-1);
    if (last === undefined) return Number.NaN;
    return by === 'line' ? lineAt(points, last.at + ahead) : autoregressionAt(points, ahead);
  };
  const read = (sample: Sample): Point | undefined => {
    const value = finite(measure.of(sample));
    return value === undefined ? undefined : { at: sample.at, value };
  };
  return windowed({
    name: `forecast(${measure.name}, ${ahead} ms ahead, ${by} of ${of}${within ? `, within ${least} to ${greatest}` : ''})`,
    size: of,
    read,
    reckon: (points) => {
      const value = finite(expected(points));
      return value === undefined ? undefined : Math.min(greatest, Math.max(least, value));
    },
  });
};
