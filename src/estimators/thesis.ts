/** Thesis: the estimates of Muda (2010), exactly as printed, so that others can be measured against them. */
import { transferTime, type Bytes, type BytesPerSecond, type Fraction, type Milliseconds } from '../model/index.js';
import type { Estimator, MoveFacts } from './estimator.js';
import { missingFacts } from './facts.js';

/**
 * T_M, equations 5.1 and 6.1 (M16): memory over bandwidth, and `synchronisation` for what is sent again. The thesis
 * counts a megabyte as 10⁶ bytes: its "1024 MB at 700 Mbps" is 1,024,000,000 bytes and 11.7 s.
 */
export const thesisDuration = (
  memory: Bytes,
  bandwidth: BytesPerSecond,
  synchronisation: Milliseconds = 0,
): Milliseconds => transferTime(memory, bandwidth) + synchronisation;

/** T_S, equation 6.2 (M16): one more synchronisation, of the occupied share of the memory. */
export const thesisSynchronisation = (memory: Bytes, occupied: Fraction, bandwidth: BytesPerSecond): Milliseconds =>
  transferTime(memory * occupied, bandwidth);

/** The completion time that rule 3 asks for (M17): twice T_M in case the whole memory goes twice, and one T_S of the active processes. */
export const thesisCompletion = (memory: Bytes, active: Bytes, bandwidth: BytesPerSecond): Milliseconds =>
  2 * thesisDuration(memory, bandwidth) + transferTime(active, bandwidth);

/** Rule 3 (M15): the resource has been in use for longer than the move is expected to take, so age stands for future. */
export const longEnough = (inUse: Milliseconds, completion: Milliseconds): boolean => inUse > completion;

/** What M18 compares: T_M and `p` synchronisations of the occupied memory. */
export const thesisPredicted = (memory: Bytes, occupied: Fraction, bandwidth: BytesPerSecond, p = 1): Milliseconds =>
  thesisDuration(memory, bandwidth, p * thesisSynchronisation(memory, occupied, bandwidth));

/** The largest acceptable duration (M18): go only if what is predicted is at most the threshold, by default 120 s. */
export const acceptable = (predicted: Milliseconds, threshold: Milliseconds = 120_000): boolean =>
  predicted <= threshold;

/** How the thesis' estimate is read. */
export interface ThesisOptions {
  /** `completion`: the doubled rule (M17). `predicted`: T_M + p T_S (M18). `base`: T_M alone. Default `completion`. */
  readonly rule?: 'completion' | 'predicted' | 'base';
  /** Synchronisations counted by `predicted`. Default 1. */
  readonly p?: number;
  /** A migration never used more than 300 Mbps there (M37). Default: no ceiling. */
  readonly ceiling?: BytesPerSecond;
  /** Pause that QEMU 0.12 allowed (M35). Default 30 ms. */
  readonly allowance?: Milliseconds;
}

/** Memory of the active processes: the working set where it is known, else what the guest uses, else what is not zero. */
const active = (facts: MoveFacts): Bytes =>
  facts.demand.kind === 'known'
    ? facts.demand.workingSet
    : Math.min(facts.used ?? facts.memory, facts.nonZero ?? facts.memory);

/**
 * The thesis' estimate as an estimator. It knows no rounds and no dirty rate, so it always converges; its interval is its
 * one figure, for the thesis gives none.
 */
export const thesis =
  (options: ThesisOptions = {}): Estimator =>
  (facts) => {
    const missing = missingFacts(facts.demand.kind === 'unknown' ? { ...facts, demand: nothingSaid } : facts);
    if (missing.length > 0) return { convergence: 'unknown', missing };
    const bandwidth = Math.min(facts.bandwidth, options.ceiling ?? Infinity);
    const again = active(facts);
    const { rule = 'completion', p = 1, allowance = 30 } = options;
    const duration =
      rule === 'completion'
        ? thesisCompletion(facts.memory, again, bandwidth)
        : rule === 'predicted'
          ? thesisPredicted(facts.memory, again / facts.memory, bandwidth, p)
          : thesisDuration(facts.memory, bandwidth);
    return {
      convergence: 'converges',
      duration,
      interval: { low: duration, high: duration },
      downtime: allowance,
      bytes: (duration / 1000) * bandwidth,
      rounds: rule === 'base' ? 1 : 2,
      because: [
        { rule: 'thesis', measure: 'memory', value: facts.memory, unit: 'bytes', origin: 'given' },
        { rule: 'thesis', measure: 'active memory', value: again, unit: 'bytes', origin: 'given' },
        { rule: 'thesis', measure: 'bandwidth', value: bandwidth, unit: 'bytes per second', origin: 'given' },
      ],
    };
  };

/** The thesis asks for no dirty rate, so its absence is no lack. */
const nothingSaid = { kind: 'known', writeRate: 0, workingSet: 0, pattern: 'random' } as const;
