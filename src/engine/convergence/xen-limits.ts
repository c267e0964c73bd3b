/** XenLimits: ends pre-copy by stopping the guest after so many rounds, or once its memory was sent so many times. */
import * as z from 'zod';
import type { Bytes, ConvergenceAction, Progress } from '../../model/index.js';
import { settingsOf } from '../../policies/index.js';
import { type ConvergencePolicy, goOn } from './policy.js';
import { measured, whileCopying } from './reports.js';

/** Settings of {@link xenLimits}. */
export interface XenLimits {
  /** Rounds with the guest running. */
  readonly rounds: number;
  /** Sent in all, as a multiple of the guest's memory. Absent for no such limit. */
  readonly volume?: number;
}

/** Xen since 4.7, as measured on 4.17: five live rounds. */
export const newerXen: XenLimits = { rounds: 5 };

/** Xen of the theses' time: 29 rounds, or three times the memory (Akoush et al., 2010; Muda, §7.4.4, M36). */
export const olderXen: XenLimits = { rounds: 29, volume: 3 };

const schema = /* @__PURE__ */ z.strictObject({
  rounds: /* @__PURE__ */ z.int().positive(),
  volume: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.number().positive()),
});

/** The memory that there is to send: in the first round, what was sent and what remains. Later it comes out too large, never too small. */
const memoryIn = (history: readonly Progress[]): Bytes | undefined => {
  const first = history.find(({ remaining }) => measured(remaining) !== undefined);
  return first && measured(first.sent + (first.remaining ?? 0));
};

const pause: ConvergenceAction = { kind: 'pause' };

/**
 * Lets pre-copy run for a number of rounds and a volume, and then stops the guest and sends the rest, however long that
 * takes: every migration ends, a hot one with a pause of seconds that may cut the guest's connections (Muda, §7.4.4, §8.3,
 * M36). The memory of the guest is taken from the first report that says what remains. Without rounds and without what
 * remains nothing is asked.
 *
 * @throws SettingsError where a limit is not above zero
 *
 * @example
 * xenLimits(olderXen);
 */
export const xenLimits = (settings: XenLimits): ConvergencePolicy => {
  const { rounds, volume = Infinity } = settingsOf('xenLimits', schema, settings);
  return (history) => {
    const latest = whileCopying(history);
    if (!latest) return goOn;
    // `round` counts rounds begun: those before it are over.
    if ((measured(latest.round) ?? 0) > rounds) return pause;
    const memory = memoryIn(history);
    return memory !== undefined && latest.sent > volume * memory ? pause : goOn;
  };
};
