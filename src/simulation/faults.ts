/** Faults: what goes wrong in the simulated cluster, at given times or at rates drawn from the seed. */
import * as z from 'zod';
import {
  type Fraction,
  type GuestId,
  type HostId,
  type LinkId,
  type Milliseconds,
  type MigrationId,
  minutes,
  seconds,
  type Subject,
} from '../model/index.js';

/** One fault at a given time, counted from the start of the simulation. */
export type Fault = { readonly at: Milliseconds } & (
  | /** The host and its guests deliver no samples, though they go on. */
    { readonly kind: 'silence'; readonly host: HostId; readonly lasting: Milliseconds }
    /** The host dies with its guests. Host and guests come back after `lasting`, without the jobs that ran; absent: never. */
  | { readonly kind: 'crash'; readonly host: HostId; readonly lasting?: Milliseconds }
  /** A link of the host, or all of them, carries only a share of its bandwidth. */
  | {
      readonly kind: 'slow link';
      readonly host: HostId;
      readonly link?: LinkId;
      readonly factor: Fraction;
      readonly lasting: Milliseconds;
    }
  /** Migrations under way break off: one, those of one guest, or all. */
  | { readonly kind: 'migration fails'; readonly migration?: MigrationId; readonly guest?: GuestId }
  /** The driver cannot be reached. Its streams error; what the hypervisors have under way goes on. */
  | { readonly kind: 'outage'; readonly lasting: Milliseconds }
  /** The next sample of a subject is garbage: no sample at all, or one that says NaN. */
  | { readonly kind: 'garbage'; readonly subject: Subject; readonly as: 'bad input' | 'NaN' }
);

/** Something that befalls each subject about once in `every`, at times drawn from the seed. */
export interface Recurring {
  readonly every: Milliseconds;
  readonly lasting: Milliseconds;
}

/** Faults that are drawn from the seed. Each kind, and each subject, draws from a source of its own. */
export interface FaultRates {
  readonly silence?: Recurring;
  readonly crash?: Recurring;
  readonly slowLink?: Recurring & { readonly factor: Fraction };
  readonly outage?: Recurring;
  /** Share of migrations that break off, within `within` of their start if they last that long. */
  readonly migrationFailure?: { readonly share: Fraction; readonly within: Milliseconds };
  /** Share of samples that never arrive. */
  readonly loss?: Fraction;
  /** Share of samples that arrive twice. */
  readonly duplication?: Fraction;
  /** Share of samples that arrive late by up to `by`, behind later ones. */
  readonly delay?: { readonly share: Fraction; readonly by: Milliseconds };
  /** Share of samples that are garbage: no sample at all, or NaN in it. */
  readonly garbage?: Fraction;
}

/** What goes wrong. */
export interface Faults {
  readonly scheduled: readonly Fault[];
  readonly rates: FaultRates;
}

const optional = z.exactOptional;
const time = /* @__PURE__ */ z.number().nonnegative();
const length = /* @__PURE__ */ z.number().positive();
const share = /* @__PURE__ */ z.number().min(0).max(1);
const name = /* @__PURE__ */ z.string().min(1);

const faultSchema = /* @__PURE__ */ z.discriminatedUnion('kind', [
  /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.literal('silence'), at: time, host: name, lasting: length }),
  /* @__PURE__ */ z.strictObject({
    kind: /* @__PURE__ */ z.literal('crash'),
    at: time,
    host: name,
    lasting: /* @__PURE__ */ optional(length),
  }),
  /* @__PURE__ */ z.strictObject({
    kind: /* @__PURE__ */ z.literal('slow link'),
    at: time,
    host: name,
    link: /* @__PURE__ */ optional(name),
    factor: share,
    lasting: length,
  }),
  /* @__PURE__ */ z.strictObject({
    kind: /* @__PURE__ */ z.literal('migration fails'),
    at: time,
    migration: /* @__PURE__ */ optional(name),
    guest: /* @__PURE__ */ optional(name),
  }),
  /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.literal('outage'), at: time, lasting: length }),
  /* @__PURE__ */ z.strictObject({
    kind: /* @__PURE__ */ z.literal('garbage'),
    at: time,
    subject: /* @__PURE__ */ z.discriminatedUnion('kind', [
      /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.literal('host'), id: name }),
      /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.literal('guest'), id: name }),
    ]),
    as: /* @__PURE__ */ z.enum(['bad input', 'NaN']),
  }),
]);

const recurring = { every: length, lasting: /* @__PURE__ */ length.default(minutes(1)) };

const ratesSchema = /* @__PURE__ */ z.strictObject({
  silence: /* @__PURE__ */ optional(/* @__PURE__ */ z.strictObject(recurring)),
  crash: /* @__PURE__ */ optional(/* @__PURE__ */ z.strictObject(recurring)),
  slowLink: /* @__PURE__ */ optional(/* @__PURE__ */ z.strictObject({ ...recurring, factor: share })),
  outage: /* @__PURE__ */ optional(/* @__PURE__ */ z.strictObject(recurring)),
  migrationFailure: /* @__PURE__ */ optional(
    /* @__PURE__ */ z.strictObject({ share, within: /* @__PURE__ */ length.default(seconds(10)) }),
  ),
  loss: /* @__PURE__ */ optional(share),
  duplication: /* @__PURE__ */ optional(share),
  delay: /* @__PURE__ */ optional(/* @__PURE__ */ z.strictObject({ share, by: length })),
  garbage: /* @__PURE__ */ optional(share),
});

/** Schema of {@link Faults} with its defaults: nothing goes wrong. */
export const faultsSchema: z.ZodType<Faults> = /* @__PURE__ */ z.strictObject({
  scheduled: /* @__PURE__ */ z.array(faultSchema).default(() => []),
  rates: /* @__PURE__ */ ratesSchema.default(() => ({})),
});
