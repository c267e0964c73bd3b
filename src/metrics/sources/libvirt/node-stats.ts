/** NodeStats: what `virsh nodecpustats` and `virsh nodememstats` print, turned into counters and bytes of a host. */
import { type Bytes, failed, kibibytes, ok } from '../../../model/index.js';
import { completeLines, counter, type Parsed, wrongLine } from '../linux/kernel-text.js';
import { known } from '../linux/known.js';

/** Processor time of a host by kind, in nanoseconds, of all its processors together. */
export interface NodeCpuTimes {
  readonly user: number;
  readonly system: number;
  readonly idle: number;
  readonly iowait?: number;
  readonly interrupts?: number;
}

/** Memory of a host. It is this total that agrees with the kernel; that of `nodeinfo` leaves out memory added later. */
export interface NodeMemory {
  readonly total: Bytes;
  readonly free: Bytes;
  readonly buffers?: Bytes;
  readonly cached?: Bytes;
}

/** Lines of a name, a colon and a counter in a unit. */
const countersOf = (file: string, text: string, unit: string): Parsed<ReadonlyMap<string, number>> => {
  const lines = completeLines(file, text);
  if (!lines.ok) return lines;
  const found = new Map<string, number>();
  for (const [i, line] of lines.value.entries()) {
    if (line.trim() === '') continue;
    const [, name, word, spelled] = /^(\w+)\s*:\s+(\S+)\s?(.*)$/.exec(line) ?? [];
    const number = counter(word);
    if (name === undefined || number === undefined || spelled !== unit)
      return failed(wrongLine(file, i + 1, line, `must be a name and a counter${unit === '' ? '' : ` in ${unit}`}`));
    found.set(name, number);
  }
  return ok(found);
};

const missing = <Value>(file: string, text: string, names: readonly string[]): Parsed<Value> =>
  failed(wrongLine(file, 1, text, `must hold ${names.join(', ')}`));

/** Processor times in the output of `virsh nodecpustats`; not of its form with `--percent`, which has no counters. */
export const parseNodeCpuStats = (text: string): Parsed<NodeCpuTimes> => {
  const found = countersOf('nodecpustats', text, '');
  if (!found.ok) return found;
  const user = found.value.get('user');
  const system = found.value.get('system');
  const idle = found.value.get('idle');
  if (user === undefined || system === undefined || idle === undefined)
    return missing('nodecpustats', text, ['user', 'system', 'idle']);
  return ok(known({ user, system, idle, iowait: found.value.get('iowait'), interrupts: found.value.get('intr') }));
};

const kibibytesOf = (amount: number | undefined): Bytes | undefined =>
  amount === undefined ? undefined : kibibytes(amount);

/** Memory in the output of `virsh nodememstats`. */
export const parseNodeMemoryStats = (text: string): Parsed<NodeMemory> => {
  const found = countersOf('nodememstats', text, 'KiB');
  if (!found.ok) return found;
  const total = kibibytesOf(found.value.get('total'));
  const free = kibibytesOf(found.value.get('free'));
  if (total === undefined || free === undefined) return missing('nodememstats', text, ['total', 'free']);
  return ok(
    known({
      total,
      free,
      buffers: kibibytesOf(found.value.get('buffers')),
      cached: kibibytesOf(found.value.get('cached')),
    }),
  );
};
