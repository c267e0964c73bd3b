/** Sampled: reads every host again and again; what one of them does not answer is told and silences no other. */
import { catchError, concatMap, exhaustMap, from, merge, type Observable, of, type SchedulerLike, timer } from 'rxjs';
import { type BadInput, type HostId, type Milliseconds, printable, type Reading } from '../../model/index.js';
import { failureOf } from '../driver-error.js';

/** A host to be read. */
export interface Readable {
  readonly id: HostId;
  /** What it tells at one time. */
  readonly read: () => Observable<readonly Reading[]>;
}

/** Readings of all hosts. Never errors: a host that fails is one bad input at each of its times. */
export const sampled = (
  hosts: readonly Readable[],
  {
    every,
    scheduler,
    source,
  }: { readonly every: Milliseconds; readonly scheduler: SchedulerLike; readonly source: string },
): Observable<Reading> =>
  merge(
    ...hosts.map(({ id, read }) =>
      timer(0, every, scheduler).pipe(
        exhaustMap(() =>
          read().pipe(
            catchError((thrown: unknown) => {
              const { kind, message } = failureOf(thrown);
              const missing: BadInput = {
                kind: 'bad-input',
                source,
                place: `host ${id}`,
                problem: kind === 'unreachable' || kind === 'timed out' ? 'unavailable' : 'malformed',
                message: `${kind}: ${message}`,
                value: printable(undefined),
              };
              return of([missing]);
            }),
          ),
        ),
        concatMap((readings) => from(readings)),
      ),
    ),
  );
