import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  endsOf,
  expectedBusy,
  fittedExponent,
  medianRemaining,
  observeLife,
  survival,
  survivalFit,
  type RemainingLife,
} from '../../src/estimators/index.js';
import { hours, minutes, seconds } from '../../src/model/index.js';

const aged = (age: number, exponent?: number): RemainingLife =>
  exponent === undefined ? { kind: 'aged', age } : { kind: 'aged', age, exponent };

describe('the survival law (a / (a + t))^c', () => {
  test('with c = 1 the median remaining life is the age (Harchol-Balter and Downey)', () => {
    expect(survival(aged(seconds(60)), seconds(60))).toBeCloseTo(0.5);
    expect(medianRemaining({ kind: 'aged', age: seconds(60) })).toBeCloseTo(seconds(60));
  });

  test('P(L > b | age a) = a / b', () => {
    expect(survival(aged(seconds(10)), seconds(30))).toBeCloseTo(10 / 40);
  });

  test('a larger exponent ends sooner', () => {
    expect(survival(aged(seconds(10), 1.25), seconds(10))).toBeCloseTo(0.5 ** 1.25);
  });

  test('a load of no age, or of an age that is no number, is not expected to last', () => {
    expect(survival(aged(0), 1)).toBe(0);
    expect(survival(aged(NaN), 1)).toBe(0);
    expect(expectedBusy(aged(NaN), 0, 1000)).toBe(0);
  });

  test('a known job ends when it ends, and a load that stays stays', () => {
    const job: RemainingLife = { kind: 'known', left: seconds(30) };
    expect([survival(job, seconds(29)), survival(job, seconds(30))]).toEqual([1, 0]);
    expect(expectedBusy(job, seconds(10), seconds(100))).toBe(seconds(20));
    expect(expectedBusy({ kind: 'stays' }, seconds(10), seconds(100))).toBe(seconds(90));
    expect(medianRemaining({ kind: 'stays' })).toBe(Infinity);
  });

  test('a load that recurs by the hour comes with the share of each hour', () => {
    const office: RemainingLife = { kind: 'recurring', into: minutes(30), hours: [1, 0.5, 0] };
    expect(survival(office, minutes(29))).toBe(1);
    expect(survival(office, minutes(31))).toBe(0.5);
    expect(survival(office, minutes(95))).toBe(0);
    expect(expectedBusy(office, 0, hours(2.5))).toBeCloseTo(minutes(30) + minutes(30));
  });

  test('the ends looked at are the middles of three parts of the law', () => {
    const ends = endsOf(aged(seconds(60)));
    expect(ends.map(({ at }) => Math.round(at / 1000))).toEqual([12, 60, 300]);
    expect(ends.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1);
  });

  test('the integral in closed form is the sum of small steps', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 50, max: 200 }),
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 1, max: 500 }),
        (age, exponent, from, length) => {
          const life = aged(age, exponent / 100);
          const steps = 2000;
          let sum = 0;
          for (let index = 0; index < steps; index += 1)
            sum += (survival(life, from + ((index + 0.5) / steps) * length) * length) / steps;
          expect(expectedBusy(life, from, from + length)).toBeCloseTo(sum, 2);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('survival never rises with time, and never falls with age', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), fc.nat(10_000), (age, time, more) => {
        expect(survival(aged(age), time + more)).toBeLessThanOrEqual(survival(aged(age), time));
        expect(survival(aged(age + more), time)).toBeGreaterThanOrEqual(survival(aged(age), time));
      }),
    );
  });
});

describe('bounds of the law', () => {
  test('at once every load is there, whatever is believed of it', () => {
    for (const life of [aged(0), { kind: 'known', left: 0 }, { kind: 'recurring', into: 0, hours: [0] }] as const) {
      expect([survival(life, 0), survival(life, -1)]).toEqual([1, 1]);
    }
    expect([survival({ kind: 'stays' }, 1e12), survival(aged(-5), 1)]).toEqual([1, 0]);
  });

  test('no hours of which anything is known are hours without a load', () => {
    expect(survival({ kind: 'recurring', into: 0, hours: [] }, 1)).toBe(0);
    expect(expectedBusy({ kind: 'recurring', into: 0, hours: [] }, 0, hours(2))).toBe(0);
  });

  test('an expectation over no time, or over time gone by, is none', () => {
    expect([expectedBusy({ kind: 'stays' }, 5, 5), expectedBusy({ kind: 'stays' }, -9, -3)]).toEqual([0, 0]);
    expect(expectedBusy({ kind: 'stays' }, -9, 3)).toBe(3);
  });

  test('half of the loads outlive the median: by the exponent, by what is known; none of no age', () => {
    expect(medianRemaining({ kind: 'aged', age: seconds(60), exponent: 2 })).toBeCloseTo(
      seconds(60) * (Math.SQRT2 - 1),
    );
    expect(medianRemaining({ kind: 'known', left: seconds(7) })).toBe(seconds(7));
    expect([medianRemaining({ kind: 'known', left: -1 }), medianRemaining({ kind: 'aged', age: -1 })]).toEqual([0, 0]);
  });
});

describe('the exponent fitted online', () => {
  test('it is drawn towards 1 as by ten loads, or by as many as are said', () => {
    const fit = { ended: 6, logs: 2, from: 1000 };
    expect(fittedExponent(fit)).toBeCloseTo(16 / 12);
    expect(fittedExponent(fit, 2)).toBeCloseTo(8 / 4);
    expect([fittedExponent(fit, 0), fittedExponent(fit, -4)]).toEqual([3, 3]);
    expect(fittedExponent({ ended: 0, logs: 0, from: 1000 }, 0)).toBe(1);
  });

  test('a length of just the shortest does not count', () => {
    const fit = survivalFit(1000);
    expect(observeLife(fit, 1000, true)).toBe(fit);
    expect(observeLife(fit, 1000 * Math.E, false)).toEqual({ ended: 0, logs: 1, from: 1000 });
  });

  test('with nothing seen it is the default of 1', () => {
    expect(fittedExponent(survivalFit())).toBe(1);
  });

  test('it comes back from lives drawn from the law, running ones counted as longer than they are', () => {
    const exponent = 1.4;
    let fit = survivalFit(1000);
    for (let index = 0; index < 4000; index += 1) {
      const life = 1000 * ((index + 0.5) / 4000) ** (-1 / exponent);
      const seenUntil = seconds(20);
      fit = observeLife(fit, Math.min(life, seenUntil), life <= seenUntil);
    }
    expect(fittedExponent(fit)).toBeCloseTo(exponent, 1);
  });

  test('lengths below the shortest, and such as are no number, leave it as it is', () => {
    const fit = survivalFit(1000);
    expect(observeLife(fit, 900, true)).toBe(fit);
    expect(observeLife(fit, NaN, true)).toBe(fit);
    expect(observeLife(fit, Infinity, false)).toBe(fit);
  });

  test('on the measured process lifetimes it is between 1.1 and 1.4, as the slope of their counts', () => {
    const lives = readFileSync(new URL('../fixtures/process-lifetimes/lifetimes-above-1s.csv', import.meta.url), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line) * 1000);
    const fit = lives.reduce((so, life) => observeLife(so, life, true), survivalFit(1000));
    const exponent = fittedExponent(fit);
    expect(exponent).toBeGreaterThan(1.1);
    expect(exponent).toBeLessThan(1.4);
    const above = (t: number): number => lives.filter((life) => life > t * 1000).length;
    for (const age of [1, 2, 4])
      expect(Math.abs(above(2 * age) / above(age) - survival(aged(age * 1000, exponent), age * 1000))).toBeLessThan(
        0.08,
      );
  });
});
