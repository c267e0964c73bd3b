/** Polling: turns a function that asks once into a stream of answers: a deadline for each, growing waits after failures. */
import {
  asyncScheduler,
  catchError,
  defer,
  from,
  Observable,
  type ObservableInput,
  repeat,
  retry,
  type SchedulerLike,
  take,
  throwError,
  throwIfEmpty,
  timeout,
  timer,
} from 'rxjs';
import * as z from 'zod';
import { DriverError, failureOf } from '../../drivers/index.js';
import { type Failure, type Milliseconds, minutes, seconds } from '../../model/index.js';
import { settingsOf } from '../../policies/index.js';
import { type BackOff, backOffDelay } from '../back-off.js';

/** Asks once. The signal is aborted when the answer is no longer wanted: the deadline is over, or nobody listens. */
export type Query<Answer> = (signal: AbortSignal) => ObservableInput<Answer>;

/** How often is asked, and what is done about failures. */
export interface PollingSettings {
  /** From an answer to the next question; so no two questions are under way at once. */
  readonly every: Milliseconds;
  /** How long an answer may take. @defaultValue `every` */
  readonly deadline?: Milliseconds;
  /** Waits after failures in a row. @defaultValue a second, doubling up to a minute */
  readonly backOff?: BackOff;
  /** Failures in a row after which the stream errors with the last of them. @defaultValue never */
  readonly attempts?: number;
  /** The clock. @defaultValue that of the machine */
  readonly scheduler?: SchedulerLike;
}

/** Hears of each failure, and when it is asked again; not of the last one, which ends the stream. */
export type OnPollFailure = (failure: Failure, retryAt: Milliseconds) => void;

const length = /* @__PURE__ */ z.number().positive();

/** Schema of {@link PollingSettings}. */
export const pollingSchema = /* @__PURE__ */ z.strictObject({
  every: length,
  deadline: /* @__PURE__ */ z.exactOptional(length),
  backOff: /* @__PURE__ */ z
    .strictObject({ first: length, factor: /* @__PURE__ */ z.number().min(1), longest: length })
    .default(() => ({ first: seconds(1), factor: 2, longest: minutes(1) })),
  attempts: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.int().positive()),
  scheduler: /* @__PURE__ */ z.exactOptional(
    /* @__PURE__ */ z.custom<SchedulerLike>(
      (value) => typeof value === 'object' && value !== null && 'now' in value && 'schedule' in value,
      'is not a scheduler: it needs the functions now and schedule',
    ),
  ),
});

const asError = (thrown: unknown): DriverError =>
  DriverError.is(thrown)
    ? thrown
    : // A question that was not answered leaves the other side's state open; that it failed in a way of its own is no breach.
      new DriverError({ kind: 'unreachable', retryable: true, message: failureOf(thrown).message }, thrown);

const asked = <Answer>(query: Query<Answer>, deadline: Milliseconds, clock: SchedulerLike): Observable<Answer> =>
  new Observable<Answer>((subscriber) => {
    const abort = new AbortController();
    subscriber.add(() => abort.abort());
    return defer(() => from(query(abort.signal))).subscribe(subscriber);
  }).pipe(
    take(1),
    throwIfEmpty(() => new DriverError({ kind: 'protocol', retryable: true, message: 'there was no answer' })),
    timeout({
      first: deadline,
      scheduler: clock,
      with: () =>
        throwError(
          () => new DriverError({ kind: 'timed out', retryable: true, message: `no answer within ${deadline} ms` }),
        ),
    }),
    catchError((thrown: unknown) => throwError(() => asError(thrown))),
  );

/**
 * The answers to a question that is asked over and over (W2: the engine queries on a timer). Cold: each subscriber asks for itself,
 * at once and then `every` after each answer. An answer that takes longer than the deadline counts as a failure; after
 * failures the next question waits longer. Errors only with a `DriverError`, where `attempts` are used up.
 *
 * @example
 * const state$ = polling((signal) => fetch(address, { signal }).then((answer) => answer.json()), { every: seconds(10) });
 * @throws SettingsError with the path and the rule of every value that is wrong
 */
export const polling = <Answer>(
  query: Query<Answer>,
  settings: PollingSettings,
  onFailure: OnPollFailure = () => undefined,
): Observable<Answer> => {
  const { every, deadline = every, backOff, attempts, scheduler } = settingsOf('polling', pollingSchema, settings);
  const clock = scheduler ?? asyncScheduler;
  return asked(query, deadline, clock).pipe(
    retry({
      delay: (thrown: unknown, failures) => {
        if (attempts !== undefined && failures >= attempts) return throwError(() => thrown);
        const wait = backOffDelay(backOff, failures);
        onFailure(failureOf(thrown), clock.now() + wait);
        return timer(wait, clock);
      },
    }),
    repeat({ delay: () => timer(every, clock) }),
  );
};
