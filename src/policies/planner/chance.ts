/** Chance: numbers that look random, drawn from a seed, so that the same search takes the same turns. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- the seed has one element */

/** A whole number that looks random, from 0 up to a limit, the limit left out (xorshift32; Marsaglia 2003). */
export const draw = (seed: Int32Array, limit: number): number => {
  let next = seed[0]!;
  next ^= next << 13;
  next ^= next >>> 17;
  next ^= next << 5;
  seed[0] = next;
  // The upper bits of a product: no division, and no low bits, which are the weaker ones.
  return ((next >>> 0) * 2.3283064365386963e-10 * limit) | 0;
};

/** A number that looks random, of a number: the same one each time (the mixing step of MurmurHash3; Appleby 2011). */
export const markOf = (number: number): number => {
  let mark = Math.imul(number + 1, 0x9e3779b1);
  mark = Math.imul(mark ^ (mark >>> 15), 0x85ebca6b);
  return mark ^ (mark >>> 13);
};

/** The same of amounts, which need not be whole. */
export const markerOf = (): ((amount: number) => number) => {
  const value = new Float64Array(1);
  const bits = new Int32Array(value.buffer);
  return (amount) => {
    value[0] = amount;
    return markOf(bits[0]! ^ Math.imul(bits[1]!, 0x51ed27));
  };
};
