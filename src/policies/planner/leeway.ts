/** Leeway: how much may go over from one host to another for what is off to become less, without a look at any guest. */

/** A measure of all hosts, and two of them: what their shares are off the common one, and what one of load or memory adds to a share. */
export interface Between {
  readonly hosts: number;
  /** Sums over all hosts of what shares are off, of shares and of squares. */
  readonly off: number;
  readonly sum: number;
  readonly square: number;
  /** Shares of the host that gives and of the one that gets, and what one unit is of each. */
  readonly giver: number;
  readonly getter: number;
  readonly perGiver: number;
  readonly perGetter: number;
}

/** From where to where an amount may lie; none where the first is above the second. */
export interface Range {
  low: number;
  high: number;
}

/** What load and memory may go over. */
export interface Leeway {
  readonly load: Range;
  readonly memory: Range;
}

/** What rounding may do to a limit. */
const rounding = 1e-12;

/** The least that shares can be off, all together, whatever the two hosts exchange: where one of the two has just the common share. */
export const leastOff = ({ off, giver, getter, perGiver, perGetter }: Between): number =>
  off -
  Math.abs(giver) -
  Math.abs(getter) +
  Math.min(Math.abs(getter + (giver * perGetter) / perGiver), Math.abs(giver + (getter * perGiver) / perGetter));

/** The variance of shares as a polynomial of what goes over: `square` times its square, `linear` times it, and `now`. */
const varianceOf = ({
  hosts,
  sum,
  square,
  giver,
  getter,
  perGiver,
  perGetter,
}: Between): { readonly square: number; readonly linear: number; readonly now: number } => {
  const drift = (perGetter - perGiver) / hosts;
  const mean = sum / hosts;
  return {
    square: (perGiver * perGiver + perGetter * perGetter) / hosts - drift * drift,
    linear: (2 * (getter * perGetter - giver * perGiver)) / hosts - 2 * mean * drift,
    now: square / hosts - mean * mean,
  };
};

/** The least standard deviation of shares, whatever the two hosts exchange. */
export const leastDeviation = (between: Between): number => {
  const { square, linear, now } = varianceOf(between);
  return Math.sqrt(Math.max(0, now - (linear * linear) / (4 * square)));
};

/** Narrows a range to amounts after which shares are off by no more than so much, all together. */
export const keepOff = (range: Range, { off, giver, getter, perGiver, perGetter }: Between, most: number): void => {
  const left = most - off + Math.abs(giver) + Math.abs(getter) + rounding;
  // The sum of two absolute values is within a limit where each way to sign them is.
  for (let signs = 0; signs < 4; signs++) {
    const p = (signs & 1) === 0 ? 1 : -1;
    const q = (signs & 2) === 0 ? 1 : -1;
    const slope = q * perGetter - p * perGiver;
    const rest = left - p * giver - q * getter;
    if (slope > 0) range.high = Math.min(range.high, rest / slope);
    else if (slope < 0) range.low = Math.max(range.low, rest / slope);
    else if (rest < 0) range.low = Infinity;
  }
};

/** Narrows a range to amounts after which the standard deviation of shares is no more than so much. */
export const keepDeviation = (range: Range, between: Between, most: number): void => {
  const { square, linear, now } = varianceOf(between);
  const root = Math.sqrt(Math.max(0, linear * linear - 4 * square * (now - most * most - rounding)));
  range.low = Math.max(range.low, (-linear - root) / (2 * square));
  range.high = Math.min(range.high, (root - linear) / (2 * square));
};
