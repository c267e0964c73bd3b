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

  test('a throttle slows a job that computes, and not one that waits for the clock', () => {
    const whole = writtenBetween(writing(), 0, 1000);
    expect(writtenBetween(writing({ boundBy: 'cpu' }), 0, 1000, 0.5)).toBeLessThan(0.6 * whole);
    expect(writtenBetween(writing({ boundBy: 'clock' }), 0, 1000, 0.5)).toBe(whole);
    expect(writtenBetween(writing({ boundBy: 'clock' }), 0, 1000, 0.95)).toBeLessThan(0.5 * whole);
  });

  test('time that runs backwards writes nothing', () => {
    expect(writtenBetween(writing(), 1000, 0)).toBe(0);
  });
});
