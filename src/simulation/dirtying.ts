/** Dirtying: how many different bytes of memory a program has changed after writing so much. */
import * as z from 'zod';
import { type Bytes, type BytesPerSecond } from '../model/index.js';

/** In which order a program writes to its working set: from end to end again and again, or here and there. */
export type WritePattern = 'sweep' | 'random';

/** The memory that a program keeps writing to. */
export interface WorkingSet {
  readonly workingSet: Bytes;
  readonly pattern: WritePattern;
}

/** A program that writes at a steady rate. */
export interface SteadyWrites extends WorkingSet {
  /** Bytes written per second, writing the same page again included. */
  readonly rate: BytesPerSecond;
}

/** Fields of a {@link WorkingSet} in a schema. */
export const workingSetFields = {
  workingSet: /* @__PURE__ */ z.number().positive(),
  pattern: /* @__PURE__ */ z.enum(['sweep', 'random']).default('sweep'),
};

/** Schema of {@link SteadyWrites}. */
export const steadyWritesSchema = /* @__PURE__ */ z.strictObject({
  rate: /* @__PURE__ */ z.number().nonnegative(),
  ...workingSetFields,
});

/**
 * Different bytes changed after `written` bytes were written: min(w, s) for a sweep over a set of s bytes,
 * s·(1 − exp(−w/s)) for random writes. Both agree with what QEMU measures of itself to within a few percent.
 */
export const uniqueDirtied = ({ workingSet, pattern }: WorkingSet, written: Bytes): Bytes => {
  if (!(written > 0)) return 0;
  return pattern === 'sweep' ? Math.min(written, workingSet) : workingSet * (1 - Math.exp((-1 * written) / workingSet));
};
