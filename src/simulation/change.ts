/** Change: an order that changes the simulated world, as plain data, given by hand or written down in a script. */
import * as z from 'zod';
import {
  type Guest,
  type GuestId,
  guestSchema,
  type HostId,
  type HostState,
  type Milliseconds,
} from '../model/index.js';
import { type Job, jobSchema } from './job.js';
import { type Trace, traceSchema } from './trace.js';
import { type Workload, workloadSchema } from './workload.js';

/** An order that changes the world. */
export type Change =
  | { readonly kind: 'add guest'; readonly guest: Guest; readonly workload?: Workload }
  | { readonly kind: 'remove guest'; readonly guest: GuestId }
  /** Starts a guest that died with its host, on a host with room; its jobs are lost. */
  | { readonly kind: 'restart guest'; readonly guest: GuestId; readonly host: HostId }
  /** A host is switched off only when no guest stands on it. */
  | { readonly kind: 'host state'; readonly host: HostId; readonly state: HostState }
  /** A job begins. Default of its name in {@link JobRecord}: guest, name and a number. */
  | { readonly kind: 'start job'; readonly guest: GuestId; readonly job: Job; readonly id?: string }
  /**
   * A job is stopped before it begins: its processes are listed as `stopped`, and it begins when it is let go, or by itself
   * when it has waited for `atMost` (Muda, §7.5; M44).
   */
  | {
      readonly kind: 'hold job';
      readonly guest: GuestId;
      readonly job: Job;
      /** Name of the job, held and begun. Default as for `start job`. */
      readonly id?: string;
      /** Longest wait. @defaultValue 5 min */
      readonly atMost?: Milliseconds;
    }
  /** Lets a held job begin; one that was let go already is left alone. */
  | { readonly kind: 'release job'; readonly id: string }
  /** Ends a job before it is done, or before it has begun. */
  | { readonly kind: 'stop job'; readonly id: string }
  /** The guest follows this series from now on; without one, none. */
  | { readonly kind: 'demand'; readonly guest: GuestId; readonly demand?: Trace };

/** A change at a time, counted from the start of the simulation. */
export interface ScheduledChange {
  readonly at: Milliseconds;
  readonly change: Change;
}

const optional = z.exactOptional;
const name = /* @__PURE__ */ z.string().min(1);

/** Schema of {@link Change}. */
export const changeSchema: z.ZodType<Change> = /* @__PURE__ */ z.discriminatedUnion('kind', [
  /* @__PURE__ */ z.strictObject({
    kind: /* @__PURE__ */ z.literal('add guest'),
    guest: guestSchema,
    workload: /* @__PURE__ */ optional(workloadSchema),
  }),
  /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.literal('remove guest'), guest: name }),
  /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.literal('restart guest'), guest: name, host: name }),
  /* @__PURE__ */ z.strictObject({
    kind: /* @__PURE__ */ z.literal('host state'),
    host: name,
    state: /* @__PURE__ */ z.enum(['active', 'draining', 'failing', 'off']),
  }),
  /* @__PURE__ */ z.strictObject({
    kind: /* @__PURE__ */ z.literal('start job'),
    guest: name,
    job: jobSchema,
    id: /* @__PURE__ */ optional(name),
  }),
  /* @__PURE__ */ z.strictObject({
    kind: /* @__PURE__ */ z.literal('hold job'),
    guest: name,
    job: jobSchema,
    id: /* @__PURE__ */ optional(name),
    atMost: /* @__PURE__ */ optional(/* @__PURE__ */ z.number().positive()),
  }),
  /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.literal('release job'), id: name }),
  /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.literal('stop job'), id: name }),
  /* @__PURE__ */ z.strictObject({
    kind: /* @__PURE__ */ z.literal('demand'),
    guest: name,
    demand: /* @__PURE__ */ optional(traceSchema),
  }),
]);

/** Schema of {@link ScheduledChange}. */
export const scheduledChangeSchema = /* @__PURE__ */ z.strictObject({
  at: /* @__PURE__ */ z.number().nonnegative(),
  change: changeSchema,
});
