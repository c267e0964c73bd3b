/** Settings of the protocol: how long each state may last, when a silent party is lost, and how long reports are kept. */
import * as z from 'zod';
import { type Milliseconds, pathText, seconds } from '../../model/index.js';

/** How long each state may last. */
export interface StateLimits {
  readonly 'should be migrating': Milliseconds;
  readonly 'parameters available': Milliseconds;
  readonly 'receiver ready': Milliseconds;
  /** Longer than any migration that is ordered should take. */
  readonly executing: Milliseconds;
  readonly done: Milliseconds;
  /** How long both sides are asked before the guest is held. */
  readonly asking: Milliseconds;
}

/** Settings of the protocol. */
export interface ProtocolSettings {
  readonly limits: StateLimits;
  /** A host that was not heard of for so long has departed (M34, M40). */
  readonly silence: Milliseconds;
  /** The longest expected duration of M17 that is ever weighed; reports are kept at least as long (M10). */
  readonly longestExpected: Milliseconds;
  /** Whether the hosts of one migration are not chosen for another until it has ended (M34). */
  readonly exclusiveHosts: boolean;
  /** How far the clock of a client may go before the server's. */
  readonly clockSkew: Milliseconds;
  /** How long a recalled guest rests after its way home failed. */
  readonly retryRecall: Milliseconds;
  /** How long ended migrations are remembered. */
  readonly memory: Milliseconds;
}

/**
 * Defaults. The thesis gives no number for any of them. Thirty seconds of silence are six reports of the slower interval
 * tried (5 s); executing takes 283 s at most in its Table 5.3, and is given twice that; 120 s is the default of M18.
 */
export const defaultProtocolSettings: ProtocolSettings = {
  limits: {
    'should be migrating': 30_000,
    'parameters available': 60_000,
    'receiver ready': 30_000,
    executing: 600_000,
    done: 60_000,
    asking: 60_000,
  },
  silence: 30_000,
  longestExpected: 120_000,
  exclusiveHosts: true,
  clockSkew: 5_000,
  retryRecall: 10_000,
  memory: 600_000,
};

/** Settings as a user gives them: what is left out has its default. */
export type ProtocolOptions = Partial<Omit<ProtocolSettings, 'limits'>> & { readonly limits?: Partial<StateLimits> };

const length = /* @__PURE__ */ z.number().positive();
const settingsSchema: z.ZodType<ProtocolSettings> = /* @__PURE__ */ z.strictObject({
  limits: z.strictObject({
    'should be migrating': length,
    'parameters available': length,
    'receiver ready': length,
    executing: length,
    done: length,
    asking: length,
  }),
  silence: length,
  longestExpected: length,
  exclusiveHosts: z.boolean(),
  clockSkew: z.number().nonnegative(),
  retryRecall: z.number().nonnegative(),
  memory: length,
});

/** Completes and checks settings. Throws at once, naming the path of a value that is out of range. */
export const protocolSettings = (options: ProtocolOptions = {}): ProtocolSettings => {
  const read = settingsSchema.safeParse({
    ...defaultProtocolSettings,
    ...options,
    limits: { ...defaultProtocolSettings.limits, ...options.limits },
  });
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new RangeError(`protocol.${pathText(issue?.path ?? [])}: ${issue?.message ?? 'not valid'}`);
};

/** How long reports are kept: at least a minute, and the longest expected duration (M10). */
export const retention = ({ longestExpected }: ProtocolSettings): Milliseconds =>
  Math.max(seconds(60), longestExpected);
