/** Stock: asks every host for every guest, for the inventory and for the moves under way. */
import { concatMap, defer, forkJoin, from, map, mergeMap, type Observable, of, toArray } from 'rxjs';
import type { GuestId, HostId, Inventory, Migration, MigrationId } from '../../model/index.js';
import { DriverError } from '../driver-error.js';
import type { QemuSettings } from './options.js';
import type { Place, Places } from './places.js';
import { type Standing, standingAt } from './standing.js';
import { stateAt } from './watch.js';

/** One guest's QEMU on one host. */
interface Found {
  readonly place: Place;
  readonly standing: Standing;
}

/** Where each guest stands, as far as it is known. */
export type Standings = ReadonlyMap<GuestId, HostId>;

/** Guests asked for at a time. */
const atATime = 8;

const findings = (settings: QemuSettings, places: Places): Observable<readonly (readonly Found[])[]> =>
  from(settings.guests.keys()).pipe(
    mergeMap((guest) => {
      const all = [...settings.hosts.keys()].flatMap((host) => places(guest, host) ?? []);
      return all.length === 0
        ? of([])
        : forkJoin(all.map((place) => standingAt(place).pipe(map((standing): Found => ({ place, standing })))));
    }, atATime),
    toArray(),
  );

/** Which of all is the guest's: where it runs, else where it is paused or just leaving. */
const homeOf = (found: readonly Found[]): HostId | undefined =>
  (
    found.find(({ standing }) => standing.kind === 'here' && standing.running) ??
    found.find(({ standing }) => standing.kind === 'here') ??
    found.find(({ standing }) => standing.kind === 'leaving')
  )?.place.host;

/**
 * Where every guest stands, asked once. A guest that somebody does not tell of stays where it was last; one that nobody has is not
 * listed. Errors with a `DriverError` where nobody at all can be asked.
 */
export const standings = (settings: QemuSettings, places: Places, before: Standings): Observable<Standings> =>
  findings(settings, places).pipe(
    map((all) => {
      const told = all.flat();
      const silent = told.flatMap(({ standing }) => (standing.kind === 'unknown' ? [standing.failure] : []));
      if (silent[0] && silent.length === told.length) throw new DriverError(silent[0]);
      return new Map(
        all.flatMap((found): [GuestId, HostId][] => {
          const guest = found[0]?.place.guest;
          if (guest === undefined) return [];
          const was = found.some(({ standing }) => standing.kind === 'unknown') ? before.get(guest) : undefined;
          const home = homeOf(found) ?? was;
          return home === undefined ? [] : [[guest, home]];
        }),
      );
    }),
  );

/** An inventory from where guests stand. */
export const inventoryOf = ({ hosts, guests }: QemuSettings, where: Standings): Inventory => ({
  hosts: [...hosts.values()].map(({ host }) => host),
  guests: [...guests.values()].flatMap((guest) => {
    const host = where.get(guest.id);
    return host === undefined ? [] : [{ ...guest, host }];
  }),
});

/** Name of a move that nobody here has ordered. It is the same whoever finds it. */
const nameOf = (guest: GuestId, host: HostId, to: HostId): MigrationId => `qemu:${guest}:${host}>${to}`;

/**
 * The moves that the QEMUs of the site have under way, asked once. A source tells that it sends, a destination that it awaits the guest,
 * or in post-copy that it has it. A move out of the site is not listed. Errors with a `DriverError` where a QEMU does not answer.
 *
 * @param ordered - the name of a move that was ordered here
 */
export const movesUnderWay = (
  settings: QemuSettings,
  places: Places,
  ordered: (guest: GuestId, from: HostId, to: HostId) => MigrationId | undefined,
): Observable<readonly Migration[]> =>
  defer(() => findings(settings, places)).pipe(
    concatMap((all) => from(all)),
    mergeMap((found) => {
      const [first] = found;
      if (!first) return of([]);
      // Somebody who accepts and says nothing may well be sending; a host that is not there sends nothing.
      const silent = found.find(({ standing }) => standing.kind === 'unknown' && standing.failure.kind === 'timed out');
      if (silent?.standing.kind === 'unknown') throw new DriverError(silent.standing.failure);
      const sources = found.filter(({ standing: { kind } }) => kind === 'here' || kind === 'leaving');
      return from(sources).pipe(
        mergeMap(({ place, standing }) =>
          stateAt(place, settings).pipe(
            map((state): readonly Migration[] => {
              // A receiver says that a migration is active too, but has no figures of what is left.
              if (state.kind !== 'under way') return [];
              const receives = state.progress.remaining === undefined && state.progress.phase !== 'preparing';
              if (receives && standing.kind === 'here') return [];
              const other = found.find(
                (one) =>
                  one.place.host !== place.host && (one.standing.kind === 'awaited' || one.standing.kind === 'here'),
              );
              if (!other) return [];
              const { guest, host } = place;
              const to = other.place.host;
              return [
                {
                  id: ordered(guest, host, to) ?? nameOf(guest, host, to),
                  guest,
                  from: host,
                  to,
                  startedAt: state.startedAt ?? settings.scheduler.now(),
                  progress: state.progress,
                },
              ];
            }),
          ),
        ),
        toArray(),
        map((lists) => lists.flat()),
      );
    }, atATime),
    toArray(),
    map((lists) => lists.flat()),
  );
