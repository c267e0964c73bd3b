/** Qemu: a driver for hosts that run QEMU by itself, spoken to by QMP. */
import {
  concatMap,
  defer,
  distinctUntilChanged,
  exhaustMap,
  ignoreElements,
  map,
  merge,
  Observable,
  ReplaySubject,
  share,
  Subject,
  tap,
  throwError,
  timer,
} from 'rxjs';
import type { GuestId, MigrationId, MigrationOrder } from '../../model/index.js';
import { DriverError } from '../driver-error.js';
import type { Driver } from '../driver.js';
import { moved } from './move.js';
import { type QemuOptions, settingsOf } from './options.js';
import { type Place, placesOf } from './places.js';
import { samplesOf } from './samples.js';
import { steered } from './steer.js';
import { inventoryOf, movesUnderWay, type Standings, standings } from './stock.js';
import { watched } from './watch.js';

type Route = Pick<MigrationOrder, 'guest' | 'from' | 'to'>;

const notFound = (message: string): DriverError => new DriverError({ kind: 'not found', retryable: false, message });

/** Where guests stand as a text, equal for equal places in whatever order they were found. */
const listOf = (where: Standings): string => JSON.stringify([...where].sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * A driver for hosts that run QEMU by itself. Hosts and guests are those of the options; where each guest stands is asked of QEMU.
 *
 * To move a guest it starts a receiver on the destination with the source's own parameters (Muda, M33), sends the guest, and at the
 * end asks both sides where it runs before it says so; the QEMU without the guest is ended. A move ordered by anybody else is
 * found, followed and steered the same way. QEMU serves one client of QMP at a time, so each driver needs sockets of its own.
 *
 * @throws Error that names the path of every option that is wrong
 *
 * @example
 * const driver = qemu({
 *   hosts: [{ host, run: localCommands(), directory: '/run/whither', incoming: { address: '10.0.0.1', ports: [49152, 49215] } }],
 *   guests: [guest],
 * });
 */
export const qemu = (options: QemuOptions): Driver => {
  const settings = settingsOf(options);
  const { every, scheduler } = settings;
  const places = placesOf(settings);
  /** Routes of the moves that were ordered here, or found. */
  const routes = new Map<MigrationId, Route>();
  const changed = new Subject<void>();
  let where: Standings = new Map();

  /** Looked at every so often and whenever a move has ended, once for all who want to know. */
  const located: Observable<Standings> = merge(timer(0, every, scheduler), changed).pipe(
    exhaustMap(() => standings(settings, places, where)),
    tap((found) => {
      where = found;
    }),
    share({ connector: () => new ReplaySubject(1) }),
  );

  const between = <Value>(
    { guest, from, to }: Route,
    then: (from: Place, to: Place) => Observable<Value>,
  ): Observable<Value> => {
    const [source, destination] = [places(guest, from), places(guest, to)];
    if (!source || !destination)
      return throwError(() => notFound(`guest ${guest}, ${from} or ${to} is not of this site`));
    if (from === to) return throwError(() => notFound(`${from} is no other host than ${to}`));
    return then(source, destination);
  };

  const inFlight = movesUnderWay(settings, places, (guest: GuestId, from, to) => {
    for (const [id, route] of routes) if (route.guest === guest && route.from === from && route.to === to) return id;
    return undefined;
  }).pipe(
    tap((moves) => {
      for (const { id, guest, from, to } of moves) routes.set(id, { guest, from, to });
    }),
  );

  /** The route of a move by its name; one that is not known yet is looked for. */
  const routed = <Value>(id: MigrationId, then: (route: Route) => Observable<Value>): Observable<Value> =>
    defer(() => {
      const known = routes.get(id);
      if (known) return then(known);
      return inFlight.pipe(
        concatMap(() => {
          const found = routes.get(id);
          return found ? then(found) : throwError(() => notFound(`no migration is called "${id}"`));
        }),
      );
    });

  /** Once a move is over its name is forgotten, and where guests stand is looked at anew. */
  const noted = <Value>(events: Observable<Value>, id: MigrationId): Observable<Value> =>
    events.pipe(
      tap({
        error: () => {
          routes.delete(id);
          changed.next();
        },
        complete: () => {
          routes.delete(id);
          changed.next();
        },
      }),
    );

  return {
    name: settings.name,
    inventory: () =>
      located.pipe(
        distinctUntilChanged((a, b) => listOf(a) === listOf(b)),
        map((found) => inventoryOf(settings, found)),
      ),
    samples: () => samplesOf(settings, places, located),
    migrate: ({ id, guest, from, to }) =>
      new Observable((subscriber) => {
        routes.set(id, { guest, from, to });
        return noted(
          between({ guest, from, to }, (source, destination) => moved(source, destination, settings)),
          id,
        ).subscribe(subscriber);
      }),
    steer: (id, action) =>
      routed(id, (route) => between(route, (source) => steered(source, action, settings))).pipe(ignoreElements()),
    inFlight: () => inFlight,
    follow: (id) =>
      noted(
        routed(id, (route) => between(route, (source, destination) => watched(source, destination, settings))),
        id,
      ),
  };
};
