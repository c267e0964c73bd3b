/** Residuals: what the moves of a guest took against what was estimated, and the correction that follows from it. */
import type { Estimate, Milliseconds } from '../model/index.js';
import type { Estimator, MoveFacts } from './estimator.js';

/** What is kept of the moves of many guests: the last ratios of each, oldest first. Plain JSON. */
export type Residuals = Readonly<Record<string, readonly number[]>>;

/** Ratios kept for a guest. */
const kept = 15;

/**
 * Takes in one move: what it took over what was estimated. Moves of no length and such as are no number leave the
 * residuals as they are.
 */
export const observeResidual = (
  residuals: Residuals,
  guest: string,
  estimated: Milliseconds,
  measured: Milliseconds,
): Residuals => {
  const ratio = measured / estimated;
  if (!(estimated > 0 && measured > 0 && ratio < Infinity)) return residuals;
  return { ...residuals, [guest]: [...(residuals[guest] ?? []), ratio].slice(-kept) };
};

/** The middle of numbers; `undefined` of none. */
export const median = (values: readonly number[]): number | undefined => {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
};

/**
 * The factor to correct a guest's estimate by: the median of its ratios (Jo et al., SoCC 2017, correct a model by the
 * residuals of the guest), drawn towards 1 as if `prior` moves had gone as estimated. 1 where nothing was seen.
 */
export const correction = (residuals: Residuals, guest: string, prior = 1): number => {
  const ratios = residuals[guest] ?? [];
  return median([...ratios, ...Array.from({ length: Math.max(0, prior) }, () => 1)]) ?? 1;
};

/** An estimate with its duration and bounds times a factor. What does not end is left as it is. */
export const corrected = (estimate: Estimate, factor: number): Estimate =>
  'duration' in estimate && factor > 0 && factor < Infinity
    ? {
        ...estimate,
        duration: estimate.duration * factor,
        interval: { low: estimate.interval.low * factor, high: estimate.interval.high * factor },
      }
    : estimate;

/** An estimator for one guest, corrected by how its moves went before. */
export const correctedBy =
  (estimator: Estimator, residuals: Residuals, guest: string): Estimator =>
  (facts: MoveFacts) =>
    corrected(estimator(facts), correction(residuals, guest));
