/** Whereabouts: where a guest is after a move, asked of both hosts, and what that says about how the move ended. */
import { catchError, forkJoin, map, mergeMap, type Observable, of } from 'rxjs';
import { parseDomstats } from '../../metrics/index.js';
import { failed, type Failure, ok, type Result } from '../../model/index.js';
import { parseUuids } from './domain-list.js';
import { type Standing, standingOf } from './domain-state.js';
import type { Station } from './station.js';

/** Where a guest is as one host sees it; `unheard` where the host does not say. */
export type Whereabouts = Standing | 'absent' | 'unheard';

/** Asks one host. By the list first: that a guest is not there has many texts, but one list. */
const whereaboutsAt = ({ virsh }: Station, uuid: string, side: 'source' | 'destination'): Observable<Whereabouts> =>
  virsh.read(parseUuids, 'list', '--uuid').pipe(
    mergeMap((uuids): Observable<Whereabouts> =>
      uuids.includes(uuid)
        ? virsh
            .read(parseDomstats, 'domstats', '--raw', '--state', '--', uuid)
            .pipe(map((domains) => (domains[0]?.state ? standingOf(domains[0].state, side) : 'unheard')))
        : of('absent'),
    ),
    catchError(() => of('unheard' as const)),
  );

/** Where a guest is, by both hosts of a move. */
export interface Both {
  readonly source: Whereabouts;
  readonly destination: Whereabouts;
}

/** Asks both hosts of a move. Never errors. */
export const whereabouts = (source: Station, destination: Station, uuid: string): Observable<Both> =>
  forkJoin({
    source: whereaboutsAt(source, uuid, 'source'),
    destination: whereaboutsAt(destination, uuid, 'destination'),
  });

const left = ({ source }: Both): boolean => source === 'absent' || source === 'off';

/** Whether the hosts show a move that goes on: the guest is about to leave one and to arrive at the other. */
export const goesOn = ({ source, destination }: Both): boolean =>
  (destination === 'arriving' && !['absent', 'off'].includes(source)) ||
  (destination === 'post-copy destination' && source === 'post-copy source');

/**
 * How a move ended, by where its guest is. What the tool said only tells why. A guest whose post-copy broke is on neither host whole;
 * nothing may be started or resumed then, at the source least of all: its memory is older than what the guest has done since.
 *
 * @param said - what the tool said that failed; `undefined` where it ended well
 */
export const verdict = (both: Both, said: Failure | undefined): Result<'moved', Failure> => {
  const { source, destination } = both;
  const because = said ? `: ${said.message}` : '';
  if (source === 'broken' || destination === 'broken')
    return failed({
      kind: 'post-copy broken',
      retryable: false,
      message: `the connection was lost in post-copy; the guest is ${source} at the source and ${destination} at the destination${because}`,
    });
  if (source === 'unheard' || destination === 'unheard')
    return failed({
      kind: 'unreachable',
      retryable: true,
      message: `the ${source === 'unheard' ? 'source' : 'destination'} does not say where the guest is${because}`,
    });
  if (left(both) && ['running', 'paused', 'post-copy destination'].includes(destination)) return ok('moved');
  if (destination === 'absent' || destination === 'off') {
    if (source === 'running' || source === 'paused')
      return failed(said ?? { kind: 'protocol', retryable: false, message: 'the guest is still at the source' });
    if (left(both))
      return failed({ kind: 'not found', retryable: false, message: `the guest runs on neither host${because}` });
  }
  return failed({
    kind: said?.kind === 'timed out' ? 'timed out' : 'protocol',
    retryable: true,
    message: `the guest is ${source} at the source and ${destination} at the destination${because}`,
  });
};
