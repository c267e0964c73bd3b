/** Stand-in for vitest within the mutation run: collects tests, so that one process can run any of them again and again. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format } from 'node:util';
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect';

type Work = (...values: unknown[]) => unknown;

/** A test that was found. */
export interface FoundTest {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  /** Runs it with what stands before and after it; rejects where it fails. */
  readonly run: () => Promise<void>;
}

interface Suite {
  readonly name: string;
  readonly before: Work[];
  readonly after: Work[];
}

const found: FoundTest[] = [];
let file = '';
let suites: readonly Suite[] = [];
/** The file of the test that runs. */
let running = '';

/** Imports the file and returns the tests that it declares. */
export const testsOf = async (path: string, load: () => Promise<unknown>): Promise<readonly FoundTest[]> => {
  file = path;
  suites = [{ name: path, before: [], after: [] }];
  const known = found.length;
  await load();
  return found.slice(known);
};

const workOf = (words: readonly unknown[]): Work | undefined =>
  words.find((word): word is Work => typeof word === 'function');

const collect = (name: string, ...words: readonly unknown[]): void => {
  const work = workOf(words);
  if (!work) return;
  const around = suites;
  const of = file;
  const full = [...around.slice(1).map((suite) => suite.name), name].join(' ');
  found.push({
    id: `${file}#${String(found.length)}`,
    name: full,
    file,
    run: async () => {
      running = of;
      for (const { before } of around) for (const each of before) await each();
      try {
        await work();
      } finally {
        for (const { after } of [...around].reverse()) for (const each of after) await each();
      }
    },
  });
};

const within = (name: string, ...words: readonly unknown[]): void => {
  const outside = suites;
  suites = [...outside, { name, before: [], after: [] }];
  workOf(words)?.();
  suites = outside;
};

const eachOf =
  (declare: (name: string, work: Work) => void) =>
  (rows: readonly unknown[]) =>
  (name: string, ...words: readonly unknown[]): void => {
    const work = workOf(words);
    for (const row of rows) {
      const values: readonly unknown[] = Array.isArray(row) ? row : [row];
      declare(format(name, ...values), () => work?.(...values));
    }
  };

const nothing = (): void => undefined;

/** As vitest's `test`. */
export const test = Object.assign(collect, {
  each: eachOf(collect),
  skip: nothing,
  runIf: (wanted: boolean) => (wanted ? collect : nothing),
  skipIf: (unwanted: boolean) => (unwanted ? nothing : collect),
});
/** As vitest's `describe`. */
export const describe = Object.assign(within, { each: eachOf(within), skip: nothing });

const innermost = (): Suite | undefined => suites[suites.length - 1];
/** As vitest's `beforeEach`. */
export const beforeEach = (work: Work): void => void innermost()?.before.push(work);
/** As vitest's `afterEach`. */
export const afterEach = (work: Work): void => void innermost()?.after.push(work);
/** Runs before the first test only, as vitest's `beforeAll`. */
export const beforeAll = (work: Work): void => {
  let done: Promise<unknown> | undefined;
  innermost()?.before.push(() => (done ??= Promise.resolve(work())));
};
/** Tests are run many times and never for the last time, so that nothing is cleaned up. */
export const afterAll = nothing;

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
chai.use((_, utils) => {
  utils.addMethod(chai.Assertion.prototype, 'toMatchFileSnapshot', function (this: Chai.AssertionStatic, path: string) {
    const kept = readFileSync(join(dirname(running), path), 'utf8');
    if (utils.flag(this, 'object') !== kept) throw new Error(`${path} says something else`);
  });
  // What stands within a test is for vitest to compare.
  utils.addMethod(chai.Assertion.prototype, 'toMatchInlineSnapshot', nothing);
});
/** As vitest's `expect`. */
export const expect = chai.expect;
