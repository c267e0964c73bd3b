/** Totals: unit tests one by one and every other step as one, in the closing line that any CI can read. */
import * as z from 'zod';
import type { Verdict } from './schedule.js';

/** Passed and failed. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
}

const report = z.object({
  numPassedTests: z.int().nonnegative(),
  numFailedTests: z.int().nonnegative(),
  numPendingTests: z.int().nonnegative().optional(),
  numTodoTests: z.int().nonnegative().optional(),
  success: z.boolean(),
});

/**
 * Totals from vitest's JSON report. A file that could not be loaded has no tests to fail, so a run that was no success without a failed
 * test counts one; the same goes for a report that is missing, or holds no test at all. Where all tests were skipped, as those on
 * hypervisors are on a machine without one, nothing has passed and nothing has failed.
 */
export const reportTotals = (json: string | undefined): Totals => {
  const lost = { passed: 0, failed: 1 };
  if (json === undefined) return lost;
  const read = report.safeParse(JSON.parse(json));
  if (!read.success) return lost;
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped = 0, success } = read.data;
  if (passed + failed + skipped === 0) return lost;
  return { passed, failed: failed === 0 && !success ? 1 : failed };
};

/**
 * Totals of everything.
 *
 * @param counted - the steps that are counted by their tests, with these
 */
export const totals = (verdicts: ReadonlyMap<string, Verdict>, counted: ReadonlyMap<string, Totals>): Totals => {
  const each = [...verdicts].map(([name, verdict]): Totals => {
    const tests = counted.get(name);
    if (tests === undefined) return verdict === 'passed' ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
    // The runner may fail though no test did: an error outside of any test, say.
    return { passed: tests.passed, failed: verdict === 'passed' ? tests.failed : Math.max(1, tests.failed) };
  });
  const sum = (of: (one: Totals) => number): number => each.reduce((all, one) => all + of(one), 0);
  return { passed: sum(({ passed }) => passed), failed: sum(({ failed }) => failed) };
};

/** The closing line. */
export const closing = ({ passed, failed }: Totals): string => `${passed} passed, ${failed} failed`;
