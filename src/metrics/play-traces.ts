/** Plays traces: samples of recorded utilisation at a tempo, in real or in virtual time. */
import { asyncScheduler, Observable, type SchedulerLike } from 'rxjs';
import type { Fraction, GuestSample, Milliseconds, Readings } from '../model/index.js';
import { positive } from './setting.js';
import { type Interpolation, type Trace, traceAt } from './trace.js';

/** How traces are played. */
export interface PlayOptions {
  /** Time from one sample of a guest to the next. */
  readonly every: Milliseconds;
  /** How values between the recorded ones are taken; `step` if not given. */
  readonly interpolation?: Interpolation;
  /** What of a sample the trace holds; the share of processor time in use, if not given. */
  readonly as?: (value: Fraction) => Omit<Readings, 'at'>;
  /** Beats the time and tells it; the asynchronous one if not given. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Samples of guests whose utilisation was recorded. At the start and every so often each trace gives one sample with the time of
 * the scheduler, in the order of the traces; one that was not measured then gives none, and so falls silent.
 *
 * Cold: the traces begin when they are subscribed to. Completes when the longest is over.
 *
 * @example
 * playTraces(traces, { every: seconds(10), interpolation: 'linear', scheduler });
 */
export const playTraces = (
  traces: readonly Trace[],
  { every, interpolation = 'step', as = (used) => ({ cpu: { used } }), scheduler = asyncScheduler }: PlayOptions,
): Observable<GuestSample> => {
  positive('playTraces.every', every);
  const length = traces.reduce((longest, { step, values }) => Math.max(longest, step * values.length), 0);
  return new Observable((subscriber) => {
    const begun = scheduler.now();
    subscriber.add(
      scheduler.schedule<number>(
        function (beat) {
          const played = beat * every;
          if (played >= length) {
            subscriber.complete();
            return;
          }
          for (const trace of traces) {
            const value = traceAt(trace, played, interpolation);
            if (value !== undefined) subscriber.next({ kind: 'guest', id: trace.id, at: begun + played, ...as(value) });
          }
          // From the beginning, not from now: lateness does not add up.
          this.schedule(beat + 1, Math.max(0, begun + (beat + 1) * every - scheduler.now()));
        },
        0,
        0,
      ),
    );
  });
};
