/** PauseAfter: pauses a guest that keeps its migration from ending. */
import * as z from 'zod';
import type { ConvergenceAction, Milliseconds } from '../../model/index.js';
import { settingsOf } from '../../policies/index.js';
import { type ConvergencePolicy, goOn } from './policy.js';
import { whileCopying } from './reports.js';

/** Settings of {@link pauseAfter}. */
export interface PauseAfter {
  /** How long pre-copy is given, from the order. */
  readonly patience: Milliseconds;
}

const schema = /* @__PURE__ */ z.strictObject({ patience: /* @__PURE__ */ z.number().positive() });

const pause: ConvergenceAction = { kind: 'pause' };

/**
 * Pauses the guest once pre-copy had its time, so that the rounds end; the guest goes on at its destination. The price is a
 * downtime without bound, which disturbs programs that talk to others (Muda, §7.5 strategy d, M42d, M48).
 *
 * @throws SettingsError where the patience is not above zero
 *
 * @example
 * pauseAfter({ patience: seconds(60) });
 */
export const pauseAfter = (settings: PauseAfter): ConvergencePolicy => {
  const { patience } = settingsOf('pauseAfter', schema, settings);
  return (history, { startedAt }) => {
    const latest = whileCopying(history);
    return latest && latest.at - startedAt >= patience ? pause : goOn;
  };
};
