/** EngineState: all that an engine would lose with its process, as plain data that survives JSON. */
import * as z from 'zod';
import {
  type ConvergenceAction,
  failureKindSchema,
  type GuestId,
  type HostId,
  type Migration,
  type MigrationId,
  type Milliseconds,
  type Outcome,
  type Progress,
  type Sample,
  sampleSchema,
} from '../../model/index.js';
import { migrationSchema, progressSchema } from '../checks.js';

/** A move in the book of an engine: ordered, under way, lost sight of, or over and not yet shown by the inventory. */
export interface MoveState {
  readonly migration: Migration;
  readonly standing: 'running' | 'lost' | 'settling';
  /** When it came to stand so. */
  readonly since: Milliseconds;
  /** Its progress, oldest first. */
  readonly history: readonly Progress[];
  /** The name that the driver knows it by. */
  readonly handle: MigrationId;
  /** What was last asked of it. */
  readonly action: ConvergenceAction;
  /** How often the driver lost sight of it. */
  readonly losses: number;
}

/** How long a guest, or its way to one host, is left alone after failures. */
export interface WaitState {
  readonly guest: GuestId;
  /** The destination, where it is the way there that waits. */
  readonly to?: HostId;
  readonly failures: number;
  readonly until: Milliseconds;
}

/**
 * The state of an engine: its book of moves and what has to wait (W3). The groups of a policy are no part of it: they follow from
 * the signals at every decision, and the signals from the samples.
 */
export interface EngineState {
  readonly version: 1;
  /** By the engine's clock. */
  readonly at: Milliseconds;
  /** Orders that it gave so far, so that no name is given twice. */
  readonly orders: number;
  /** Name of the policy in force, for whoever puts it in force again. */
  readonly policy?: string;
  readonly moves: readonly MoveState[];
  /** Moves that ended not long ago, oldest first. */
  readonly past: readonly Outcome[];
  readonly waits: readonly WaitState[];
  /** Recent samples in the order of their times, to warm up signals with; absent where they are not told. */
  readonly samples?: readonly Sample[];
}

const name = /* @__PURE__ */ z.string().min(1);
const time = /* @__PURE__ */ z.number();
const amount = /* @__PURE__ */ z.number().nonnegative();
const optional = z.exactOptional;

/** Schema of a {@link ConvergenceAction}. */
export const actionSchema: z.ZodType<ConvergenceAction> = /* @__PURE__ */ z.discriminatedUnion('kind', [
  /* @__PURE__ */ z.object({ kind: /* @__PURE__ */ z.enum(['continue', 'post-copy', 'pause', 'abort']) }),
  /* @__PURE__ */ z.object({
    kind: /* @__PURE__ */ z.literal('raise downtime'),
    limit: /* @__PURE__ */ z.number().positive(),
  }),
  /* @__PURE__ */ z.object({
    kind: /* @__PURE__ */ z.literal('throttle'),
    share: /* @__PURE__ */ z.number().min(0).max(1),
  }),
]);

const outcomeSchema: z.ZodType<Outcome> = /* @__PURE__ */ z.strictObject({
  id: name,
  guest: name,
  from: name,
  to: name,
  startedAt: time,
  endedAt: time,
  ending: /* @__PURE__ */ z.discriminatedUnion('result', [
    /* @__PURE__ */ z.strictObject({
      result: /* @__PURE__ */ z.literal('done'),
      downtime: /* @__PURE__ */ optional(amount),
      sent: /* @__PURE__ */ optional(amount),
    }),
    /* @__PURE__ */ z.strictObject({
      result: /* @__PURE__ */ z.literal('failed'),
      failure: /* @__PURE__ */ z.strictObject({
        kind: failureKindSchema,
        retryable: /* @__PURE__ */ z.boolean(),
        message: /* @__PURE__ */ z.string(),
      }),
    }),
  ]),
});

const moveSchema: z.ZodType<MoveState> = /* @__PURE__ */ z.strictObject({
  migration: migrationSchema,
  standing: /* @__PURE__ */ z.enum(['running', 'lost', 'settling']),
  since: time,
  history: /* @__PURE__ */ z.array(progressSchema),
  handle: name,
  action: actionSchema,
  losses: /* @__PURE__ */ z.int().nonnegative(),
});

const repeated = (names: readonly string[]): number => names.findIndex((one, i) => names.indexOf(one) !== i);

/** Schema of {@link EngineState} at the edge. */
export const engineStateSchema: z.ZodType<EngineState> = /* @__PURE__ */ z
  .strictObject({
    version: /* @__PURE__ */ z.literal(1),
    at: time,
    orders: /* @__PURE__ */ z.int().nonnegative(),
    policy: /* @__PURE__ */ optional(name),
    moves: /* @__PURE__ */ z.array(moveSchema),
    past: /* @__PURE__ */ z.array(outcomeSchema),
    waits: /* @__PURE__ */ z.array(
      /* @__PURE__ */ z.strictObject({
        guest: name,
        to: /* @__PURE__ */ optional(name),
        failures: /* @__PURE__ */ z.int().positive(),
        until: time,
      }),
    ),
    samples: /* @__PURE__ */ optional(/* @__PURE__ */ z.array(sampleSchema)),
  })
  .superRefine(({ moves }, context) => {
    const twice = repeated(moves.map(({ migration }) => migration.id));
    if (twice >= 0)
      context.addIssue({ code: 'custom', path: ['moves', twice, 'migration', 'id'], message: 'is in the book twice' });
    const running = moves.filter(({ standing }) => standing !== 'settling');
    const guest = running[repeated(running.map(({ migration }) => migration.guest))];
    if (guest)
      context.addIssue({
        code: 'custom',
        path: ['moves', moves.indexOf(guest), 'migration', 'guest'],
        message: `"${guest.migration.guest}" is in two moves`,
      });
  });
