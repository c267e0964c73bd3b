/** Stop rules: when a hypervisor ends the rounds of pre-copy, stops the guest and sends what is left. Rules are data. */
import { match } from 'ts-pattern';
import * as z from 'zod';
import { type Bytes, type BytesPerSecond, kibibytes, mbps, type Milliseconds } from '../model/index.js';

/** Bytes of a page of memory, on the machines that the rules were made for. */
export const pageSize: Bytes = 4096;

/** When the rounds of pre-copy end. */
export type StopRule =
  /** As soon as what is left can be sent within the allowed downtime. No limit of rounds: it may never end (Muda, §7.4.4, M36). */
  | {
      readonly kind: 'downtime';
      readonly limit: Milliseconds;
      /** A round lasts at least this long, or until all is sent: the hypervisor's window of rate control. */
      readonly window: Milliseconds;
    }
  /** After so many rounds, or so much sent, or when hardly anything was dirtied. It always ends, if with a long pause. */
  | {
      readonly kind: 'rounds';
      readonly rounds: number;
      /** Sent in all, as a multiple of the guest's memory; absent for no such limit. */
      readonly volume?: number;
      /** Fewer pages than this dirtied in a round end it. */
      readonly pages: number;
    }
  /** Each round a step faster than memory was dirtied in the last; ends at the fastest rate or when little is left. */
  | {
      readonly kind: 'paced';
      readonly slowest: BytesPerSecond;
      readonly step: BytesPerSecond;
      readonly fastest: BytesPerSecond;
      readonly left: Bytes;
    };

const amount = /* @__PURE__ */ z.number().nonnegative();
const positive = /* @__PURE__ */ z.number().positive();

/** Schema of {@link StopRule}. */
export const stopRuleSchema: z.ZodType<StopRule> = /* @__PURE__ */ z.discriminatedUnion('kind', [
  /* @__PURE__ */ z.strictObject({ kind: /* @__PURE__ */ z.literal('downtime'), limit: amount, window: amount }),
  /* @__PURE__ */ z.strictObject({
    kind: /* @__PURE__ */ z.literal('rounds'),
    rounds: /* @__PURE__ */ z.int().positive(),
    volume: /* @__PURE__ */ z.exactOptional(positive),
    pages: amount,
  }),
  /* @__PURE__ */ z.strictObject({
    kind: /* @__PURE__ */ z.literal('paced'),
    slowest: positive,
    step: positive,
    fastest: positive,
    left: amount,
  }),
]);

/** QEMU since 5.2: 300 ms, and rates are controlled over 100 ms. */
export const qemuRule = (limit: Milliseconds = 300): StopRule => ({ kind: 'downtime', limit, window: 100 });
/** QEMU of Muda's time (0.12): 30 ms (Muda, §5.3.2). */
export const oldQemuRule = (): StopRule => qemuRule(30);
/** Xen since 4.7 as measured on 4.17: five live rounds, or fewer than 50 pages dirtied. */
export const xenRule = (): StopRule => ({ kind: 'rounds', rounds: 5, pages: 50 });
/** Xen of the theses' time: 29 rounds, three times the memory, or fewer than 50 pages dirtied (Akoush et al., 2010). */
export const oldXenRule = (): StopRule => ({ kind: 'rounds', rounds: 29, volume: 3, pages: 50 });
/** Clark et al. (2005), §5.3: 50 Mbit/s above the last round's dirtying, until the fastest rate or 256 KiB left. */
export const clarkRule = (fastest: BytesPerSecond = mbps(500)): StopRule => ({
  kind: 'paced',
  slowest: mbps(100),
  step: mbps(50),
  fastest,
  left: kibibytes(256),
});

/** What a rule looks at when a round is over. */
export interface RoundEnd {
  /** Rounds done, this one included. */
  readonly round: number;
  /** Bytes that would have to be sent with the guest stopped. */
  readonly pending: Bytes;
  /** Different bytes dirtied in this round, and per second. */
  readonly dirtied: Bytes;
  readonly dirtyRate: BytesPerSecond;
  /** Sent so far in all rounds. */
  readonly sent: Bytes;
  readonly memory: Bytes;
  /** Rate of the transfer now. */
  readonly bandwidth: BytesPerSecond;
}

/** Bytes that may be unsent when a round is taken as done and dirty pages are looked up again. */
export const leftOver = (rule: StopRule, bandwidth: BytesPerSecond): Bytes =>
  rule.kind === 'downtime' && Number.isFinite(bandwidth) ? (bandwidth * rule.limit) / 1000 : 0;

/** The shortest that a round may be while there is something to send. */
export const shortestRound = (rule: StopRule): Milliseconds => (rule.kind === 'downtime' ? rule.window : 0);

/** The most that the next round may use of the link. */
export const pace = (rule: StopRule, dirtyRate: BytesPerSecond | undefined): BytesPerSecond =>
  rule.kind === 'paced'
    ? Math.min(rule.fastest, dirtyRate === undefined ? rule.slowest : Math.max(rule.slowest, dirtyRate + rule.step))
    : Infinity;

/** Less than a byte is what rounding makes of nothing. */
const crumb: Bytes = 1;

/** Whether the guest is now to be stopped. */
export const stopsNow = (rule: StopRule, end: RoundEnd): boolean =>
  match(rule)
    .with({ kind: 'downtime' }, () => end.pending <= leftOver(rule, end.bandwidth) + crumb)
    .with(
      { kind: 'rounds' },
      ({ rounds, volume, pages }) =>
        end.round >= rounds ||
        end.dirtied < pages * pageSize ||
        (volume !== undefined && end.sent > volume * end.memory),
    )
    .with({ kind: 'paced' }, ({ step, fastest, left }) => end.pending < left || end.dirtyRate + step > fastest)
    .exhaustive();
