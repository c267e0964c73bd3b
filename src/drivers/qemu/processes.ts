/** Processes: finds the process of a QEMU on its host, and ends one that no longer speaks. */
import { concatMap, filter, find, from, map, type Observable, of } from 'rxjs';
import { collected } from '../commands/index.js';
import { argumentsOf, isQemuAt, listed } from './launch.js';
import type { QemuSettings } from './options.js';
import type { Place } from './places.js';

/** A QEMU as a process of its host. */
export interface QemuProcess {
  readonly pid: number;
  readonly argv: readonly string[];
}

/** The process that listens at a place's address, or `undefined`. Errors with a `DriverError` where the host cannot be asked. */
export const processAt = (
  { site: { run }, address }: Place,
  { deadline }: Pick<QemuSettings, 'deadline'>,
): Observable<QemuProcess | undefined> => {
  const holding = address.kind === 'unix' ? address.path : `:${address.port}`;
  return collected(run(['ps', '-ww', '-eo', 'pid=,args='], { deadline })).pipe(
    concatMap(({ stdout }) => from(listed(stdout, holding))),
    concatMap(({ pid }) =>
      collected(run(['cat', '--', `/proc/${pid}/cmdline`], { deadline })).pipe(
        // A process may end between the two.
        filter(({ code }) => code === 0),
        map(({ stdout }) => ({ pid, argv: argumentsOf(stdout) })),
      ),
    ),
    find(({ argv }) => isQemuAt(argv, address)),
  );
};

/** Ends the process that listens at a place's address, if there is one, without asking it. */
export const killAt = (place: Place, settings: Pick<QemuSettings, 'deadline'>): Observable<unknown> =>
  processAt(place, settings).pipe(
    concatMap((found) =>
      found
        ? collected(place.site.run(['kill', '-KILL', String(found.pid)], { deadline: settings.deadline }))
        : of(undefined),
    ),
  );
