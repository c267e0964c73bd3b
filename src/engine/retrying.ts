/** Retrying: keeps a driver's stream open, asking again with growing waits after it broke off. */
import { concat, defer, type Observable, retry, type SchedulerLike, throwError, timer } from 'rxjs';
import { DriverError, failureOf } from '../drivers/index.js';
import type { Failure, Milliseconds } from '../model/index.js';
import { type BackOff, backOffDelay } from './back-off.js';

/** How a stream is kept open. */
export interface Retrying {
  readonly backOff: BackOff;
  readonly scheduler: SchedulerLike;
  /** Told at each failure, with the time of the next attempt. */
  readonly onFailure: (failure: Failure, retryAt: Milliseconds) => void;
}

/**
 * Opens a stream, and opens it again after each error or throw, for as long as it is subscribed to. A value that comes
 * through sets the waits back to the first. Never errors; completes with the stream.
 */
export const retrying = <Value>(
  open: () => Observable<Value>,
  { backOff, scheduler, onFailure }: Retrying,
): Observable<Value> =>
  defer(open).pipe(
    retry({
      resetOnSuccess: true,
      delay: (thrown: unknown, failures) => {
        const wait = backOffDelay(backOff, failures);
        onFailure(failureOf(thrown), scheduler.now() + wait);
        return timer(wait, scheduler);
      },
    }),
  );

/** A stream whose completion is a failure, because it must not end while the driver can be reached. */
export const unending = <Value>(open: () => Observable<Value>, what: string): Observable<Value> =>
  concat(
    defer(open),
    throwError(() => new DriverError({ kind: 'unreachable', retryable: true, message: `the ${what} ended` })),
  );
