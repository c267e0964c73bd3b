/** Leeway of two hosts against the spread itself, at amounts drawn at random. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Between,
  keepDeviation,
  keepOff,
  leastDeviation,
  leastOff,
} from '../../../src/policies/planner/leeway.js';

const share = fc.double({ min: -1, max: 1, noNaN: true });
/** Shares of hosts, of which the first gives to the second, and what one unit is of each. */
const hosts = fc.record({
  shares: fc.array(share, { minLength: 2, maxLength: 6 }),
  perGiver: fc.double({ min: 0.1, max: 2, noNaN: true }),
  perGetter: fc.double({ min: 0.1, max: 2, noNaN: true }),
});
type Hosts = typeof hosts extends fc.Arbitrary<infer Value> ? Value : never;
const amounts = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 30 });

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);
const offOf = (shares: readonly number[]): number => sum(shares.map(Math.abs));
const deviationOf = (shares: readonly number[]): number => {
  const mean = sum(shares) / shares.length;
  return Math.sqrt(sum(shares.map((each) => (each - mean) ** 2)) / shares.length);
};
const after = ({ shares, perGiver, perGetter }: Hosts, amount: number): readonly number[] =>
  shares.map((each, h) => (h === 0 ? each - amount * perGiver : h === 1 ? each + amount * perGetter : each));
const betweenOf = ({ shares, perGiver, perGetter }: Hosts): Between => ({
  hosts: shares.length,
  off: offOf(shares),
  sum: sum(shares),
  square: sum(shares.map((each) => each * each)),
  giver: shares[0] ?? 0,
  getter: shares[1] ?? 0,
  perGiver,
  perGetter,
});

describe.each([
  { name: 'what shares are off', of: offOf, least: leastOff, keep: keepOff },
  { name: 'the standard deviation', of: deviationOf, least: leastDeviation, keep: keepDeviation },
])('$name', ({ of, least, keep }) => {
  test('is never less than the least, which some amount comes to', () => {
    fc.assert(
      fc.property(hosts, amounts, (some, all) => {
        const floor = least(betweenOf(some));
        for (const amount of all) expect(of(after(some, amount))).toBeGreaterThanOrEqual(floor - 1e-6);
        const range = { low: -Infinity, high: Infinity };
        keep(range, betweenOf(some), floor + 1e-9);
        expect(range.high).toBeGreaterThanOrEqual(range.low);
        expect(of(after(some, (range.low + range.high) / 2))).toBeLessThanOrEqual(floor + 1e-4);
      }),
    );
  });

  test('is within a limit just where the amount is within the range', () => {
    fc.assert(
      fc.property(hosts, amounts, fc.double({ min: 0, max: 3, noNaN: true }), (some, all, most) => {
        const range = { low: -Infinity, high: Infinity };
        keep(range, betweenOf(some), most);
        for (const amount of all) {
          const value = of(after(some, amount));
          // What lies on the limit may be taken for either.
          if (Math.abs(value - most) < 1e-6) continue;
          expect(amount >= range.low && amount <= range.high).toBe(value < most);
        }
      }),
    );
  });
});

test('a host above and one as far below give and get all that they are off', () => {
  const range = { low: -Infinity, high: Infinity };
  const two: Hosts = { shares: [0.3, -0.3, 0.1], perGiver: 1, perGetter: 1 };
  expect(leastOff(betweenOf(two))).toBeCloseTo(0.1, 12);
  keepOff(range, betweenOf(two), 0.3);
  expect([range.low, range.high]).toEqual([expect.closeTo(0.2, 9), expect.closeTo(0.4, 9)]);
});

test('two hosts above the mean have nothing to give each other where what they are off is all that counts', () => {
  const range = { low: -Infinity, high: Infinity };
  const two: Hosts = { shares: [0.3, 0.2, -0.5], perGiver: 1, perGetter: 1 };
  expect(leastOff(betweenOf(two))).toBeCloseTo(1, 12);
  keepOff(range, betweenOf(two), 0.99);
  expect(range.low).toBeGreaterThan(range.high);
});
