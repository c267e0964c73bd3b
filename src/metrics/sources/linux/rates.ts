/** Rates: from two readings of the kernel's counters to a sample of what happened in between. */
import type {
  Bytes,
  BytesPerSecond,
  DiskReading,
  Fraction,
  MemoryReading,
  Milliseconds,
  NetworkReading,
  Readings,
  Stall,
} from '../../../model/index.js';
import type { Counters } from './counters.js';
import { cpuShares, ticksBetween } from './cpu-shares.js';
import { known } from './known.js';
import { processReadings } from './process-readings.js';
import type { StalledTime } from './pressure.js';
import type { ProcStat } from './stat.js';

/** What the counters do not say themselves. */
export interface RateOptions {
  /** Clock ticks in a second, `getconf CLK_TCK`; default 100, as on all architectures in use. */
  readonly ticksPerSecond?: number;
  /** Size of a page of memory; without it swap traffic and the processes are not known. */
  readonly pageSize?: Bytes;
  /** At most so many processes, those that used most; default 16. */
  readonly processes?: number;
}

/** What was read in between, but whose it is. */
export type Rates = Omit<Readings, 'at'>;

/** How much faster than the clock processor time may seem to pass before it is not believed: two readings are never taken at one instant. */
const slack = 1.5;

const shareOf = (part: number, whole: number): Fraction | undefined =>
  whole > 0 && part >= 0 ? Math.min(1, part / whole) : undefined;

/** Growth of a counter; not known where it went backwards, for then it began anew or ran over. */
const growth = (before: number | undefined, after: number | undefined): number | undefined =>
  before === undefined || after === undefined || after < before ? undefined : after - before;

const cpuOf = (before: ProcStat, after: ProcStat, elapsed: Milliseconds, ticksPerSecond: number): Rates['cpu'] => {
  const possible = (elapsed / 1000) * ticksPerSecond * Math.max(before.processors, after.processors);
  // A steal counter that jumps, as after a migration of the machine, would else be taken for a busy host.
  return ticksBetween(before.cpu, after.cpu) > possible * slack + ticksPerSecond
    ? undefined
    : cpuShares(before.cpu, after.cpu);
};

const stallOf = (
  before: StalledTime | undefined,
  after: StalledTime | undefined,
  elapsed: Milliseconds,
): Stall | undefined => {
  const some = growth(before?.some, after?.some);
  const full = growth(before?.full, after?.full);
  if (some === undefined) return undefined;
  return known({
    some: Math.min(1, some / 1000 / elapsed),
    full: full === undefined ? undefined : Math.min(1, full / 1000 / elapsed),
  });
};

/** The things that two readings both hold. One that appeared or vanished in between says nothing yet, or no more. */
const inBoth = <Thing>(
  before: Readonly<Record<string, Thing>>,
  after: Readonly<Record<string, Thing>>,
): readonly (readonly [was: Thing, is: Thing])[] =>
  Object.entries(after).flatMap(([name, is]) => {
    const was = Object.hasOwn(before, name) ? before[name] : undefined;
    return was === undefined ? [] : [[was, is] as const];
  });

/** Growth of what things count, together. Not known where there is none, or where the counter of one went backwards. */
const summed = <Thing>(
  things: readonly (readonly [was: Thing, is: Thing])[],
  of: (thing: Thing) => number,
): number | undefined =>
  things.reduce<number | undefined>(
    (sum, [was, is]) => {
      const grown = growth(of(was), of(is));
      return grown === undefined || sum === undefined ? undefined : sum + grown;
    },
    things.length === 0 ? undefined : 0,
  );

const perSecond = (amount: number, elapsed: Milliseconds): BytesPerSecond => (amount / elapsed) * 1000;

const diskOf = (
  { disks: before }: Counters,
  { disks: after }: Counters,
  elapsed: Milliseconds,
): DiskReading | undefined => {
  if (!before || !after) return undefined;
  const disks = inBoth(before, after);
  const read = summed(disks, (disk) => disk.read);
  const written = summed(disks, (disk) => disk.written);
  if (read === undefined || written === undefined) return undefined;
  // The busiest disk: work that waits for one disk gains nothing from another that is idle.
  const busy = disks.reduce<number | undefined>((most, [was, is]) => {
    const grown = growth(was.busy, is.busy);
    return grown === undefined ? most : Math.max(most ?? 0, grown);
  }, undefined);
  return known({
    read: perSecond(read, elapsed),
    written: perSecond(written, elapsed),
    busy: busy === undefined ? undefined : shareOf(busy, elapsed),
  });
};

const networkOf = (
  { network: before }: Counters,
  { network: after }: Counters,
  elapsed: Milliseconds,
): NetworkReading | undefined => {
  if (!before || !after) return undefined;
  const links = inBoth(before, after);
  const received = summed(links, (link) => link.received);
  const sent = summed(links, (link) => link.sent);
  return received === undefined || sent === undefined
    ? undefined
    : { received: perSecond(received, elapsed), sent: perSecond(sent, elapsed) };
};

const swapped = ({ vmstat }: Counters): number | undefined =>
  vmstat?.swappedIn === undefined || vmstat.swappedOut === undefined ? undefined : vmstat.swappedIn + vmstat.swappedOut;

const memoryOf = (
  before: Counters,
  after: Counters,
  elapsed: Milliseconds,
  pageSize: Bytes | undefined,
): MemoryReading | undefined => {
  const { meminfo } = after;
  const pages = growth(swapped(before), swapped(after));
  const swapping = pages === undefined || pageSize === undefined ? undefined : perSecond(pages * pageSize, elapsed);
  if (!meminfo) return swapping === undefined ? undefined : { swapping };
  const { total, available, swapTotal, swapFree, dirty } = meminfo;
  return known({
    total,
    available,
    used: growth(available, total),
    swapTotal,
    swapUsed: growth(swapFree, swapTotal),
    swapping,
    dirty,
  });
};

/**
 * Time between two readings by the clock, unless the uptime says that somebody set the clock in between. The clock goes first
 * because uptime counts in steps of 10 ms.
 */
const timeBetween = (before: Counters, after: Counters, elapsed: Milliseconds): Milliseconds => {
  const up = growth(before.uptime, after.uptime);
  return up === undefined || Math.abs(up - elapsed) <= 20 + up / 10 ? elapsed : up;
};

/**
 * What happened between two readings of the kernel's counters (M9, M22). Whatever one of the two does not hold, and whatever went
 * backwards, is absent: no rate is ever negative, NaN, or a share above 1.
 *
 * @param elapsed - time between the readings by the clock
 * @returns `undefined` where not a millisecond passed
 */
export const rates = (
  before: Counters,
  after: Counters,
  elapsed: Milliseconds,
  { ticksPerSecond = 100, pageSize, processes = 16 }: RateOptions = {},
): Rates | undefined => {
  const between = timeBetween(before, after, elapsed);
  // Clocks tell whole milliseconds; over less than one no rate can be told.
  if (!(between >= 1 && Number.isFinite(between))) return undefined;
  const waited = growth(before.schedstat?.waited, after.schedstat?.waited);
  const pressure = known({
    cpu: stallOf(before.pressure?.cpu, after.pressure?.cpu, between),
    memory: stallOf(before.pressure?.memory, after.pressure?.memory, between),
    io: stallOf(before.pressure?.io, after.pressure?.io, between),
  });
  return known({
    cpu: before.stat && after.stat ? cpuOf(before.stat, after.stat, between, ticksPerSecond) : undefined,
    load: after.load,
    runQueueWait:
      waited === undefined || !after.stat ? undefined : shareOf(waited / 1e6, between * after.stat.processors),
    pressure: Object.keys(pressure).length === 0 ? undefined : pressure,
    memory: memoryOf(before, after, between, pageSize),
    disk: diskOf(before, after, between),
    network: networkOf(before, after, between),
    processes:
      before.processes && after.processes && pageSize !== undefined
        ? processReadings(before.processes, after.processes, {
            elapsed: between,
            ticksPerSecond,
            pageSize,
            most: processes,
          })
        : undefined,
  });
};
