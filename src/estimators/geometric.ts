/** Geometric: pre-copy as a geometric series of rounds, after Liu et al. (HPDC 2011). */
import type { Bytes, BytesPerSecond, Fraction, Milliseconds } from '../model/index.js';
import { uniqueDirtied, writingOf, writtenBetween } from './dirtying.js';
import type { Estimator, MoveFacts } from './estimator.js';
import { missingFacts } from './facts.js';
import { allBytes, liveLength, replayRounds, type AdaptiveRate } from './rounds.js';
import { qemuStops, type StopRule } from './stop-rules.js';

/** The closed form: rounds V λⁱ until the stop threshold. */
export interface GeometricSeries {
  /** Dirty rate over bandwidth, λ. */
  readonly ratio: Fraction;
  /** Rounds after the first, n = ⌈log_λ(threshold / V)⌉; infinite for λ ≥ 1. */
  readonly rounds: number;
  readonly duration: Milliseconds;
  readonly bytes: Bytes;
  /** Of the last round alone, which the stopped guest waits for. */
  readonly last: Milliseconds;
}

/**
 * Sums the series in closed form (Liu et al., eq. 3 to 8): T = V/R (1 − λⁿ⁺¹)/(1 − λ). For λ ≥ 1 every figure but the
 * ratio is infinite, never negative.
 */
export const geometricSeries = (
  volume: Bytes,
  dirtyRate: BytesPerSecond,
  bandwidth: BytesPerSecond,
  threshold: Bytes,
): GeometricSeries => {
  const ratio = dirtyRate / bandwidth;
  const first = (volume / bandwidth) * 1000;
  if (ratio <= 0) return { ratio: 0, rounds: 0, duration: first, bytes: volume, last: 0 };
  if (ratio >= 1) return { ratio, rounds: Infinity, duration: Infinity, bytes: Infinity, last: Infinity };
  const rounds = threshold >= volume ? 1 : Math.max(1, Math.ceil(Math.log(threshold / volume) / Math.log(ratio)));
  const sum = (1 - ratio ** (rounds + 1)) / (1 - ratio);
  return { ratio, rounds, duration: first * sum, bytes: volume * sum, last: first * ratio ** rounds };
};

/** How the geometric estimate is made. */
export interface GeometricOptions {
  /** When pre-copy is left. Default QEMU's, 300 ms. */
  readonly rules?: readonly StopRule[];
  /** Rates that follow the guest's, as Clark et al. have them. Default: full bandwidth throughout. */
  readonly adaptive?: AdaptiveRate;
  /** Added to the stop for the guest to resume. Default 20 ms (Liu et al.). */
  readonly resume?: Milliseconds;
  /** A move that takes longer is called off, so it counts as never. Default: no limit. */
  readonly giveUpAfter?: Milliseconds;
}

/** Dirty rate, and what is dirtied between two times after the start. */
interface Dirtying {
  readonly rate: BytesPerSecond;
  readonly dirtied: (from: Milliseconds, to: Milliseconds) => Bytes;
  /** When its last phase begins. */
  readonly steadyFrom: Milliseconds;
}

/** A known program dirties its working set by its pattern ({@link uniqueDirtied}); a reading goes on until all that is not zero is dirty. */
const dirtyingOf = (facts: MoveFacts): Dirtying | undefined => {
  const { demand } = facts;
  switch (demand.kind) {
    case 'known': {
      const writing = writingOf(demand);
      return {
        rate: demand.writeRate,
        dirtied: (from, to) => uniqueDirtied(writing, writtenBetween(writing, from, to)),
        steadyFrom: writing.phases.slice(0, -1).reduce((sum, { length }) => sum + length, 0),
      };
    }
    case 'sampled': {
      const most = facts.nonZero ?? facts.memory;
      return {
        rate: demand.rate,
        dirtied: (from, to) => Math.min(most, (demand.rate * (to - from)) / 1000),
        steadyFrom: 0,
      };
    }
    case 'unknown':
      return undefined;
  }
};

/**
 * The geometric series as an estimator: volumes V λⁱ, fewer where writes hit what is dirty already, until a stop rule holds. λ ≥ 1 does
 * not converge, unless a rule forces an end at the price of the pause. It knows no interval but its own figure.
 */
export const geometric =
  (options: GeometricOptions = {}): Estimator =>
  (facts) => {
    const missing = missingFacts(facts);
    const dirtying = dirtyingOf(facts);
    if (missing.length > 0 || dirtying === undefined) return { convergence: 'unknown', missing };
    const result = replayRounds({
      volume: facts.nonZero ?? facts.memory,
      memory: facts.memory,
      bandwidth: facts.bandwidth,
      dirtied: dirtying.dirtied,
      steadyFrom: dirtying.steadyFrom,
      rules: options.rules ?? qemuStops(),
      ...(options.adaptive === undefined ? {} : { adaptive: options.adaptive }),
    });
    const because = [
      {
        rule: 'geometric',
        measure: 'ratio',
        value: dirtying.rate / facts.bandwidth,
        unit: 'fraction',
        origin: 'derived',
      },
    ] as const;
    const downtime = result.last.length + (options.resume ?? 20);
    const duration = liveLength(result) + downtime;
    if (result.by === undefined || duration > (options.giveUpAfter ?? Infinity))
      return { convergence: 'never', because };
    return {
      convergence: 'converges',
      duration,
      interval: { low: duration, high: duration },
      downtime,
      bytes: allBytes(result),
      rounds: result.rounds.length + 1,
      because,
    };
  };
