/** Process readings: from two lists of processes to what each of them used in between. */
import type { Bytes, Milliseconds, ProcessReading } from '../../../model/index.js';
import type { ProcessCounters } from './process-stat.js';

/** How processes are counted. */
export interface ProcessOptions {
  /** Time between the two lists. */
  readonly elapsed: Milliseconds;
  readonly ticksPerSecond: number;
  /** Size of a page of memory. */
  readonly pageSize: Bytes;
  /** At most so many, those that used most. */
  readonly most: number;
}

/** A name that a sample may carry: a program may call itself anything, even nothing. */
const nameOf = ({ name, pid }: ProcessCounters): string => {
  const readable = name.replace(/\p{Cc}/gu, '?').slice(0, 253);
  return readable === '' ? `process ${pid}` : readable;
};

/**
 * What each process used of one processor between two lists, most first (M9, M13). A process that is on the second list alone has
 * used its whole time in between; one that ended is not told of.
 */
export const processReadings = (
  before: readonly ProcessCounters[],
  after: readonly ProcessCounters[],
  { elapsed, ticksPerSecond, pageSize, most }: ProcessOptions,
): readonly ProcessReading[] => {
  const earlier = new Map(before.map((process) => [process.pid, process]));
  const ticks = (elapsed / 1000) * ticksPerSecond;
  return after
    .map((process): ProcessReading => {
      const was = earlier.get(process.pid);
      const used = process.cpu - (was?.began === process.began ? was.cpu : 0);
      return {
        name: nameOf(process),
        pid: process.pid,
        cpu: Math.max(0, used) / ticks,
        memory: process.pages * pageSize,
        state: process.state,
      };
    })
    .sort((a, b) => b.cpu - a.cpu || (a.pid ?? 0) - (b.pid ?? 0))
    .slice(0, most);
};
