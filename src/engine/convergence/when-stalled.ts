/** WhenStalled: acts on a migration whose rounds no longer bring what remains below its least. */
import * as z from 'zod';
import type { ConvergenceAction, Progress } from '../../model/index.js';
import { settingsOf } from '../../policies/index.js';
import { type ConvergencePolicy, goOn } from './policy.js';
import { measured, roundStarts, whileCopying } from './reports.js';

/** What to do about a migration that is stalled: in a word, or with an amount. */
export type StallAction =
  'post-copy' | 'abort' | 'pause' | Extract<ConvergenceAction, { readonly kind: 'throttle' | 'raise downtime' }>;

/** Settings of {@link whenStalled}. */
export interface WhenStalled {
  /** Rounds in a row without gain. */
  readonly rounds: number;
  readonly then: StallAction;
}

const schema = /* @__PURE__ */ z.strictObject({
  rounds: /* @__PURE__ */ z.int().positive(),
  then: /* @__PURE__ */ z.union([
    /* @__PURE__ */ z.enum(['post-copy', 'abort', 'pause']),
    /* @__PURE__ */ z.strictObject({
      kind: /* @__PURE__ */ z.literal('throttle'),
      share: /* @__PURE__ */ z.number().positive().max(1),
    }),
    /* @__PURE__ */ z.strictObject({
      kind: /* @__PURE__ */ z.literal('raise downtime'),
      limit: /* @__PURE__ */ z.number().positive(),
    }),
  ]),
});

/** Rounds in a row, the latest among them, at whose beginning no less remained than ever before. */
const roundsWithoutGain = (history: readonly Progress[]): number => {
  let least = Infinity;
  let without = 0;
  for (const { remaining, dirtyRate } of roundStarts(history)) {
    const left = measured(remaining);
    if (left === undefined) continue;
    if (left < least) {
      least = left;
      without = 0;
      // Where nothing was measured as dirtied, it is not the guest that holds the migration up.
    } else if (measured(dirtyRate) !== undefined) without += 1;
  }
  return without;
};

/**
 * Acts once `remaining`, compared at the beginnings of rounds, has not fallen below its least so far for a number of rounds.
 * A round of which the round itself, what remains, or the dirty rate is not reported does not count. When it falls again,
 * nothing more is asked.
 *
 * @throws SettingsError where the rounds are not a whole number above zero or the action is none
 *
 * @example
 * firstToAct(
 *   whenStalled({ rounds: 8, then: 'post-copy' }),
 *   whenStalled({ rounds: 3, then: { kind: 'throttle', share: percent(50) } }),
 * );
 */
export const whenStalled = (settings: WhenStalled): ConvergencePolicy => {
  const { rounds, then } = settingsOf('whenStalled', schema, settings);
  const action: ConvergenceAction = typeof then === 'string' ? { kind: then } : then;
  return (history) => (whileCopying(history) && roundsWithoutGain(history) >= rounds ? action : goOn);
};
