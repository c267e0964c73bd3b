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
  // A job that sleeps between its writes catches up until hardly any processor time is left to it.
  const slowed = writing.boundBy === 'cpu' ? 1 - grip * throttle : Math.min(1, (1 - throttle) / clockNeeds);
  return writing.rate * slowed * fullRateTime(writing.phases, from, to);
};

/** Share of a throttle that takes hold: the guest makes up for a part of each sleep (measured 0.7 to 1). */
const grip = 0.85;
/** Processor share that a job driven by the clock is taken to need. */
const clockNeeds = 0.15;

/** Write rate (bytes per millisecond) of random writes to `workingSet` that dirty `unique` bytes in `window`. */
export const randomRate = (unique: Bytes, window: Milliseconds, workingSet: Bytes): number =>
  unique >= workingSet ? Infinity : (workingSet * Math.log(workingSet / (workingSet - unique))) / window;
