/** Test: everything that one test of an experiment is made of, enough to run it again to the same record. */
import * as z from 'zod';
import type { GuestId, Milliseconds } from '../../model/index.js';
import { settingsOf } from '../../policies/index.js';
import { type Benchmark, type BenchmarkInput, benchmarkSchema } from './benchmark.js';
import type { DrawRule } from './draw.js';
import { type Laboratory, type LaboratoryInput, laboratorySchema } from './laboratory.js';

/** What differs from test to test of one laboratory (Wilcox, §4.2; W25). */
export interface Conditions {
  /** How long the test lasts. */
  readonly length: Milliseconds;
  /** How many guests run the benchmark at a time. */
  readonly guests: number;
  /** Runs of a guest before another is drawn: large for a load that hardly changes (W27). */
  readonly iterations: number;
  readonly engine: boolean;
  readonly draw: DrawRule;
  /** The guests that begin; absent: drawn. A placement known to be good is named here (W24). */
  readonly first?: readonly GuestId[];
}

/** A test with all its parameters (W28). */
export interface Test extends Conditions {
  /** Name within its script. */
  readonly id: string;
  readonly laboratory: Laboratory;
  readonly benchmark: Benchmark;
  /** Everything that is left to chance follows from it. */
  readonly seed: number | string;
}

const count = /* @__PURE__ */ z.int().positive();

/** The fields of {@link Conditions} with their defaults. */
export const conditionFields = {
  length: /* @__PURE__ */ z.number().positive(),
  guests: count,
  iterations: /* @__PURE__ */ count.default(1),
  engine: /* @__PURE__ */ z.boolean().default(true),
  draw: /* @__PURE__ */ z.enum(['another', 'any idle', 'all at once']).default('another'),
  first: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.array(/* @__PURE__ */ z.string().min(1))),
};

/** Schema of {@link Test} at the edge, with its defaults. */
export const testSchema: z.ZodType<Test> = /* @__PURE__ */ z
  .strictObject({
    id: /* @__PURE__ */ z.string(),
    ...conditionFields,
    laboratory: laboratorySchema,
    benchmark: benchmarkSchema,
    seed: /* @__PURE__ */ z.union([/* @__PURE__ */ z.number(), /* @__PURE__ */ z.string()]),
  })
  .superRefine(({ guests, first, laboratory, engine }, context) => {
    const refuse = (path: readonly (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path: [...path], message });
    const known = new Set(laboratory.guests.map(({ id }) => id));
    if (guests > known.size) refuse(['guests'], `${guests} are more than the ${known.size} of the laboratory`);
    if (first && (first.length !== guests || new Set(first).size !== guests))
      refuse(['first'], `names ${new Set(first).size} guests, ${guests} are to run`);
    first?.forEach((id, i) => {
      if (!known.has(id)) refuse(['first', i], `no guest is called "${id}"`);
    });
    const own = laboratory.engine.guest?.id;
    if (engine && own !== undefined && known.has(own))
      refuse(['laboratory', 'engine', 'guest', 'id'], `"${own}" is one of the guests of the laboratory`);
  });

/** A test as it is written by hand: what has a default may be left out. */
export type TestInput = Pick<Test, 'id' | 'length' | 'guests' | 'seed'> &
  Partial<Conditions> & { readonly laboratory: LaboratoryInput; readonly benchmark: BenchmarkInput };

/**
 * Checks a test and fills in what is left out.
 *
 * @throws SettingsError with the path and the rule of every value that is wrong
 */
export const testOf = (test: TestInput): Test => settingsOf('test', testSchema, test);
