/** Smoothed: an exponentially weighted mean that weighs each reading by the time that it stands for. */
import type { Milliseconds } from '../../model/index.js';
import { finite } from '../finite.js';
import type { Measure, Signal } from '../signal.js';
import { positive } from '../setting.js';

/** How a reading is smoothed. */
export interface Smoothing {
  /** Time constant: after a step of the reading the mean has gone 63 % of the way when this time has passed. */
  readonly over: Milliseconds;
}

/** The mean so far and when it last took a reading; `known` is whether the latest sample held one. */
export interface SmoothedState {
  readonly mean: number;
  readonly at: Milliseconds;
  readonly known: boolean;
}

/**
 * An exponentially weighted mean over time, in the unit of the measure. A reading that comes Δt after the one before is weighed
 * by 1 − exp(−Δt / over), so that irregular intervals are allowed for; the first reading is the first mean (the kernel's load
 * averages are the same filter at steps of 5 s). Not known while the latest sample does not hold the reading.
 */
export const smoothed = (measure: Measure, { over }: Smoothing): Signal<number, SmoothedState | undefined> => {
  positive('smoothed.over', over);
  return {
    name: `smoothed(${measure.name}, over ${over} ms)`,
    initial: undefined,
    step: (state, sample) => {
      const reading = finite(measure.of(sample));
      if (reading === undefined) return state?.known ? { mean: state.mean, at: state.at, known: false } : state;
      if (state === undefined) return { mean: reading, at: sample.at, known: true };
      const kept = Math.exp(Math.min(0, state.at - sample.at) / over);
      return { mean: kept * state.mean + (1 - kept) * reading, at: sample.at, known: true };
    },
    value: (state) => (state?.known ? state.mean : undefined),
  };
};
