/** Power curve: what a host draws at a share of its capacity, between the points of its curve. */
import type { Fraction, PowerPoint, Watts } from '../../model/index.js';

/** Linear between the points, level beyond them (as SPECpower curves are read); not known without a curve or a reading. */
export const watts = (curve: readonly PowerPoint[], used: Fraction | undefined): Watts | undefined => {
  if (used === undefined) return undefined;
  const next = curve.findIndex(({ utilisation }) => utilisation >= used);
  const [below, above] = next < 0 ? [curve.at(-1), undefined] : [curve[next - 1], curve[next]];
  if (!below || !above) return (below ?? above)?.watts;
  const part = (used - below.utilisation) / (above.utilisation - below.utilisation);
  return below.watts + part * (above.watts - below.watts);
};
