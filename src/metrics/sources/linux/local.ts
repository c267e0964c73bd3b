/** The local Linux source: samples of the machine that this program runs on, from its `/proc`. */
import {
  asyncScheduler,
  defer,
  exhaustMap,
  from,
  map,
  mergeMap,
  type Observable,
  type SchedulerLike,
  scan,
  timer,
} from 'rxjs';
import {
  type Bytes,
  type GuestId,
  type HostId,
  kibibytes,
  type Milliseconds,
  type Reading,
  type Sample,
  seconds,
} from '../../../model/index.js';
import type { Counters } from './counters.js';
import { type Files, localFiles } from './files.js';
import { namedCounters } from './kernel-text.js';
import { type RateOptions, rates } from './rates.js';
import { type CountersRead, readCounters, type CountersOptions } from './read-counters.js';

/** Whose samples these are: the host's, or, where the program runs in a guest, the guest's. */
export type LocalSubject =
  { readonly kind: 'host'; readonly id: HostId } | { readonly kind: 'guest'; readonly id: GuestId };

/** How the local machine is read. */
export interface LocalOptions {
  readonly subject: LocalSubject;
  /** Time from reading to reading; default 1 s (M10). */
  readonly every?: Milliseconds;
  readonly scheduler?: SchedulerLike;
  /** Where the kernel shows its files; default `/proc`. */
  readonly root?: string;
  /** Longest time that the read of one file may take; default 2 s. */
  readonly deadline?: Milliseconds;
  /** At most so many processes in a sample; 0 reads none, which spares a read for every process. Default 16. */
  readonly processes?: number;
  /** `getconf CLK_TCK`; default 100. */
  readonly ticksPerSecond?: number;
  /** How files are reached; default the machine's own. */
  readonly files?: Files;
}

/** One reading of all counters, and when it was taken. */
interface Taken extends CountersRead {
  readonly at: Milliseconds;
}

/** Size of a page of memory, as the kernel tells for the memory of this program. */
const pageSizeOf = (files: Files, root: string): Observable<Bytes | undefined> =>
  files.text(`${root}/self/smaps`).pipe(
    map((read) => {
      // Only the first entry is needed; lines that are cut do not matter here.
      const entry = read.kind === 'text' ? /^KernelPageSize:.*$/m.exec(read.text)?.[0] : undefined;
      const size = entry === undefined ? undefined : namedCounters('smaps', `${entry}\n`, ['KernelPageSize'], 'kB');
      return size?.ok === true && size.value.KernelPageSize !== undefined
        ? kibibytes(size.value.KernelPageSize)
        : undefined;
    }),
  );

const sampleOf = (
  subject: LocalSubject,
  before: { readonly at: Milliseconds; readonly counters: Counters },
  after: Taken,
  options: RateOptions,
): readonly Sample[] => {
  const read = rates(before.counters, after.counters, after.at - before.at, options);
  return read === undefined ? [] : [{ ...subject, at: after.at, ...read }];
};

/**
 * Samples of the machine that this program runs on (M9, M10). Cold: each subscription reads for itself, and the first reading
 * only lays the base, so the first sample comes one interval later. A reading that is still under way when the next is due
 * takes its place. Never completes, never fails: a file that is not there leaves its fields absent, and one that cannot be
 * read or understood is a bad input beside the sample. Unsubscribing ends the reads.
 *
 * In a container `/proc` shows the whole machine, not the container: processors, load, memory and disks are those of the machine,
 * processes and interfaces those of the container. A limit of its control group (`cpu.max`, `memory.max`) is not seen; read its
 * pressure files with `parsePressure` where that matters.
 *
 * @example
 * const samples$ = localLinux({ subject: { kind: 'host', id: 'host-a' }, every: seconds(1) });
 */
export const localLinux = ({
  subject,
  every = seconds(1),
  scheduler = asyncScheduler,
  root = '/proc',
  deadline = seconds(2),
  processes = 16,
  ticksPerSecond = 100,
  files = localFiles({ deadline, scheduler }),
}: LocalOptions): Observable<Reading> =>
  defer(() => {
    const reading: CountersOptions = { root, processes: processes > 0 };
    return pageSizeOf(files, root).pipe(
      mergeMap((pageSize) => {
        const options: RateOptions = { ticksPerSecond, processes, ...(pageSize === undefined ? {} : { pageSize }) };
        return timer(0, every, scheduler).pipe(
          exhaustMap(() => readCounters(files, reading).pipe(map((read): Taken => ({ at: scheduler.now(), ...read })))),
          scan(
            ({ last }: { last: Taken | undefined; out: readonly Reading[] }, taken) => ({
              last: taken,
              out: [...taken.bad, ...(last === undefined ? [] : sampleOf(subject, last, taken, options))],
            }),
            { last: undefined, out: [] },
          ),
          mergeMap(({ out }) => from(out)),
        );
      }),
    );
  });
