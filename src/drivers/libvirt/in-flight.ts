/** InFlight: the moves that libvirt itself has under way, found by the guests that two hosts list, and how to follow them. */
import {
  catchError,
  concat,
  defer,
  EMPTY,
  exhaustMap,
  forkJoin,
  map,
  mergeMap,
  type Observable,
  of,
  take,
  takeWhile,
  timer,
} from 'rxjs';
import type { Migration } from '../../model/index.js';
import { stationOf } from '../survey/index.js';
import type { MigrationEvent } from '../driver.js';
import { failureOf, refusal } from '../driver-error.js';
import { conclude, progressOfMove } from './carry-out.js';
import { mayBeArriving } from './domain-state.js';
import { foundName, type Move, newMove } from './moves.js';
import { moveOf, type Site } from './site.js';
import { type ActiveDomain, inTurn, type Station } from './station.js';
import { parseJobInfo } from './job-info.js';
import { goesOn, whereabouts } from './whereabouts.js';

interface Listing {
  readonly station: Station;
  readonly domains: readonly ActiveDomain[];
}

/** A guest that one host receives and another one has. */
const pairs = (listings: readonly Listing[]): readonly (readonly [ActiveDomain, Move])[] =>
  listings.flatMap(({ station, domains }) =>
    domains
      .filter(({ counters }) => mayBeArriving(counters.state))
      .flatMap((domain) => {
        const others = listings.filter(
          (other) => other.station !== station && other.domains.some(({ uuid }) => uuid === domain.uuid),
        );
        const source = others[0];
        return source ? [[domain, newMove(domain.uuid, source.station.id, station.id)] as const] : [];
      }),
  );

/** Where both copies stand still for the last round, only one of the hosts has the job. */
const withJob = (site: Site, [domain, move]: readonly [ActiveDomain, Move]): Observable<Migration> =>
  stationOf(site, move.from)
    .virsh.read(parseJobInfo, 'domjobinfo', '--rawstats', '--', move.uuid)
    .pipe(
      mergeMap(({ type, counters }) => {
        if (type === 0) return EMPTY;
        const now = site.settings.scheduler.now();
        const own = [...site.moves].find(
          ([, other]) => other.uuid === move.uuid && other.from === move.from && other.to === move.to,
        );
        const id = own?.[0] ?? foundName(move);
        if (!own) site.moves.set(id, move);
        return of({
          id,
          guest: site.roster.idOf(domain),
          from: move.from,
          to: move.to,
          startedAt: now - Math.min(now, counters.get('time_elapsed') ?? 0),
        });
      }),
      // Only the source has the statistics: the other one of the pair answers.
      catchError(() => EMPTY),
    );

/**
 * The moves under way between hosts of the driver. A host that does not answer hides its own; libvirt itself refuses a second move of
 * the same guest. Errors with a `DriverError` where no host answers.
 */
export const inFlight = (site: Site): Observable<readonly Migration[]> =>
  defer(() => {
    let failure: unknown;
    return forkJoin(
      site.stations.map((station) =>
        station.active().pipe(
          map((domains): readonly Listing[] => {
            site.roster.note(station.id, domains);
            return [{ station, domains }];
          }),
          catchError((thrown: unknown) => {
            failure = thrown;
            return of<readonly Listing[]>([]);
          }),
        ),
      ),
    ).pipe(
      mergeMap((lists) => {
        const listings = lists.flat();
        if (listings.length === 0) {
          const { kind, message, retryable } = failureOf(failure);
          throw refusal(kind, `no host answers: ${message}`, retryable);
        }
        return inTurn(pairs(listings).map((pair) => withJob(site, pair)));
      }),
    );
  });

/** Follows a move that was found under way, by asking; unsubscribing leaves it alone. */
export const follow = (site: Site, id: string): Observable<MigrationEvent> =>
  defer(() => {
    const move = moveOf(site, id);
    const { scheduler, migration } = site.settings;
    const source = stationOf(site, move.from);
    const destination = stationOf(site, move.to);
    const cause = {
      kind: 'protocol',
      retryable: true,
      message: 'the move ended without success, and nobody heard why',
    } as const;
    const watched = timer(0, migration.poll, scheduler).pipe(
      exhaustMap(() =>
        whereabouts(source, destination, move.uuid).pipe(
          mergeMap((both) =>
            goesOn(both)
              ? progressOfMove(site, move).pipe(
                  map((progress): MigrationEvent => ({ kind: 'progress', progress })),
                  catchError(() => EMPTY),
                )
              : of(undefined),
          ),
        ),
      ),
      takeWhile((event) => event !== undefined),
    );
    return concat(watched, defer(() => conclude(site, move, cause)).pipe(take(1)));
  });
