/** Job: a piece of work of known size in a guest, in stages of computing, transfers and waiting. */
import * as z from 'zod';
import type { Bytes, Fraction, Milliseconds, StorageId } from '../model/index.js';
import { type WorkingSet, workingSetFields } from './dirtying.js';

/** Memory written in step with an activity: a page cache that fills, an array that is computed. */
export interface MemoryWrites extends WorkingSet {
  /** Bytes written over the whole of the activity, writing the same page again included. */
  readonly amount: Bytes;
}

/** One thing that a process does at a time. */
export type Activity =
  | {
      readonly kind: 'compute';
      /** Cycles of one processor. */
      readonly cycles: number;
      /** Share of them spent in the kernel; the rest is user time. Default 0. */
      readonly system?: Fraction;
      readonly writes?: MemoryWrites;
    }
  | {
      readonly kind: 'read' | 'write';
      readonly bytes: Bytes;
      /** Default: the storage of the guest's image, else the first of its host. */
      readonly storage?: StorageId;
      readonly writes?: MemoryWrites;
    }
  | { readonly kind: 'receive' | 'send'; readonly bytes: Bytes; readonly writes?: MemoryWrites }
  | { readonly kind: 'sleep'; readonly time: Milliseconds };

/** Activities that take turns. */
export interface Stage {
  readonly activities: readonly Activity[];
  /** Into how many equal slices each activity is cut; the slices alternate. Default 1. */
  readonly turns?: number;
}

/** A piece of work. It is finished when each of its processes has done all stages, as often as it loops. */
export interface Job {
  readonly name: string;
  readonly stages: readonly Stage[];
  /** How often the stages are gone through. Default 1. */
  readonly loops?: number | 'endless';
  /** Processes that each do all of it, side by side. Default 1. */
  readonly processes?: number;
  /** Memory of each process. Default 0. */
  readonly memory?: Bytes;
}

const amount = /* @__PURE__ */ z.number().nonnegative();
const count = /* @__PURE__ */ z.int().positive();
const optional = z.exactOptional;
const writes = /* @__PURE__ */ optional(/* @__PURE__ */ z.strictObject({ amount, ...workingSetFields }));

const activitySchema = /* @__PURE__ */ z.discriminatedUnion('kind', [
  /* @__PURE__ */ z.strictObject({
    kind: /* @__PURE__ */ z.literal('compute'),
    cycles: amount,
    system: /* @__PURE__ */ optional(/* @__PURE__ */ z.number().min(0).max(1)),
    writes,
  }),
  /* @__PURE__ */ z.strictObject({
    kind: /* @__PURE__ */ z.enum(['read', 'write']),
    bytes: amount,
    storage: /* @__PURE__ */ optional(/* @__PURE__ */ z.string().min(1)),
    writes,
  }),
  /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.enum(['receive', 'send']), bytes: amount, writes }),
  /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.literal('sleep'), time: amount }),
]);

/** How much there is to do of an activity: cycles, bytes or milliseconds. */
export const sizeOf = (activity: Activity): number =>
  activity.kind === 'compute' ? activity.cycles : activity.kind === 'sleep' ? activity.time : activity.bytes;

/** Schema of {@link Job}. */
export const jobSchema: z.ZodType<Job> = /* @__PURE__ */ z
  .strictObject({
    name: /* @__PURE__ */ z.string().min(1),
    stages: /* @__PURE__ */ z
      .array(
        /* @__PURE__ */ z.strictObject({
          activities: /* @__PURE__ */ z.array(activitySchema).min(1),
          turns: /* @__PURE__ */ optional(count),
        }),
      )
      .min(1),
    loops: /* @__PURE__ */ optional(/* @__PURE__ */ z.union([count, /* @__PURE__ */ z.literal('endless')])),
    processes: /* @__PURE__ */ optional(count),
    memory: /* @__PURE__ */ optional(amount),
  })
  .superRefine(({ stages }, context) => {
    if (!stages.some(({ activities }) => activities.some((activity) => sizeOf(activity) > 0)))
      context.addIssue({ code: 'custom', path: ['stages'], message: 'hold nothing to do' });
  });

/**
 * A job from a list of activities that take turns; `rest` says how often and by how many processes.
 *
 * @example
 * job('encode', [{ kind: 'read', bytes: gibibytes(1) }, { kind: 'compute', cycles: 6e11 }], { turns: 500 });
 */
export const job = (
  name: string,
  activities: readonly Activity[],
  { turns = 1, ...rest }: Omit<Job, 'name' | 'stages'> & Pick<Stage, 'turns'> = {},
): Job => ({ name, stages: [{ activities, turns }], ...rest });

/** A job of so many processes that compute and never end. */
export const busy = (processes = 1, writes?: MemoryWrites): Job => ({
  name: 'busy',
  stages: [{ activities: [{ kind: 'compute', cycles: 1e12, ...(writes && { writes }) }] }],
  loops: 'endless',
  processes,
});
