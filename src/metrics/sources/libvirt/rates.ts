/** Rates: from two readings of libvirt's counters to what happened in between. */
import {
  type DirtyReading,
  type DiskReading,
  kibibytes,
  mebibytesPerSecond,
  type MemoryReading,
  type Milliseconds,
  minutes,
  type NetworkReading,
  type Readings,
  seconds,
} from '../../../model/index.js';
import { known } from '../linux/known.js';
import type { DomainCounters } from './domstats.js';
import type { NodeCpuTimes, NodeMemory } from './node-stats.js';

/** What was read in between, but when and whose. */
type Rates = Omit<Readings, 'at'>;

/** How much faster than the clock processor time may seem to pass before it is not believed: two readings are never taken at one instant. */
const slack = 1.5;

/** What the balloon told longer ago than this says nothing of now. */
const longestSilence = minutes(1);

/** Growth of a counter; not known where it went backwards, as after a move to another host. */
const growth = (before: number | undefined, after: number | undefined): number | undefined =>
  before === undefined || after === undefined || after < before ? undefined : after - before;

const total = (numbers: readonly (number | undefined)[]): number | undefined =>
  numbers.length === 0
    ? undefined
    : numbers.reduce<number | undefined>((sum, n) => (sum === undefined || n === undefined ? undefined : sum + n), 0);

/** A share of the time that so many processors had; not known where it is more than can be. */
const shareOf = (nanoseconds: number | undefined, elapsed: Milliseconds, processors: number): number | undefined => {
  if (nanoseconds === undefined || processors === 0) return undefined;
  const share = nanoseconds / 1e6 / elapsed / processors;
  return share > slack ? undefined : Math.min(1, share);
};

/** Growth over the time, summed over the things that both readings hold. */
const perSecond = <Thing>(
  before: Readonly<Record<string, Thing>>,
  after: Readonly<Record<string, Thing>>,
  elapsed: Milliseconds,
  of: (thing: Thing) => number,
): number | undefined => {
  const grown = Object.entries(after).flatMap(([name, is]) => {
    const was = Object.hasOwn(before, name) ? before[name] : undefined;
    return was === undefined ? [] : [growth(of(was), of(is))];
  });
  const sum = total(grown);
  return sum === undefined ? undefined : (sum / elapsed) * 1000;
};

const cpuOf = (before: DomainCounters, after: DomainCounters, elapsed: Milliseconds): Rates => {
  const count = after.processors.length;
  if (count === 0 || before.processors.length !== count) return {};
  const ran = total(after.processors.map((now, i) => growth(before.processors[i]?.ran, now.ran)));
  const waited = total(after.processors.map((now, i) => growth(before.processors[i]?.waited, now.waited)));
  const running = shareOf(ran, elapsed, count);
  const waiting = shareOf(waited, elapsed, count);
  if (running === undefined) return {};
  // To the guest, time that its processors waited for one of the host is stolen, and stolen time counts as used.
  const cpu = known({ used: Math.min(1, running + (waiting ?? 0)), steal: waiting });
  return known({ cpu, runQueueWait: waiting });
};

const memoryOf = (
  before: DomainCounters,
  { balloon }: DomainCounters,
  elapsed: Milliseconds,
  at: Milliseconds,
): MemoryReading | undefined => {
  if (balloon === undefined || Math.abs(at - balloon.at) > longestSilence) return undefined;
  const { total: all, available } = balloon;
  const swapped = growth(before.balloon?.swapped, balloon.swapped);
  const reading = known({
    total: all === undefined ? undefined : kibibytes(all),
    available: available === undefined ? undefined : kibibytes(available),
    used: all === undefined || available === undefined || available > all ? undefined : kibibytes(all - available),
    swapping: swapped === undefined ? undefined : (kibibytes(swapped) / elapsed) * 1000,
  });
  return Object.keys(reading).length === 0 ? undefined : reading;
};

const diskOf = (before: DomainCounters, after: DomainCounters, elapsed: Milliseconds): DiskReading | undefined => {
  const read = perSecond(before.disks, after.disks, elapsed, (disk) => disk.read);
  const written = perSecond(before.disks, after.disks, elapsed, (disk) => disk.written);
  return read === undefined || written === undefined ? undefined : { read, written };
};

const networkOf = (
  before: DomainCounters,
  after: DomainCounters,
  elapsed: Milliseconds,
): NetworkReading | undefined => {
  const received = perSecond(before.network, after.network, elapsed, (link) => link.received);
  const sent = perSecond(before.network, after.network, elapsed, (link) => link.sent);
  return received === undefined || sent === undefined ? undefined : { received, sent };
};

/**
 * A measurement is told once, when it is new. Page sampling counts in whole MiB/s and misses most of what a starved guest
 * writes, so a zero of it means "less than it sees", not "clean".
 */
const dirtyOf = (before: DomainCounters, { dirty }: DomainCounters): DirtyReading | undefined =>
  dirty === undefined || dirty.rate === 0 || dirty.startedAt === before.dirty?.startedAt
    ? undefined
    : { rate: mebibytesPerSecond(dirty.rate), window: seconds(dirty.period) };

const some = <Reading extends object>(reading: Reading): Reading | undefined =>
  Object.keys(reading).length === 0 ? undefined : reading;

/**
 * What a guest did between two readings of `domstats --raw`. Whatever one of the two does not hold, and whatever went
 * backwards, is absent.
 *
 * @param elapsed - time between the readings by the clock
 * @param at - time of the later reading, in milliseconds since the epoch
 * @returns `undefined` where not a millisecond passed, or nothing is known
 */
export const domainRates = (
  before: DomainCounters,
  after: DomainCounters,
  elapsed: Milliseconds,
  at: Milliseconds,
): Rates | undefined =>
  elapsed >= 1 && Number.isFinite(elapsed)
    ? some({
        ...cpuOf(before, after, elapsed),
        ...known({
          memory: memoryOf(before, after, elapsed, at),
          disk: diskOf(before, after, elapsed),
          network: networkOf(before, after, elapsed),
          dirty: dirtyOf(before, after),
        }),
      })
    : undefined;

const timesOf = ({ user, system, idle, iowait, interrupts }: NodeCpuTimes): readonly number[] => [
  user,
  system,
  idle,
  iowait ?? 0,
  interrupts ?? 0,
];

const nodeCpuOf = (before: NodeCpuTimes, after: NodeCpuTimes): Rates['cpu'] => {
  const was = timesOf(before);
  const [user, system, idle, iowait, interrupts] = timesOf(after).map((time, i) => growth(was[i], time));
  const all = total([user, system, idle, iowait, interrupts]);
  if (!all || user === undefined || system === undefined || idle === undefined) return undefined;
  const shareIn = (time: number): number => Math.min(1, time / all);
  return known({
    used: shareIn(user + system + (interrupts ?? 0)),
    user: shareIn(user),
    system: shareIn(system + (interrupts ?? 0)),
    iowait: after.iowait === undefined || iowait === undefined ? undefined : shareIn(iowait),
    idle: shareIn(idle),
  });
};

const nodeMemoryOf = ({ total: all, free, buffers, cached }: NodeMemory): MemoryReading => {
  // The page cache can be given up, but for what of it is shared memory, which libvirt does not tell.
  const available = Math.min(all, free + (buffers ?? 0) + (cached ?? 0));
  return { total: all, available, used: all - available };
};

/** What a host did between two readings of `nodecpustats`, and how its memory stands. */
export const nodeRates = (
  before: NodeCpuTimes | undefined,
  after: NodeCpuTimes | undefined,
  memory: NodeMemory | undefined,
): Rates | undefined =>
  some(
    known({
      cpu: before === undefined || after === undefined ? undefined : nodeCpuOf(before, after),
      memory: memory === undefined ? undefined : nodeMemoryOf(memory),
    }),
  );
