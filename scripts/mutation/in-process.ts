/**
 * Stryker's runner of tests for whither: loads all tests once and runs for each mutant those that reach it, in the same process. Vitest begins anew
 * for each mutant, which takes some hundred times as long as most of our tests.
 */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import {
  type DryRunResult,
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  type TestRunnerCapabilities,
  TestStatus,
} from '@stryker-mutator/api/test-runner';
import * as fc from 'fast-check';
import { register } from 'tsx/esm/api';
import type * as standIn from './stand-in.js';

/** What instrumented code reads and writes, under its name in the global object. */
interface Instrumented {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
}

/** Tests that mutants have to face: those that need no other program and no long simulation. */
const rooms = ['test/policies', 'test/estimators', 'test/cases', 'test/laws'];
const leftOut = ['test/cases/wilcox/', 'test/laws/driver.test.ts'];

const wanted = process.env['MUTATION_TESTS'] ?? '';

const testFiles = (): readonly string[] =>
  rooms
    .flatMap((room) => readdirSync(room, { recursive: true, encoding: 'utf8' }).map((name) => join(room, name)))
    .filter(
      (path) => path.endsWith('.test.ts') && path.startsWith(wanted) && !leftOut.some((each) => path.startsWith(each)),
    )
    .sort();

/** The runner; one lives in each of Stryker's worker processes. */
export class InProcessRunner implements TestRunner {
  private tests: readonly standIn.FoundTest[] | undefined;

  capabilities(): TestRunnerCapabilities {
    // Nothing needs it, for mutants of what runs at import are left out; said otherwise, each mutant that runs then too takes a new process.
    return { reloadEnvironment: true };
  }

  async dryRun(): Promise<DryRunResult> {
    const shared = this.shared();
    const tests: TestResult[] = [];
    for (const test of await this.loaded()) {
      shared.currentTestId = test.id;
      const result = await resultOf(test);
      if (result.status === TestStatus.Success) tests.push(result);
      // Those that want to have seen more than so few runs show cannot tell a mutant from what is right.
      else delete shared.mutantCoverage?.perTest[test.id];
    }
    shared.currentTestId = undefined;
    const { mutantCoverage } = shared;
    return { status: DryRunStatus.Complete, tests, ...(mutantCoverage ? { mutantCoverage } : {}) };
  }

  async mutantRun({
    activeMutant,
    hitLimit,
    testFilter,
    mutantActivation,
  }: MutantRunOptions): Promise<MutantRunResult> {
    const shared = this.shared();
    if (mutantActivation === 'static') shared.activeMutant = activeMutant.id;
    const reaching = testFilter && new Set(testFilter);
    const tests = (await this.loaded())
      .filter(({ id }) => !reaching || reaching.has(id))
      .sort(likelyFirst(activeMutant.fileName));
    Object.assign(shared, { activeMutant: activeMutant.id, hitCount: 0, hitLimit });
    let nrOfTests = 0;
    try {
      for (const test of tests) {
        nrOfTests++;
        const result = await resultOf(test);
        if (hitLimit !== undefined && (shared.hitCount ?? 0) > hitLimit)
          return { status: MutantRunStatus.Timeout, reason: `reached more than ${String(hitLimit)} times` };
        if ('failureMessage' in result)
          return {
            status: MutantRunStatus.Killed,
            killedBy: [test.id],
            failureMessage: result.failureMessage,
            nrOfTests,
          };
      }
      return { status: MutantRunStatus.Survived, nrOfTests };
    } finally {
      shared.activeMutant = undefined;
    }
  }

  private shared(): Instrumented {
    const all = globalThis as unknown as Record<string, Instrumented | undefined>;
    return (all[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {});
  }

  private async loaded(): Promise<readonly standIn.FoundTest[]> {
    if (this.tests) return this.tests;
    register({ tsconfig: resolve('tsconfig.mutation.json') });
    // All from the copy that holds the mutants; the tests there take the stand-in for vitest.
    const load = (path: string): Promise<unknown> => import(pathToFileURL(resolve(path)).href) as Promise<unknown>;
    const { testsOf } = (await load('scripts/mutation/stand-in.ts')) as typeof standIn;
    await load('test/setup.ts');
    // A failure is enough to know, and most come early; what survives faces hundreds of properties.
    fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true, numRuns: 30 });
    const tests: standIn.FoundTest[] = [];
    for (const path of testFiles()) tests.push(...(await testsOf(path, () => load(path))));
    return (this.tests = tests);
  }
}

/** The tests beside the changed file are likely to notice and examples are quicker than properties, so they come first. */
const likelyFirst = (changed: string): ((a: standIn.FoundTest, b: standIn.FoundTest) => number) => {
  const words = new Set(
    changed
      .replace(/^.*src\//, '')
      .replace(/\.ts$/, '')
      .split('/')
      .slice(1),
  );
  const rank = ({ file }: standIn.FoundTest): number =>
    (file.includes('.prop.') || file.startsWith('test/laws') ? 1 : 0) +
    (file.split(/[/.]/).some((word) => words.has(word)) ? 0 : 2);
  return (a, b) => rank(a) - rank(b);
};

const resultOf = async ({ id, name, file, run }: standIn.FoundTest): Promise<TestResult> => {
  const begun = performance.now();
  const facts = { id, name, fileName: resolve(file) };
  try {
    await run();
    return { ...facts, timeSpentMs: performance.now() - begun, status: TestStatus.Success };
  } catch (error) {
    const failureMessage = error instanceof Error ? error.message : String(error);
    return { ...facts, timeSpentMs: performance.now() - begun, status: TestStatus.Failed, failureMessage };
  }
};

/** As Stryker finds it. */
export const strykerPlugins = [{ kind: 'TestRunner', name: 'in-process', injectableClass: InProcessRunner }];
