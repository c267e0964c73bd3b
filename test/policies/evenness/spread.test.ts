import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spreadAround, spreadOf } from '../../../src/policies/evenness/spread.js';

const kinds = ['gap', 'deviation', 'variation'] as const;

describe('the spread with two of the values changed, without a look at the others', () => {
  test.each([
    ['the largest falls', [0.1, 0.9, 0.5, 0.4], [1, 0.2, 2, 0.3]],
    ['the least rises', [0.1, 0.9, 0.5, 0.4], [0, 0.6, 2, 0.3]],
    ['the largest and the next fall', [0.1, 0.9, 0.8, 0.4], [1, 0.2, 2, 0.3]],
    ['the next and the largest fall', [0.1, 0.9, 0.8, 0.4], [2, 0.2, 1, 0.3]],
    ['the least and the next rise', [0.1, 0.9, 0.2, 0.8], [0, 0.85, 2, 0.87]],
    ['the next and the least rise', [0.1, 0.9, 0.2, 0.8], [2, 0.85, 0, 0.87]],
    ['they become the ends', [0.3, 0.4, 0.5, 0.6], [1, 0.9, 2, 0.1]],
    ['there are no others', [0.1, 0.9], [0, 0.4, 1, 0.6]],
    ['nothing is left of any', [0.1, 0.9], [0, 0, 1, 0]],
  ] as const)('%s', (_, values, [i, atI, j, atJ]) => {
    const changed = values.map((value, k) => (k === i ? atI : k === j ? atJ : value));
    for (const by of kinds) expect(spreadAround(by, values)(i, atI, j, atJ)).toBeCloseTo(spreadOf(by, changed), 9);
  });

  test('whatever the values are', () => {
    const share = fc.integer({ min: 0, max: 100 }).map((n) => n / 100);
    fc.assert(
      fc.property(
        fc.array(share, { minLength: 2, maxLength: 6 }),
        fc.nat(),
        fc.nat(),
        share,
        share,
        fc.constantFrom(...kinds),
        (values, a, b, atI, atJ, by) => {
          const i = a % values.length;
          const j = (i + 1 + (b % (values.length - 1))) % values.length;
          const changed = values.map((value, k) => (k === i ? atI : k === j ? atJ : value));
          expect(spreadAround(by, values)(i, atI, j, atJ)).toBeCloseTo(spreadOf(by, changed), 6);
        },
      ),
    );
  });
});

test('spreads that differ by rounding alone are equal', () => {
  const third = 1 / 3;
  expect(spreadOf('gap', [0.1 + 0.2, 0.3])).toBe(0);
  expect(spreadOf('deviation', [third, third, 1 - 2 * third])).toBe(0);
  expect(spreadOf('variation', [third, third, 1 - 2 * third])).toBe(0);
});
