/** Readings: what a past keeps of a guest's samples, in columns, so that a day of a large site fits into memory. */
import type { BytesPerSecond, Bytes, Fraction, GuestSample, Milliseconds } from '../../model/index.js';

/** What a past keeps of one sample. */
export interface Reading {
  readonly at: Milliseconds;
  readonly used?: Fraction;
  readonly memory?: Bytes;
  readonly dirty?: { readonly rate: BytesPerSecond; readonly window: Milliseconds };
  /** Whether it told of time that others were given. */
  readonly steal: boolean;
}

/** The readings of one guest, in the order of their times, each once. */
export interface Told {
  readonly readings: readonly Reading[];
  /** Readings that say something else than another one of the same time. */
  readonly contrary: number;
}

/** Gathers samples of one guest, in any order. */
export interface Column {
  readonly add: (sample: GuestSample) => void;
  readonly told: () => Told;
}

const width = 6;
const least = 16;

/** A sample as numbers; what it does not tell is NaN. */
const row = ({ at, cpu, memory, dirty }: GuestSample): readonly number[] => [
  at,
  cpu?.used ?? NaN,
  memory?.used ?? NaN,
  dirty?.rate ?? NaN,
  dirty?.window ?? NaN,
  cpu?.steal === undefined ? 0 : 1,
];

const readingOf = ([at = NaN, used = NaN, memory = NaN, rate = NaN, window = NaN, steal]: ArrayLike<number> &
  Iterable<number>): Reading => ({
  at,
  ...(!Number.isNaN(used) && { used }),
  ...(!Number.isNaN(memory) && { memory }),
  ...(!Number.isNaN(rate) && !Number.isNaN(window) && { dirty: { rate, window } }),
  steal: steal === 1,
});

/** By time, and those of one time by what they say, so that it does not matter in which order they came. What is not told comes first. */
const compared = (a: Float64Array, b: Float64Array): number => {
  for (let i = 0; i < width; i += 1) {
    const [x = NaN, y = NaN] = [a[i], b[i]];
    if (Object.is(x, y)) continue;
    if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) ? -1 : 1;
    if (x !== y) return x - y;
  }
  return 0;
};

/** An empty column. */
export const column = (): Column => {
  let numbers = new Float64Array(least * width);
  let count = 0;
  return {
    add: (sample) => {
      if (count * width === numbers.length) {
        const larger = new Float64Array(2 * numbers.length);
        larger.set(numbers);
        numbers = larger;
      }
      numbers.set(row(sample), count * width);
      count += 1;
    },
    told: () => {
      const rows = Array.from({ length: count }, (_, i) => numbers.subarray(i * width, (i + 1) * width)).sort(compared);
      const first = rows.filter((one, i) => one[0] !== rows[i - 1]?.[0]);
      const distinct = rows.filter((one, i) => {
        const before = rows[i - 1];
        return before === undefined || compared(before, one) !== 0;
      });
      return { readings: first.map(readingOf), contrary: distinct.length - first.length };
    },
  };
};
