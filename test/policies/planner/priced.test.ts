/** The parts of budgets of bytes and of time by example: their rungs, and the beginnings of lists of moves. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beginningsOf, rungsOf } from '../../../src/policies/planner/priced.js';
import { measuresOf, spreadOf } from '../../../src/policies/planner/spread.js';
import { clusterOf, stateOf } from './states.js';

const amounts = (prices: readonly number[]): readonly number[] =>
  rungsOf(Float64Array.from(prices)).map(({ most }) => most);

describe('rungs', () => {
  test('are every amount that few guests can take together, up to all of them twice', () => {
    expect(amounts([3, 3, 3])).toEqual([3, 6, 9, 12, 15, 18]);
    expect(amounts([4, 6])).toEqual([4, 6, 8, 10, 12, 14, 16, 18, 20]);
    expect(amounts([])).toEqual([]);
  });

  test('are as far apart as 32 on which a budget doubles once there are many', () => {
    const all = amounts([1, 299]);
    expect(all.slice(60, 70)).toEqual([61, 62, 63, 64, 66, 68, 70, 72, 74, 76]);
    expect(all.slice(-2)).toEqual([576, 592]);
  });

  test('are round twice on each doubling', () => {
    const round = rungsOf(Float64Array.of(1, 99)).filter((rung) => rung.round);
    expect(round.map(({ most }) => most)).toEqual([1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192]);
  });

  test('rise, begin no higher than the least price, and leave no gap of more than a thirty-second', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.5, max: 1e13, noNaN: true }), { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        (some, whole) => {
          const prices = whole ? some.map(Math.ceil) : some;
          const all = 2 * prices.reduce((sum, each) => sum + each, 0);
          const rungs = amounts(prices);
          expect(rungs.length).toBeLessThan(32 * 20);
          expect(rungs[0]).toBeLessThanOrEqual(Math.max(Math.min(...prices), all / 2 ** 16) * (1 + 1 / 32));
          expect(rungs[rungs.length - 1]).toBeLessThanOrEqual(all);
          expect(rungs[rungs.length - 1]).toBeGreaterThan(all * (1 - 1 / 32));
          let before = rungs[0] ?? 0;
          for (const rung of rungs.slice(1)) {
            expect(rung).toBeGreaterThan(before);
            if (!whole) expect(rung).toBeLessThanOrEqual(before * (1 + 1 / 32) * (1 + 1e-9));
            before = rung;
          }
        },
      ),
    );
  });
});

describe('beginnings', () => {
  const state = stateOf(
    clusterOf([
      [
        [0.3, 1],
        [0.1, 2],
        [0.2, 4],
      ],
      [],
    ]),
  );
  const worth = spreadOf(measuresOf(state, { cpu: 1, memory: 0 }), 'mean deviation');
  const steps = [0, 1, 2].map((guest) => ({ guest, from: 0, to: 1 }));
  const { within } = beginningsOf(steps, Float64Array.of(1, 2, 4), worth);

  test('are the best that a budget pays, not the longest', () => {
    expect([0, 1, 3, 7].map((most) => within(most).length)).toEqual([0, 1, 1, 1]);
  });

  test('leave the spread as it was', () => {
    expect(worth.value()).toBeCloseTo(0.3, 9);
  });
});
