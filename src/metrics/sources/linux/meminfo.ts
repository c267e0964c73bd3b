/** Turns the text of `/proc/meminfo` into amounts of memory. */
import { type Bytes, kibibytes, ok } from '../../../model/index.js';
import { namedCounters, type Parsed } from './kernel-text.js';
import { known } from './known.js';

/** What `/proc/meminfo` holds, in bytes. */
export interface ProcMeminfo {
  readonly total?: Bytes;
  readonly free?: Bytes;
  /** What programs may take without swapping, as the kernel estimates it; before Linux 3.14 free, buffers and page cache together. */
  readonly available?: Bytes;
  readonly swapTotal?: Bytes;
  readonly swapFree?: Bytes;
  /** Page cache that waits to be written to disk. */
  readonly dirty?: Bytes;
}

const fields = ['MemTotal', 'MemFree', 'MemAvailable', 'Buffers', 'Cached', 'SwapTotal', 'SwapFree', 'Dirty'] as const;

const bytes = (kib: number | undefined): Bytes | undefined => (kib === undefined ? undefined : kibibytes(kib));

/** Reads `/proc/meminfo`. */
export const parseMeminfo = (text: string, file = '/proc/meminfo'): Parsed<ProcMeminfo> => {
  const read = namedCounters(file, text, fields, 'kB');
  if (!read.ok) return read;
  const { MemTotal, MemFree, MemAvailable, Buffers, Cached, SwapTotal, SwapFree, Dirty } = read.value;
  const reclaimable =
    MemFree === undefined || Buffers === undefined || Cached === undefined ? undefined : MemFree + Buffers + Cached;
  return ok(
    known({
      total: bytes(MemTotal),
      free: bytes(MemFree),
      available: bytes(MemAvailable ?? reclaimable),
      swapTotal: bytes(SwapTotal),
      swapFree: bytes(SwapFree),
      dirty: bytes(Dirty),
    }),
  );
};
