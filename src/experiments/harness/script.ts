/** Script: the tests of an experiment, and the order in which they are run. */
import * as z from 'zod';
import { settingsOf } from '../../policies/index.js';
import { chance, type Chance } from '../../simulation/index.js';
import { type Benchmark, type BenchmarkInput, benchmarkSchema } from './benchmark.js';
import { type Laboratory, type LaboratoryInput, laboratorySchema } from './laboratory.js';
import { conditionFields, type Conditions, type Test, testOf } from './test.js';

/** One line of a script (Wilcox, §4.2; W25). */
export interface Entry extends Conditions {
  /** Name of one of the script's benchmarks. */
  readonly benchmark: string;
  /** How many such tests there are in the batch. */
  readonly repeats: number;
}

/** The tests of an experiment, in batches. */
export interface Script {
  readonly laboratory: Laboratory;
  readonly benchmarks: readonly Benchmark[];
  readonly batches: readonly (readonly Entry[])[];
  readonly seed: number | string;
}

/** An entry as it is written by hand: what has a default may be left out. */
export type EntryInput = Pick<Entry, 'benchmark' | 'length' | 'guests'> & Partial<Entry>;

/** A script as it is written by hand: what has a default may be left out. */
export interface ScriptInput {
  readonly laboratory: LaboratoryInput;
  readonly benchmarks: readonly BenchmarkInput[];
  readonly batches: readonly (readonly EntryInput[])[];
  readonly seed: number | string;
}

/** Schema of {@link Script} at the edge, with its defaults. */
const scriptSchema: z.ZodType<Script> = /* @__PURE__ */ z
  .strictObject({
    laboratory: laboratorySchema,
    benchmarks: /* @__PURE__ */ z.array(benchmarkSchema).min(1),
    batches: /* @__PURE__ */ z.array(
      /* @__PURE__ */ z.array(
        /* @__PURE__ */ z.strictObject({
          benchmark: /* @__PURE__ */ z.string().min(1),
          ...conditionFields,
          repeats: /* @__PURE__ */ z.int().positive().default(1),
        }),
      ),
    ),
    seed: /* @__PURE__ */ z.union([/* @__PURE__ */ z.number(), /* @__PURE__ */ z.string()]),
  })
  .superRefine(({ benchmarks, batches }, context) => {
    const names = new Set(benchmarks.map(({ name }) => name));
    if (names.size < benchmarks.length)
      context.addIssue({ code: 'custom', path: ['benchmarks'], message: 'two have one name' });
    batches.forEach((entries, i) => {
      entries.forEach(({ benchmark }, j) => {
        if (!names.has(benchmark))
          context.addIssue({
            code: 'custom',
            path: ['batches', i, j, 'benchmark'],
            message: `no benchmark is called "${benchmark}"`,
          });
      });
    });
  });

/** A list in an order drawn from the source of chance (Fisher and Yates). */
const shuffled = <T>(list: readonly T[], source: Chance): readonly T[] => {
  const left = [...list];
  return list.flatMap(() => left.splice(Math.floor(source.next() * left.length), 1));
};

/**
 * The tests of a script in the order in which they are run: batches in a random order, and the tests of each batch among
 * themselves (W26). The order follows from the seed. So does each test's own seed, from where it stands in the script: a test's
 * course does not depend on what is run before it.
 *
 * @throws SettingsError with the path and the rule of every value that is wrong
 */
export const testsOf = (given: ScriptInput): readonly Test[] => {
  const { laboratory, benchmarks, batches, seed } = settingsOf('script', scriptSchema, given);
  const order = chance(seed).split('order');
  const byName = new Map(benchmarks.map((benchmark) => [benchmark.name, benchmark]));
  const tests = batches.map((entries, i) =>
    entries.flatMap(({ repeats, benchmark: name, ...conditions }, j) =>
      Array.from({ length: repeats }, (_, k) => {
        const id = `${i + 1}/${j + 1}/${k + 1}`;
        const benchmark = byName.get(name);
        // The schema saw to it that every entry names a benchmark of the script.
        return benchmark ? [testOf({ id, ...conditions, laboratory, benchmark, seed: `${seed}/${id}` })] : [];
      }).flat(),
    ),
  );
  return shuffled(tests, order).flatMap((batch) => shuffled(batch, order));
};
