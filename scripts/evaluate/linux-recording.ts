/** Linux recording: from labelled one-second readings of `/proc` to samples of the workload, taken for a guest. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { type CpuTimes, cpuShares, parsePressure, parseStat } from '../../src/metrics/sources/linux/index.js';
import type { CpuShares, GuestSample, Readings, Stall } from '../../src/model/index.js';

const headerSchema = z.looseObject({
  header: z.literal(1),
  name: z.string(),
  label: z.string(),
  cpus: z.int().positive(),
});

const pressureSchema = z.looseObject({ cpu: z.string(), io: z.string(), memory: z.string() });

const rowSchema = z.looseObject({
  t: z.number(),
  stat: z.string(),
  ownCores: z.number().nonnegative(),
  foreignCores: z.number().nonnegative(),
  own: z
    .looseObject({
      runQueueWaitSeconds: z.number(),
      readBytes: z.number(),
      writeBytes: z.number(),
    })
    .nullable(),
  ownPressure: pressureSchema.nullable(),
  ownCpuStat: z.looseObject({ usage_usec: z.number(), user_usec: z.number(), system_usec: z.number() }).nullable(),
  top: z.array(
    z.looseObject({ comm: z.string(), own: z.boolean(), cpu: z.number(), state: z.string(), rssMiB: z.number() }),
  ),
});

type Row = z.infer<typeof rowSchema>;

/** One second of a recording. */
export interface RecordedSecond {
  /** Seconds from the recording's first reading. */
  readonly from: number;
  /** The workload, as a hypervisor sees a guest: processor time, run-queue wait, pressure stall, disk traffic, all its own. */
  readonly guest: GuestSample;
  /** What the thesis' client read: the workload's processor time, and the I/O wait of the whole machine. */
  readonly asThesis: GuestSample;
  /** Processors that other work kept busy. */
  readonly foreignCores: number;
}

/** A labelled recording of one workload. */
export interface Recording {
  readonly name: string;
  readonly label: string;
  readonly cpus: number;
  readonly seconds: readonly RecordedSecond[];
  /** Lines that were none, as `line 7: …`. */
  readonly bad: readonly string[];
}

/** The rows are without the line end that the kernel wrote. */
const withEnd = (text: string): string => `${text}\n`;

const cpuTimes = (row: Row): CpuTimes | undefined => {
  const stat = parseStat(withEnd(row.stat));
  return stat.ok ? stat.value.cpu : undefined;
};

const atMostOne = (share: number): number => Math.min(1, Math.max(0, share));

const stallBetween = (before: string, after: string, elapsed: number): Stall | undefined => {
  const [was, is] = [parsePressure(withEnd(before), 'ownPressure'), parsePressure(withEnd(after), 'ownPressure')];
  return was.ok && is.ok && is.value.some >= was.value.some
    ? { some: atMostOne((is.value.some - was.value.some) / 1e6 / elapsed) }
    : undefined;
};

const pressureOf = (before: Row, after: Row, elapsed: number): Readings['pressure'] => {
  // No task stands still where there is no task.
  if (after.own === null && before.own === null) return { cpu: { some: 0 }, memory: { some: 0 }, io: { some: 0 } };
  if (before.ownPressure === null || after.ownPressure === null) return undefined;
  const between = (kind: 'cpu' | 'io' | 'memory'): Stall | undefined =>
    stallBetween(before.ownPressure?.[kind] ?? '', after.ownPressure?.[kind] ?? '', elapsed);
  const [cpu, io, memory] = [between('cpu'), between('io'), between('memory')];
  return { ...(cpu && { cpu }), ...(io && { io }), ...(memory && { memory }) };
};

const cpuOf = (before: Row, after: Row, elapsed: number, cpus: number): CpuShares => {
  const [was, is] = [before.ownCpuStat, after.ownCpuStat];
  if (was === null || is === null || is.usage_usec < was.usage_usec) return { used: atMostOne(after.ownCores / cpus) };
  const share = (microseconds: number): number => atMostOne(microseconds / 1e6 / elapsed / cpus);
  return {
    used: share(is.usage_usec - was.usage_usec),
    user: share(is.user_usec - was.user_usec),
    system: share(is.system_usec - was.system_usec),
  };
};

const states: Readonly<Record<string, 'runnable' | 'uninterruptible'>> = { R: 'runnable', D: 'uninterruptible' };

const secondOf = (name: string, cpus: number, first: Row, before: Row, after: Row): RecordedSecond | undefined => {
  const elapsed = after.t - before.t;
  if (!(elapsed > 0)) return undefined;
  const { own } = after;
  const cpu = cpuOf(before, after, elapsed, cpus);
  const pressure = pressureOf(before, after, elapsed);
  const [was, is] = [cpuTimes(before), cpuTimes(after)];
  const machine = was && is ? cpuShares(was, is) : undefined;
  const at = after.t * 1000;
  const mine = after.top.filter((process) => process.own);
  const guest: GuestSample = {
    kind: 'guest',
    id: name,
    at,
    cpu,
    ...(pressure && { pressure }),
    ...(own && {
      runQueueWait: atMostOne(own.runQueueWaitSeconds / elapsed / cpus),
      disk: { read: Math.max(0, own.readBytes) / elapsed, written: Math.max(0, own.writeBytes) / elapsed },
      // The recorder lists those of the workload that run or wait for a disk; the others sleep.
      processes:
        mine.length === 0
          ? [{ name: 'workload', cpu: 0, memory: 0, state: 'sleeping' as const }]
          : mine.map((process) => ({
              name: process.comm,
              cpu: Math.max(0, process.cpu),
              memory: process.rssMiB * 1024 ** 2,
              state: states[process.state] ?? ('sleeping' as const),
            })),
    }),
  };
  return {
    from: after.t - first.t,
    guest,
    asThesis: {
      kind: 'guest',
      id: name,
      at,
      cpu: { ...cpu, ...(machine?.iowait === undefined ? {} : { iowait: machine.iowait }) },
    },
    foreignCores: after.foreignCores,
  };
};

const parsedLine = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/**
 * Reads a recording. Lines that are none are told in `bad` and passed over.
 *
 * @returns `undefined` where the first line is not the header of such a recording
 */
export const readRecording = (file: string, name: string): Recording | undefined => {
  const [head = '', ...lines] = readFileSync(file, 'utf8').split('\n');
  const header = headerSchema.safeParse(parsedLine(head));
  if (!header.success) return undefined;
  const { label, cpus } = header.data;
  const seconds: RecordedSecond[] = [];
  const bad: string[] = [];
  let first: Row | undefined;
  let before: Row | undefined;
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const row = rowSchema.safeParse(parsedLine(line));
    if (!row.success) {
      const issue = row.error.issues[0];
      bad.push(`line ${i + 2}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
      continue;
    }
    first ??= row.data;
    const second = before && secondOf(name, cpus, first, before, row.data);
    if (second) seconds.push(second);
    before = row.data;
  }
  return { name, label, cpus, seconds, bad };
};
