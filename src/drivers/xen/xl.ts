/** Xl: a driver that moves guests between Xen hosts by the xl toolstack. */
import { defer, EMPTY, type Observable, Subject, tap, throwError } from 'rxjs';
import type { ConvergenceAction, MigrationId } from '../../model/index.js';
import { refusal } from '../driver-error.js';
import type { Driver } from '../driver.js';
import { newRoster, sampled, surveyed } from '../survey/index.js';
import { carryOut } from './carry-out.js';
import { follow, inFlight } from './in-flight.js';
import { type XlOptions, xlSettings } from './options.js';
import { reportOf } from './report.js';
import { readerOf } from './samples.js';
import { moveOf, type Site } from './site.js';
import { stationAt } from './station.js';

/** xl can only be ended: its rules of rounds and downtime are fixed. */
const steer = (site: Site, id: MigrationId, action: ConvergenceAction): Observable<never> =>
  defer(() => {
    const { abort } = moveOf(site, id);
    if (action.kind === 'continue') return EMPTY;
    if (action.kind !== 'abort')
      return throwError(() =>
        refusal(
          'unsupported',
          `xl cannot ${action.kind === 'pause' ? 'pause' : `do "${action.kind}" to`} a guest while it moves it`,
        ),
      );
    abort?.();
    return EMPTY;
  });

/**
 * A driver for Xen hosts with the xl toolstack. It needs the rights of root on each, and that each reaches the others by ssh, for xl
 * on the source starts the receiver.
 *
 * Names of guests are those of Xen, or their UUIDs where two guests have one name; orders are given by number. Nothing is run
 * before somebody subscribes.
 *
 * @throws Error at once, naming the path of every setting that is wrong
 *
 * @example
 * const at = (host: string) => ({ id: host, commands: overSsh({ host, user: 'root' }) });
 * const driver = xl({ hosts: [at('a'), at('b')] });
 */
export const xl = (options: XlOptions): Driver => {
  const settings = xlSettings(options);
  const { name, scheduler, every, patience, sampling, shared } = settings;
  const site: Site = {
    settings,
    stations: settings.hosts.map((host) => stationAt(host, settings.deadline)),
    roster: newRoster(),
    moves: new Map(),
    news: new Subject(),
  };
  return {
    name,
    inventory: () =>
      surveyed(
        site.stations.map((station) => ({
          id: station.id,
          survey: () => reportOf(station, shared).pipe(tap(({ guests }) => site.roster.note(station.id, guests))),
          news: () => site.news,
        })),
        { every, patience, scheduler, roster: site.roster },
      ),
    samples: () =>
      defer(() =>
        sampled(
          site.stations.map((station) => ({ id: station.id, read: readerOf(site, station) })),
          { every: sampling, scheduler, source: name },
        ),
      ),
    migrate: (order) => carryOut(site, order),
    steer: (id, action) => steer(site, id, action),
    inFlight: () => inFlight(site),
    follow: (id) => follow(site, id),
  };
};
