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
 * Totals of the unit tests from vitest's JSON report. A file that could not be loaded has no tests to fail, so a run that was
 * no success without a failed test counts one; the same goes for a report that is missing, or holds no test at all.
 */
export const unitTotals = (json: string | undefined): Totals => {
  const lost = { passed: 0, failed: 1 };
  if (json === undefined) return lost;
  const read = report.safeParse(JSON.parse(json));
  if (!read.success) return lost;
  const { numPassedTests: passed, numFailedTests: failed, success } = read.data;
  if (passed + failed === 0) return lost;
  return { passed, failed: failed === 0 && !success ? 1 : failed };
};

/** Totals of everything. The step that runs the unit tests is counted by its tests. */
export const totals = (verdicts: ReadonlyMap<string, Verdict>, unitStep: string, unit: Totals): Totals => {
  const others = [...verdicts].filter(([name]) => name !== unitStep).map(([, verdict]) => verdict);
  const passed = others.filter((verdict) => verdict === 'passed').length;
  // The runner may fail though no test did: an error outside of any test, say.
  const silent = verdicts.has(unitStep) && verdicts.get(unitStep) !== 'passed' && unit.failed === 0 ? 1 : 0;
  return { passed: passed + unit.passed, failed: others.length - passed + unit.failed + silent };
};

/** The closing line. */
export const closing = ({ passed, failed }: Totals): string => `${passed} passed, ${failed} failed`;
