/** Laboratory: the machines of an experiment and the engine that watches them, as plain data that can be recorded. */
import * as z from 'zod';
import {
  type Fraction,
  type Guest,
  type GuestId,
  guestSchema,
  type Host,
  hostSchema,
  type Milliseconds,
  seconds,
} from '../../model/index.js';
import type { Policy } from '../../policies/index.js';
import { type MigrationModel, migrationModelSchema, type Workload, workloadSchema } from '../../simulation/index.js';

/** A policy by its name and settings, so that it can be written down. */
export interface NamedPolicy {
  readonly name: string;
  /** Whatever the maker of that name takes; plain data. */
  readonly settings?: z.core.util.JSONType;
}

/** The policies that tests may name: each makes one from settings, and throws where they are wrong. */
export type PolicyMakers = Readonly<Record<string, (settings: unknown) => Policy>>;

/** The engine of a laboratory. */
export interface EngineSetUp {
  readonly policy: NamedPolicy;
  /** Time between its decisions. */
  readonly every: Milliseconds;
  readonly limits: { readonly perHost?: number; readonly perLink?: number; readonly total?: number };
  /** The guest that the engine itself runs in (W3); it exists only when the engine is on. Absent: it costs no processor. */
  readonly guest?: Guest;
  /** What that guest takes, as a share of its vCPUs (O_vm of the engine). */
  readonly load: Fraction;
  /** What answering the engine takes of each host, as a share of the host's capacity (O_lb). */
  readonly querying: Fraction;
}

/** The machines of an experiment. */
export interface Laboratory {
  readonly name: string;
  readonly hosts: readonly Host[];
  /** The guests that benchmarks are run in, where they stand at the start of each test. */
  readonly guests: readonly Guest[];
  /** What guests do besides the benchmark (O_i). */
  readonly workloads: Readonly<Record<GuestId, Workload>>;
  readonly migration: MigrationModel;
  /** What the monitor and its first domain always take of a host, as a share of its capacity (O_vmm). */
  readonly monitor: Fraction;
  readonly sampling: {
    readonly every: Milliseconds;
    readonly processes: boolean;
    /** Relative error of processor readings, as a standard deviation. */
    readonly noise: Fraction;
  };
  readonly engine: EngineSetUp;
  /** Time between entries of the processor record. Absent: one entry for the whole test. */
  readonly recordEvery?: Milliseconds;
}

/** A laboratory as it is written by hand: what has a default may be left out. */
export type LaboratoryInput = Pick<Laboratory, 'name' | 'hosts' | 'guests'> &
  Partial<Omit<Laboratory, 'migration' | 'sampling' | 'engine'>> & {
    readonly migration?: Partial<MigrationModel>;
    readonly sampling?: Partial<Laboratory['sampling']>;
    readonly engine: Pick<EngineSetUp, 'policy'> & Partial<EngineSetUp>;
  };

const share = /* @__PURE__ */ z.number().min(0).max(0.99);
const length = /* @__PURE__ */ z.number().positive();
const limit = /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.int().nonnegative());

const engineSchema = /* @__PURE__ */ z.strictObject({
  policy: /* @__PURE__ */ z.strictObject({
    name: /* @__PURE__ */ z.string().min(1),
    settings: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.json()),
  }),
  every: /* @__PURE__ */ length.default(seconds(10)),
  limits: /* @__PURE__ */ z
    .strictObject({ perHost: limit, perLink: limit, total: limit })
    .default(() => ({ perHost: 1 })),
  guest: /* @__PURE__ */ z.exactOptional(guestSchema),
  load: /* @__PURE__ */ share.default(0),
  querying: /* @__PURE__ */ share.default(0),
});

/** Schema of {@link Laboratory} with its defaults. */
export const laboratorySchema: z.ZodType<Laboratory> = /* @__PURE__ */ z.strictObject({
  name: /* @__PURE__ */ z.string().min(1),
  hosts: /* @__PURE__ */ z.array(hostSchema).min(1),
  guests: /* @__PURE__ */ z.array(guestSchema).min(1),
  workloads: /* @__PURE__ */ z.record(/* @__PURE__ */ z.string(), workloadSchema).default(() => ({})),
  migration: /* @__PURE__ */ z.prefault(migrationModelSchema, {}),
  monitor: /* @__PURE__ */ share.default(0),
  sampling: /* @__PURE__ */ z.prefault(
    /* @__PURE__ */ z.strictObject({
      every: /* @__PURE__ */ length.default(seconds(10)),
      processes: /* @__PURE__ */ z.boolean().default(false),
      noise: /* @__PURE__ */ z.number().nonnegative().default(0),
    }),
    {},
  ),
  engine: engineSchema,
  recordEvery: /* @__PURE__ */ z.exactOptional(length),
});
