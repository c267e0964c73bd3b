/** AtBestMoment: pauses the guest when least remains and the pause is short enough, within a budget of time. */
import * as z from 'zod';
import type { ConvergenceAction, Milliseconds, Progress } from '../../model/index.js';
import { settingsOf } from '../../policies/index.js';
import { type ConvergencePolicy, goOn } from './policy.js';
import { measured, roundStarts } from './reports.js';

/** Settings of {@link atBestMoment}. */
export interface AtBestMoment {
  /** From the order until `then`. */
  readonly timeBudget: Milliseconds;
  /** The longest that sending the rest with the guest paused may take. */
  readonly downtimeBudget: Milliseconds;
  /** What is done when the time is over and there was no such moment. */
  readonly then: 'post-copy' | 'abort';
}

const schema = /* @__PURE__ */ z.strictObject({
  timeBudget: /* @__PURE__ */ z.number().positive(),
  downtimeBudget: /* @__PURE__ */ z.number().positive(),
  then: /* @__PURE__ */ z.enum(['post-copy', 'abort']),
});

/** A round that is predicted to leave hardly less is not waited for: dirty rates are measured to about 4 % at best. */
const smallestGain = 0.05;

/** Whether, at the beginning of a round, less remains than it did a round ago and than it is predicted to in the next. */
const isBest = (start: Progress, before: Progress | undefined, downtimeBudget: Milliseconds): boolean => {
  const [left, leftBefore] = [measured(start.remaining), measured(before?.remaining)];
  const [dirtied, sent] = [measured(start.dirtyRate), measured(start.bandwidth)];
  if (left === undefined || leftBefore === undefined || dirtied === undefined || sent === undefined) return false;
  // What is dirtied while this is sent is what remains next.
  const next = left * (dirtied / sent);
  return left <= leftBefore && next > left * (1 - smallestGain) && (left / sent) * 1000 <= downtimeBudget;
};

const pause: ConvergenceAction = { kind: 'pause' };

/**
 * Pauses the guest at the beginning of a round where no more remains than a round before, where the dirty rate says that
 * the next round will not bring it down, and where the rest can be sent within the budget of downtime: a migration that the
 * hypervisor would not end is ended without a long pause (Muda, §8.3, M48). When the time is over without such a moment, it
 * is ended by post-copy or given up; a pause that was asked for before has its own budget first.
 *
 * Moments are looked for at the beginnings of rounds only, and where round, remaining, dirty rate and bandwidth are known.
 * Where hypervisor and guest settle by themselves, nothing is asked. Preparations that outlast the time can only be aborted.
 *
 * @throws SettingsError where a budget is not above zero
 *
 * @example
 * atBestMoment({ timeBudget: minutes(2), downtimeBudget: seconds(1), then: 'post-copy' });
 */
export const atBestMoment = (settings: AtBestMoment): ConvergencePolicy => {
  const { timeBudget, downtimeBudget, then } = settingsOf('atBestMoment', schema, settings);
  const last: ConvergenceAction = { kind: then };
  return (history, { startedAt }) => {
    const latest = history.at(-1);
    if (!latest || latest.phase === 'stopped' || latest.phase === 'post-copy') return goOn;
    if (latest.phase === 'preparing' && then === 'post-copy') return goOn;
    const over = startedAt + timeBudget;
    const moments = roundStarts(history).filter(
      (start, i, starts) => start.at < over && isBest(start, starts[i - 1], downtimeBudget),
    );
    const paused = moments.at(-1);
    if (latest.at >= Math.max(over, (paused?.at ?? -Infinity) + downtimeBudget)) return last;
    return latest.phase === 'copying' && paused === latest ? pause : goOn;
  };
};
