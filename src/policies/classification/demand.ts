/** Demand: what a guest asks of processors and disks, in time, from what it was granted and what it was kept from. */
import type { BytesPerSecond, Fraction } from '../../model/index.js';
import type { Usage } from './usage.js';

/** By what the waiting for a disk was seen, best first. */
export type StallSeenBy = 'pressure' | 'processes' | 'iowait' | 'nothing';

/** What a guest asks for. */
export interface Demand {
  /** Processors that it uses or waits for; 1 is one processor's whole time. */
  readonly processors: number;
  /** Share of the time in which it waits for a disk; `undefined` where nothing tells. */
  readonly stall: Fraction | undefined;
  readonly stallSeenBy: StallSeenBy;
  /**
   * What its active time is made of: user time, and waiting for disks; the rest is system time. Time in run queues is no part of it:
   * the mix of running and waiting for disks is the program's own, however long it queues in between. Both are `undefined` where it
   * did neither, and `disk` where nothing tells of waiting for disks.
   */
  readonly mix: { readonly computing: Fraction | undefined; readonly disk: Fraction | undefined };
  /** Processors' time and waiting for disks together, that the mix was seen in; at most 2. */
  readonly active: number;
  /**
   * What it reads and writes in a second that it need not queue in: its traffic, over the share of its time that it was let run or
   * wait for a disk.
   */
  readonly diskTraffic: BytesPerSecond | undefined;
  /** Whether user and system time were told apart; else all time counts as computing. */
  readonly split: boolean;
  /** Whether waiting for a processor was measured. */
  readonly waiting: boolean;
}

/**
 * Waiting for disks. Pressure stall counts it whether or not other work keeps the processors busy. Where that is not measured, so
 * does the state of processes, sampled. I/O wait is idle time only: never too high, but near zero on a busy processor.
 */
const stallOf = (
  { ioPressure, diskSleep, iowait }: Usage,
  processors: number,
): Pick<Demand, 'stall' | 'stallSeenBy'> => {
  if (ioPressure !== undefined) return { stall: ioPressure, stallSeenBy: 'pressure' };
  const idle = iowait === undefined ? undefined : Math.min(1, iowait * processors);
  if (diskSleep !== undefined) return { stall: Math.max(diskSleep, idle ?? 0), stallSeenBy: 'processes' };
  return { stall: idle, stallSeenBy: idle === undefined ? 'nothing' : 'iowait' };
};

/**
 * Waiting for processors, in processors. Run queues count every task that waits, pressure stall only whether one does, so it is a
 * lower bound. Stolen time is waiting that the guest sees from inside.
 */
const waitingOf = ({ runQueueWait, cpuPressure, steal }: Usage, processors: number): number | undefined => {
  const queued = runQueueWait === undefined ? cpuPressure : runQueueWait * processors;
  return queued === undefined && steal === undefined ? undefined : (queued ?? 0) + (steal ?? 0) * processors;
};

/** Seen less than a hundredth of the time, a guest's pace is not told by what it did: a single request would make it any. */
const leastActive = 0.01;

/**
 * What a guest asks for; `undefined` where its processor use is not known.
 *
 * Running and waiting are compared as shares of one stream of work: running is cut at one processor, as pressure stall is, which
 * tells whether at least one task waits and not how many.
 *
 * @param processors - processors that the shares of the usage are of
 */
export const demandOf = (usage: Usage, processors: number): Demand | undefined => {
  const { used, user = 0, system = 0, steal = 0 } = usage;
  if (used === undefined) return undefined;
  const ran = Math.max(0, used - steal) * processors;
  const split = used === 0 || (usage.user !== undefined && usage.system !== undefined);
  const userPart = split && user + system > 0 ? user / (user + system) : 1;
  const waited = waitingOf(usage, processors);
  const { stall, stallSeenBy } = stallOf(usage, processors);
  const stream = Math.min(1, ran);
  const active = stream + (stall ?? 0);
  // Of one stream as well: one task's waiting is not shortened by another that waits beside it.
  const queued = Math.min(1, waited ?? 0);
  return {
    processors: ran + (waited ?? 0),
    stall,
    stallSeenBy,
    mix: {
      computing: active > 0 ? (stream * userPart) / active : undefined,
      disk: active > 0 && stall !== undefined ? stall / active : undefined,
    },
    active,
    diskTraffic:
      usage.diskTraffic === undefined ? undefined : usage.diskTraffic * (1 + queued / Math.max(active, leastActive)),
    split,
    waiting: waited !== undefined,
  };
};
