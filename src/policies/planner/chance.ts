/** Chance: whole numbers that look random and are the same every time, from a seed. */

/** Gives numbers from 0 up to a limit, the limit left out (xorshift32; Marsaglia 2003). */
export const chance = (seed: number): ((limit: number) => number) => {
  let state = seed | 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    // The upper bits of a product: no division, and no low bits, which are the weaker ones.
    return Math.floor(((state >>> 0) / 4294967296) * limit);
  };
};
