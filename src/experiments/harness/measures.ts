/** Measures: throughput, response time, failures and overhead, worked out from the records of tests (W29). */
import { failed, type Fraction, type GuestId, type Milliseconds, ok, type Result } from '../../model/index.js';
import { type StatisticsProblem, tooFew } from '../analysis/problem.js';
import type { RunRecord, TestRecord } from './record.js';

const isDone = (run: RunRecord): run is RunRecord & Required<Pick<RunRecord, 'finishedAt'>> =>
  run.finishedAt !== undefined;

/** Runs that were completed within the test: a whole number; what was under way at its end does not count (W29). */
export const throughput = ({ runs }: TestRecord): number => runs.filter(isDone).length;

/** Completed runs of each guest that began any, in the order of their first. */
export const throughputByGuest = ({ runs }: TestRecord): ReadonlyMap<GuestId, number> => {
  const counts = new Map<GuestId, number>();
  for (const run of runs) counts.set(run.guest, (counts.get(run.guest) ?? 0) + Number(isDone(run)));
  return counts;
};

/** How long runs took, and how many took too long. */
export interface Responses {
  /** Completed runs. */
  readonly count: number;
  /** Of completed runs; absent where none was. */
  readonly mean?: Milliseconds;
  readonly longest?: Milliseconds;
  /** Runs that took longer than the benchmark's limit, those included that were given up for it at the end of the test. */
  readonly failures: number;
  /** Failures among the runs that were completed or failed; absent where there were none of either. */
  readonly failing?: Fraction;
}

/** Response times of a test, and its failures where the benchmark has a limit (Wilcox, §5.3; W29). */
export const responses = ({ test, runs }: TestRecord): Responses => {
  const limit = test.benchmark.limit ?? Infinity;
  const lengths = runs.filter(isDone).map(({ startedAt, finishedAt }) => finishedAt - startedAt);
  const overdue = runs.filter((run) => !isDone(run) && test.length - run.startedAt > limit).length;
  const failures = overdue + lengths.filter((length) => length > limit).length;
  const judged = lengths.length + overdue;
  return {
    count: lengths.length,
    ...(lengths.length > 0 && {
      mean: lengths.reduce((sum, length) => sum + length, 0) / lengths.length,
      longest: lengths.reduce((most, length) => Math.max(most, length), 0),
    }),
    failures,
    ...(judged > 0 && { failing: failures / judged }),
  };
};

/** What an engine costs on a load that needs no balancing. */
export interface Overhead {
  /** Runs of a test that are lost on average; below zero where they are gained. */
  readonly runs: number;
  /** The same as a share of the runs without an engine. */
  readonly share: Fraction;
}

const mean = (records: readonly TestRecord[]): number =>
  records.reduce((sum, record) => sum + throughput(record), 0) / records.length;

/** Overhead: static load with the engine on against the same with the engine off (W29). */
export const overhead = (
  on: readonly TestRecord[],
  off: readonly TestRecord[],
): Result<Overhead, StatisticsProblem> => {
  const least = Math.min(on.length, off.length);
  if (least < 1) return failed(tooFew('tests with and without an engine', least, 1));
  const without = mean(off);
  if (without === 0) return failed(tooFew('completed runs without an engine', 0, 1));
  const runs = without - mean(on);
  return ok({ runs, share: runs / without });
};
