/** Pay-off: what a move gains over the rest of the load's life, against what it costs. */
import type { Estimate, Fraction, Milliseconds, Watts } from '../model/index.js';
import { expectedBusy, type RemainingLife } from './survival.js';

/** What changes for the guest, and for the site, when it runs at the destination. All gains are optional; absent is none. */
export interface MoveGain {
  /** Speed of the job at the destination over its speed here; 1.25 does the same work in four fifths of the time. */
  readonly speed?: number;
  /** Share of processor time that the guest loses to contention here and would not lose there. */
  readonly contention?: Fraction;
  /** Rate of its input and output there over here, and the share of its time that it waits for them. */
  readonly io?: { readonly ratio: number; readonly share: Fraction };
  /** Power saved by the move, and what a watt is worth in work: milliseconds of the guest per millisecond. */
  readonly power?: { readonly saved: Watts; readonly worth: number };
}

/** Prices and habits of the site. */
export interface PayOffSettings {
  /** How far to look ahead. Default 10 minutes. */
  readonly horizon?: Milliseconds;
  /** Share of the guest's speed lost while it moves, where the estimate does not say. Default 0.1 (Voorsluys et al. 2009). */
  readonly slowdown?: Fraction;
  /** What a millisecond of standing still costs, in milliseconds of work. Default 1. */
  readonly downtimePrice?: number;
  /** What a GiB on the network costs, in milliseconds of work. Default 0. */
  readonly networkPrice?: number;
  /** Chance that a move estimated `uncertain` does not settle. Default 0.5. */
  readonly doubt?: Fraction;
  /** How long a move that does not settle is watched before it is called off. Default: the estimate's upper bound. */
  readonly patience?: Milliseconds;
}

/** What a move is worth, in milliseconds of the guest's work. */
export interface Worth {
  /** Expected gain from the end of the move to the horizon. */
  readonly gain: Milliseconds;
  /** Expected cost: slow-down, downtime, network, and the risk of a move in vain. */
  readonly cost: Milliseconds;
  /** Whether the gain is above the cost. */
  readonly pays: boolean;
  /**
   * The shortest certain remaining life at which the move pays, from its start; infinite where it never does.
   * Over the duration of the move this is the curve that Muda's thesis set out to show.
   */
  readonly crossover: Milliseconds;
}

/** Work gained per millisecond that the load still runs at the destination, in milliseconds of work as done here. */
export const gainRate = (gain: MoveGain): number => {
  const speed = (gain.speed ?? 1) / Math.max(1e-9, 1 - Math.min(gain.contention ?? 0, 0.999));
  const share = gain.io?.share ?? 0;
  const ratio = gain.io?.ratio ?? 1;
  // A job that computes for one part of its time and waits for the other (Amdahl's law).
  const time = (1 - share) / speed + share / Math.max(ratio, 1e-9);
  const power = gain.power === undefined ? 0 : gain.power.saved * gain.power.worth;
  return 1 / time - 1 + power;
};

/** A part of something; no part of what never ends is nothing. */
const part = (share: number, of: number): number => (share === 0 ? 0 : share * of);

/**
 * Weighs a move. The gain is counted from the end of the move over the survival law; the cost while it moves; what the
 * interval leaves open is charged at its upper bound. A move that never settles, or is not known, gains nothing.
 */
export const worth = (
  estimate: Estimate,
  gain: MoveGain,
  life: RemainingLife,
  settings: PayOffSettings = {},
): Worth => {
  const rate = gainRate(gain);
  if (estimate.convergence === 'never' || estimate.convergence === 'unknown' || !(rate === rate))
    return { gain: 0, cost: 0, pays: false, crossover: Infinity };
  const horizon = settings.horizon ?? 600_000;
  const slowdown = estimate.slowdown ?? settings.slowdown ?? 0.1;
  const doubt = estimate.convergence === 'uncertain' ? (settings.doubt ?? 0.5) : 0;
  const end = estimate.duration;
  const standing = estimate.downtime * (settings.downtimePrice ?? 1);
  const network = (estimate.bytes / 2 ** 30) * (settings.networkPrice ?? 0);
  const inVain = part(slowdown, expectedBusy(life, 0, settings.patience ?? estimate.interval.high));
  const settled = slowdown * expectedBusy(life, 0, end) + standing + network;
  // The middle of what the interval leaves open is on the side of the cost: a late end gains less.
  const late = 0.5 * rate * (expectedBusy(life, end, horizon) - expectedBusy(life, estimate.interval.high, horizon));
  const expectedGain = (1 - doubt) * rate * expectedBusy(life, end, horizon);
  const cost = part(1 - doubt, settled + Math.max(0, late)) + part(doubt, inVain + network);
  return {
    gain: expectedGain,
    cost,
    pays: expectedGain > cost,
    crossover: crossover(end, slowdown, standing, network, rate, doubt, inVain),
  };
};

/** Shortest remaining life at which what is gained after the move makes up for what it cost. */
const crossover = (
  end: Milliseconds,
  slowdown: Fraction,
  standing: Milliseconds,
  network: Milliseconds,
  rate: number,
  doubt: Fraction,
  inVain: Milliseconds,
): Milliseconds => {
  if (!(rate > 0) || doubt >= 1) return Infinity;
  const cost = slowdown * end + standing + network + part(doubt / (1 - doubt), inVain + network);
  return end + cost / rate;
};
