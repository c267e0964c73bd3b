import { describe, expect, test } from 'vitest';
import { precopy, type MoveFacts, type PrecopyOptions } from '../../src/estimators/index.js';
import { mebibytes, mebibytesPerSecond, type EstimateFigures } from '../../src/model/index.js';
import { knownDemand, moveFacts } from './facts.js';

const figures = (facts: MoveFacts, options: PrecopyOptions = {}): EstimateFigures => {
  const estimate = precopy(options)(facts);
  if (!('duration' in estimate)) throw new Error(`no figures: ${JSON.stringify(estimate)}`);
  return estimate;
};

describe('auto-converge', () => {
  const hot = moveFacts({
    bandwidth: mebibytesPerSecond(64),
    line: mebibytesPerSecond(1400),
    demand: knownDemand({ writeRate: mebibytesPerSecond(80), workingSet: mebibytes(300) }),
  });

  test('it brings a guest that is bound by its processor to an end, and slows it', () => {
    expect(precopy()(hot).convergence).toBe('never');
    const eased = figures(hot, { autoConverge: true });
    expect(eased.slowdown).toBeGreaterThan(0.2);
  });

  // A recorded guest: 120 MiB written at random, 64 MiB/s, 30 ms. Its dirty counts show 24,700 writes a second unthrottled.
  test('fed the rate that a recorded guest really wrote at, it gives that guest’s 15.7 s', () => {
    const recorded = moveFacts({
      memory: mebibytes(256),
      nonZero: mebibytes(204.5),
      bandwidth: mebibytesPerSecond(64),
      line: mebibytesPerSecond(1400),
      demand: knownDemand({ writeRate: 24_700 * 4096, workingSet: mebibytes(120), pattern: 'random' }),
    });
    const { duration } = figures(recorded, { autoConverge: true, downtimeLimit: 30 });
    expect(Math.abs(duration / 15_740 - 1)).toBeLessThan(0.05);
  });

  test('it ends a guest that is driven by the clock only when it is held for longer than it can make up', () => {
    const timed = {
      ...hot,
      demand: knownDemand({ writeRate: mebibytesPerSecond(80), workingSet: mebibytes(300), boundBy: 'clock' }),
    };
    const most = { first: 0.2, step: 0.1, trigger: 0.5 };
    expect(precopy({ autoConverge: { ...most, most: 0.8 } })(timed).convergence).toBe('never');
    expect(precopy({ autoConverge: { ...most, most: 0.99 } })(timed).convergence).toBe('converges');
  });

  test('it throttles in steps: a gentler step takes longer', () => {
    const steep = { first: 0.5, step: 0.2, most: 0.99, trigger: 0.5 };
    expect(figures(hot, { autoConverge: steep }).duration).toBeLessThan(figures(hot, { autoConverge: true }).duration);
  });
});
