/** Convergence: what to ask of a migration that does not settle, decided from its progress alone. */
import type { ConvergenceAction, Migration, Milliseconds, Progress } from '../model/index.js';

/**
 * A pure function from the progress that a migration has reported, oldest first, to what is asked of it now. Asked at each
 * report. The engine does not order the same action twice in a row, so a policy may repeat itself.
 */
export type ConvergencePolicy = (history: readonly Progress[], migration: Migration) => ConvergenceAction;

const goOn: ConvergenceAction = { kind: 'continue' };

/** Leaves every migration to the hypervisor's own rules. */
export const leaveAlone: ConvergencePolicy = () => goOn;

/** Settings of {@link settleWithin}. */
export interface SettleWithin {
  /** How long pre-copy is given before each step. */
  readonly patience: Milliseconds;
  /** First step: the downtime that is allowed then. Without it the last step is the only one. */
  readonly raiseTo?: Milliseconds;
  /** Last step. */
  readonly then: 'post-copy' | 'abort';
}

/**
 * Gives pre-copy its time, then allows a longer downtime, and after as long again ends it by post-copy or by giving up.
 * A guest that already stands still, or runs at its destination, is left to finish. The time counts from the order by the
 * times of the reports, so a migration that reports nothing is not judged.
 *
 * @throws RangeError where a length of time is not above zero
 *
 * @example
 * settleWithin({ patience: seconds(30), raiseTo: seconds(1), then: 'post-copy' });
 */
export const settleWithin = ({ patience, raiseTo, then }: SettleWithin): ConvergencePolicy => {
  for (const [name, value] of Object.entries({ patience, raiseTo }))
    if (value !== undefined && !(value > 0 && value < Infinity))
      throw new RangeError(`settleWithin.${name}: ${value} is not a length of time above zero`);
  const last: ConvergenceAction = { kind: then };
  const raise: ConvergenceAction = raiseTo === undefined ? last : { kind: 'raise downtime', limit: raiseTo };
  return (history, { startedAt }) => {
    const latest = history.at(-1);
    if (!latest || latest.phase === 'stopped' || latest.phase === 'post-copy') return goOn;
    const steps = Math.floor((latest.at - startedAt) / patience);
    return steps < 1 ? goOn : steps < 2 ? raise : last;
  };
};
