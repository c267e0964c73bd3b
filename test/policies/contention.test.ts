import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { unserved, wantedBy, wantedTogether } from '../../src/policies/index.js';
import { guest } from './build.js';

const two = guest('x', 'a', 0, { vcpus: 2 });

test('a guest wants its vCPUs for the share of the time that was read', () => {
  expect(wantedBy(two, 0.5, 2e9)).toEqual({ mean: 2e9, variance: 2 * 0.25 * 2e9 ** 2 });
  expect(wantedBy(two, 1, 2e9)).toEqual({ mean: 4e9, variance: 0 });
});

test('on a slower clock the same work takes more of the time, up to all of it', () => {
  expect(wantedBy(two, 0.25, 4e9, 2e9)).toEqual(wantedBy(two, 0.5, 2e9));
  expect(wantedBy(two, 0.9, 4e9, 2e9)).toEqual(wantedBy(two, 1, 2e9));
});

test('steady wants are served up to the capacity, and lack the rest beyond', () => {
  expect(unserved({ mean: 3, variance: 0 }, 4)).toBe(0);
  expect(unserved({ mean: 5, variance: 0 }, 4)).toBe(1);
});

test('unsteady wants lack something before the capacity is reached', () => {
  // The expected excess of a standard normal over zero is 1 / √(2π).
  expect(unserved({ mean: 4, variance: 1 }, 4)).toBeCloseTo(1 / Math.sqrt(2 * Math.PI), 6);
  expect(unserved({ mean: 3, variance: 1 }, 4)).toBeCloseTo(0.0833155, 6);
  expect(unserved({ mean: 2, variance: 1 }, 4)).toBeCloseTo(0.0084907, 6);
  expect(unserved({ mean: 0, variance: 4 }, 4)).toBeCloseTo(0.0169814, 6);
});

test('and somewhat more than the excess beyond it', () => {
  expect(unserved({ mean: 5, variance: 1 }, 4)).toBeCloseTo(1.0833155, 6);
  expect(unserved({ mean: 6, variance: 1 }, 4)).toBeCloseTo(2.0084907, 6);
});

test('it agrees with counting: sixteen vCPUs busy three quarters of the time on fourteen cores', () => {
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
  const exact = [15, 16].reduce((sum, k) => sum + (k - 14) * choose(16, k) * 0.75 ** k * 0.25 ** (16 - k), 0);
  const all = wantedTogether(Array.from({ length: 8 }, () => wantedBy(two, 0.75, 1)));
  expect(Math.abs(unserved(all, 14) - exact)).toBeLessThan(0.04);
});

test('more wanted never lacks less, more capacity never more, and nothing lacks more than is wanted', () => {
  const amount = fc.double({ min: 0, max: 64, noNaN: true });
  fc.assert(
    fc.property(amount, amount, amount, amount, (mean, variance, capacity, more) => {
      const lack = unserved({ mean, variance }, capacity);
      expect(lack).toBeGreaterThanOrEqual(0);
      expect(lack).toBeGreaterThanOrEqual(mean - capacity);
      expect(unserved({ mean: mean + more, variance }, capacity)).toBeGreaterThanOrEqual(lack - 1e-5);
      expect(unserved({ mean, variance }, capacity + more)).toBeLessThanOrEqual(lack + 1e-5);
    }),
  );
});
