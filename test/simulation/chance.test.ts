import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { chance } from '../../src/simulation/index.js';

const draws = (seed: number | string, n = 20): number[] => {
  const draw = chance(seed);
  return Array.from({ length: n }, () => draw.next());
};

test('one seed gives one sequence, another gives another', () => {
  expect(draws(1)).toEqual(draws(1));
  expect(draws(1)).not.toEqual(draws(2));
});

test('the sequence is the same in every version of the package', () => {
  expect(draws('whither', 3)).toMatchInlineSnapshot(`
    [
      0.7190495828643055,
      0.8832703496427784,
      0.14036646582184553,
    ]
  `);
});

test('a split source neither shifts its parent nor is shifted by it', () => {
  const [plain, splitting] = [chance(7), chance(7)];
  splitting.next();
  const late = splitting.split('x').next();
  plain.next();
  expect(splitting.next()).toBe(plain.next());
  expect(late).toBe(chance(7).split('x').next());
  expect(late).not.toBe(chance(7).split('y').next());
});

test('numbers are even over their range, in mean and spread', () => {
  const many = draws(3, 20_000);
  const mean = many.reduce((a, b) => a + b, 0) / many.length;
  expect(mean).toBeCloseTo(0.5, 2);
  expect(many.reduce((a, b) => a + (b - mean) ** 2, 0) / many.length).toBeCloseTo(1 / 12, 2);
  for (let tenth = 0; tenth < 10; tenth += 1)
    expect(many.filter((n) => Math.floor(n * 10) === tenth).length / many.length).toBeCloseTo(0.1, 1);
});

test('normal numbers have mean 0 and deviation 1, waiting times the mean asked for', () => {
  const draw = chance(5);
  const normal = Array.from({ length: 20_000 }, () => draw.normal());
  expect(normal.reduce((a, b) => a + b, 0) / normal.length).toBeCloseTo(0, 1);
  expect(normal.reduce((a, b) => a + b * b, 0) / normal.length).toBeCloseTo(1, 1);
  const waits = Array.from({ length: 20_000 }, () => draw.wait(3));
  expect(waits.reduce((a, b) => a + b, 0) / waits.length).toBeCloseTo(3, 0);
});

test('every draw lies in its range', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: -5, max: 5 }), (seed, low) => {
      const draw = chance(seed);
      const n = draw.between(low, low + 2);
      expect(n).toBeGreaterThanOrEqual(low);
      expect(n).toBeLessThan(low + 2);
      expect(draw.pick<string>([])).toBeUndefined();
      expect(['a', 'b']).toContain(draw.pick(['a', 'b']));
    }),
  );
});
