/** Watch: follows a migration from look to look until it is over, and then until it is known where the guest runs. */
import {
  catchError,
  concat,
  concatMap,
  defer,
  EMPTY,
  exhaustMap,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  takeWhile,
  throwError,
  timer,
} from 'rxjs';
import * as z from 'zod';
import type { Failure } from '../../model/index.js';
import { DriverError, failureOf } from '../driver-error.js';
import type { MigrationEvent } from '../driver.js';
import { concluded } from './conclude.js';
import { type MigrationState, migrationState } from './migration-state.js';
import type { QemuSettings } from './options.js';
import type { Place } from './places.js';
import { answered } from './standing.js';

const parametersSchema = /* @__PURE__ */ z.object({
  'downtime-limit': /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.number().nonnegative()),
});

/** How the migration of the QEMU at a place stands. Emits once. */
export const stateAt = ({ qmp }: Place, { scheduler }: Pick<QemuSettings, 'scheduler'>): Observable<MigrationState> =>
  qmp.execute('query-migrate-parameters').pipe(
    map((answer) => answered(parametersSchema, 'query-migrate-parameters', answer)['downtime-limit']),
    concatMap((limit) =>
      qmp.execute('query-migrate').pipe(map((answer) => migrationState(scheduler.now(), answer, limit))),
    ),
  );

/** Failures of a look after which the next may succeed: QEMU answers nobody while it sends the last. */
const passing: readonly Failure['kind'][] = ['timed out', 'unreachable'];

/** Looks at a migration until it is over. A source that does not answer for as long as patience lasts is over too. */
const looks = (from: Place, settings: QemuSettings): Observable<MigrationState> =>
  defer(() => {
    const { scheduler, patience, watchEvery } = settings;
    let silentSince: number | undefined;
    let noneSince: number | undefined;
    const lost = (failure: Failure): MigrationState => ({ kind: 'over', failure });
    return merge(
      timer(0, watchEvery, scheduler),
      // Holds the connection open, and tells of an end before the next look is due.
      from.qmp.events().pipe(catchError(() => EMPTY)),
    ).pipe(
      exhaustMap(() =>
        stateAt(from, settings).pipe(
          map((state) => {
            silentSince = undefined;
            noneSince = state.kind === 'none' ? (noneSince ?? scheduler.now()) : undefined;
            return noneSince !== undefined && scheduler.now() - noneSince > patience
              ? lost({ kind: 'protocol', retryable: false, message: `${from.host} knows of no migration` })
              : state;
          }),
          catchError((thrown: unknown) => {
            const failure = failureOf(thrown);
            silentSince ??= scheduler.now();
            const wait = passing.includes(failure.kind) && scheduler.now() - silentSince < patience;
            return wait ? EMPTY : of(lost(failure));
          }),
        ),
      ),
      takeWhile(({ kind }) => kind !== 'done' && kind !== 'over', true),
    );
  });

/** The source is believed when it says that it failed or was cancelled, and when both sides agree that the guest has arrived. */
const ending = (state: MigrationState, from: Place, to: Place, settings: QemuSettings): Observable<MigrationEvent> => {
  if (state.kind !== 'done' && state.kind !== 'over') return EMPTY;
  const failure = state.kind === 'over' ? state.failure : undefined;
  // Half of the guest is on each host: nothing may be cleared away, and the source must never go on.
  if (failure?.kind === 'post-copy broken') return throwError(() => new DriverError(failure));
  return concluded(from, to, settings, failure).pipe(
    map((verdict): MigrationEvent => {
      if (verdict === 'stayed')
        throw new DriverError(
          failure ?? {
            kind: 'protocol',
            retryable: false,
            message: `QEMU says that guest ${from.guest} has moved, but it still runs on ${from.host}`,
          },
        );
      const { downtime, sent } = state.kind === 'done' ? state : {};
      return {
        kind: 'done',
        at: settings.scheduler.now(),
        ...(downtime === undefined ? {} : { downtime }),
        ...(sent === undefined ? {} : { sent }),
      };
    }),
  );
};

/** Follows a migration that is under way: its progress, then `done`, or a `DriverError`. Unsubscribing leaves it alone. */
export const watched = (from: Place, to: Place, settings: QemuSettings): Observable<MigrationEvent> =>
  looks(from, settings).pipe(
    concatMap((state) =>
      state.kind === 'under way'
        ? of<MigrationEvent>({ kind: 'progress', progress: state.progress })
        : ending(state, from, to, settings),
    ),
  );

/**
 * Cancels the migration of a place. A post-copy cannot be: half of the guest is on each host then.
 * Errors with a `DriverError` where there is nothing to cancel any more.
 */
export const cancelled = (from: Place, settings: QemuSettings): Observable<never> =>
  stateAt(from, settings).pipe(
    concatMap((state) => {
      if (state.kind === 'under way' && state.progress.phase === 'post-copy')
        throw new DriverError({
          kind: 'refused as unsafe',
          retryable: false,
          message: `guest ${from.guest} would be lost: its post-copy cannot be cancelled`,
        });
      return from.qmp.execute('migrate_cancel');
    }),
    ignoreElements(),
  );

/** Gives a migration up, and clears away after it, unless it can no longer be. Completes when that is done, whatever it came to. */
export const givenUp = (from: Place, to: Place, settings: QemuSettings): Observable<never> =>
  concat(
    cancelled(from, settings),
    looks(from, settings).pipe(takeWhile(({ kind }) => kind === 'under way' || kind === 'ending')),
    concluded(from, to, settings),
  ).pipe(
    ignoreElements(),
    catchError(() => EMPTY),
  );
