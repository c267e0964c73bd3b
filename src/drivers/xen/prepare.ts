/** Prepare: looks before a move for what xl would find out late, when the pages are sent and the guest is suspended. */
import { forkJoin, map, mergeMap, type Observable } from 'rxjs';
import { type Bytes, mebibytes, type MigrationOrder, sayQuantity } from '../../model/index.js';
import { refusal } from '../driver-error.js';
import { stationOf } from '../survey/index.js';
import { destroyLeftover } from './leftovers.js';
import { lacking } from './report.js';
import type { Site } from './site.js';
import type { Station } from './station.js';
import { countedTransport } from './transport.js';
import { incoming } from './verdict.js';
import { quoted } from '../commands/quoted.js';

/** A move that may begin. */
export interface Prepared {
  readonly uuid: string;
  readonly name: string;
  readonly source: Station;
  readonly destination: Station;
  readonly command: readonly [string, ...string[]];
}

/** What Xen takes for a guest besides its memory: tables of shadow or nested paging, as libxl reckons them, and a little more. */
const overhead = (memory: Bytes, vcpus: number): Bytes => mebibytes(vcpus) + memory / 128 + mebibytes(4);

/**
 * Checks a move before anything is sent. A copy that an earlier move left behind is destroyed first. Errors with a `DriverError` that
 * says what is in the way.
 */
export const prepare = (site: Site, { guest, from, to }: MigrationOrder): Observable<Prepared> => {
  const source = stationOf(site, from);
  const destination = stationOf(site, to);
  if (from === to) throw refusal('conflict', `guest "${guest}" is on ${from} already`);
  const { transport, counted } = site.settings.migration;
  return source.domains().pipe(
    mergeMap((here) => {
      site.roster.note(from, here);
      const own = here.find((domain) => domain.uuid === guest || site.roster.idOf(domain) === guest);
      if (!own) throw refusal('not found', `guest "${guest}" does not run on ${from}`);
      if (own.state !== 'running')
        throw refusal('conflict', `guest "${guest}" is ${own.state}, and only a running guest can move`);
      return destroyLeftover(source, destination, own).pipe(map(() => own));
    }),
    mergeMap((own) =>
      forkJoin([
        source.info(),
        source.configurations(),
        source.senders(),
        destination.domains(),
        destination.info(),
      ]).pipe(
        map(([here, configurations, senders, there, room]): Prepared => {
          const configuration = configurations.find(({ uuid }) => uuid === own.uuid);
          if (!configuration) throw refusal('unsupported', `xl has no configuration of guest "${guest}" to send along`);
          if (senders.some(({ domain }) => domain === String(own.domain) || domain === own.name))
            throw refusal('conflict', `guest "${guest}" is being moved already`, true);
          const taken = there.find(
            ({ name, uuid }) => name === own.name || name === `${own.name}${incoming}` || uuid === own.uuid,
          );
          if (taken) throw refusal('conflict', `a domain called "${taken.name}" is on ${to} already`);
          for (const [host, info] of [
            [from, here],
            [to, room],
          ] as const) {
            const missing = lacking(configuration.type, info);
            if (missing !== undefined)
              throw refusal(
                'unsupported',
                `a ${configuration.type} guest needs "${missing}" to move live, which ${host} lacks`,
              );
          }
          const needed = configuration.memory + overhead(configuration.memory, configuration.vcpus);
          if (needed > room.free)
            throw refusal(
              'insufficient memory',
              `guest "${guest}" needs ${sayQuantity(needed, 'bytes')}, and ${to} has ${sayQuantity(room.free, 'bytes')} free`,
              true,
            );
          return {
            uuid: own.uuid,
            name: own.name,
            source,
            destination,
            // By its number: a name could be taken for an option.
            command: [
              'xl',
              'migrate',
              '-s',
              counted ? countedTransport(transport) : transport.map(quoted).join(' '),
              String(own.domain),
              destination.settings.address,
            ],
          };
        }),
      ),
    ),
  );
};
