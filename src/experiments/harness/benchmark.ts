/** Benchmark: the work that is run again and again in a test, and what one run of it is like. */
import * as z from 'zod';
import type { Fraction, Milliseconds } from '../../model/index.js';
import { type Activity, type Chance, type Job, jobSchema, type MemoryWrites } from '../../simulation/index.js';

/**
 * The work that is run again and again. How it writes to memory is part of the work, and so a recorded variable of each test
 * (Wilcox, §4.6; W30).
 */
export interface Benchmark {
  readonly name: string;
  /** One run. */
  readonly work: Job;
  /** Standard deviation of a run's size, as a share of it. @defaultValue 0 */
  readonly spread: Fraction;
  /** Time between the end of a run and the begin of the next in the same guest. @defaultValue 0 */
  readonly pause: Milliseconds;
  /** A run that takes longer has failed, as a web test does on an overloaded processor (W29). Absent: none fails. */
  readonly limit?: Milliseconds;
}

/** A benchmark as it is written by hand: what has a default may be left out. */
export type BenchmarkInput = Pick<Benchmark, 'name' | 'work'> & Partial<Benchmark>;

/** Schema of {@link Benchmark} at the edge. */
export const benchmarkSchema: z.ZodType<Benchmark> = /* @__PURE__ */ z.strictObject({
  name: /* @__PURE__ */ z.string().min(1),
  work: jobSchema,
  spread: /* @__PURE__ */ z.number().min(0).max(0.5).default(0),
  pause: /* @__PURE__ */ z.number().nonnegative().default(0),
  limit: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.number().positive()),
});

const scaledWrites = (writes: MemoryWrites | undefined, by: number): { readonly writes?: MemoryWrites } =>
  writes ? { writes: { ...writes, amount: writes.amount * by } } : {};

/** An activity of another size. A sleep is not work, and stays as it is. */
const scaledActivity = (activity: Activity, by: number): Activity => {
  if (activity.kind === 'sleep') return activity;
  if (activity.kind === 'compute')
    return { ...activity, cycles: activity.cycles * by, ...scaledWrites(activity.writes, by) };
  return { ...activity, bytes: activity.bytes * by, ...scaledWrites(activity.writes, by) };
};

/** No run is smaller than this share of the usual one, however the dice fall. */
const smallest = 0.05;

/** One run of a benchmark, its size drawn from the source of chance. */
export const runOf = ({ work, spread }: Pick<Benchmark, 'work' | 'spread'>, chance: Chance): Job => {
  if (spread === 0) return work;
  const by = Math.max(smallest, 1 + spread * chance.normal());
  return {
    ...work,
    stages: work.stages.map((stage) => ({
      ...stage,
      activities: stage.activities.map((activity) => scaledActivity(activity, by)),
    })),
  };
};
