/** Dirtying: how much memory differs after a stretch of writing, and back from what was measured to how the guest may write. */
import type { Bytes, Fraction, Milliseconds } from '../model/index.js';
import type { KnownDemand, WritePhase } from './estimator.js';

/** A way of writing to memory. Rates are in bytes per millisecond here, so that they multiply with times. */
export interface Writing {
  readonly rate: number;
  readonly workingSet: Bytes;
  readonly pattern: 'sweep' | 'random';
  readonly phases: readonly WritePhase[];
  readonly boundBy: 'cpu' | 'clock';
  /** How often writes hit queued pages again, against what is to be expected of two places that know nothing of each other. */
  readonly luck: number;
}

/** A sweep runs the same way as QEMU's own pass, so it comes upon less that is queued than chance would have it. */
export const sweepLuck = 0.75;

/** The writing of a program that is known. */
export const writingOf = (demand: KnownDemand): Writing => ({
  rate: demand.writeRate / 1000,
  workingSet: demand.workingSet,
  pattern: demand.pattern,
  phases: demand.phases ?? [],
  boundBy: demand.boundBy ?? 'cpu',
  luck: demand.pattern === 'sweep' ? sweepLuck : 1,
});

/**
 * Unique bytes that differ after `written` bytes were written: a sweep touches each page once a round, random writes
 * hit pages already dirty more and more often (the coupon collector's curve).
 */
export const uniqueDirtied = (writing: Writing, written: Bytes): Bytes => {
  if (written <= 0 || writing.workingSet <= 0) return 0;
  return writing.pattern === 'sweep'
    ? Math.min(written, writing.workingSet)
    : writing.workingSet * (1 - Math.exp((-1 * written) / writing.workingSet));
};

/**
 * Share of what is still queued that fresh writes hit again. Random writes hit it as they hit anything. A sweep goes on
 * where it was, so it comes upon queued pages only when it has been once round: `extent` is the stretch of the set
 * behind it that was dirty at the last sync.
 */
export const hitAgain = (writing: Writing, fresh: Bytes, extent: Bytes): Fraction => {
  if (writing.workingSet <= 0) return 0;
  if (writing.pattern === 'random') return Math.min(1, fresh / writing.workingSet);
  return extent <= 0 ? 0 : Math.min(1, Math.max(0, (extent + fresh - writing.workingSet) / extent));
};

/** Milliseconds at the full rate that the job writes for between two times after the start. */
const fullRateTime = (phases: readonly WritePhase[], from: Milliseconds, to: Milliseconds): Milliseconds => {
  if (phases.length === 0) return to - from;
  let begin = 0;
  let sum = 0;
  for (const [index, phase] of phases.entries()) {
    const end = index === phases.length - 1 ? Infinity : begin + phase.length;
    const overlap = Math.min(end, to) - Math.max(begin, from);
    if (overlap > 0) sum += overlap * phase.share;
    begin = end;
  }
  return sum;
};

/** Bytes written between two times after the start of the migration, under a throttle. */
export const writtenBetween = (
  writing: Writing,
  from: Milliseconds,
  to: Milliseconds,
  throttle: Fraction = 0,
): Bytes => {
  if (to <= from) return 0;
  return writing.rate * paceUnder(writing, throttle) * fullRateTime(writing.phases, from, to);
};

/** QEMU lets a throttled guest run for this long between two sleeps (`CPU_THROTTLE_TIMESLICE_NS`). */
const timeslice: Milliseconds = 10;
/** What the timer that begins the next sleep wakes too late, on a busy host; the guest runs on meanwhile (from the dirty counts of throttled guests: 1 to 5 ms). */
const late: Milliseconds = 4;
/** Processor share that a job driven by the clock needs; the recorded ones needed no more at 42,000 writes a second. */
const clockNeeds = 0.1;
/** A job driven by the clock makes up for a hold of this length, and drops what a longer one kept it from. */
const madeUp: Milliseconds = 50;

/**
 * Share of its full rate at which a job writes under a throttle. QEMU (softmmu/cpu-throttle.c of 7.2) has the processor sleep
 * p / (1 - p) time slices after each one: a job that computes loses the share of the sleep, a job driven by the clock
 * only what is left too little for, or held up too long.
 */
const paceUnder = ({ boundBy }: Writing, throttle: Fraction): Fraction => {
  if (throttle <= 0) return 1;
  const asleep = (timeslice * throttle) / (1 - throttle);
  const awake = timeslice + late;
  const share = awake / (awake + asleep);
  if (boundBy === 'cpu') return share;
  return Math.min(1, share / clockNeeds, (madeUp + awake) / (asleep + awake));
};

/** Write rate (bytes per millisecond) of random writes to `workingSet` that dirty `unique` bytes in `window`. */
export const randomRate = (unique: Bytes, window: Milliseconds, workingSet: Bytes): number =>
  unique >= workingSet ? Infinity : (workingSet * Math.log(workingSet / (workingSet - unique))) / window;
