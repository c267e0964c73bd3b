/** Entry schema: what the line of a recording may hold, checked when it is read by somebody else than who wrote it. */
import * as z from 'zod';
import type {
  BadInput,
  Estimate,
  Failure,
  Migration,
  MigrationOrder,
  Outcome,
  Plan,
  Reason,
  Subject,
} from '../../model/index.js';
import { failureKindSchema, inventorySchema, sampleSchema } from '../../model/index.js';
import type { RecordingEntry } from './entry.js';

const name = /* @__PURE__ */ z.string();
const time = /* @__PURE__ */ z.number();
const amount = /* @__PURE__ */ z.number().nonnegative();
const fraction = /* @__PURE__ */ z.number().min(0).max(1);
const optional = z.exactOptional;

/** A number that may be infinite as a value, as an estimate may be. JSON has no word for it, so it stands as a text. */
const figure: z.ZodType<number> = /* @__PURE__ */ z.union([
  /* @__PURE__ */ z.number(),
  /* @__PURE__ */ z.enum(['Infinity', '-Infinity']).transform(Number),
]);

const subject: z.ZodType<Subject> = /* @__PURE__ */ z.discriminatedUnion('kind', [
  /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.literal('host'), id: name }),
  /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.literal('guest'), id: name }),
  /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.literal('cluster') }),
]);

const estimate: z.ZodType<Estimate> = /* @__PURE__ */ z.discriminatedUnion('convergence', [
  /* @__PURE__ */ z.strictObject({
    convergence: /* @__PURE__ */ z.enum(['converges', 'uncertain']),
    duration: figure,
    interval: /* @__PURE__ */ z.strictObject({ low: figure, high: figure }),
    downtime: figure,
    bytes: figure,
    rounds: figure,
  }),
  /* @__PURE__ */ z.strictObject({ convergence: /* @__PURE__ */ z.literal('never') }),
  /* @__PURE__ */ z.strictObject({
    convergence: /* @__PURE__ */ z.literal('unknown'),
    missing: /* @__PURE__ */ z.array(name),
  }),
]);

const spoken = { rule: name, subject };

const reason: z.ZodType<Reason> = /* @__PURE__ */ z.discriminatedUnion('kind', [
  /* @__PURE__ */ z.strictObject({
    kind: /* @__PURE__ */ z.literal('compared'),
    ...spoken,
    measure: name,
    value: figure,
    relation: /* @__PURE__ */ z.enum(['above', 'at least', 'below', 'at most', 'equal to']),
    limit: figure,
    unit: /* @__PURE__ */ z.enum([
      'bytes',
      'bytes per second',
      'milliseconds',
      'hertz',
      'fraction',
      'watts',
      'count',
      'none',
    ]),
    holds: /* @__PURE__ */ z.boolean(),
    held: optional(figure),
  }),
  /* @__PURE__ */ z.strictObject({
    kind: /* @__PURE__ */ z.literal('listed'),
    ...spoken,
    measure: name,
    value: name,
    among: /* @__PURE__ */ z.array(name),
    holds: /* @__PURE__ */ z.boolean(),
  }),
  /* @__PURE__ */ z.strictObject({
    kind: /* @__PURE__ */ z.literal('unknown'),
    ...spoken,
    measure: name,
    why: /* @__PURE__ */ z.enum(['not measured', 'stale', 'partial', 'unseen', 'not in the inventory']),
  }),
  /* @__PURE__ */ z.strictObject({
    kind: /* @__PURE__ */ z.literal('weighed'),
    ...spoken,
    to: name,
    estimate,
    gain: optional(figure),
    cost: optional(figure),
    holds: /* @__PURE__ */ z.boolean(),
  }),
]);

const because = /* @__PURE__ */ z.array(reason);

const plan: z.ZodType<Plan> = /* @__PURE__ */ z.strictObject({
  moves: /* @__PURE__ */ z.array(/* @__PURE__ */ z.strictObject({ guest: name, from: name, to: name, because })),
  passedOver: /* @__PURE__ */ z.array(/* @__PURE__ */ z.strictObject({ subject, to: optional(name), because })),
});

const failure: z.ZodType<Failure> = /* @__PURE__ */ z.strictObject({
  kind: failureKindSchema,
  retryable: /* @__PURE__ */ z.boolean(),
  message: name,
});

const order = { id: name, guest: name, from: name, to: name } satisfies Record<keyof MigrationOrder, unknown>;

const migration: z.ZodType<Migration> = /* @__PURE__ */ z.strictObject({
  ...order,
  startedAt: time,
  progress: optional(
    /* @__PURE__ */ z.strictObject({
      at: time,
      phase: /* @__PURE__ */ z.enum(['preparing', 'copying', 'stopped', 'post-copy']),
      round: optional(amount),
      sent: amount,
      remaining: optional(amount),
      dirtyRate: optional(amount),
      bandwidth: optional(amount),
      downtimeLimit: optional(amount),
      throttle: optional(fraction),
    }),
  ),
});

const outcome: z.ZodType<Outcome> = /* @__PURE__ */ z.strictObject({
  ...order,
  startedAt: time,
  endedAt: time,
  ending: /* @__PURE__ */ z.discriminatedUnion('result', [
    /* @__PURE__ */ z.strictObject({
      result: /* @__PURE__ */ z.literal('done'),
      downtime: optional(amount),
      sent: optional(amount),
    }),
    /* @__PURE__ */ z.strictObject({ result: /* @__PURE__ */ z.literal('failed'), failure }),
  ]),
});

const badInput: z.ZodType<BadInput> = /* @__PURE__ */ z.strictObject({
  kind: /* @__PURE__ */ z.literal('bad-input'),
  source: name,
  place: name,
  problem: /* @__PURE__ */ z.enum([
    'malformed',
    'unknown subject',
    'out of order',
    'duplicate',
    'from the future',
    'unsupported version',
    'broken signal',
    'unavailable',
  ]),
  message: name,
  value: name,
});

/** Schema of {@link RecordingEntry} at the edge. */
export const entrySchema: z.ZodType<RecordingEntry> = /* @__PURE__ */ z.discriminatedUnion('kind', [
  /* @__PURE__ */ z.strictObject({
    kind: /* @__PURE__ */ z.literal('inventory'),
    at: time,
    inventory: inventorySchema,
  }),
  /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.literal('sample'), at: time, sample: sampleSchema }),
  /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.literal('refused'), at: time, input: badInput }),
  /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.literal('migration'), at: time, migration }),
  /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.literal('outcome'), at: time, outcome }),
  /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.literal('decision'), at: time, policy: name, plan }),
]);
