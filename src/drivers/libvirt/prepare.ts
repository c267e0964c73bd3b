/** Prepare: looks before a move for what would make it fail late, and makes the command that carries it out. */
import { catchError, forkJoin, map, type Observable, of } from 'rxjs';
import { type BytesPerSecond, type MigrationOrder, sayQuantity } from '../../model/index.js';
import { refusal } from '../driver-error.js';
import { stationOf } from '../survey/index.js';
import { parseDomainList, parseUuids } from './domain-list.js';
import { newMove, type Move } from './moves.js';
import type { Site } from './site.js';
import type { Station } from './station.js';

/** A move that may begin. */
export interface Prepared {
  readonly move: Move;
  readonly source: Station;
  readonly destination: Station;
  /** Words of virsh. */
  readonly command: readonly string[];
}

/** virsh takes whole MiB/s, and 0 for no limit. */
const inMebibytes = (rate: BytesPerSecond): string => String(Math.max(1, Math.floor(rate / 1024 ** 2)));

const commandOf = (
  { settings: { migration } }: Site,
  destination: Station,
  uuid: string,
  persistent: boolean,
): readonly string[] => [
  'migrate',
  '--live',
  // The two daemons speak to each other and notice when the link goes silent; a client between them would wait for ever.
  '--p2p',
  '--verbose',
  ...(persistent ? ['--persistent', '--undefinesource'] : []),
  ...(migration.postCopy ? ['--postcopy'] : []),
  ...(migration.autoConverge ? ['--auto-converge'] : []),
  ...(migration.tls ? ['--tls'] : []),
  ...(migration.unsafe ? ['--unsafe'] : []),
  ...(migration.bandwidth === undefined ? [] : ['--bandwidth', inMebibytes(migration.bandwidth)]),
  ...(destination.settings.migrateUri === undefined ? [] : ['--migrateuri', destination.settings.migrateUri]),
  '--',
  uuid,
  destination.settings.peerUri,
];

/**
 * Checks a move before anything is sent: that the guest is at the source, that nobody has its name or its number at the destination,
 * and that its memory fits there. Errors with a `DriverError` that says which.
 */
export const prepare = (site: Site, { guest, from, to }: MigrationOrder): Observable<Prepared> => {
  const source = stationOf(site, from);
  const destination = stationOf(site, to);
  if (from === to) throw refusal('conflict', `guest "${guest}" is on ${from} already`);
  return forkJoin({
    here: source.virsh.read(parseDomainList, 'list', '--uuid', '--name'),
    there: destination.virsh.read(parseDomainList, 'list', '--all', '--uuid', '--name'),
    activeThere: destination.virsh.read(parseUuids, 'list', '--uuid'),
    persistent: source.virsh.read(parseUuids, 'list', '--persistent', '--uuid'),
    memory: destination.memory(),
  }).pipe(
    map(({ here, there, activeThere, persistent, memory }) => {
      site.roster.note(from, here);
      const found = here.find((domain) => domain.uuid === guest || site.roster.idOf(domain) === guest);
      if (!found) throw refusal('not found', `guest "${guest}" does not run on ${from}`);
      const { uuid, name } = found;
      if (activeThere.includes(uuid)) throw refusal('conflict', `guest "${guest}" is active on ${to} already`);
      const other = there.find((domain) => domain.name === name && domain.uuid !== uuid);
      if (other) throw refusal('conflict', `another guest called "${name}" is on ${to} already: ${other.uuid}`);
      const available = memory.free + (memory.buffers ?? 0) + (memory.cached ?? 0);
      const needed = source.known(uuid)?.memory;
      if (needed !== undefined && needed > available)
        throw refusal(
          'insufficient memory',
          `guest "${guest}" needs ${sayQuantity(needed, 'bytes')}, and ${to} has ${sayQuantity(available, 'bytes')} available`,
          true,
        );
      const move = newMove(uuid, from, to);
      return { move, source, destination, command: commandOf(site, destination, uuid, persistent.includes(uuid)) };
    }),
  );
};

/** What was given to the guest, so that its memory can be compared; that it is not known is no reason against. */
export const learn = (station: Station, uuid: string | undefined): Observable<unknown> =>
  uuid === undefined ? of(undefined) : station.facts(uuid).pipe(catchError(() => of(undefined)));
