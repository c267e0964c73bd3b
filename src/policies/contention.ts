/** Contention: how much work waits because a host's guests want more processor at once than there is. */
import type { Fraction, Guest, Hertz } from '../model/index.js';

/** What wants a host's processors: the mean and the variance of the cycles wanted per second. */
export interface Wanted {
  readonly mean: Hertz;
  readonly variance: number;
}

/** Nothing. */
const wantsNothing: Wanted = { mean: 0, variance: 0 };

/**
 * What a guest wants where a core has the given clock, if its vCPUs are busy independently of each other for the share of
 * the time that was read. The cycles that it wants are those of the host where it was read.
 */
export const wantedBy = ({ vcpus }: Guest, used: Fraction, clock: Hertz, clockThere: Hertz = clock): Wanted => {
  const busy = Math.min(1, (used * clock) / clockThere);
  return { mean: vcpus * busy * clockThere, variance: vcpus * busy * (1 - busy) * clockThere ** 2 };
};

/** What several want together. */
export const together = (all: readonly Wanted[]): Wanted =>
  all.reduce((sum, { mean, variance }) => ({ mean: sum.mean + mean, variance: sum.variance + variance }), wantsNothing);

/** Density and upper tail of the normal distribution (Abramowitz and Stegun, 26.2.17; error below 7.5e-8). */
const normal = (z: number): { readonly density: number; readonly tail: number } => {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const outer =
    density * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return { density, tail: z >= 0 ? outer : 1 - outer };
};

/**
 * Cycles per second that are wanted and not served, on average: the expected excess of a normal demand over the capacity,
 * σ·(φ(z) − z·(1 − Φ(z))) with z = (capacity − mean) / σ. So guests wait for each other somewhat before a host is full, and
 * for the whole of the excess beyond.
 */
export const unserved = ({ mean, variance }: Wanted, capacity: Hertz): Hertz => {
  const least = Math.max(0, mean - capacity);
  const deviation = Math.sqrt(variance);
  if (!(deviation > 0)) return least;
  const z = (capacity - mean) / deviation;
  const { density, tail } = normal(z);
  return Math.max(least, deviation * (density - z * tail));
};
