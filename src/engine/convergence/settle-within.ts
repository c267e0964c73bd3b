/** SettleWithin: gives pre-copy its time, then a longer downtime, then ends it. */
import * as z from 'zod';
import type { ConvergenceAction, Milliseconds } from '../../model/index.js';
import { settingsOf } from '../../policies/index.js';
import { type ConvergencePolicy, goOn } from './policy.js';

/** Settings of {@link settleWithin}. */
export interface SettleWithin {
  /** How long pre-copy is given before each step. */
  readonly patience: Milliseconds;
  /** First step: the downtime that is allowed then. Without it the last step is the only one. */
  readonly raiseTo?: Milliseconds;
  /** Last step. */
  readonly then: 'post-copy' | 'abort';
}

const schema = /* @__PURE__ */ z.strictObject({
  patience: /* @__PURE__ */ z.number().positive(),
  raiseTo: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.number().positive()),
  then: /* @__PURE__ */ z.enum(['post-copy', 'abort']),
});

/**
 * Gives pre-copy its time, then allows a longer downtime, and after as long again ends it by post-copy or by giving up.
 * A guest that already stands still, or runs at its destination, is left to finish. The time counts from the order by the
 * times of the reports, so a migration that reports nothing is not judged.
 *
 * @throws SettingsError where a length of time is not above zero
 *
 * @example
 * settleWithin({ patience: seconds(30), raiseTo: seconds(1), then: 'post-copy' });
 */
export const settleWithin = (settings: SettleWithin): ConvergencePolicy => {
  const { patience, raiseTo, then } = settingsOf('settleWithin', schema, settings);
  const last: ConvergenceAction = { kind: then };
  const raise: ConvergenceAction = raiseTo === undefined ? last : { kind: 'raise downtime', limit: raiseTo };
  return (history, { startedAt }) => {
    const latest = history.at(-1);
    if (!latest || latest.phase === 'stopped' || latest.phase === 'post-copy') return goOn;
    const steps = Math.floor((latest.at - startedAt) / patience);
    // Written so that a time that is not a number asks for nothing.
    return steps >= 2 ? last : steps >= 1 ? raise : goOn;
  };
};
