/** InFlight: the moves that hosts have under way, found by the processes that carry them out, and how to follow them. */
import {
  catchError,
  concat,
  defer,
  EMPTY,
  exhaustMap,
  forkJoin,
  map,
  type Observable,
  of,
  takeWhile,
  timer,
} from 'rxjs';
import type { Migration, MigrationId } from '../../model/index.js';
import { stationOf } from '../survey/index.js';
import type { MigrationEvent } from '../driver.js';
import { failureOf, refusal } from '../driver-error.js';
import { conclude } from './carry-out.js';
import { type Move, moveOf, type Site } from './site.js';
import type { Station } from './station.js';

interface Sending {
  readonly station: Station;
  readonly moves: readonly Move[];
}

const sendingFrom = (site: Site, station: Station): Observable<Sending> =>
  forkJoin([station.senders(), station.domains()]).pipe(
    map(([senders, domains]) => {
      site.roster.note(station.id, domains);
      const moves = senders.flatMap(({ domain: word, address, process }): readonly Move[] => {
        const own = domains.find(({ domain, name }) => String(domain) === word || name === word);
        const to = site.stations.find(({ settings }) => settings.address === address)?.id;
        if (!own || to === undefined) return [];
        const abort = (): void => {
          // The move ends when the process does; what it leaves is looked after by whoever follows it.
          station.print('kill', String(process)).subscribe({ error: () => undefined });
        };
        return [{ uuid: own.uuid, name: own.name, from: station.id, to, abort }];
      });
      return { station, moves };
    }),
  );

const nameOf = ({ uuid, from, to }: Move): MigrationId => `${uuid} ${JSON.stringify([from, to])}`;

/**
 * The moves that the hosts have under way. Neither their beginning nor their progress can be asked. Errors with a `DriverError` where
 * no host answers.
 */
export const inFlight = (site: Site): Observable<readonly Migration[]> =>
  defer(() => {
    let failure: unknown;
    return forkJoin(
      site.stations.map((station) =>
        sendingFrom(site, station).pipe(
          map((sending): readonly Sending[] => [sending]),
          catchError((thrown: unknown) => {
            failure = thrown;
            return of<readonly Sending[]>([]);
          }),
        ),
      ),
    ).pipe(
      map((lists) => {
        const sendings = lists.flat();
        if (sendings.length === 0) {
          const { kind, message, retryable } = failureOf(failure);
          throw refusal(kind, `no host answers: ${message}`, retryable);
        }
        return sendings.flatMap(({ moves }) =>
          moves.map((move): Migration => {
            const own = [...site.moves].find(([, { uuid, from }]) => uuid === move.uuid && from === move.from)?.[0];
            const id = own ?? nameOf(move);
            if (own === undefined) site.moves.set(id, move);
            return {
              id,
              guest: site.roster.idOf(move),
              from: move.from,
              to: move.to,
              startedAt: site.settings.scheduler.now(),
            };
          }),
        );
      }),
    );
  });

/** Follows a move that was found, until the process that carries it out is gone; unsubscribing leaves it alone. */
export const follow = (site: Site, id: MigrationId): Observable<MigrationEvent> =>
  defer(() => {
    const move = moveOf(site, id);
    const { scheduler, migration } = site.settings;
    const watched = timer(0, migration.poll, scheduler).pipe(
      exhaustMap(() => sendingFrom(site, stationOf(site, move.from)).pipe(catchError(() => EMPTY))),
      takeWhile(({ moves }) => moves.some(({ uuid }) => uuid === move.uuid)),
      map((): MigrationEvent => ({ kind: 'progress', progress: { at: scheduler.now(), phase: 'copying', sent: 0 } })),
    );
    const cause = {
      kind: 'protocol',
      retryable: true,
      message: 'the move ended without success, and nobody heard why',
    } as const;
    return concat(
      watched,
      defer(() => {
        site.moves.delete(id);
        return conclude(site, move, cause, undefined);
      }),
    );
  });
