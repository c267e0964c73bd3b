import * as fc from 'fast-check';
import { from, lastValueFrom, toArray } from 'rxjs';
import {
  linearRegression,
  linearRegressionLine,
  medianAbsoluteDeviation,
  quantile as referenceQuantile,
} from 'simple-statistics';
import { describe, expect, test } from 'vitest';
import {
  type AnySignal,
  average,
  both,
  busiestProcess,
  cpu,
  foldSignal,
  forecast,
  iowait,
  kOfN,
  latest,
  level,
  loadOne,
  mapped,
  memoryUsed,
  quantile,
  signalValues,
  smoothed,
  sustained,
  trend,
  variability,
} from '../../src/metrics/index.js';
import { cpuSeries, guestSample, sampleRun, share } from './samples.js';

const every: readonly AnySignal[] = [
  level(cpu),
  latest('dirty', (sample) => sample.dirty),
  smoothed(cpu, { over: 10_000 }),
  sustained({ measure: busiestProcess, relation: 'at least', limit: 0.7, for: 20_000 }),
  trend(loadOne),
  trend(loadOne, { symmetric: true, counting: 'entries', tolerance: 1 }),
  kOfN({ measure: cpu, relation: 'above', limit: 0.5, k: 2, n: 3 }),
  quantile(memoryUsed, { q: 0.9, of: 4 }),
  average(cpu, { of: 3 }),
  variability(cpu, { of: 3, by: 'mad' }),
  variability(loadOne, { of: 3, by: 'iqr' }),
  forecast(loadOne, { ahead: 5000, of: 3, by: 'line' }),
  forecast(cpu, { ahead: 5000, of: 3, by: 'ar1', within: [0, 1] }),
  mapped(level(cpu), 'inverse', (used) => 1 / used),
  both(smoothed(cpu, { over: 500 }), level(iowait), 'ratio', (a, b) => a / b),
];

/** All numbers in a value, however deep. */
const numbersIn = (value: unknown): readonly number[] => {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
};

const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
};

describe.each(every.map((signal) => [signal.name, signal] as const))('%s', (_, signal) => {
  test('over an array equals itself over a stream, after each sample', async () => {
    await fc.assert(
      fc.asyncProperty(sampleRun(), async (samples) => {
        const streamed = await lastValueFrom(from(samples).pipe(signalValues(signal), toArray()));
        expect(streamed).toEqual(samples.map((__, i) => foldSignal(signal, samples.slice(0, i + 1))));
      }),
      { numRuns: 40 },
    );
  });

  test('is total and never holds a number that is not finite', () => {
    fc.assert(
      fc.property(sampleRun(), (samples) => {
        expect(numbersIn(foldSignal(signal, samples)).every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('changes neither the state it is given nor the sample', () => {
    fc.assert(
      fc.property(sampleRun(), (samples) => {
        let state: unknown = frozen(signal.initial);
        for (const sample of samples) state = frozen(signal.step(state, frozen(sample)));
        expect(signal.value(state)).toEqual(foldSignal(signal, samples));
      }),
      { numRuns: 40 },
    );
  });

  test('keeps constant space, however long it runs', () => {
    const used = cpuSeries(Array.from({ length: 400 }, (__, i) => ((i * 37) % 100) / 100)).map((sample) => ({
      ...sample,
      load: { one: (sample.at / 1000) % 7, five: 0, fifteen: 0 },
      memory: { total: 100, used: (sample.at / 1000) % 50 },
    }));
    const sizeAfter = (count: number): number => {
      let state: unknown = signal.initial;
      for (const sample of used.slice(0, count)) state = signal.step(state, sample);
      return numbersIn(state).length;
    };
    expect(sizeAfter(400)).toBe(sizeAfter(40));
  });
});

describe('against a statistics library', () => {
  const some = fc.array(share, { minLength: 3, maxLength: 12 });

  test('the median absolute deviation is that of simple-statistics', () => {
    fc.assert(
      fc.property(some, (values) => {
        const ours = foldSignal(variability(cpu, { of: values.length, by: 'mad' }), cpuSeries(values));
        expect(ours).toBeCloseTo(medianAbsoluteDeviation(values), 12);
      }),
    );
  });

  test('the median is that of simple-statistics, and every quantile lies between the least and the greatest', () => {
    fc.assert(
      fc.property(some, share, (values, q) => {
        const of = values.length;
        expect(foldSignal(quantile(cpu, { q: 0.5, of }), cpuSeries(values))).toBeCloseTo(
          referenceQuantile(values, 0.5),
          12,
        );
        const ours = foldSignal(quantile(cpu, { q, of }), cpuSeries(values));
        expect(ours).toBeGreaterThanOrEqual(Math.min(...values));
        expect(ours).toBeLessThanOrEqual(Math.max(...values));
      }),
    );
  });

  test('the line is that of simple-statistics', () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 0, max: 60_000 }), (values, ahead) => {
        const line = linearRegressionLine(linearRegression(values.map((value, i) => [i, value])));
        const ours = foldSignal(forecast(cpu, { ahead, of: values.length, by: 'line' }), cpuSeries(values));
        expect(ours).toBeCloseTo(line(values.length - 1 + ahead / 1000), 6);
      }),
    );
  });
});

describe('laws', () => {
  test('sustained: the time held never exceeds the time that was watched, and it holds exactly if that is long enough', () => {
    const busy = sustained({ measure: cpu, relation: 'at least', limit: 0.5, for: 10_000 });
    fc.assert(
      fc.property(sampleRun(), (samples) => {
        const spell = foldSignal(busy, samples);
        if (!spell) return;
        expect(spell.holds).toBe(spell.held >= 10_000);
        expect(spell.held).toBeLessThanOrEqual((samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0));
      }),
    );
  });

  test('less load never makes sustained hold', () => {
    const busy = sustained({ measure: cpu, relation: 'at least', limit: 0.5, for: 3000 });
    fc.assert(
      fc.property(fc.array(share, { maxLength: 20 }), fc.nat(19), share, (values, where, part) => {
        const less = values.map((value, i) => (i === where ? value * part : value));
        const [before, after] = [values, less].map((series) => foldSignal(busy, cpuSeries(series))?.holds === true);
        expect(after && !before).toBe(false);
      }),
    );
  });

  test('smoothed lies between the least and the greatest reading', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 1e6 }), share), { minLength: 1 }), (steps) => {
        let at = 0;
        const samples = steps.map(([wait, used]) => guestSample('web', (at += wait), { cpu: { used } }));
        const values = steps.map(([, used]) => used);
        const mean = foldSignal(smoothed(cpu, { over: 5000 }), samples) ?? Number.NaN;
        expect(mean).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12);
        expect(mean).toBeLessThanOrEqual(Math.max(...values) + 1e-12);
      }),
    );
  });
});
