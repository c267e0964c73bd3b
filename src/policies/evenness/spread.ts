/** Spread: how uneven loads are, by one number. It knows nothing of hosts. */

/**
 * How unevenness is measured. `gap`: the largest less the least. `deviation`: the standard deviation, of all and not of a sample.
 * `variation`: the deviation as a share of the mean, so that it does not depend on how much there is to do.
 */
export type Spread = 'gap' | 'deviation' | 'variation';

/** Nine decimals: the order in which a sum was taken shall not decide whether one spread is below another. */
const precision = 1e9;

const rounded = (value: number): number => Math.round(value * precision) / precision;

const deviation = (values: readonly number[], mean: number): number =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);

/** How uneven values are; zero of none, and of a single one. A variation of values that are all zero is zero. */
export const spreadOf = (by: Spread, values: readonly number[]): number => {
  if (values.length < 2) return 0;
  if (by === 'gap') return rounded(Math.max(...values) - Math.min(...values));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const strewn = deviation(values, mean);
  if (by === 'deviation') return rounded(strewn);
  return mean > 0 ? rounded(strewn / mean) : 0;
};

/**
 * How uneven values would be with two of them changed, nearly (to rounding): in constant time for each question, where
 * {@link spreadOf} would look at all values again.
 *
 * @returns a function of the two places and of the values that they would have
 */
export const spreadAround = (
  by: Spread,
  values: readonly number[],
): ((i: number, atI: number, j: number, atJ: number) => number) => {
  if (by === 'gap') {
    const order = values.map((_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
    // Of any three at an end, one at least is neither of the two that change.
    const [low, high] = [order.slice(0, 3), order.slice(-3).reverse()];
    const other = (ends: readonly number[], i: number, j: number): number | undefined => {
      const k = ends.find((end) => end !== i && end !== j);
      return k === undefined ? undefined : values[k];
    };
    return (i, atI, j, atJ) =>
      Math.max(atI, atJ, other(high, i, j) ?? -Infinity) - Math.min(atI, atJ, other(low, i, j) ?? Infinity);
  }
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  const count = values.length;
  return (i, atI, j, atJ) => {
    const [wasI, wasJ] = [values[i] ?? 0, values[j] ?? 0];
    const mean = (sum - wasI - wasJ + atI + atJ) / count;
    const variance = (squares - wasI * wasI - wasJ * wasJ + atI * atI + atJ * atJ) / count - mean * mean;
    const strewn = Math.sqrt(Math.max(0, variance));
    return by === 'deviation' ? strewn : mean > 0 ? strewn / mean : 0;
  };
};
