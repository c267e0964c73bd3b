/** Sample fault: finds the first number of a sample that cannot be, quickly enough to look at every sample that comes in. */
import type { Sample, Stall } from '../model/index.js';

/**
 * How far a share may lie above 1 and still be taken for 1. Sums of shares miss it by rounding; a share that is wrong misses it
 * by more.
 */
const roundingError = 1e-9;

/** The rule that {@link sampleFault} looks after, in words. */
export const soundNumbers = 'must be finite, not negative, and at most 1 if it is a share';

const isAmount = (value: number): boolean => Number.isFinite(value) && value >= 0;
const isShare = (value: number): boolean => value >= 0 && value <= 1 + roundingError && Number.isFinite(value);
const wrongAmount = (value: number | undefined): boolean => value !== undefined && !isAmount(value);
const wrongShare = (value: number | undefined): boolean => value !== undefined && !isShare(value);

const cpuFault = (cpu: NonNullable<Sample['cpu']>): string | undefined => {
  if (!isShare(cpu.used)) return 'cpu.used';
  if (wrongShare(cpu.user)) return 'cpu.user';
  if (wrongShare(cpu.system)) return 'cpu.system';
  if (wrongShare(cpu.iowait)) return 'cpu.iowait';
  if (wrongShare(cpu.steal)) return 'cpu.steal';
  if (wrongShare(cpu.idle)) return 'cpu.idle';
  return undefined;
};

const loadFault = (load: NonNullable<Sample['load']>): string | undefined => {
  if (!isAmount(load.one)) return 'load.one';
  if (!isAmount(load.five)) return 'load.five';
  if (!isAmount(load.fifteen)) return 'load.fifteen';
  return undefined;
};

const stallFault = (stall: Stall, of: string): string | undefined => {
  if (!isShare(stall.some)) return `pressure.${of}.some`;
  if (wrongShare(stall.full)) return `pressure.${of}.full`;
  return undefined;
};

const pressureFault = ({ cpu, memory, io }: NonNullable<Sample['pressure']>): string | undefined =>
  (cpu && stallFault(cpu, 'cpu')) ?? (memory && stallFault(memory, 'memory')) ?? (io && stallFault(io, 'io'));

const memoryFault = (memory: NonNullable<Sample['memory']>): string | undefined => {
  if (wrongAmount(memory.total)) return 'memory.total';
  if (wrongAmount(memory.used)) return 'memory.used';
  if (wrongAmount(memory.available)) return 'memory.available';
  if (wrongAmount(memory.swapTotal)) return 'memory.swapTotal';
  if (wrongAmount(memory.swapUsed)) return 'memory.swapUsed';
  if (wrongAmount(memory.swapping)) return 'memory.swapping';
  if (wrongAmount(memory.dirty)) return 'memory.dirty';
  return undefined;
};

const diskFault = (disk: NonNullable<Sample['disk']>): string | undefined => {
  if (!isAmount(disk.read)) return 'disk.read';
  if (!isAmount(disk.written)) return 'disk.written';
  if (wrongShare(disk.busy)) return 'disk.busy';
  return undefined;
};

const networkFault = (network: NonNullable<Sample['network']>): string | undefined => {
  if (!isAmount(network.received)) return 'network.received';
  if (!isAmount(network.sent)) return 'network.sent';
  return undefined;
};

const processFault = (processes: NonNullable<Sample['processes']>): string | undefined => {
  for (let i = 0; i < processes.length; i++) {
    const process = processes[i];
    if (!process) continue;
    if (!isAmount(process.cpu)) return `processes[${i}].cpu`;
    if (!isAmount(process.memory)) return `processes[${i}].memory`;
  }
  return undefined;
};

const dirtyFault = (dirty: NonNullable<Sample['dirty']>): string | undefined => {
  if (!isAmount(dirty.rate)) return 'dirty.rate';
  if (!isAmount(dirty.window) || dirty.window === 0) return 'dirty.window';
  return undefined;
};

/**
 * Path of the first number of a sample that is not finite, is negative, or is a share above 1; `undefined` for a sound sample.
 * It checks what the types cannot say, for samples that came past the schema; a stranger's data goes through `sampleSchema`.
 */
export const sampleFault = (sample: Sample): string | undefined => {
  if (!Number.isFinite(sample.at)) return 'at';
  return (
    (sample.cpu && cpuFault(sample.cpu)) ??
    (sample.load && loadFault(sample.load)) ??
    (wrongShare(sample.runQueueWait) ? 'runQueueWait' : undefined) ??
    (sample.pressure && pressureFault(sample.pressure)) ??
    (sample.memory && memoryFault(sample.memory)) ??
    (sample.disk && diskFault(sample.disk)) ??
    (sample.network && networkFault(sample.network)) ??
    (sample.processes && processFault(sample.processes)) ??
    (sample.dirty && dirtyFault(sample.dirty))
  );
};

const over = (share: number | undefined): boolean => share !== undefined && share > 1;

const overAny = ({ cpu, runQueueWait, pressure, disk }: Sample): boolean =>
  (cpu !== undefined &&
    (cpu.used > 1 || over(cpu.user) || over(cpu.system) || over(cpu.iowait) || over(cpu.steal) || over(cpu.idle))) ||
  over(runQueueWait) ||
  over(disk?.busy) ||
  (pressure !== undefined &&
    [pressure.cpu, pressure.memory, pressure.io].some((stall) => over(stall?.some) || over(stall?.full)));

/** A record all of whose numbers are shares, none of them above 1. */
const clipped = <Shares extends object>(shares: Shares): Shares =>
  // The fields and their types stay as they are; only numbers above 1 change.
  Object.fromEntries(
    Object.entries(shares).map(([name, share]: [string, unknown]) => [
      name,
      typeof share === 'number' ? Math.min(1, share) : share,
    ]),
  ) as Shares;

/**
 * A sound sample whose shares are at most 1: the sample itself, but for a rounding error above 1 in it. So what is folded is
 * what the schema allows and a recording holds.
 */
export const withoutExcess = (sample: Sample): Sample => {
  if (!overAny(sample)) return sample;
  const { cpu, runQueueWait, pressure, disk } = sample;
  return {
    ...sample,
    ...(cpu && { cpu: clipped(cpu) }),
    ...(runQueueWait !== undefined && { runQueueWait: Math.min(1, runQueueWait) }),
    ...(disk && { disk: disk.busy === undefined ? disk : { ...disk, busy: Math.min(1, disk.busy) } }),
    ...(pressure && {
      pressure: {
        ...(pressure.cpu && { cpu: clipped(pressure.cpu) }),
        ...(pressure.memory && { memory: clipped(pressure.memory) }),
        ...(pressure.io && { io: clipped(pressure.io) }),
      },
    }),
  };
};
