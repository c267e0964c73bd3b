/** Runs a signal: over an array of samples, or over a stream of them. */
import { map, type OperatorFunction, scan } from 'rxjs';
import type { Sample } from '../model/index.js';
import type { Signal } from './signal.js';

/**
 * The value of a signal after the samples of one subject, in the order of their times.
 *
 * @example
 * foldSignal(level(cpu), samples); // 0.93, or undefined
 */
export const foldSignal = <Value, State>(
  signal: Signal<Value, State>,
  samples: Iterable<Sample>,
): Value | undefined => {
  let state = signal.initial;
  for (const sample of samples) state = signal.step(state, sample);
  return signal.value(state);
};

/**
 * Gives the value of a signal after each sample of one subject. The state belongs to the subscription, so that every
 * subscriber folds anew; completes and fails with its source.
 */
export const signalValues =
  <Value, State>(signal: Signal<Value, State>): OperatorFunction<Sample, Value | undefined> =>
  (samples) =>
    samples.pipe(
      scan((state, sample) => signal.step(state, sample), signal.initial),
      map((state) => signal.value(state)),
    );
