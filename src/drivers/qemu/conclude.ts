/** Conclude: finds out where a guest runs after its move, by asking both sides, and clears away what it no longer needs. */
import {
  catchError,
  concatMap,
  first,
  forkJoin,
  map,
  type Observable,
  of,
  repeat,
  throwError,
  timeout,
  timer,
} from 'rxjs';
import type { Failure, Milliseconds } from '../../model/index.js';
import { DriverError } from '../driver-error.js';
import type { QemuSettings } from './options.js';
import type { Place } from './places.js';
import { killAt } from './processes.js';
import { type Standing, standingAt } from './standing.js';

/** Where the guest is after all. */
export type Verdict = 'arrived' | 'stayed';

/** Both sides at one time. */
interface Both {
  readonly at: Standing;
  readonly left: Standing;
}

/** Says where the guest is, or nothing while that may still change. */
const judged = ({ left, at }: Both): Verdict | 'both' | undefined => {
  if (left.kind === 'unknown' || at.kind === 'unknown') return undefined;
  if (at.kind === 'here' && left.kind === 'here') return left.running && at.running ? 'both' : undefined;
  if (at.kind === 'here') return 'arrived';
  return left.kind === 'here' ? 'stayed' : undefined;
};

const said = (standing: Standing): string =>
  standing.kind === 'unknown' ? standing.failure.message : standing.kind === 'here' ? 'has the guest' : standing.kind;

/** Ends a QEMU that has no guest any more, or none yet. One that does not answer is killed. */
const cleared = (place: Place, standing: Standing, settings: QemuSettings): Observable<unknown> => {
  if (standing.kind === 'absent' || standing.kind === 'here') return of(undefined);
  const asked =
    standing.kind === 'unknown'
      ? throwError(() => new Error('does not answer'))
      : place.qmp.execute('quit').pipe(
          catchError((thrown: unknown) =>
            // It may be gone before its answer is out.
            DriverError.is(thrown) && (thrown.kind === 'unreachable' || thrown.kind === 'not found')
              ? of(undefined)
              : throwError(() => thrown),
          ),
        );
  return asked.pipe(
    catchError(() => killAt(place, settings)),
    // What could not be cleared away must not hide how the move ended.
    catchError(() => of(undefined)),
  );
};

/**
 * Where a guest runs after a move that is over by one side's word: asked of both until they agree, as long as patience lasts. The
 * QEMU without the guest is ended. Emits once, or errors with a `DriverError` where they do not agree; then nothing is touched.
 *
 * @param because - why it is asked, for the message
 */
export const concluded = (from: Place, to: Place, settings: QemuSettings, because?: Failure): Observable<Verdict> => {
  const { patience, watchEvery, scheduler } = settings;
  const pace: Milliseconds = Math.min(watchEvery, 100);
  let latest: Both | undefined;
  const unclear = (): DriverError =>
    new DriverError({
      kind: 'protocol',
      retryable: false,
      message:
        `where guest ${from.guest} runs is not clear: ${from.host} ${latest ? said(latest.left) : 'says nothing'}, ` +
        `${to.host} ${latest ? said(latest.at) : 'says nothing'}${because ? `; ${because.message}` : ''}`,
    });
  return forkJoin({ left: standingAt(from), at: standingAt(to) }).pipe(
    repeat({ delay: () => timer(pace, scheduler) }),
    map((both) => {
      latest = both;
      const verdict = judged(both);
      if (verdict === 'both') throw unclear();
      return { both, verdict };
    }),
    first(({ verdict }) => verdict !== undefined),
    timeout({ first: patience, scheduler, with: () => throwError(unclear) }),
    concatMap(({ both, verdict }) => {
      const [place, standing] = verdict === 'arrived' ? [from, both.left] : [to, both.at];
      return cleared(place, standing, settings).pipe(map((): Verdict => (verdict === 'arrived' ? verdict : 'stayed')));
    }),
  );
};
