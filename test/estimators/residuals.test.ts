import { expect, test } from 'vitest';
import {
  corrected,
  correctedBy,
  correction,
  median,
  observeResidual,
  precopy,
  type Residuals,
} from '../../src/estimators/index.js';
import { moveFacts } from './facts.js';

const slow = [1.5, 1.4, 1.6, 1.5, 9].reduce<Residuals>(
  (so, ratio) => observeResidual(so, 'db', 1000, ratio * 1000),
  {},
);

test('a guest is corrected by the median of its ratios, so one odd move does not count', () => {
  expect(correction(slow, 'db', 0)).toBe(1.5);
});

test('a guest that was never moved is not corrected', () => {
  expect(correction(slow, 'web')).toBe(1);
});

test('one move is drawn half way to no correction', () => {
  expect(correction(observeResidual({}, 'web', 1000, 2000), 'web')).toBe(1.5);
});

test('a move of no length, or an estimate that is no number, is not counted', () => {
  expect(observeResidual(slow, 'db', NaN, 1000)).toBe(slow);
  expect(observeResidual(slow, 'db', 1000, 0)).toBe(slow);
  expect(observeResidual(slow, 'db', 0, 1000)).toBe(slow);
  expect(observeResidual(slow, 'db', -1000, -1000)).toBe(slow);
  expect(observeResidual(slow, 'db', 1000, Infinity)).toBe(slow);
});

test('no more than the last fifteen moves are kept', () => {
  let seen: Residuals = {};
  for (let index = 0; index < 40; index += 1) seen = observeResidual(seen, 'db', 1000, 1000 + index);
  expect(seen['db']).toHaveLength(15);
  expect(seen['db']?.[0]).toBe(1.025);
});

test('the estimate and its bounds are multiplied', () => {
  const plain = precopy()(moveFacts());
  const once = correctedBy(precopy(), { db: [1.5, 1.5, 1.5] }, 'db')(moveFacts());
  if (!('duration' in plain) || !('duration' in once)) throw new Error('both converge');
  expect(once.duration).toBeCloseTo(1.5 * plain.duration);
  expect(once.interval.high).toBeCloseTo(1.5 * plain.interval.high);
});

test('what never ends stays so', () => {
  expect(corrected({ convergence: 'never' }, 2)).toEqual({ convergence: 'never' });
});

test('the median of none is not known', () => {
  expect([median([]), median([3]), median([4, 1, 2, 3])]).toEqual([undefined, 3, 2.5]);
});

test('a factor that is none leaves the estimate as it is', () => {
  const estimate = precopy()(moveFacts());
  for (const factor of [0, -1, Infinity, NaN]) expect(corrected(estimate, factor)).toBe(estimate);
});
