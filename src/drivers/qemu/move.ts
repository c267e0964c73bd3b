/** Move: carries out one order to move a guest, from the check of both sides to the word of both. */
import { catchError, concat, concatMap, EMPTY, forkJoin, ignoreElements, Observable, of, shareReplay } from 'rxjs';
import type { FailureKind } from '../../model/index.js';
import { DriverError } from '../driver-error.js';
import type { MigrationEvent } from '../driver.js';
import { concluded } from './conclude.js';
import type { QemuSettings } from './options.js';
import type { Place } from './places.js';
import { receiverFor, send } from './receiver.js';
import { standingAt } from './standing.js';
import { givenUp, stateAt, watched } from './watch.js';

const failure = (kind: FailureKind, message: string, retryable = false): DriverError =>
  new DriverError({ kind, retryable, message });

/** Checks that the guest can go, and clears away what an earlier move may have left at its destination. */
const ready = (from: Place, to: Place, settings: QemuSettings): Observable<unknown> =>
  forkJoin({ left: standingAt(from), at: standingAt(to) }).pipe(
    concatMap(({ left, at }) => {
      const { guest } = from;
      if (left.kind === 'unknown') throw new DriverError(left.failure);
      if (at.kind === 'unknown') throw new DriverError(at.failure);
      if (at.kind === 'here') throw failure('conflict', `guest ${guest} is on ${to.host} already`);
      if (left.kind !== 'here') throw failure('not found', `guest ${guest} is not on ${from.host}`);
      return stateAt(from, settings).pipe(
        concatMap((state) => {
          if (state.kind === 'under way' || state.kind === 'ending')
            throw failure('conflict', `guest ${guest} is moving already`, true);
          // A receiver that nobody sends to, or what a guest has left.
          return at.kind === 'absent' ? of(undefined) : concluded(from, to, settings);
        }),
      );
    }),
  );

/**
 * Moves a guest. Subscribing checks both sides, starts the receiver and sends the guest; unsubscribing cancels that and clears away,
 * which goes on by itself for as long as it takes. A post-copy goes on instead.
 */
export const moved = (from: Place, to: Place, settings: QemuSettings): Observable<MigrationEvent> =>
  new Observable((subscriber) => {
    let over = false;
    let begun = false;
    // It goes on when it is unsubscribed from: what is half begun could not be cleared away.
    const receiver = receiverFor(from, to, settings).pipe(shareReplay({ bufferSize: 1, refCount: false }));
    const sent = ready(from, to, settings).pipe(
      concatMap(() => {
        begun = true;
        return receiver;
      }),
      concatMap((found) => send(from, found, settings)),
      ignoreElements(),
      // The source goes on as it is; the receiver has nobody to wait for.
      catchError((thrown: unknown) =>
        begun
          ? concat(
              concluded(from, to, settings).pipe(
                ignoreElements(),
                catchError(() => EMPTY),
              ),
              new Observable<never>((failing) => failing.error(thrown)),
            )
          : new Observable<never>((failing) => failing.error(thrown)),
      ),
    );
    const running = concat(sent, watched(from, to, settings)).subscribe({
      next: (event) => {
        over ||= event.kind === 'done';
        subscriber.next(event);
      },
      error: (thrown: unknown) => {
        over = true;
        subscriber.error(thrown);
      },
      complete: () => {
        over = true;
        subscriber.complete();
      },
    });
    return () => {
      running.unsubscribe();
      if (over || !begun) return;
      concat(
        receiver.pipe(
          ignoreElements(),
          catchError(() => EMPTY),
        ),
        givenUp(from, to, settings),
      ).subscribe();
    };
  });
