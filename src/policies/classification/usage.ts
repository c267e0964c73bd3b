/** Usage: what a subject did over a window of some seconds, from its samples; a field that was not measured is absent. */
import {
  cpu,
  cpuPressure,
  cpuSystem,
  cpuUser,
  diskTraffic,
  ioPressure,
  iowait,
  type Measure,
  measure,
  memoryPressure,
  memoryUsed,
  networkTraffic,
  runQueueWait,
  type Signal,
  steal,
  swapping,
  swapUsed,
} from '../../metrics/index.js';
import { type BytesPerSecond, type Fraction, type Milliseconds, type Sample, seconds } from '../../model/index.js';

/** Means over a window. Shares of processor time are of all processors of the subject. */
export interface Usage {
  /** Time from the first sample of the window to the last. */
  readonly span: Milliseconds;
  readonly used?: Fraction;
  readonly user?: Fraction;
  readonly system?: Fraction;
  readonly iowait?: Fraction;
  readonly steal?: Fraction;
  /** Waiting in run queues. */
  readonly runQueueWait?: Fraction;
  /** Some task was held up for want of a processor, a disk, or memory. */
  readonly cpuPressure?: Fraction;
  readonly ioPressure?: Fraction;
  readonly memoryPressure?: Fraction;
  /** Share of the samples in which some process waited for a disk. */
  readonly diskSleep?: Fraction;
  readonly diskTraffic?: BytesPerSecond;
  readonly networkTraffic?: BytesPerSecond;
  readonly memoryUsed?: Fraction;
  readonly swapping?: BytesPerSecond;
  /** Change of the share of swap in use, from the beginning of the window to its end. */
  readonly swapGrowth?: number;
}

/** 1 in a sample that finds a process waiting for a disk, 0 in one that finds none. */
const diskSleep = /* @__PURE__ */ measure('disk sleep', ({ processes }) => {
  const states = processes?.flatMap(({ state }) => (state === undefined ? [] : [state]));
  return states === undefined || states.length === 0 ? undefined : states.includes('uninterruptible') ? 1 : 0;
});

const measures = {
  used: cpu,
  user: cpuUser,
  system: cpuSystem,
  iowait,
  steal,
  runQueueWait,
  cpuPressure,
  ioPressure,
  memoryPressure,
  diskSleep,
  diskTraffic,
  networkTraffic,
  memoryUsed,
  swapping,
  swapUsed,
} as const satisfies Readonly<Record<string, Measure>>;

type Measured = keyof typeof measures;

// The keys of a constant object are exactly its fields.
const names = /* @__PURE__ */ Object.keys(measures) as readonly Measured[];

/** Samples of one slot of time, summed up. */
interface Slot {
  readonly index: number;
  readonly first: Milliseconds;
  readonly last: Milliseconds;
  readonly samples: number;
  readonly sums: Readonly<Partial<Record<Measured, number>>>;
  readonly counts: Readonly<Partial<Record<Measured, number>>>;
}

/** Slots of the window, oldest first; never more than there are slots in it, and one. */
export interface UsageState {
  readonly slots: readonly Slot[];
}

/** How the window is laid. */
export interface UsageOptions {
  /** Length of the window; default 20 s, as long as rule 2 asks (M13). */
  readonly over?: Milliseconds;
}

/** A window is kept in so many slots, so that its size does not depend on the pace of the samples. */
const slotsInWindow = 20;

const added = (slot: Slot, sample: Sample): Slot => {
  const sums: Partial<Record<Measured, number>> = { ...slot.sums };
  const counts: Partial<Record<Measured, number>> = { ...slot.counts };
  for (const name of names) {
    const value = measures[name].of(sample);
    if (value === undefined) continue;
    sums[name] = (sums[name] ?? 0) + value;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return { ...slot, last: sample.at, samples: slot.samples + 1, sums, counts };
};

const meanIn = (slot: Slot | undefined, name: Measured): number | undefined => {
  const [sum, count] = [slot?.sums[name], slot?.counts[name]];
  return sum === undefined || count === undefined ? undefined : sum / count;
};

/** The mean over the window; not known where fewer than half of the samples hold the reading. */
const meanOf = (slots: readonly Slot[], name: Measured, samples: number): number | undefined => {
  const count = slots.reduce((all, slot) => all + (slot.counts[name] ?? 0), 0);
  return count === 0 || count * 2 < samples
    ? undefined
    : slots.reduce((sum, slot) => sum + (slot.sums[name] ?? 0), 0) / count;
};

const usageIn = (slots: readonly Slot[]): Usage | undefined => {
  const [first, last] = [slots[0], slots.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const samples = slots.reduce((sum, slot) => sum + slot.samples, 0);
  const means = names.flatMap((name) => {
    const mean = meanOf(slots, name, samples);
    return mean === undefined || name === 'swapUsed' ? [] : [[name, mean] as const];
  });
  const [swapBefore, swapAfter] = [meanIn(first, 'swapUsed'), meanIn(last, 'swapUsed')];
  return {
    span: last.last - first.first,
    ...Object.fromEntries(means),
    ...(swapBefore === undefined || swapAfter === undefined ? {} : { swapGrowth: swapAfter - swapBefore }),
  };
};

const slotted = (state: UsageState, sample: Sample, over: Milliseconds): UsageState => {
  const index = Math.floor((sample.at * slotsInWindow) / over);
  const latest = state.slots.at(-1);
  // A time that cannot be, or from before what is already in the window, tells nothing.
  if (!Number.isFinite(index) || (latest !== undefined && index < latest.index)) return state;
  const kept = state.slots.filter((slot) => slot.index > index - slotsInWindow);
  const empty: Slot = { index, first: sample.at, last: sample.at, samples: 0, sums: {}, counts: {} };
  return latest?.index === index
    ? { slots: [...kept.slice(0, -1), added(latest, sample)] }
    : { slots: [...kept, added(empty, sample)] };
};

/** What a subject did over all samples given, in the order of their times. */
export const usageOf = (samples: Iterable<Sample>): Usage | undefined => {
  let slot: Slot | undefined;
  for (const sample of samples)
    slot = added(slot ?? { index: 0, first: sample.at, last: sample.at, samples: 0, sums: {}, counts: {} }, sample);
  return slot === undefined ? undefined : usageIn([slot]);
};

/**
 * What a subject did over the last seconds. Not known before the samples span half of the window. Space is bounded by the window's
 * twenty slots, however fast the samples come.
 */
export const usage = ({ over = seconds(20) }: UsageOptions = {}): Signal<Usage, UsageState> => {
  if (!(over > 0 && Number.isFinite(over))) throw new RangeError(`usage.over: ${over} ms is no length of time`);
  return {
    name: `usage(over ${over} ms)`,
    initial: { slots: [] },
    step: (state, sample) => slotted(state, sample, over),
    value: ({ slots }) => {
      const value = usageIn(slots);
      return value !== undefined && value.span * 2 >= over ? value : undefined;
    },
  };
};
