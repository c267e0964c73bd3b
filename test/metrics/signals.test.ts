import { describe, expect, test } from 'vitest';
import {
  average,
  both,
  cpu,
  foldSignal,
  forecast,
  iowait,
  kOfN,
  latest,
  level,
  loadOne,
  mapped,
  measure,
  quantile,
  smoothed,
  sustained,
  trend,
  variability,
} from '../../src/metrics/index.js';
import { mebibytesPerSecond, minutes, percent, seconds } from '../../src/model/index.js';
import { cpuSeries, guestSample, loadSeries } from './samples.js';

describe('level', () => {
  test('is the reading of the latest sample', () => expect(foldSignal(level(cpu), cpuSeries([0.2, 0.9]))).toBe(0.9));
  test('is not known where the latest sample does not hold the reading', () =>
    expect(foldSignal(level(cpu), cpuSeries([0.9, undefined]))).toBeUndefined());
  test('tells a zero that was measured from a reading that is missing', () =>
    expect(foldSignal(level(cpu), cpuSeries([0]))).toBe(0));
  test('is never NaN, even where a measure is', () =>
    expect(foldSignal(level({ name: 'broken', of: () => Number.NaN }), cpuSeries([0.5]))).toBeUndefined());
});

describe('latest', () => {
  const dirty = latest('dirty', (sample) => sample.dirty);
  const reading = { rate: mebibytesPerSecond(20), window: seconds(1) };
  test('is any part of the latest sample, such as the dirty rate with its window', () =>
    expect(foldSignal(dirty, [guestSample('web', 0, { dirty: reading })])).toEqual(reading));
  test('does not keep what an older sample held', () =>
    expect(foldSignal(dirty, [guestSample('web', 0, { dirty: reading }), guestSample('web', 1)])).toBeUndefined());
});

describe('smoothed', () => {
  const calm = smoothed(cpu, { over: seconds(10) });
  test('begins with the first reading', () => expect(foldSignal(calm, cpuSeries([0.4]))).toBe(0.4));
  test('has gone 63 % of a step after its time constant', () =>
    expect(foldSignal(calm, cpuSeries([0, 1], seconds(10)))).toBeCloseTo(1 - Math.exp(-1), 12));
  test('does not depend on how often a steady reading is taken: irregular intervals weigh by their length', () => {
    const at = (times: readonly number[]): number | undefined =>
      foldSignal(
        calm,
        times.map((time, i) => guestSample('web', time, { cpu: { used: i === 0 ? 0 : 1 } })),
      );
    expect(at([0, 1000, 1700, 5000, 20_000])).toBeCloseTo(at([0, 20_000]) ?? Number.NaN, 12);
  });
  test('is not known while the reading is missing, and goes on after', () => {
    expect(foldSignal(calm, cpuSeries([0, undefined], seconds(10)))).toBeUndefined();
    expect(foldSignal(calm, cpuSeries([0, undefined, 1], seconds(5)))).toBeCloseTo(1 - Math.exp(-1), 12);
  });
  test('refuses a time constant of zero and names it', () =>
    expect(() => smoothed(cpu, { over: 0 })).toThrow('smoothed.over: 0 is not a finite number above 0'));
});

describe('sustained (M13, M14)', () => {
  const busy = sustained({ measure: cpu, relation: 'at least', limit: percent(70), for: seconds(20) });
  const held = (values: readonly (number | undefined)[]): unknown => foldSignal(busy, cpuSeries(values, seconds(5)));

  test('M13: with samples every 5 s it takes five of them to last 20 s', () => {
    expect(held([0.7, 0.7, 0.7, 0.7])).toEqual({ holds: false, held: 15_000, value: 0.7 });
    expect(held([0.7, 0.7, 0.7, 0.7, 0.7])).toEqual({ holds: true, held: 20_000, value: 0.7 });
  });
  test('M13: the bound is inclusive', () => expect(held([0.69])).toEqual({ holds: false, held: 0, value: 0.69 }));
  test('M14: three contrary samples in a row are ignored, and their time passes on', () =>
    expect(held([0.8, 0.1, 0.1, 0.1, 0.9])).toEqual({ holds: true, held: 20_000, value: 0.9 }));
  test('M14: the fourth contrary sample in a row ends the spell', () =>
    expect(held([0.8, 0.8, 0.8, 0.8, 0.8, 0.1, 0.1, 0.1, 0.1, 0.9])).toEqual({ holds: false, held: 0, value: 0.9 }));
  test('M14: a qualifying sample sets the count of contrary ones back to zero', () =>
    expect(held([0.8, 0.1, 0.1, 0.1, 0.8, 0.1, 0.1, 0.1, 0.8])).toMatchObject({ holds: true, held: 40_000 }));
  test('M14: the spell is its last qualifying time less its first, so contrary samples at its end do not lengthen it', () =>
    expect(held([0.8, 0.8, 0.1, 0.1])).toEqual({ holds: false, held: 5000, value: 0.1 }));
  test('M14: without tolerance one contrary sample ends it', () => {
    const strict = sustained({ measure: cpu, relation: 'above', limit: 0.7, for: 1000, tolerance: 0 });
    expect(foldSignal(strict, cpuSeries([0.8, 0.8, 0.1, 0.8]))).toEqual({ holds: false, held: 0, value: 0.8 });
  });
  test('a missing reading is a contrary one', () => {
    expect(held([0.8, undefined, undefined, undefined, 0.8])).toMatchObject({ holds: true });
    expect(held([0.8, undefined, undefined, undefined, undefined, 0.8])).toMatchObject({ holds: false, held: 0 });
  });
  test('is not known before the first reading', () => expect(held([undefined])).toBeUndefined());
  test('is not known once the reading stays away', () =>
    expect(held([0.8, 0.8, 0.8, 0.8, 0.8, undefined, undefined, undefined, undefined])).toBeUndefined());
});

describe('trend (M12, M14)', () => {
  const after = (values: readonly (number | undefined)[], options = {}): unknown =>
    foldSignal(trend(loadOne, options), loadSeries(values));

  test('M14: it is not rising before one rise was seen', () => {
    expect(after([1.2])).toBe('level');
    expect(after([1.2, 1.4])).toBe('rising');
  });
  test('M14, example A: the fourth fall in a row turns it, the third does not', () => {
    expect(after([1.2, 1.4, 1.35, 1.3, 1.28])).toBe('rising');
    expect(after([1.2, 1.4, 1.35, 1.3, 1.28, 1.25])).toBe('falling');
  });
  test('M14, example B: two falls and a rise leave it rising, and the count starts again at zero', () => {
    expect(after([1.2, 1.4, 1.35, 1.3, 1.45])).toBe('rising');
    expect(after([1.2, 1.4, 1.35, 1.3, 1.45, 1.4, 1.35, 1.3])).toBe('rising');
    expect(after([1.2, 1.4, 1.35, 1.3, 1.45, 1.4, 1.35, 1.3, 1.25])).toBe('falling');
  });
  test('M14: equal entries are neither rise nor fall and leave the count alone', () => {
    expect(after([1.2, 1.4, 1.35, 1.35, 1.3, 1.3, 1.28, 1.28])).toBe('rising');
    expect(after([1.2, 1.4, 1.35, 1.35, 1.3, 1.3, 1.28, 1.28, 1.25])).toBe('falling');
    expect(after([1, 1, 1])).toBe('level');
  });
  test('M14: from falling one rise turns it back', () =>
    expect(after([1.4, 1.35, 1.3, 1.28, 1.25, 1.26])).toBe('rising'));
  test('M14: if symmetric, from falling it takes four rises', () => {
    const falling = [1.4, 1.35, 1.3, 1.28, 1.25];
    expect(after([...falling, 1.26, 1.27, 1.28], { symmetric: true })).toBe('falling');
    expect(after([...falling, 1.26, 1.27, 1.28, 1.29], { symmetric: true })).toBe('rising');
  });
  test('M14, reading 2: counting the entry that they fall from, the third fall turns it', () => {
    expect(after([1.2, 1.4, 1.35, 1.3], { counting: 'entries' })).toBe('rising');
    expect(after([1.2, 1.4, 1.35, 1.3, 1.28], { counting: 'entries' })).toBe('falling');
  });
  test('is not known while the reading is missing, which is no step', () => {
    expect(after([1.2, 1.4, undefined])).toBeUndefined();
    expect(after([1.2, 1.4, 1.35, 1.3, 1.28, undefined, 1.29])).toBe('rising');
  });
});

describe('kOfN', () => {
  const hot = kOfN({ measure: cpu, relation: 'above', limit: 0.75, k: 3, n: 5 });
  const after = (values: readonly (number | undefined)[]): unknown => foldSignal(hot, cpuSeries(values));
  test('holds where the relation held in enough of the last samples', () =>
    expect(after([0.8, 0.1, 0.9, 0.1, 0.95])).toEqual({ holds: true, count: 3, value: 0.95 }));
  test('forgets what is older than the last n', () =>
    expect(after([0.8, 0.1, 0.9, 0.1, 0.1, 0.95])).toEqual({ holds: false, count: 2, value: 0.95 }));
  test('counts a missing reading as one that does not hold', () => {
    expect(after([0.8, undefined, 0.8, undefined, 0.8])).toMatchObject({ holds: true, count: 3 });
    expect(after([0.8, undefined])).toBeUndefined();
  });
  test('is not known before the first reading', () => expect(after([undefined])).toBeUndefined());
  test('refuses to ask for more than there are', () =>
    expect(() => kOfN({ measure: cpu, relation: 'above', limit: 0.75, k: 6, n: 5 })).toThrow('kOfN.n: 5'));
});

describe('quantile', () => {
  test('is the value below which a share of the last readings lie', () =>
    expect(foldSignal(quantile(cpu, { q: 0.5, of: 3 }), cpuSeries([0.9, 0.1, 0.3, 0.2]))).toBe(0.2));
  test('lies between two readings by linear interpolation', () =>
    expect(foldSignal(quantile(cpu, { q: 0.25, of: 3 }), cpuSeries([0.5, 0.1, 0.3]))).toBeCloseTo(0.2, 12));
  test('is not known before as many readings were seen', () =>
    expect(foldSignal(quantile(cpu, { q: 0.5, of: 3 }), cpuSeries([0.9, 0.1]))).toBeUndefined());
  test('refuses a share above 1', () => expect(() => quantile(cpu, { q: 95, of: 3 })).toThrow('quantile.q: 95'));
});

describe('average and variability', () => {
  test('the average is the mean of the last readings', () =>
    expect(foldSignal(average(cpu, { of: 2 }), cpuSeries([0.9, 0.2, 0.4]))).toBeCloseTo(0.3, 12));
  test('the median absolute deviation is not moved by one outlier', () =>
    expect(foldSignal(variability(cpu, { of: 5, by: 'mad' }), cpuSeries([0.1, 0.2, 0.3, 0.4, 1]))).toBeCloseTo(
      0.1,
      12,
    ));
  test('the interquartile range is the third quartile less the first', () =>
    expect(foldSignal(variability(cpu, { of: 5, by: 'iqr' }), cpuSeries([0.1, 0.2, 0.3, 0.4, 1]))).toBeCloseTo(
      0.2,
      12,
    ));
});

describe('forecast', () => {
  const line = forecast(cpu, { ahead: seconds(2), of: 3, by: 'line' });
  test('goes on along the least-squares line', () =>
    expect(foldSignal(line, cpuSeries([0.1, 0.2, 0.3]))).toBeCloseTo(0.5, 12));
  test('goes by the times of the readings, not by their number', () =>
    expect(
      foldSignal(
        line,
        [0, 3000, 4000].map((at) => guestSample('web', at, { cpu: { used: at / 10_000 } })),
      ),
    ).toBeCloseTo(0.6, 12));
  test('is kept within a range if asked to', () => {
    const within = forecast(cpu, { ahead: minutes(1), of: 3, by: 'line', within: [0, 1] });
    expect(foldSignal(within, cpuSeries([0.1, 0.2, 0.3]))).toBe(1);
    expect(foldSignal(within, cpuSeries([0.3, 0.2, 0.1]))).toBe(0);
  });
  test('by a first-order autoregression falls back towards the mean: μ + φ (u − μ)', () => {
    // μ = 0.5; deviations −0.3 −0.1 0.1 0.3; φ = (0.03 − 0.01 + 0.03) / (0.09 + 0.01 + 0.01) = 5/11
    const next = forecast(cpu, { ahead: seconds(1), of: 4, by: 'ar1' });
    expect(foldSignal(next, cpuSeries([0.2, 0.4, 0.6, 0.8]))).toBeCloseTo(0.5 + (5 / 11) * 0.3, 12);
  });
  test('by a first-order autoregression goes as many steps as the time ahead takes', () => {
    const later = forecast(cpu, { ahead: seconds(2), of: 4, by: 'ar1' });
    expect(foldSignal(later, cpuSeries([0.2, 0.4, 0.6, 0.8]))).toBeCloseTo(0.5 + (5 / 11) ** 2 * 0.3, 12);
  });
  test('of readings that stand still is what they are', () => {
    for (const by of ['line', 'ar1'] as const)
      expect(foldSignal(forecast(cpu, { ahead: 1000, of: 3, by }), cpuSeries([0.4, 0.4, 0.4]))).toBeCloseTo(0.4, 12);
  });
  test('is not known from too few readings', () =>
    expect(foldSignal(line, cpuSeries([0.1, 0.2, undefined]))).toBeUndefined());
});

describe('mapped and both', () => {
  test('a signal is worked out from another', () =>
    expect(
      foldSignal(
        mapped(level(cpu), 'spare', (used) => 1 - used),
        cpuSeries([0.25]),
      ),
    ).toBe(0.75));
  test('a signal is worked out from two others, and not known where one is not', () => {
    const difference = both(level(cpu), level(iowait), 'difference', (used, waiting) => used - waiting);
    expect(foldSignal(difference, [guestSample('web', 0, { cpu: { used: 0.5, iowait: 0.25 } })])).toBe(0.25);
    expect(foldSignal(difference, cpuSeries([0.5]))).toBeUndefined();
  });
  test('a result that is NaN is not known', () =>
    expect(
      foldSignal(
        mapped(level(cpu), 'nonsense', () => Number.NaN),
        cpuSeries([0.25]),
      ),
    ).toBeUndefined());
});

describe('names', () => {
  test('hold all parameters, so that signals that differ have different names', () => {
    const signals = [
      level(cpu),
      level(iowait),
      latest('cpu', (sample) => sample.cpu),
      smoothed(cpu, { over: 1 }),
      smoothed(cpu, { over: 2 }),
      sustained({ measure: cpu, relation: 'above', limit: 0.7, for: 1 }),
      sustained({ measure: cpu, relation: 'at least', limit: 0.7, for: 1 }),
      sustained({ measure: cpu, relation: 'above', limit: 0.8, for: 1 }),
      sustained({ measure: cpu, relation: 'above', limit: 0.7, for: 2 }),
      sustained({ measure: cpu, relation: 'above', limit: 0.7, for: 1, tolerance: 0 }),
      trend(cpu),
      trend(cpu, { tolerance: 2 }),
      trend(cpu, { symmetric: true }),
      trend(cpu, { counting: 'entries' }),
      kOfN({ measure: cpu, relation: 'above', limit: 0.7, k: 1, n: 2 }),
      kOfN({ measure: cpu, relation: 'above', limit: 0.7, k: 2, n: 2 }),
      kOfN({ measure: cpu, relation: 'above', limit: 0.7, k: 2, n: 3 }),
      quantile(cpu, { q: 0.5, of: 3 }),
      quantile(cpu, { q: 0.5, of: 4 }),
      average(cpu, { of: 3 }),
      variability(cpu, { of: 3, by: 'mad' }),
      variability(cpu, { of: 3, by: 'iqr' }),
      forecast(cpu, { ahead: 1, of: 3, by: 'line' }),
      forecast(cpu, { ahead: 1, of: 3, by: 'ar1' }),
      forecast(cpu, { ahead: 1, of: 3, by: 'ar1', within: [0, 1] }),
      mapped(level(cpu), 'spare', (used) => 1 - used),
      both(level(cpu), level(cpu), 'sum', (a, b) => a + b),
    ];
    expect(new Set(signals.map(({ name }) => name)).size).toBe(signals.length);
  });
  test('are equal for equal parameters', () =>
    expect(
      trend(
        measure('cpu', (sample) => sample.cpu?.used),
        { tolerance: 3 },
      ).name,
    ).toBe(trend(cpu).name));
});
