/** Usage: what a window of samples holds, as a fold and over an array. */
import { describe, expect, test } from 'vitest';
import { foldSignal } from '../../../src/metrics/index.js';
import { type GuestSample, type Readings, seconds } from '../../../src/model/index.js';
import { usage, usageOf } from '../../../src/policies/classification/index.js';

const sample = (second: number, readings: Omit<Readings, 'at'>): GuestSample => ({
  kind: 'guest',
  id: 'g',
  at: seconds(second),
  ...readings,
});
const used = (second: number, share: number): GuestSample => sample(second, { cpu: { used: share } });
const every = (from: number, to: number, share: number): readonly GuestSample[] =>
  Array.from({ length: to - from }, (_, i) => used(from + i, share));

describe('the window', () => {
  test('M13: it looks back over 20 s by default, and forgets what lies before', () => {
    const value = foldSignal(usage(), [...every(0, 30, 0), ...every(30, 50, 1)]);
    expect(value?.used).toBe(1);
    expect(value?.span).toBe(seconds(19));
  });
  test('not known before it is half full', () => {
    expect(foldSignal(usage(), every(0, 10, 1))).toBeUndefined();
    expect(foldSignal(usage(), every(0, 11, 1))?.used).toBe(1);
  });
  test('known no more after a silence, until it is half full again', () =>
    expect(foldSignal(usage(), [...every(0, 20, 1), ...every(100, 105, 1)])).toBeUndefined());
  test('its size does not depend on the pace of the samples', () => {
    const signal = usage();
    const state = Array.from({ length: 5000 }, (_, i) => used(i / 100, 0.5)).reduce(signal.step, signal.initial);
    expect(state.slots.length).toBeLessThanOrEqual(20);
    expect(signal.value(state)?.used).toBeCloseTo(0.5);
  });
  test('samples out of order or of no time are passed over', () => {
    const samples = [...every(0, 15, 1), used(2, 0), { ...used(15, 0), at: Number.NaN }];
    expect(foldSignal(usage(), samples)?.used).toBe(1);
  });
  test('a length of no time is refused when it is made', () => expect(() => usage({ over: 0 })).toThrow('usage.over'));
});

describe('what is measured', () => {
  test('a reading that is missing now and then is the mean of the others', () =>
    expect(usageOf([used(0, 0.2), sample(1, {}), used(2, 0.4)])?.used).toBeCloseTo(0.3));
  test('one that is missing more often than not is not known', () =>
    expect(usageOf([used(0, 1), sample(1, {}), sample(2, {})])).toEqual({ span: 2000 }));
  test('NaN counts as missing', () => expect(usageOf([used(0, Number.NaN)])).toEqual({ span: 0 }));
  test('no samples, no usage', () => expect(usageOf([])).toBeUndefined());
  test('M23: growth of swap is the end against the beginning', () => {
    const swap = (second: number, swapUsed: number): GuestSample =>
      sample(second, { memory: { swapTotal: 100, swapUsed } });
    const samples = Array.from({ length: 20 }, (_, i) => swap(i, 10 + i));
    expect(foldSignal(usage(), samples)?.swapGrowth).toBeCloseTo(0.19);
  });
  test('how often some process waits for a disk', () => {
    const state = (second: number, is: 'sleeping' | 'uninterruptible'): GuestSample =>
      sample(second, { processes: [{ name: 'a', cpu: 0, memory: 0, state: is }] });
    expect(usageOf([state(0, 'sleeping'), state(1, 'uninterruptible')])?.diskSleep).toBe(0.5);
    expect(usageOf([sample(0, { processes: [] })])).not.toHaveProperty('diskSleep');
  });
});
