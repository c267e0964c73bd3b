/** Power: what a host draws at a share of its capacity, by its measured curve. */
import type { Fraction, PowerPoint, Watts } from '../model/index.js';

/** Watts at a utilisation, straight between the points of the curve and level beyond its ends; zero without a curve. */
export const powerAt = (curve: readonly PowerPoint[], utilisation: Fraction): Watts => {
  const above = curve.findIndex((point) => point.utilisation >= utilisation);
  const [low, high] = [curve[above - 1], curve[above]];
  if (high === undefined) return curve.at(-1)?.watts ?? 0;
  if (low === undefined) return high.watts;
  const share = (utilisation - low.utilisation) / (high.utilisation - low.utilisation);
  return low.watts + share * (high.watts - low.watts);
};
