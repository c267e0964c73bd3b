/** Reads all counters of the kernel once, file by file: what is not there is absent, what cannot be read is told. */
import { forkJoin, map, mergeMap, type Observable, of, toArray, from } from 'rxjs';
import { type BadInput, printable } from '../../../model/index.js';
import type { Counters } from './counters.js';
import { parseDiskstats } from './diskstats.js';
import type { Files, FileText } from './files.js';
import type { Parsed } from './kernel-text.js';
import { known } from './known.js';
import { parseLoadavg } from './loadavg.js';
import { parseMeminfo } from './meminfo.js';
import { parseNetDev } from './net-dev.js';
import { parsePressure } from './pressure.js';
import { parseProcessStat, type ProcessCounters } from './process-stat.js';
import { parseSchedstat } from './schedstat.js';
import { parseStat } from './stat.js';
import { parseUptime } from './uptime.js';
import { parseVmstat } from './vmstat.js';

/** What was read, and what could not be. */
export interface CountersRead {
  readonly counters: Counters;
  readonly bad: readonly BadInput[];
}

/** What to read. */
export interface CountersOptions {
  /** Where the kernel shows its files; default `/proc`. */
  readonly root?: string;
  /** Whether to read every process too, a file for each; default true. */
  readonly processes?: boolean;
}

/** One file's part of the counters. */
interface Part<Value> {
  readonly value: Value | undefined;
  readonly bad: BadInput | undefined;
}

const unreadable = (file: string, why: string): BadInput => ({
  kind: 'bad-input',
  source: file,
  place: 'the whole file',
  problem: 'malformed',
  message: 'cannot be read',
  value: printable(why),
});

const partOf = <Value>(
  file: string,
  read: FileText,
  parse: (text: string, file: string) => Parsed<Value>,
): Part<Value> => {
  if (read.kind === 'missing') return { value: undefined, bad: undefined };
  if (read.kind === 'unreadable') return { value: undefined, bad: unreadable(file, read.why) };
  const parsed = parse(read.text, file);
  return parsed.ok ? { value: parsed.value, bad: undefined } : { value: undefined, bad: parsed.error };
};

/** Processes read at a time; more would only wait in Node's own queue. */
const atATime = 8;

const readProcesses = (files: Files, root: string): Observable<readonly Part<ProcessCounters>[]> =>
  files.names(root).pipe(
    mergeMap((names) => from(names.filter((name) => /^\d+$/.test(name)))),
    mergeMap((pid) => {
      const file = `${root}/${pid}/stat`;
      return files.text(file).pipe(map((read) => partOf(file, read, parseProcessStat)));
    }, atATime),
    toArray(),
  );

/** Reads all counters once. Gives one value and completes; never fails. Unsubscribing ends the reads. */
export const readCounters = (
  files: Files,
  { root = '/proc', processes = true }: CountersOptions = {},
): Observable<CountersRead> => {
  const one = <Value>(name: string, parse: (text: string, file: string) => Parsed<Value>): Observable<Part<Value>> =>
    files.text(`${root}/${name}`).pipe(map((read) => partOf(`${root}/${name}`, read, parse)));
  return forkJoin({
    stat: one('stat', parseStat),
    load: one('loadavg', parseLoadavg),
    meminfo: one('meminfo', parseMeminfo),
    vmstat: one('vmstat', parseVmstat),
    disks: one('diskstats', parseDiskstats),
    network: one('net/dev', (text, file) => parseNetDev(text, file)),
    cpu: one('pressure/cpu', parsePressure),
    memory: one('pressure/memory', parsePressure),
    io: one('pressure/io', parsePressure),
    schedstat: one('schedstat', parseSchedstat),
    uptime: one('uptime', parseUptime),
    processes: processes ? readProcesses(files, root) : of(undefined),
  }).pipe(
    map(({ processes: list, ...parts }) => ({
      counters: known({
        stat: parts.stat.value,
        load: parts.load.value,
        meminfo: parts.meminfo.value,
        vmstat: parts.vmstat.value,
        disks: parts.disks.value,
        network: parts.network.value,
        pressure: known({ cpu: parts.cpu.value, memory: parts.memory.value, io: parts.io.value }),
        schedstat: parts.schedstat.value,
        uptime: parts.uptime.value,
        processes: list?.flatMap(({ value }) => (value === undefined ? [] : [value])),
      }),
      bad: [...Object.values(parts), ...(list ?? [])].flatMap(({ bad }) => (bad === undefined ? [] : [bad])),
    })),
  );
};
