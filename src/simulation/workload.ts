/** Workload: what a guest does and how it uses its memory. */
import * as z from 'zod';
import { type Bytes, mebibytes, mebibytesPerSecond } from '../model/index.js';
import { type SteadyWrites, steadyWritesSchema } from './dirtying.js';
import { type Job, jobSchema } from './job.js';
import { type Trace, traceSchema } from './trace.js';

/** What a guest does: demand that follows a series, jobs from the start, or both. */
export interface Workload {
  readonly demand?: Trace;
  readonly jobs?: readonly Job[];
  /** Memory in use without any job. Default: a quarter of what was allocated. */
  readonly used?: Bytes;
  /** Memory that is not all zeros at the start. Default: what is in use. It grows with use and never shrinks. */
  readonly nonZero?: Bytes;
  /** Memory that the guest writes by itself, whatever it does. Default: none. */
  readonly background?: SteadyWrites;
}

/** Schema of {@link Workload}. */
export const workloadSchema: z.ZodType<Workload> = /* @__PURE__ */ z.strictObject({
  demand: /* @__PURE__ */ z.exactOptional(traceSchema),
  jobs: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.array(jobSchema)),
  used: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.number().nonnegative()),
  nonZero: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.number().nonnegative()),
  background: /* @__PURE__ */ z.exactOptional(steadyWritesSchema),
});

/** A guest that was booted and does nothing: it holds some 90 MiB and writes 0.3 MiB/s, as measured of Linux 6.1. */
export const idle = (): Workload => ({
  used: mebibytes(90),
  background: { rate: mebibytesPerSecond(0.3), workingSet: mebibytes(2), pattern: 'sweep' },
});
