/** Reads the static facts of the machine that this program runs on, once. */
import { machine } from 'node:os';
import { forkJoin, map, mergeMap, type Observable, of } from 'rxjs';
import { type BadInput, type Bytes, kibibytes, mebibytes } from '../../../model/index.js';
import { parseCpuinfo } from './cpuinfo.js';
import { type CacheFacts, type LocalFacts, localFacts } from './facts.js';
import { type Files, type FileText, localFiles } from './files.js';
import { counter, type Parsed } from './kernel-text.js';
import { known } from './known.js';
import { parseMeminfo } from './meminfo.js';

/** What the facts are, and what of them could not be read. */
export interface FactsFound {
  readonly facts: LocalFacts;
  readonly bad: readonly BadInput[];
}

/** Where the facts are read. */
export interface FactsOptions {
  readonly files?: Files;
  /** Default `/proc`. */
  readonly proc?: string;
  /** Default `/sys`. */
  readonly sys?: string;
  /** As `uname -m` says; default the machine's own. */
  readonly architecture?: string;
}

const wordOf = (read: FileText): string | undefined => (read.kind === 'text' ? read.text.trim() : undefined);

/** `32K`, `1024K`, `32M`. */
const sizeOf = (word: string | undefined): Bytes | undefined => {
  const [, digits, unit] = /^(\d{1,9})([KM])$/.exec(word ?? '') ?? [];
  return digits === undefined ? undefined : unit === 'M' ? mebibytes(Number(digits)) : kibibytes(Number(digits));
};

const all = <Value>(list: readonly Observable<Value>[]): Observable<readonly Value[]> =>
  list.length === 0 ? of([]) : forkJoin(list);

const present = <Value>(values: readonly (Value | undefined)[]): readonly Value[] =>
  values.filter((value) => value !== undefined);

/**
 * Reads the static facts of this machine (M8, M11). Gives one value and completes; never fails. What the kernel does not show is absent:
 * guests often see neither cpufreq nor caches.
 *
 * In a container these are the facts of the whole machine; a limit of its control group is not seen.
 */
export const readFacts = ({
  files = localFiles(),
  proc = '/proc',
  sys = '/sys',
  architecture,
}: FactsOptions = {}): Observable<FactsFound> => {
  const cpus = `${sys}/devices/system/cpu`;
  const word = (path: string): Observable<string | undefined> => files.text(path).pipe(map(wordOf));
  const hertz = (name: string): Observable<number | undefined> =>
    // cpufreq speaks in kHz.
    word(`${cpus}/cpu0/cpufreq/${name}`).pipe(
      map(counter),
      map((kilohertz) => (kilohertz === undefined ? undefined : kilohertz * 1000)),
    );
  const parsed = <Value>(
    path: string,
    parse: (text: string, file: string) => Parsed<Value>,
  ): Observable<Parsed<Value> | undefined> =>
    files.text(path).pipe(map((read) => (read.kind === 'text' ? parse(read.text, path) : undefined)));
  const topology = files.names(cpus).pipe(
    mergeMap((names) =>
      all(
        names
          .filter((name) => /^cpu\d+$/.test(name))
          .map((name) =>
            forkJoin([
              word(`${cpus}/${name}/topology/physical_package_id`),
              word(`${cpus}/${name}/topology/core_id`),
            ]).pipe(
              map(([package_, core]) => {
                const [socket, number] = [counter(package_), counter(core)];
                return socket === undefined || number === undefined ? undefined : { socket, core: number };
              }),
            ),
          ),
      ),
    ),
    map(present),
  );
  const caches = files.names(`${cpus}/cpu0/cache`).pipe(
    mergeMap((names) =>
      all(
        names
          .filter((name) => /^index\d+$/.test(name))
          .map((name) =>
            forkJoin([word(`${cpus}/cpu0/cache/${name}/level`), word(`${cpus}/cpu0/cache/${name}/size`)]).pipe(
              map(([level, size]): CacheFacts | undefined => {
                const [number, bytes] = [counter(level), sizeOf(size)];
                return number === undefined || bytes === undefined ? undefined : { level: number, size: bytes };
              }),
            ),
          ),
      ),
    ),
    map(present),
  );
  return forkJoin({
    cpuinfo: parsed(`${proc}/cpuinfo`, parseCpuinfo),
    meminfo: parsed(`${proc}/meminfo`, parseMeminfo),
    baseClock: hertz('base_frequency'),
    greatestClock: hertz('cpuinfo_max_freq'),
    topology,
    caches,
  }).pipe(
    map(({ cpuinfo, meminfo, ...rest }) => ({
      facts: localFacts(
        known({
          ...rest,
          cpuinfo: cpuinfo?.ok === true ? cpuinfo.value : undefined,
          meminfo: meminfo?.ok === true ? meminfo.value : undefined,
          architecture: architecture ?? machine(),
        }),
      ),
      bad: [cpuinfo, meminfo].flatMap((part) => (part?.ok === false ? [part.error] : [])),
    })),
  );
};
