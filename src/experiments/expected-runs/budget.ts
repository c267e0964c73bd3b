/** Budget: the processor time that runs are made of, in one unit throughout, checked before it is divided. */
import * as z from 'zod';
import { settingsOf } from '../../policies/index.js';

/** A part of the budget: processor time in any unit, so long as it is one for all parts. */
export type ProcessorTime = number;

const amount = /* @__PURE__ */ z.number().nonnegative();

/** The parts that a static load's equations are made of (Wilcox, §6.1). */
export interface StaticBudget {
  /** R_cpu: all that the processors offer in the time looked at. */
  readonly available: ProcessorTime;
  /** O_vmm: taken by the monitor. */
  readonly monitor: ProcessorTime;
  /** O_b: one run. */
  readonly run: ProcessorTime;
}

/** The parts that the equations of one processor are made of (Wilcox, §6.2). */
export interface ProcessorBudget {
  /** R_i: all that it offers in the time looked at. */
  readonly available: ProcessorTime;
  /** O_vmm of this processor. */
  readonly monitor: ProcessorTime;
  /** n_i: guests on it. */
  readonly guests: number;
  /** I_i: what stays idle. */
  readonly idle: ProcessorTime;
}

/** Fields of {@link StaticBudget}. */
export const staticFields = {
  available: amount,
  monitor: amount,
  run: /* @__PURE__ */ z.number().positive(),
};

/** Fields of {@link ProcessorBudget}. Guests may be counted in parts where they moved. */
export const processorFields = { available: amount, monitor: amount, guests: amount, idle: amount };

/** A field that is an amount of processor time, or a count. */
export const amountField = amount;

/**
 * The parts as they were given.
 *
 * @throws SettingsError with the path and the rule of every part that is wrong: `runs.run: must be above 0`
 */
export const checked = <Output>(schema: z.ZodType<Output>, parts: unknown): Output => settingsOf('runs', schema, parts);

/** What is left for runs, in runs. Where the overheads take all and more, nothing is left. */
export const runsFrom = (left: ProcessorTime, run: ProcessorTime): number => Math.max(0, left) / run;
