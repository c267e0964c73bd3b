/** Trace: processor demand that follows a recorded series, as a fluid spread over the guest's vCPUs. */
import * as z from 'zod';
import { type Fraction, type Hertz, type Milliseconds, minutes } from '../model/index.js';
import { type SteadyWrites, steadyWritesSchema } from './dirtying.js';

/** Demand by a recorded series. */
export interface Trace {
  /**
   * Share of all vCPUs wanted, step by step; above 1 is more than they can give. A step that was not recorded is
   * `undefined` and goes on as the one before.
   */
  readonly values: readonly (Fraction | undefined)[];
  readonly step: Milliseconds;
  /** Clock at which the shares were measured. Default: that of the host on which the guest stands at first. */
  readonly referenceClock?: Hertz;
  /** What becomes of demand that is not served at once: `lost`, as of an interactive service, or `carried over`, as of a queue. */
  readonly unserved: 'lost' | 'carried over';
  /** What follows the last step. */
  readonly after: 'repeat' | 'hold' | 'nothing';
  /** Share of the cycles spent in the kernel. */
  readonly system: Fraction;
  /** Share of the guest's memory in use, step by step; default: what the workload says. */
  readonly memory?: readonly (Fraction | undefined)[];
  /** Memory written while all vCPUs run at the reference clock; less in proportion. */
  readonly writes?: SteadyWrites;
}

const share = /* @__PURE__ */ z.number().nonnegative();
const series = /* @__PURE__ */ z.array(/* @__PURE__ */ z.union([share, /* @__PURE__ */ z.undefined()]));

/** Schema of {@link Trace} with its defaults. */
export const traceSchema: z.ZodType<Trace> = /* @__PURE__ */ z.strictObject({
  values: series,
  step: /* @__PURE__ */ z.number().positive().default(minutes(5)),
  referenceClock: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.number().positive()),
  unserved: /* @__PURE__ */ z.enum(['lost', 'carried over']).default('lost'),
  after: /* @__PURE__ */ z.enum(['repeat', 'hold', 'nothing']).default('repeat'),
  system: /* @__PURE__ */ z.number().min(0).max(1).default(0.1),
  memory: /* @__PURE__ */ z.exactOptional(series),
  writes: /* @__PURE__ */ z.exactOptional(steadyWritesSchema),
});

/**
 * Demand by a recorded series of shares of the guest's vCPUs.
 *
 * @example
 * traceDemand([0.2, 0.8, 0.4], { step: minutes(5), writes: { rate: mebibytes(50), workingSet: mebibytes(200), pattern: 'random' } });
 */
export const traceDemand = (
  values: readonly (Fraction | undefined)[],
  rest: Partial<Omit<Trace, 'values'>> = {},
): Trace => ({ values, step: minutes(5), unserved: 'lost', after: 'repeat', system: 0.1, ...rest });

/** Value of a series in its n-th step; holes go on as what was before them, and what never was recorded is nothing. */
export const traceValue = (
  values: readonly (Fraction | undefined)[],
  after: Trace['after'],
  index: number,
): Fraction => {
  if (values.length === 0 || (after === 'nothing' && index >= values.length)) return 0;
  let i = after === 'repeat' ? index % values.length : Math.min(index, values.length - 1);
  while (i > 0 && values[i] === undefined) i -= 1;
  return values[i] ?? 0;
};
