/** From the outcomes of several ways in which a move may go to one figure with its bounds. */
import { describe, expect, test } from 'vitest';
import { summarise, type Outlook, type Unexplained } from '../../src/estimators/interval.js';

const outlook = (weight: number, duration: number): Outlook => ({
  weight,
  duration,
  downtime: duration / 100,
  bytes: duration * 10,
  rounds: 2,
  slowed: 0,
});
const exact: Unexplained = { fixed: 0, relative: 0, rate: 0, once: 1000 };

describe('the figure in the middle', () => {
  test('of one outlook it is that one, and nothing spreads it', () => {
    expect(summarise([outlook(0.3, 500)], exact)).toEqual({
      settles: 1,
      middle: outlook(0.3, 500),
      duration: 500,
      low: 500,
      high: 500,
    });
  });

  test('on the straight line between two outlooks, by their weights, in whatever order they come', () => {
    const { settles, middle, duration, low, high } = summarise([outlook(1, 200), outlook(3, 100)], exact);
    expect([settles, middle?.duration]).toEqual([1, 100]);
    // The middles of the weights stand at 1.5 and 3.5 of 4.
    expect(duration).toBeCloseTo(125);
    expect(low).toBe(100);
    expect(high).toBeCloseTo(125 + 75);
  });

  test('outlooks that never end count for the chance to settle alone', () => {
    const summary = summarise([outlook(1, 100), outlook(3, Infinity)], exact);
    expect(summary).toMatchObject({ settles: 0.25, duration: 100, low: 100, high: 100 });
  });

  test('where none ends there is no middle', () => {
    expect(summarise([outlook(1, Infinity)], exact)).toEqual({
      settles: 0,
      middle: undefined,
      duration: Infinity,
      low: Infinity,
      high: Infinity,
    });
  });

  test('of three the one at which half of the weight is passed', () => {
    const three = [outlook(1, 300), outlook(1, 100), outlook(1, 200)];
    const { middle, duration, low, high } = summarise(three, exact);
    expect([middle?.duration, duration, low, high]).toEqual([200, 200, 100, 300]);
    expect(summarise([outlook(1, 100), outlook(1, 200)], exact).middle?.duration).toBe(100);
  });
});

describe('what no outlook explains widens the bounds', () => {
  test('a fixed and a relative deviation, in quadrature, at a tenth of a normal law', () => {
    const { low, high } = summarise([outlook(1, 500)], { ...exact, fixed: 30, relative: 0.08 });
    expect(high - 500).toBeCloseTo(1.2816 * 50);
    expect(500 - low).toBeCloseTo(1.2816 * 50);
  });

  test('an error of the rate by what was sent more than once', () => {
    const { high } = summarise([outlook(1, 500)], { ...exact, rate: 0.02, once: 2000 });
    expect(high - 500).toBeCloseTo(1.2816 * 0.02 * 1.5 * 500);
    expect(summarise([outlook(1, 500)], { ...exact, rate: 0.02, once: 9000 }).high).toBe(500);
  });

  test('beside the spread of the outlooks, and never below zero', () => {
    const { low, high } = summarise([outlook(1, 100), outlook(1, 200), outlook(1, 300)], { ...exact, fixed: 75 });
    expect(high - 200).toBeCloseTo(Math.hypot(100, 1.2816 * 75));
    expect(200 - low).toBeCloseTo(Math.hypot(100, 1.2816 * 75));
    expect(summarise([outlook(1, 100)], { ...exact, fixed: 1000 }).low).toBe(0);
  });
});
