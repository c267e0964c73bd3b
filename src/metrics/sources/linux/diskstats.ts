/** Turns the text of `/proc/diskstats` into traffic and busy time of whole disks. */
import { type Bytes, failed, type Milliseconds, ok } from '../../../model/index.js';
import { completeLines, counters, type Parsed, wordsOf, wrongLine } from './kernel-text.js';

/** What one disk has done since it appeared. */
export interface DiskCounters {
  readonly read: Bytes;
  readonly written: Bytes;
  /** Time in which a request was under way. */
  readonly busy: Milliseconds;
}

/** Disks by name. */
export type ProcDiskstats = Readonly<Record<string, DiskCounters>>;

/** A sector of these counters is 512 bytes, whatever the disk's own are (kernel documentation, admin-guide/iostats). */
const sector = 512;

/** Devices that stand upon others, or upon memory: what goes through them is counted below, or is no disk's. */
const stacked = /^(dm-|md|loop|ram|zram|zd|drbd|bcache|sr|fd|nbd)\d/;

/** Whether a device is a partition of another that is listed: `sda1` of `sda`, `nvme0n1p2` of `nvme0n1`. */
const isPartition = (name: string, listed: ReadonlySet<string>): boolean => {
  const base = /^(.*\d)p\d+$/.exec(name)?.[1] ?? /^(.*\D)\d+$/.exec(name)?.[1];
  return base !== undefined && listed.has(base);
};

/**
 * Whether a device is a whole disk whose traffic no other device counts again: no partition of another that is listed, and none
 * of dm, md, loop, ram, zram, zvol, drbd, bcache, optical, floppy or network block devices.
 */
export const isWholeDisk = (name: string, listed: ReadonlySet<string>): boolean =>
  !stacked.test(name) && !isPartition(name, listed);

/**
 * Reads `/proc/diskstats` of any kernel since 2.6: 11 counters to a device, 15 since 4.18 (discards), 17 since 5.5 (flushes).
 * Partitions of kernels before 2.6.25, which have four counters, are passed over.
 */
export const parseDiskstats = (text: string, file = '/proc/diskstats'): Parsed<ProcDiskstats> => {
  // A machine may have no disk at all; then the file is empty.
  if (text === '') return ok({});
  const lines = completeLines(file, text);
  if (!lines.ok) return lines;
  const rows = lines.value.map(wordsOf);
  const listed = new Set(rows.map((words) => words[2] ?? ''));
  const disks = new Map<string, DiskCounters>();
  for (const [i, words] of rows.entries()) {
    const line = lines.value[i] ?? '';
    const name = words[2];
    if (name === undefined) return failed(wrongLine(file, i + 1, line, 'the name of a device is needed'));
    if (words.length === 7 || !isWholeDisk(name, listed)) continue;
    const numbers = counters(words.slice(3));
    if (!numbers.ok) return failed(wrongLine(file, i + 1, line, `"${numbers.error}" is no counter`));
    const [, , readSectors, , , , writtenSectors, , , busy] = numbers.value;
    if (readSectors === undefined || writtenSectors === undefined || busy === undefined || numbers.value.length < 11)
      return failed(wrongLine(file, i + 1, line, 'at least 11 counters are needed'));
    disks.set(name, { read: readSectors * sector, written: writtenSectors * sector, busy });
  }
  return ok(Object.fromEntries(disks));
};
