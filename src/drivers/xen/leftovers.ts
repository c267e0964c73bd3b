/** Leftovers: destroys the half-made copy that a receiver left behind, and nothing else. */
import { catchError, EMPTY, forkJoin, mergeMap, type Observable, of } from 'rxjs';
import type { Station } from './station.js';
import { incoming } from './verdict.js';
import type { Domain } from './xl-list.js';

/** A guest of which a copy may have been left behind. */
export interface Wanted {
  readonly uuid: string;
  readonly name: string;
}

/** The copy that is paused under the name that only a receiver gives. */
const copyOf = ({ uuid, name }: Wanted, there: readonly Domain[]): Domain | undefined =>
  there.find((domain) => domain.name === `${name}${incoming}` && domain.state === 'paused' && domain.uuid === uuid);

/**
 * Destroys the copy at the destination, if there is one, by its number; but only where the guest itself is whole at the source and no
 * process there still sends it.
 *
 * @returns whether one was destroyed
 */
export const destroyLeftover = (source: Station, destination: Station, wanted: Wanted): Observable<boolean> =>
  forkJoin([source.domains(), source.senders(), destination.domains()]).pipe(
    mergeMap(([here, senders, there]) => {
      const own = here.find(({ uuid, name }) => uuid === wanted.uuid && name === wanted.name);
      const copy = copyOf(wanted, there);
      const whole = own?.state === 'running' || own?.state === 'paused';
      const sent = senders.some(({ domain }) => domain === String(own?.domain) || domain === wanted.name);
      return copy && whole && !sent
        ? destination.print('xl', 'destroy', String(copy.domain)).pipe(mergeMap(() => of(true)))
        : of(false);
    }),
  );

/** The same where nobody waits for it. */
export const tidyUp = (source: Station, destination: Station, wanted: Wanted): Observable<boolean> =>
  destroyLeftover(source, destination, wanted).pipe(catchError(() => EMPTY));
