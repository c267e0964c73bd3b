import { describe, expect, test } from 'vitest';
import {
  acceptable,
  longEnough,
  thesis,
  thesisCompletion,
  thesisDuration,
  thesisPredicted,
  thesisSynchronisation,
} from '../../src/estimators/index.js';
import { mbps, seconds } from '../../src/model/index.js';
import { knownDemand, moveFacts } from './facts.js';

/** The thesis counts a megabyte as 10⁶ bytes. */
const megabytes = (n: number): number => n * 1e6;
const tenths = (milliseconds: number): number => Math.round(milliseconds / 100) / 10;

describe('M16: equations 5.1 and 6.1', () => {
  test.each([
    [937, 8.7],
    [700, 11.7],
    [300, 27.3],
    [75.5, 108.5],
  ])('1024 MB at %d Mbps take %d s', (rate, expected) => {
    expect(tenths(thesisDuration(megabytes(1024), mbps(rate)))).toBe(expected);
  });

  test('the time of synchronisation is added', () => {
    expect(thesisDuration(megabytes(1024), mbps(700), 1500) - thesisDuration(megabytes(1024), mbps(700))).toBeCloseTo(
      1500,
    );
  });

  test('equation 6.2: one more synchronisation sends the occupied share', () => {
    expect(thesisSynchronisation(megabytes(1024), 0.5, mbps(700))).toBeCloseTo(
      thesisDuration(megabytes(1024), mbps(700)) / 2,
    );
  });
});

describe('M17: the doubled rule', () => {
  test.each([
    [937, 17.8],
    [700, 23.9],
    [300, 55.7],
    [179, 93.4],
    [87, 192.2],
  ])('1024 MB with a process of 42.4 MB at %d Mbps is expected to take %d s', (rate, expected) => {
    expect(thesisCompletion(megabytes(1024), megabytes(42.4), mbps(rate)) / 1000).toBeCloseTo(expected, 0);
    expect(Math.abs(thesisCompletion(megabytes(1024), megabytes(42.4), mbps(rate)) / 1000 - expected)).toBeLessThan(
      0.06,
    );
  });

  test('M15: rule 3 asks that the resource has been in use for longer than that', () => {
    const completion = thesisCompletion(megabytes(1024), megabytes(42.4), mbps(700));
    expect(longEnough(seconds(24), completion)).toBe(true);
    expect(longEnough(seconds(23), completion)).toBe(false);
  });
});

describe('M18: the largest acceptable duration', () => {
  test('p synchronisations of the occupied memory are added to T_M', () => {
    expect(thesisPredicted(megabytes(1024), 0.5, mbps(700), 2)).toBeCloseTo(
      2 * thesisDuration(megabytes(1024), mbps(700)),
    );
  });

  test('a move is acceptable up to the threshold, 120 s by default', () => {
    expect(acceptable(seconds(120))).toBe(true);
    expect(acceptable(seconds(120.001))).toBe(false);
    expect(acceptable(seconds(30), seconds(20))).toBe(false);
  });
});

describe('the thesis as an estimator', () => {
  test('M37: a ceiling of 300 Mbps is kept on a faster link', () => {
    const facts = moveFacts();
    expect(thesis({ ceiling: mbps(300) })(facts)).toEqual(thesis()({ ...facts, bandwidth: mbps(300) }));
  });

  test('M35: it stands still for the allowance of 30 ms', () => {
    expect(thesis()(moveFacts())).toMatchObject({ convergence: 'converges', downtime: 30 });
  });

  test('it asks for no dirty rate, and takes the guest’s used memory in its place', () => {
    const unknown = thesis()(moveFacts({ demand: { kind: 'unknown' }, used: 300e6 }));
    const known = thesis()(moveFacts({ demand: knownDemand({ workingSet: 300e6 }) }));
    expect(unknown).toMatchObject({ duration: 'duration' in known ? known.duration : NaN });
  });

  test('it says unknown where there is no bandwidth', () => {
    expect(thesis()(moveFacts({ bandwidth: 0 }))).toEqual({ convergence: 'unknown', missing: ['bandwidth'] });
  });
});
