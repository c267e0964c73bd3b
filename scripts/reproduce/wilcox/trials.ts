/** Trials: all tests of the reproduction, in random order, and what is kept of each. */
import { runTest, type Shares, testsOf, throughput, responses } from '../../../src/experiments/index.js';
import { lengths, benchmarkNames } from './measured.js';
import { benchmark, entries, laboratory, placedWell, policies, web } from './set-up.js';

/** How often each condition is repeated. */
export interface Repeats {
  readonly static: number;
  /** Dynamic tests with the engine, of each length. */
  readonly on: number;
  /** Dynamic tests without it, of each length; they take little. */
  readonly off: number;
}

/** Enough for averages to be known to a run or better; without the engine long tests differ by a tenth, so there are more of them. */
export const usualRepeats: Repeats = { static: 32, on: 7, off: 48 };

/** What is kept of a test. */
export interface Trial {
  readonly benchmark: string;
  readonly load: 'static' | 'dynamic' | 'placed well';
  readonly engine: boolean;
  readonly iterations: number;
  readonly runs: number;
  readonly failures: number;
  readonly moves: number;
  readonly draws: number;
  readonly shares: Shares;
}

const seed = 'Wilcox 2008';

/** Runs all tests: a batch of static tests, one of dynamic tests, one of web tests, and one without migration but well placed. */
export const trials = (repeats: Repeats = usualRepeats): readonly Trial[] => {
  const both = [true, false];
  const tests = testsOf({
    laboratory,
    benchmarks: [...benchmarkNames.map(benchmark), web],
    batches: [
      benchmarkNames.flatMap((name) => both.map((engine) => entries.static(name, engine, repeats.static))),
      benchmarkNames.flatMap((name) =>
        lengths.flatMap((iterations) =>
          both.map((engine) => entries.dynamic(name, iterations, engine, engine ? repeats.on : repeats.off)),
        ),
      ),
      both.map((engine) => entries.dynamic('web', 8, engine, repeats.on)),
      benchmarkNames.map((name) => ({ ...entries.dynamic(name, 512, false, repeats.on), first: placedWell })),
    ],
    seed,
  });
  return tests.map((test): Trial => {
    const record = runTest(test, policies);
    const [processors] = record.processors;
    return {
      benchmark: test.benchmark.name,
      load: test.first ? 'placed well' : test.guests === test.laboratory.guests.length ? 'static' : 'dynamic',
      engine: test.engine,
      iterations: test.iterations,
      runs: throughput(record),
      failures: responses(record).failures,
      moves: record.migrations.length,
      draws: record.draws.length,
      // Without an interval there is one entry, for the whole test.
      shares: processors?.all ?? { guests: 0, engine: 0, domain0: 0, idle: 0 },
    };
  });
};

/** Some of the trials. */
export const chosen = (all: readonly Trial[], which: Partial<Trial>): readonly Trial[] =>
  all.filter((trial) => Object.entries(which).every(([key, value]) => trial[key as keyof Trial] === value));

/** The mean of a figure; `undefined` of nothing. */
export const meanOf = <T>(things: readonly T[], figure: (thing: T) => number): number | undefined =>
  things.length === 0 ? undefined : things.reduce((sum, thing) => sum + figure(thing), 0) / things.length;
