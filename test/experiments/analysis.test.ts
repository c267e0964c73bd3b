import * as fc from 'fast-check';
import { sampleStandardDeviation } from 'simple-statistics';
import { describe, expect, test } from 'vitest';
import { byFactor, confidenceInterval, oneWay } from '../../src/experiments/index.js';

const value = <T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: object },
): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};

describe('confidence interval', () => {
  test('is that of the tables of Student: 2.262 standard errors on either side of ten values', () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const { mean, low, high, count } = value(confidenceInterval(values));
    expect(mean).toBe(5.5);
    expect(count).toBe(10);
    const half = (2.2622 * sampleStandardDeviation(values)) / Math.sqrt(10);
    expect(high - mean).toBeCloseTo(half, 3);
    expect(mean - low).toBeCloseTo(half, 3);
  });

  test('more confidence gives wider bounds', () => {
    const [narrow, wide] = [0.9, 0.99].map((confidence) => value(confidenceInterval([1, 2, 4], confidence)));
    expect(wide?.high).toBeGreaterThan(narrow?.high ?? Infinity);
  });

  test('values that do not differ have no width', () => {
    expect(value(confidenceInterval([3, 3, 3]))).toMatchObject({ mean: 3, low: 3, high: 3 });
  });

  test('too few values, or none that is a number, give a typed error, never NaN', () => {
    expect(confidenceInterval([1])).toEqual({
      ok: false,
      error: { kind: 'too few', what: 'values', count: 1, needed: 2 },
    });
    expect(confidenceInterval([1, NaN])).toMatchObject({ ok: false, error: { kind: 'not a number', place: 1 } });
    expect(confidenceInterval([1, 2], 1)).toMatchObject({ ok: false, error: { kind: 'out of range', value: 1 } });
  });
});

describe('one-way analysis of variance', () => {
  test('finds F and its probability of a worked example', () => {
    // Means 5, 9 and 10; between the groups 84 with 2 degrees of freedom, within them 68 with 15.
    const groups = [
      [6, 8, 4, 5, 3, 4],
      [8, 12, 9, 11, 6, 8],
      [13, 9, 11, 8, 7, 12],
    ];
    const { f, freedom, p } = value(oneWay(groups));
    expect(f).toBeCloseTo(9.26, 2);
    expect(freedom).toEqual({ between: 2, within: 15 });
    expect(p).toBeCloseTo(0.0024, 4);
  });

  test('a factor is any level of things, such as engine on or length', () => {
    const things = [1, 2, 3, 11, 12, 13].map((figure) => ({ figure, on: figure > 10 }));
    const { p, freedom } = value(
      byFactor(
        things,
        ({ on }) => on,
        ({ figure }) => figure,
      ),
    );
    expect(p).toBeLessThan(0.001);
    expect(freedom).toEqual({ between: 1, within: 4 });
  });

  test('too few groups, too few values, no spread or no number give a typed error, never NaN', () => {
    expect(oneWay([[1, 2]])).toMatchObject({ ok: false, error: { kind: 'too few', what: 'groups', count: 1 } });
    expect(oneWay([[1, 2], [3]])).toMatchObject({ ok: false, error: { kind: 'too few', what: 'values of group 2' } });
    expect(
      oneWay([
        [1, 1],
        [2, 2],
      ]),
    ).toMatchObject({ ok: false, error: { kind: 'no spread' } });
    expect(
      oneWay([
        [1, 2],
        [Infinity, 2],
      ]),
    ).toMatchObject({ ok: false, error: { kind: 'not a number' } });
    expect(
      byFactor(
        [],
        () => 1,
        () => 1,
      ),
    ).toMatchObject({ ok: false, error: { kind: 'too few' } });
  });

  test('whatever the values, there is a probability or a typed error', () => {
    const figure = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.array(figure, { maxLength: 6 }), { maxLength: 4 }), (groups) => {
        const found = oneWay(groups);
        if (!found.ok) return;
        expect(found.value.p).toBeGreaterThanOrEqual(0);
        expect(found.value.p).toBeLessThanOrEqual(1);
        expect(found.value.f).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 100 },
    );
  });
});
