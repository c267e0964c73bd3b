/** Static load: how many runs to expect where all processors are always busy (Wilcox, §6.1; W32, W33). */
import * as z from 'zod';
import { amountField, checked, type ProcessorTime, runsFrom, type StaticBudget, staticFields } from './budget.js';

const sum = (parts: readonly number[]): number => parts.reduce((total, part) => total + part, 0);

const each = /* @__PURE__ */ z.strictObject({ ...staticFields, guests: /* @__PURE__ */ z.array(amountField) });

/**
 * Equation 6.1: `(R_cpu - O_vmm - sum O_i) / O_b`, without a policy engine.
 *
 * @param parts - `guests` holds O_i of each guest: what it takes without the benchmark
 * @throws SettingsError where a part is wrong
 */
export const staticRunsOfEach = (parts: StaticBudget & { readonly guests: readonly ProcessorTime[] }): number => {
  const { available, monitor, guests, run } = checked(each, parts);
  return runsFrom(available - monitor - sum(guests), run);
};

/** The parts of equations 6.2 and 6.3, in which all guests are alike. */
export interface AlikeBudget extends StaticBudget {
  /** n: guests that run the benchmark. */
  readonly guests: number;
  /** O_vm: what each guest takes without the benchmark. */
  readonly guest: ProcessorTime;
}

const alike = { ...staticFields, guests: amountField, guest: amountField };
const off = /* @__PURE__ */ z.strictObject(alike);
const on = /* @__PURE__ */ z.strictObject({ ...alike, balancing: amountField });

/**
 * Equation 6.2: `(R_cpu - O_vmm - n*O_vm) / O_b`, without a policy engine.
 *
 * @throws SettingsError where a part is wrong
 */
export const staticRunsOff = (parts: AlikeBudget): number => {
  const { available, monitor, guests, guest, run } = checked(off, parts);
  return runsFrom(available - monitor - guests * guest, run);
};

/**
 * Equation 6.3: `(R_cpu - O_vmm - (n+1)*O_vm - O_lb) / O_b`, with a policy engine in a guest of its own.
 *
 * @param parts - `balancing` is O_lb: what balancing takes besides that guest
 * @throws SettingsError where a part is wrong
 */
export const staticRunsOn = (parts: AlikeBudget & { readonly balancing: ProcessorTime }): number => {
  const { available, monitor, guests, guest, balancing, run } = checked(on, parts);
  return runsFrom(available - monitor - (guests + 1) * guest - balancing, run);
};

/** Between what whole numbers of runs a test ends. */
export interface WholeRuns {
  readonly least: number;
  readonly most: number;
}

const bounds = /* @__PURE__ */ z.strictObject({ expected: amountField, guests: amountField });

/**
 * Equations 6.4 and 6.5: `floor(ebr) - n <= abr <= floor(ebr)`: each guest may have one run under way when the test ends, which
 * does not count (W33). The least is never below zero.
 *
 * @throws SettingsError where a number is wrong
 */
export const wholeRuns = (expected: number, guests: number): WholeRuns => {
  const given = checked(bounds, { expected, guests });
  const most = Math.floor(given.expected);
  return { least: Math.max(0, most - given.guests), most };
};
