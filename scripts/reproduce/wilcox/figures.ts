/** Figures: what the thesis and the simulation are compared by, worked out of both in the same way. */
import { lengths } from './measured.js';

/** Lengths from which on hardly any guest is drawn: one condition, measured several times (WD19). */
export const plateauLengths: readonly number[] = lengths.filter((length) => length >= 32);

/** Completed runs by length; a length may be missing, as 2 is in Table 5.6. */
export type ByLength = ReadonlyMap<number, number>;

/** By how many percent a figure is above another. */
export const gain = (figure: number, over: number): number => (figure / over - 1) * 100;

/** The mean over the lengths at which nothing changes any more. */
export const plateau = (runs: ByLength): number => {
  const known = plateauLengths.flatMap((length) => runs.get(length) ?? []);
  return known.reduce((sum, one) => sum + one, 0) / known.length;
};

/**
 * The cost of a draw in runs: c of `R/(1 + c/k)` at one iteration, where R is the plateau.
 */
export const costPerDraw = (runs: ByLength): number => plateau(runs) / (runs.get(1) ?? NaN) - 1;

/** The length at which the gain passes from loss to gain, between two measured lengths on a logarithmic scale. */
export const crossover = (runs: ByLength, off: number): number | undefined => {
  const gains = [...runs]
    .map(([length, one]) => ({ length, gain: gain(one, off) }))
    .sort((a, b) => a.length - b.length);
  for (const [i, here] of gains.entries()) {
    const before = gains[i - 1];
    if (here.gain <= 0) continue;
    if (before === undefined) return here.length;
    const way = -before.gain / (here.gain - before.gain);
    return before.length * (here.length / before.length) ** way;
  }
  return undefined;
};

/** Whether figures fall from one to the next, except for noise of so much. */
export const falls = (figures: readonly number[], noise: number): boolean =>
  figures.every((figure, i) => i === 0 || figure <= (figures[i - 1] ?? Infinity) + noise);

/** Standard deviation as a share of the mean. */
export const relativeSpread = (figures: readonly number[]): number => {
  const mean = figures.reduce((sum, one) => sum + one, 0) / figures.length;
  return Math.sqrt(figures.reduce((sum, one) => sum + (one - mean) ** 2, 0) / figures.length) / mean;
};

/** Figures on the two sides of the widest gap between them. */
export interface Clusters {
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Width of the gap. */
  readonly apart: number;
}

/** Cuts figures in two at the widest gap. */
export const clusters = (figures: readonly number[]): Clusters => {
  const sorted = [...figures].sort((a, b) => a - b);
  const gapAt = (i: number): number => (sorted[i] ?? 0) - (sorted[i - 1] ?? 0);
  const at = sorted.reduce((best, _, i) => (i > 0 && (best === 0 || gapAt(i) > gapAt(best)) ? i : best), 0);
  return { low: sorted.slice(0, at), high: sorted.slice(at), apart: at === 0 ? 0 : gapAt(at) };
};
