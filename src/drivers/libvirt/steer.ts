/** Steer: what can be ordered of a running move by virsh, and what cannot. */
import { defer, EMPTY, ignoreElements, type Observable, tap, throwError } from 'rxjs';
import { match } from 'ts-pattern';
import type { ConvergenceAction, MigrationId } from '../../model/index.js';
import { refusal } from '../driver-error.js';
import { stationOf } from '../survey/index.js';
import { moveOf, type Site } from './site.js';

/** Orders an action; completes when libvirt has taken it. */
export const steer = (site: Site, id: MigrationId, action: ConvergenceAction): Observable<never> =>
  defer((): Observable<never> => {
    const move = moveOf(site, id);
    const { virsh } = stationOf(site, move.from);
    const order = (then: () => void, ...words: readonly string[]): Observable<never> =>
      virsh.print(...words).pipe(tap(then), ignoreElements());
    return (
      match(action)
        .with({ kind: 'continue' }, () => EMPTY)
        .with({ kind: 'raise downtime' }, ({ limit }) => {
          const allowed = Math.max(1, Math.round(limit));
          return order(
            () => (move.downtimeLimit = allowed),
            'migrate-setmaxdowntime',
            '--',
            move.uuid,
            String(allowed),
          );
        })
        .with({ kind: 'post-copy' }, () =>
          site.settings.migration.postCopy
            ? order(() => (move.postCopy = true), 'migrate-postcopy', '--', move.uuid)
            : throwError(() =>
                refusal('unsupported', 'the move was begun without post-copy: set libvirt.migration.postCopy'),
              ),
        )
        .with({ kind: 'throttle' }, () =>
          throwError(() =>
            refusal(
              'unsupported',
              'libvirt throttles only what was begun so, and by itself: set libvirt.migration.autoConverge',
            ),
          ),
        )
        // libvirt lets it run again where it ends up, here or there.
        .with({ kind: 'pause' }, () => order(() => (move.stopped = true), 'suspend', '--', move.uuid))
        .with({ kind: 'abort' }, () =>
          move.postCopy
            ? throwError(() =>
                refusal('refused as unsafe', 'a guest in post-copy is on both hosts: its move cannot be aborted'),
              )
            : order(() => (move.aborted = true), 'domjobabort', '--', move.uuid),
        )
        .exhaustive()
    );
  });
