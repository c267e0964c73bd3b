import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { uniqueDirtied, writingOf, writtenBetween, type Writing } from '../../src/estimators/index.js';
import { mebibytes, mebibytesPerSecond, seconds } from '../../src/model/index.js';
import { knownDemand } from './facts.js';

const writing = (change: Partial<Writing> = {}): Writing => ({
  ...writingOf(knownDemand({ writeRate: mebibytesPerSecond(51.2), workingSet: mebibytes(100) })),
  ...change,
});

describe('unique memory dirtied', () => {
  test('a sweep dirties min(rate t, working set)', () => {
    const sweep = writing({ pattern: 'sweep' });
    expect(uniqueDirtied(sweep, mebibytes(40))).toBe(mebibytes(40));
    expect(uniqueDirtied(sweep, mebibytes(400))).toBe(mebibytes(100));
  });

  test('random writes dirty ws (1 - exp(-rate t / ws))', () => {
    expect(uniqueDirtied(writing(), mebibytes(100)) / mebibytes(100)).toBeCloseTo(1 - Math.exp(-1));
  });

  test('nothing written, or no set to write to, dirties nothing', () => {
    expect(uniqueDirtied(writing(), 0)).toBe(0);
    expect(uniqueDirtied(writing({ workingSet: 0 }), mebibytes(1))).toBe(0);
  });

  test('it never passes the set, never what was written, and never falls', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('random' as const, 'sweep' as const),
        fc.nat(1e9),
        fc.nat(1e9),
        (pattern, a, more) => {
          const one = writing({ pattern });
          const dirty = uniqueDirtied(one, a);
          expect(dirty).toBeLessThanOrEqual(Math.min(one.workingSet, a) * (1 + 1e-9) + 1e-6);
          expect(uniqueDirtied(one, a + more)).toBeGreaterThanOrEqual(dirty - 1e-6);
        },
      ),
    );
  });
});

describe('what is written between two times', () => {
  const phases = [
    { length: seconds(8), share: 1 },
    { length: seconds(60), share: 0.5 },
  ];

  test('phases change the rate, and the last one holds on', () => {
    const phased = writing({ phases });
    const perSecond = mebibytesPerSecond(51.2);
    expect(writtenBetween(phased, 0, seconds(8))).toBeCloseTo(8 * perSecond);
    expect(writtenBetween(phased, seconds(7), seconds(9))).toBeCloseTo(1.5 * perSecond);
    expect(writtenBetween(phased, seconds(500), seconds(502))).toBeCloseTo(perSecond);
  });

  const paceAt = (boundBy: Writing['boundBy'], throttle: number): number =>
    writtenBetween(writing({ boundBy }), 0, 1000, throttle) / writtenBetween(writing({ boundBy }), 0, 1000);

  test('a throttle slows a job that computes by the share of its sleep, less what the timer wakes too late', () => {
    expect(paceAt('cpu', 0.2)).toBeCloseTo(14 / 16.5, 3);
    expect(paceAt('cpu', 0.5)).toBeCloseTo(14 / 24, 3);
    expect(paceAt('cpu', 0.99)).toBeLessThan(0.02);
  });

  test('a job that waits for the clock makes up for short holds, and drops what a long one kept it from', () => {
    for (const throttle of [0.2, 0.5, 0.8]) expect(paceAt('clock', throttle)).toBe(1);
    expect(paceAt('clock', 0.9)).toBeCloseTo(64 / 104, 3);
    expect(paceAt('clock', 0.99)).toBeLessThan(0.15);
  });

  test('no throttle writes more than a gentler one', () => {
    for (const boundBy of ['cpu', 'clock'] as const)
      for (let throttle = 0; throttle < 0.99; throttle += 0.01)
        expect(paceAt(boundBy, throttle + 0.01)).toBeLessThanOrEqual(paceAt(boundBy, throttle));
  });

  test('time that runs backwards writes nothing', () => {
    expect(writtenBetween(writing(), 1000, 0)).toBe(0);
  });
});
