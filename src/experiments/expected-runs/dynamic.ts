/** Dynamic load: how many runs to expect where processors idle when load is badly placed, and when balancing pays (W34, W35). */
import * as z from 'zod';
import { amountField, checked, type ProcessorBudget, processorFields, type ProcessorTime, runsFrom } from './budget.js';

const run = /* @__PURE__ */ z.number().positive();
const processors = /* @__PURE__ */ z.array(/* @__PURE__ */ z.strictObject(processorFields));
const busyProcessors = /* @__PURE__ */ z.array(
  /* @__PURE__ */ z.strictObject({
    available: processorFields.available,
    monitor: processorFields.monitor,
    guests: processorFields.guests,
    balancing: amountField,
  }),
);

/** Parts that are the same for all processors. */
interface Common {
  /** O_vm: what each guest takes without the benchmark. */
  readonly guest: ProcessorTime;
  /** O_b: one run. */
  readonly run: ProcessorTime;
}

const offSchema = /* @__PURE__ */ z.strictObject({ processors, guest: amountField, run });
const onSchema = /* @__PURE__ */ z.strictObject({ processors: busyProcessors, guest: amountField, run });

/**
 * Equation 6.6: `(R_i - O_vmm - n*O_vm - I_i) / O_b`, summed over the processors, without a policy engine. The thesis prints it
 * for one processor.
 *
 * @throws SettingsError where a part is wrong
 */
export const dynamicRunsOff = (parts: Common & { readonly processors: readonly ProcessorBudget[] }): number => {
  const given = checked(offSchema, parts);
  return given.processors.reduce(
    (sum, { available, monitor, guests, idle }) =>
      sum + runsFrom(available - monitor - guests * given.guest - idle, given.run),
    0,
  );
};

/**
 * Equation 6.7 as printed: `(R_i - O_vmm - n*O_vm - LB) / O_b`, summed over the processors. LB is what migrations take, nothing
 * where the load is balanced. It leaves out the engine's own guest and what stays idle; {@link dynamicRunsOn} has both.
 *
 * @throws SettingsError where a part is wrong
 */
export const dynamicRunsOnAsPrinted = (
  parts: Common & {
    readonly processors: readonly (Omit<ProcessorBudget, 'idle'> & { readonly balancing: ProcessorTime })[];
  },
): number => {
  const given = checked(onSchema, parts);
  return given.processors.reduce(
    (sum, { available, monitor, guests, balancing }) =>
      sum + runsFrom(available - monitor - guests * given.guest - balancing, given.run),
    0,
  );
};

/** What an engine and its migrations take. */
export interface BalancingCost {
  /** O_vm of the engine's own guest. */
  readonly engine: ProcessorTime;
  /** O_lb: what balancing takes besides, such as answering the engine. */
  readonly balancing: ProcessorTime;
  readonly moves: number;
  /** C: what one migration takes. */
  readonly move: ProcessorTime;
}

const cost = { engine: amountField, balancing: amountField, moves: amountField, move: amountField };
const generalSchema = /* @__PURE__ */ z.strictObject({ processors, guest: amountField, run, ...cost });

const total = ({ engine, balancing, moves, move }: BalancingCost): ProcessorTime => engine + balancing + moves * move;

/**
 * The general form: `[sum(R_i - O_vmm_i - n_i*O_vm - I'_i) - O_vm - O_lb - moves*C] / O_b`, with what stays idle in spite of
 * balancing (W34). Equations 6.3 and 6.7 are special cases of it.
 *
 * @throws SettingsError where a part is wrong
 */
export const dynamicRunsOn = (
  parts: Common & BalancingCost & { readonly processors: readonly ProcessorBudget[] },
): number => {
  const given = checked(generalSchema, parts);
  const left = given.processors.reduce(
    (sum, { available, monitor, guests, idle }) => sum + available - monitor - guests * given.guest - idle,
    0,
  );
  return runsFrom(left - total(given), given.run);
};

const paySchema = /* @__PURE__ */ z.strictObject({ idleOff: amountField, idleOn: amountField, ...cost });

/**
 * Whether balancing pays: `sum I_i - sum I'_i > O_vm + O_lb + moves*C`, that is, whether the idle time that it saves is more
 * than it costs (W34).
 *
 * @param parts - `idleOff` and `idleOn`: idle time of all processors without and with balancing
 * @throws SettingsError where a part is wrong
 */
export const balancingPays = (
  parts: BalancingCost & { readonly idleOff: ProcessorTime; readonly idleOn: ProcessorTime },
): boolean => {
  const given = checked(paySchema, parts);
  return given.idleOff - given.idleOn > total(given);
};
