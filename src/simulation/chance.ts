/** Chance: numbers that look random and follow from a seed alone, split by purpose so that one use does not shift another. */

/** A source of numbers. Each call draws the next one; two sources of one seed draw the same. */
export interface Chance {
  /** Evenly spread from 0 up to, not including, 1. */
  readonly next: () => number;
  /** Evenly spread from `low` up to `high`. */
  readonly between: (low: number, high: number) => number;
  /** Whether a thing of this probability happens. */
  readonly happens: (probability: number) => boolean;
  /** One of the list; `undefined` where the list is empty. */
  readonly pick: <T>(list: readonly T[]) => T | undefined;
  /** Normally spread around 0 with standard deviation 1 (Box and Muller). */
  readonly normal: () => number;
  /** Waiting time for a thing that happens once in `mean` on average. */
  readonly wait: (mean: number) => number;
  /** A source of its own for a purpose or subject. What is drawn here does not change it, nor it what is drawn here. */
  readonly split: (purpose: string) => Chance;
}

/** One round of mixing of a 32-bit word (the finaliser of MurmurHash3, by Austin Appleby, public domain). */
const mixed = (word: number): number => {
  const a = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return (b ^ (b >>> 16)) >>> 0;
};

/** A 32-bit word for a text and a salt. */
const wordOf = (text: string, salt: number): number => {
  let word = mixed(salt);
  for (let i = 0; i < text.length; i += 1) word = mixed(word ^ Math.imul(text.charCodeAt(i) + 1, 0x9e3779b1));
  return mixed(word ^ text.length);
};

/** sfc32, the small fast counting generator by Chris Doty-Humphrey (PractRand, public domain): 32 bits a step. */
const generator = (seed: string): (() => number) => {
  let [a, b, c, counter] = [wordOf(seed, 1), wordOf(seed, 2), wordOf(seed, 3), 1];
  const step = (): number => {
    const sum = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0;
    return sum;
  };
  for (let i = 0; i < 12; i += 1) step();
  return step;
};

/**
 * A source of numbers from a seed.
 *
 * @example
 * const faults = chance(42).split('faults');
 * faults.happens(0.1);
 */
export const chance = (seed: number | string): Chance => {
  const name = String(seed);
  const step = generator(name);
  const next = (): number => (step() * 2 ** 21 + (step() >>> 11)) / 2 ** 53;
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    happens: (probability) => probability > 0 && next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)],
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    wait: (mean) => -mean * Math.log(1 - next()),
    split: (purpose) => chance(`${name}/${purpose}`),
  };
};
