/** Turns the text of `/proc/vmstat` into counts of pages swapped. */
import { ok } from '../../../model/index.js';
import { namedCounters, type Parsed } from './kernel-text.js';
import { known } from './known.js';

/** What `/proc/vmstat` holds, in pages since start. */
export interface ProcVmstat {
  readonly swappedIn?: number;
  readonly swappedOut?: number;
}

/** Reads `/proc/vmstat`. Kernels without swap leave these lines out. */
export const parseVmstat = (text: string, file = '/proc/vmstat'): Parsed<ProcVmstat> => {
  const read = namedCounters(file, text, ['pswpin', 'pswpout'], undefined);
  return read.ok ? ok(known({ swappedIn: read.value.pswpin, swappedOut: read.value.pswpout })) : read;
};
