/** Libvirt: a driver that moves guests between hosts with libvirt daemons, by virsh. */
import { catchError, defer, EMPTY, filter, map, merge, type Observable, repeat, Subject, tap, timer } from 'rxjs';
import { lines, outputOf } from '../commands/index.js';
import type { Driver } from '../driver.js';
import { newRoster, sampled, surveyed } from '../survey/index.js';
import { carryOut } from './carry-out.js';
import { changesInventory, parseEvent } from './events.js';
import { follow, inFlight } from './in-flight.js';
import { type LibvirtOptions, libvirtSettings } from './options.js';
import { reportOf } from './report.js';
import { readerOf } from './samples.js';
import type { Site } from './site.js';
import { type Station, stationAt } from './station.js';
import { steer } from './steer.js';

/** What a host's event loop tells. It is begun again whenever it ends, for daemons are restarted; between, asking suffices. */
const newsOf = (site: Site, station: Station): Observable<unknown> =>
  defer(() => station.virsh.start('event', '--all', '--loop', '--timestamp')).pipe(
    outputOf('stdout'),
    lines({ source: `virsh event on ${station.id}` }),
    map((line) => (typeof line === 'string' ? parseEvent(line) : undefined)),
    filter((event) => event !== undefined),
    filter(changesInventory),
    tap(({ domain }) => station.forget(domain)),
    catchError(() => EMPTY),
    repeat({ delay: () => timer(site.settings.every, site.settings.scheduler) }),
  );

/**
 * A driver for hosts with libvirt daemons. It needs `virsh` where it runs and nothing on the hosts but what libvirt needs itself.
 *
 * Moves are peer to peer: the daemon of the source connects to that of the destination. Names of guests are those of libvirt, or
 * their UUIDs where two guests have one name; orders are given by UUID. Nothing is run before somebody subscribes.
 *
 * @throws Error at once, naming the path of every setting that is wrong
 *
 * @example
 * const driver = libvirt({ hosts: ['qemu+ssh://a/system', 'qemu+ssh://b/system'], shared: [{ path: '/srv/images/' }] });
 * driver.inventory().subscribe(({ guests }) => show(guests));
 */
export const libvirt = (options: LibvirtOptions): Driver => {
  const settings = libvirtSettings(options);
  const { name, scheduler, every, patience, sampling, shared, migration } = settings;
  const site: Site = {
    settings,
    stations: settings.hosts.map((host) => stationAt(host, settings.deadline, scheduler)),
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
          survey: () =>
            reportOf(station, { shared, unsafe: migration.unsafe }).pipe(
              tap(({ guests }) => site.roster.note(station.id, guests)),
            ),
          news: () => merge(newsOf(site, station), site.news),
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
