import { describe, expect, test } from 'vitest';
import { keeps, order, row, tableOf } from '../../scripts/reproduce/row.js';

describe('a row and its verdict', () => {
  test('a share is a distance from the measured figure, bounds are bounds', () => {
    expect(keeps(100, 105, 0.05)).toBe(true);
    expect(keeps(100, 105.1, 0.05)).toBe(false);
    expect(keeps(-20, -21, 0.05)).toBe(true);
    expect(keeps(60, 48, [48, 70])).toBe(true);
    expect(keeps(60, 47.9, [48, 70])).toBe(false);
  });

  test('what did not come about is outside, and written as null', () => {
    const nothing = row('7.6', 'start', 60, undefined, 's', [48, 70]);
    expect(nothing).toMatchObject({ simulated: null, within: false });
    expect(keeps(1, Infinity, [0, Infinity])).toBe(false);
  });

  test('nothing is claimed of a prediction', () => {
    expect(row('predictions', 'start at once', null, 198.7, 's', null)).toMatchObject({ measured: null, within: null });
  });

  test('an order holds or does not', () => {
    expect(order('orders', 'a before b', true).within).toBe(true);
    expect(order('orders', 'a before b', false).within).toBe(false);
  });

  test('the table tells the difference and shouts what is outside', () => {
    const [, inside, outside] = tableOf([
      row('7.6', 'encoding', 217.43, 212.25, 's', 0.05),
      row('7.3', 'copy: gain', -32, 5, '%', [-60, -6]),
    ]);
    expect(inside).toMatch(/7\.6 +encoding +217\.43 +212\.25 +s +-2\.4 % +±5 % +within/u);
    expect(outside).toMatch(/-60 … -6 +OUTSIDE$/u);
  });
});
