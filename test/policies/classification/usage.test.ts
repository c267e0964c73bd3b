/** Usage: what a window of samples holds, as a fold and over an array. */
import { describe, expect, test } from 'vitest';
import { foldSignal } from '../../../src/metrics/index.js';
import { type GuestSample, type Readings, type Sample, seconds } from '../../../src/model/index.js';
import { classified, demandRule, usage, usageOf } from '../../../src/policies/classification/index.js';

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

describe('the window, sample by sample', () => {
  test('a reading from the beginning of the present twentieth counts, one from before it does not', () => {
    const signal = usage({ over: seconds(20) });
    const fold = (...samples: readonly GuestSample[]) => samples.reduce(signal.step, signal.initial);
    // Twenty slots of a second: 5 s to 24 s are in the window at 24 s, and 4 s is not.
    const at24 = fold(used(4, 1), used(5, 0.25), used(24, 0.75));
    expect(signal.value(at24)).toEqual({ span: seconds(19), used: 0.5 });
    expect(at24.slots).toHaveLength(2);
  });
  test('samples of one twentieth are counted together, and of one time both', () => {
    const signal = usage({ over: seconds(20) });
    const state = [used(0.1, 0), used(0.2, 1), used(0.2, 1), used(0.9, 0)].reduce(signal.step, signal.initial);
    expect(state.slots).toEqual([
      { index: 0, first: 100, last: 900, samples: 4, sums: { used: 2 }, counts: { used: 4 } },
    ]);
  });
  test('one that comes late, within the present twentieth, is counted', () => {
    const signal = usage({ over: seconds(2) });
    const state = [used(0, 1), used(1.09, 0), used(1.01, 1)].reduce(signal.step, signal.initial);
    expect(signal.value(state)?.used).toBeCloseTo(2 / 3);
  });
  test('its name tells how long it is', () => {
    expect(usage().name).toBe('usage(over 20000 ms)');
    expect(usage({ over: seconds(5) }).name).toBe('usage(over 5000 ms)');
  });
  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('%d ms are refused by their path', (over) =>
    expect(() => usage({ over })).toThrow(new RangeError(`usage.over: ${over} ms is no length of time`)),
  );
  test('half of it is enough, and less is not', () => {
    expect(foldSignal(usage({ over: seconds(20) }), [used(0, 1), used(10, 1)])?.span).toBe(seconds(10));
    expect(foldSignal(usage({ over: seconds(20) }), [used(0, 1), used(9.999, 1)])).toBeUndefined();
  });
});

describe('what is measured', () => {
  test('each reading by its name', () => {
    const full = sample(0, {
      cpu: { used: 0.5, user: 0.25, system: 0.125, iowait: 0.0625, steal: 0.03125 },
      pressure: { cpu: { some: 0.1 }, io: { some: 0.2 }, memory: { some: 0.3 } },
      memory: { total: 100, used: 40, swapTotal: 100, swapUsed: 10, swapping: 3 },
      disk: { read: 10, written: 20 },
      network: { received: 3, sent: 4 },
      processes: [{ name: 'a', cpu: 0, memory: 0, state: 'sleeping' }],
      runQueueWait: 0.4,
    });
    expect(usageOf([full])).toEqual({
      span: 0,
      used: 0.5,
      user: 0.25,
      system: 0.125,
      iowait: 0.0625,
      steal: 0.03125,
      runQueueWait: 0.4,
      cpuPressure: 0.1,
      ioPressure: 0.2,
      memoryPressure: 0.3,
      diskSleep: 0,
      diskTraffic: 30,
      networkTraffic: 7,
      memoryUsed: 0.4,
      swapping: 3,
      swapGrowth: 0,
    });
  });
  test('half of the samples are enough, over all the window', () => {
    expect(usageOf([used(0, 0.5), sample(1, {})])?.used).toBe(0.5);
    expect(foldSignal(usage(), [used(0, 0.5), sample(11, {})])?.used).toBe(0.5);
    expect(foldSignal(usage(), [used(0, 0.5), sample(6, {}), sample(11, {})])).toEqual({ span: 11_000 });
  });
  test('growth of swap is not known where one end of the window does not tell', () => {
    const swap = sample(0, { memory: { swapTotal: 100, swapUsed: 10 } });
    expect(foldSignal(usage(), [swap, used(11, 1)])).toEqual({ span: 11_000, used: 1 });
    expect(foldSignal(usage(), [used(-11, 1), swap])).toEqual({ span: 11_000, used: 1 });
  });
  test('a process of which no state is known tells nothing of disks, beside others that do', () => {
    const processes = (...states: readonly ('sleeping' | 'uninterruptible' | undefined)[]): GuestSample =>
      sample(0, {
        processes: states.map((state, i) => ({ name: `${i}`, cpu: 0, memory: 0, ...(state && { state }) })),
      });
    expect(usageOf([processes(undefined)])).toEqual({ span: 0 });
    expect(usageOf([processes(undefined, 'uninterruptible')])?.diskSleep).toBe(1);
    expect(usageOf([processes('sleeping', 'uninterruptible')])?.diskSleep).toBe(1);
    expect(usageOf([processes(undefined, 'sleeping')])?.diskSleep).toBe(0);
  });
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

describe('classified', () => {
  const rule = demandRule();
  const busy = every(0, 20, 1);

  test('is named by the rule, the window and what is known of all subjects', () => {
    expect(classified(rule, { over: seconds(5), processors: 2, bandwidth: 7 }).name).toBe(
      `classified(${rule.name}, usage(over 5000 ms), {"processors":2,"bandwidth":7})`,
    );
    expect(classified(rule).name).toBe(`classified(${rule.name}, usage(over 20000 ms), {})`);
  });
  test('tells of the subject whose samples it folds, guest or host', () => {
    const subjectOf = (samples: readonly Sample[]): unknown =>
      foldSignal(classified(rule), samples)?.reasons[0]?.subject;
    expect(subjectOf(busy)).toEqual({ kind: 'guest', id: 'g' });
    const ofHost = busy.map(({ at, cpu }): Sample => ({ kind: 'host', id: 'h', at, ...(cpu && { cpu }) }));
    expect(subjectOf(ofHost)).toEqual({ kind: 'host', id: 'h' });
  });
  test('uses the window and the processors that it is given', () => {
    const eighth = every(0, 6, 0.05);
    expect(foldSignal(classified(rule, { over: seconds(10) }), eighth)?.class).toBe('idle');
    expect(foldSignal(classified(rule, { over: seconds(10), processors: 8 }), eighth)?.class).toBe('cpu');
    expect(foldSignal(classified(rule), eighth)).toBeUndefined();
  });
  test('is not known before the first sample, nor while the rule does not know', () => {
    expect(foldSignal(classified(rule), [])).toBeUndefined();
    const blind = Array.from({ length: 20 }, (_, i) => sample(i, { network: { received: 1, sent: 1 } }));
    expect(foldSignal(classified(rule), blind)).toBeUndefined();
    expect(foldSignal(classified(rule), busy)?.class).toBe('cpu');
  });
});
