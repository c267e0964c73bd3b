/** Measures: the numbers that signals read from samples, by name. What a sample does not hold, or holds as no finite number, is not known. */
import type { Sample } from '../model/index.js';
import { finite } from './finite.js';
import type { Measure } from './signal.js';

/**
 * Makes a measure of a reader of samples. A reading that is not finite counts as not measured.
 *
 * @example
 * const swapUsed = measure('swap used', ({ memory }) => memory?.swapUsed);
 */
export const measure = (name: string, read: (sample: Sample) => number | undefined): Measure => ({
  name,
  of: (sample) => finite(read(sample)),
});

/** A part of a whole as a share; not known where the whole is zero, for then nothing was measured. */
const share = (part: number | undefined, whole: number | undefined): number | undefined =>
  part === undefined || whole === undefined || !(whole > 0) ? undefined : Math.min(1, Math.max(0, part / whole));

/** Share of processor time in use: everything but idle and iowait (Muda, Table 6.1; M9). */
export const cpu: Measure = /* @__PURE__ */ measure('cpu', (sample) => sample.cpu?.used);
/** Share of processor time in user mode, the only part that Muda's built system counted (§7.4.5; M22). */
export const cpuUser: Measure = /* @__PURE__ */ measure('cpu user', (sample) => sample.cpu?.user);
/** Share of processor time in the kernel (Muda, §7.4.5; M22). */
export const cpuSystem: Measure = /* @__PURE__ */ measure('cpu system', (sample) => sample.cpu?.system);
/** Share of processor time idle while a disk request was waited for (Muda, §6.3.1; M9). */
export const iowait: Measure = /* @__PURE__ */ measure('iowait', (sample) => sample.cpu?.iowait);
/** Share of processor time that a guest wanted and the host gave to others. */
export const steal: Measure = /* @__PURE__ */ measure('steal', (sample) => sample.cpu?.steal);
/** Share of processor time idle. */
export const idle: Measure = /* @__PURE__ */ measure('idle', (sample) => sample.cpu?.idle);
/** Load average over one minute, a count of tasks (M12). */
export const loadOne: Measure = /* @__PURE__ */ measure('load one', (sample) => sample.load?.one);
/** Load average over five minutes, a count of tasks. */
export const loadFive: Measure = /* @__PURE__ */ measure('load five', (sample) => sample.load?.five);
/** Load average over fifteen minutes, a count of tasks. */
export const loadFifteen: Measure = /* @__PURE__ */ measure('load fifteen', (sample) => sample.load?.fifteen);
/** Share of the time in which a runnable task waited for a processor. */
export const runQueueWait: Measure = /* @__PURE__ */ measure('run-queue wait', (sample) => sample.runQueueWait);
/** Share of the time in which some task was held up for want of a processor. */
export const cpuPressure: Measure = /* @__PURE__ */ measure('cpu pressure', (sample) => sample.pressure?.cpu?.some);
/** Share of the time in which some task was held up for want of memory. */
export const memoryPressure: Measure = /* @__PURE__ */ measure(
  'memory pressure',
  (sample) => sample.pressure?.memory?.some,
);
/** Share of the time in which some task was held up by a disk. */
export const ioPressure: Measure = /* @__PURE__ */ measure('io pressure', (sample) => sample.pressure?.io?.some);
/** Share of the memory in use: what is used, or else all that is not available, of the total (M9, M23). */
export const memoryUsed: Measure = /* @__PURE__ */ measure('memory used', ({ memory }) => {
  if (memory?.total === undefined) return undefined;
  return share(
    memory.used ?? (memory.available === undefined ? undefined : memory.total - memory.available),
    memory.total,
  );
});
/** Share of the swap space in use (M9, M23); not known where there is none. */
export const swapUsed: Measure = /* @__PURE__ */ measure('swap used', ({ memory }) =>
  share(memory?.swapUsed, memory?.swapTotal),
);
/** Pages swapped in and out, in bytes per second (M23). */
export const swapping: Measure = /* @__PURE__ */ measure('swapping', (sample) => sample.memory?.swapping);
/** What is read from disks, in bytes per second. */
export const diskRead: Measure = /* @__PURE__ */ measure('disk read', (sample) => sample.disk?.read);
/** What is written to disks, in bytes per second. */
export const diskWritten: Measure = /* @__PURE__ */ measure('disk written', (sample) => sample.disk?.written);
/** What is read from and written to disks, in bytes per second. */
export const diskTraffic: Measure = /* @__PURE__ */ measure('disk traffic', ({ disk }) =>
  disk ? disk.read + disk.written : undefined,
);
/** Share of the time in which a disk request was under way. */
export const diskBusy: Measure = /* @__PURE__ */ measure('disk busy', (sample) => sample.disk?.busy);
/** What is received from the network, in bytes per second. */
export const networkReceived: Measure = /* @__PURE__ */ measure(
  'network received',
  (sample) => sample.network?.received,
);
/** What is sent to the network, in bytes per second. */
export const networkSent: Measure = /* @__PURE__ */ measure('network sent', (sample) => sample.network?.sent);
/** What is received from and sent to the network, in bytes per second (M24). */
export const networkTraffic: Measure = /* @__PURE__ */ measure('network traffic', ({ network }) =>
  network ? network.received + network.sent : undefined,
);
/**
 * Processor use of the busiest process, as a share of one processor; may pass 1 (M13).
 * Not known from an empty list: where something measures, some process runs.
 */
export const busiestProcess: Measure = /* @__PURE__ */ measure('busiest process', ({ processes }) =>
  processes?.reduce<number | undefined>(
    (most, process) => (most === undefined || process.cpu > most ? process.cpu : most),
    undefined,
  ),
);
