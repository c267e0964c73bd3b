/** Steer: what a convergence action is to QEMU. */
import { concatMap, ignoreElements, type Observable, EMPTY, throwError } from 'rxjs';
import { match } from 'ts-pattern';
import type { ConvergenceAction } from '../../model/index.js';
import { DriverError } from '../driver-error.js';
import type { QemuSettings } from './options.js';
import type { Place } from './places.js';
import { cancelled, stateAt } from './watch.js';

/** The longest downtime that QEMU can be allowed: 2000 s. */
const longestDowntime = 2_000_000;

const parameters = ({ qmp }: Place, values: Readonly<Record<string, number>>): Observable<never> =>
  qmp.execute('migrate-set-parameters', values).pipe(ignoreElements());

/**
 * Acts on the migration of a place. Completes when QEMU has taken it.
 *
 * To pause is to allow any downtime: QEMU itself then stops the guest, sends the rest and lets it go on at its destination, so that
 * nobody has to remember who stopped it.
 */
export const steered = (from: Place, action: ConvergenceAction, settings: QemuSettings): Observable<never> =>
  stateAt(from, settings).pipe(
    concatMap((state) => {
      if (state.kind === 'under way') return ordered(from, action, settings);
      const message = `guest ${from.guest} is not moving`;
      return throwError(() => new DriverError({ kind: 'not found', retryable: false, message }));
    }),
  );

const ordered = (from: Place, action: ConvergenceAction, settings: QemuSettings): Observable<never> =>
  match(action)
    .with({ kind: 'continue' }, () => EMPTY)
    .with({ kind: 'raise downtime' }, ({ limit }) =>
      parameters(from, { 'downtime-limit': Math.min(longestDowntime, Math.round(limit)) }),
    )
    .with({ kind: 'pause' }, () => parameters(from, { 'downtime-limit': longestDowntime }))
    .with({ kind: 'throttle' }, ({ share }) => {
      if (settings.migration.throttling !== true)
        return throwError(
          () =>
            new DriverError({
              kind: 'unsupported',
              retryable: false,
              message: 'QEMU slows a guest down only where `migration.throttling` was set when its move began',
            }),
        );
      // QEMU takes 1 to 99 %, and slows down from the next pass on that it finds slow.
      const most = Math.min(99, Math.max(1, Math.round(share * 100)));
      return parameters(from, {
        'cpu-throttle-initial': most,
        'max-cpu-throttle': most,
        'throttle-trigger-threshold': 1,
      });
    })
    .with({ kind: 'post-copy' }, () => from.qmp.execute('migrate-start-postcopy').pipe(ignoreElements()))
    .with({ kind: 'abort' }, () => cancelled(from, settings))
    .exhaustive();
