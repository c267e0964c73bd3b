/** SimulationOptions: what a simulated cluster is made of, checked before it is made. */
import type { SchedulerLike } from 'rxjs';
import * as z from 'zod';
import {
  type BytesPerSecond,
  type Fraction,
  type Guest,
  guestMemory,
  type GuestId,
  guestSchema,
  type Host,
  hostSchema,
  inventorySchema,
  mebibytesPerSecond,
  type Milliseconds,
  pathText,
  seconds,
} from '../model/index.js';
import { type ScheduledChange, scheduledChangeSchema } from './change.js';
import { type Exports, exportsSchema } from './exports.js';
import { type Fault, type FaultRates, type Faults, faultsSchema } from './faults.js';
import { type MigrationModel, migrationModelSchema } from './migration-model.js';
import { type Workload, workloadSchema } from './workload.js';

/** What the hypervisor itself takes. */
export interface Overhead {
  /** Share of a host's capacity that is always taken (Wilcox, §6.1: O_vmm). Default 0. */
  readonly host: Fraction;
  /** What each cycle of a guest costs on top, as a share of it. Default 0. */
  readonly guest: Fraction;
}

/** How the world is measured. */
export interface Sampling {
  /** Time between the samples of a subject. Default 10 s. */
  readonly every: Milliseconds;
  /** Window of the dirty-rate reading. Default 1 s, as QEMU's calc-dirty-rate. */
  readonly dirtyWindow: Milliseconds;
  /** Whether single processes are told of. Default true. */
  readonly processes: boolean;
  /** Relative error of readings, as the standard deviation of a factor around 1. Default 0: exact. */
  readonly noise: { readonly cpu: Fraction; readonly dirty: Fraction };
}

/** Everything with its defaults filled in. */
export interface Settings {
  readonly name: string;
  readonly seed: number | string;
  readonly hosts: readonly Host[];
  readonly guests: readonly Guest[];
  readonly workloads: Readonly<Record<GuestId, Workload>>;
  readonly script: readonly ScheduledChange[];
  readonly faults: Faults;
  readonly migration: MigrationModel;
  readonly overhead: Overhead;
  /** Whether a link carries its bandwidth both ways at once, or in all. */
  readonly duplex: 'full' | 'half';
  readonly exports?: Exports;
  /** Speed of a disk or a path that has no score. */
  readonly diskSpeed: BytesPerSecond;
  readonly sampling: Sampling;
  /** A host whose demand is above this share of its capacity counts as overloaded. */
  readonly overloadMark: Fraction;
  readonly scheduler?: SchedulerLike;
}

/** What a simulated cluster is made of. */
export interface SimulationOptions {
  /** Name of the driver. Default `simulated`. */
  readonly name?: string;
  /** Everything that is left to chance follows from it. Default 1. */
  readonly seed?: number | string;
  readonly hosts: readonly Host[];
  readonly guests: readonly Guest[];
  /** What each guest does from the start; a guest that is not named is idle. */
  readonly workloads?: Readonly<Record<GuestId, Workload>>;
  /** Changes to come, with times counted from the start. */
  readonly script?: readonly ScheduledChange[];
  readonly faults?: { readonly scheduled?: readonly Fault[]; readonly rates?: FaultRates };
  readonly migration?: Partial<MigrationModel>;
  readonly overhead?: Partial<Overhead>;
  /** Default `full`, as switched Ethernet. */
  readonly duplex?: 'full' | 'half';
  /**
   * Exports what is local to one host to all that list no way to it, by itself: an image is local at home, exported when its guest
   * leaves, and local again when it returns (M47). Left out: hosts reach the storages that they list.
   */
  readonly exports?: Omit<Exports, 'when'> & { readonly when?: Exports['when'] };
  /** Default 100 MiB/s. */
  readonly diskSpeed?: BytesPerSecond;
  readonly sampling?: Partial<Omit<Sampling, 'noise'>> & { readonly noise?: Partial<Sampling['noise']> };
  /** Default 1: more is demanded than there is. */
  readonly overloadMark?: Fraction;
  /** The clock that the cluster lives by. Default: RxJS's asynchronous one, that is real time. */
  readonly scheduler?: SchedulerLike;
}

const share = /* @__PURE__ */ z.number().min(0).max(0.99);
const amount = /* @__PURE__ */ z.number().nonnegative();
const length = /* @__PURE__ */ z.number().positive();
const isScheduler = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'now' in value && 'schedule' in value;
const none = (): Record<string, never> => ({});

const settingsSchema = /* @__PURE__ */ z
  .strictObject({
    name: /* @__PURE__ */ z.string().min(1).default('simulated'),
    seed: /* @__PURE__ */ z.union([/* @__PURE__ */ z.number(), /* @__PURE__ */ z.string()]).default(1),
    hosts: /* @__PURE__ */ z.array(hostSchema),
    guests: /* @__PURE__ */ z.array(guestSchema),
    workloads: /* @__PURE__ */ z.record(/* @__PURE__ */ z.string(), workloadSchema).default(none),
    script: /* @__PURE__ */ z.array(scheduledChangeSchema).default(() => []),
    faults: /* @__PURE__ */ z.prefault(faultsSchema, {}),
    migration: /* @__PURE__ */ z.prefault(migrationModelSchema, {}),
    overhead: /* @__PURE__ */ z.prefault(
      /* @__PURE__ */ z.strictObject({
        host: /* @__PURE__ */ share.default(0),
        guest: /* @__PURE__ */ amount.default(0),
      }),
      {},
    ),
    duplex: /* @__PURE__ */ z.enum(['full', 'half']).default('full'),
    exports: /* @__PURE__ */ z.exactOptional(exportsSchema),
    diskSpeed: /* @__PURE__ */ length.default(mebibytesPerSecond(100)),
    sampling: /* @__PURE__ */ z.prefault(
      /* @__PURE__ */ z.strictObject({
        every: /* @__PURE__ */ length.default(seconds(10)),
        dirtyWindow: /* @__PURE__ */ length.default(seconds(1)),
        processes: /* @__PURE__ */ z.boolean().default(true),
        noise: /* @__PURE__ */ z.prefault(
          /* @__PURE__ */ z.strictObject({
            cpu: /* @__PURE__ */ amount.default(0),
            dirty: /* @__PURE__ */ amount.default(0),
          }),
          {},
        ),
      }),
      {},
    ),
    overloadMark: /* @__PURE__ */ z.number().positive().default(1),
    scheduler: /* @__PURE__ */ z.exactOptional(
      /* @__PURE__ */ z.custom<SchedulerLike>(
        isScheduler,
        'is not a scheduler: it needs the functions now and schedule',
      ),
    ),
  })
  .superRefine(({ hosts, guests, workloads, script, faults }, context) => {
    const listed = inventorySchema.safeParse({ hosts, guests });
    if (!listed.success)
      for (const { path, message } of listed.error.issues)
        context.addIssue({ code: 'custom', path: [...path], message });

    const free = new Map(hosts.map((host) => [host.id, guestMemory(host)]));
    guests.forEach((guest, i) => {
      const left = (free.get(guest.host) ?? Infinity) - guest.memory;
      free.set(guest.host, left);
      if (left < 0)
        context.addIssue({
          code: 'custom',
          path: ['guests', i, 'memory'],
          message: `host "${guest.host}" has ${-left} bytes too little for it`,
        });
    });

    const standing = new Set(guests.map(({ id }) => id));
    for (const { change } of script) if (change.kind === 'add guest') standing.add(change.guest.id);
    for (const id of Object.keys(workloads))
      if (!standing.has(id))
        context.addIssue({ code: 'custom', path: ['workloads', id], message: 'no guest is called so' });
    faults.scheduled.forEach((fault, i) => {
      if ('host' in fault && !free.has(fault.host))
        context.addIssue({
          code: 'custom',
          path: ['faults', 'scheduled', i, 'host'],
          message: `no host is called "${fault.host}"`,
        });
    });
  });

/** Every issue as `simulation.migration.ceiling: what is wrong`; unknown keys by their own path. */
const issueTexts = (owner: string, issue: z.core.$ZodIssue): readonly string[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => `${pathText([owner, ...issue.path, key])}: is not a setting`)
    : [`${pathText([owner, ...issue.path])}: ${issue.message}`];

/**
 * What a schema makes of a value.
 *
 * @throws Error where something is unknown, missing or wrong; its message has a line for each, the path first; its cause is
 * zod's error
 */
export const checked = <Output>(owner: string, schema: z.ZodType<Output>, value: unknown): Output => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(result.error.issues.flatMap((issue) => issueTexts(owner, issue)).join('\n'), { cause: result.error });
};

/** Checks options and fills in what is left out. Throws as {@link checked}. */
export const settingsOf = (options: SimulationOptions): Settings => checked('simulation', settingsSchema, options);
