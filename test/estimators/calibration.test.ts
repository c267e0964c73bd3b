import { describe, expect, test } from 'vitest';
import {
  calibrated,
  calibration,
  calibrationSchema,
  contentionAt,
  fitCalibration,
  observeMigration,
  observeOutcome,
  precopy,
  siteDuration,
  type Calibration,
} from '../../src/estimators/index.js';
import { gibibytes, seconds, type Outcome } from '../../src/model/index.js';
import { moveFacts } from './facts.js';
import { fitted, migration, site } from './site.js';

describe('what is fitted', () => {
  test('the fixed part and the time per byte', () => {
    const fit = fitted(site([4, 8, 16]));
    expect(fit.fixed / 1000).toBeCloseTo(7);
    expect((fit.perByte * gibibytes(1)) / 1000).toBeCloseTo(2.3);
    expect(fit.bandwidth).toBeCloseTo(gibibytes(1) / 2.3, -3);
  });

  test('one size that went wrong does not bend it', () => {
    const wrong = Array.from({ length: 7 }).reduce<Calibration>(
      (seen) => observeMigration(seen, migration({ memory: gibibytes(12), duration: seconds(300) })),
      site([2, 4, 8, 16, 24]),
    );
    expect(fitted(wrong).fixed / 1000).toBeCloseTo(7, 0);
  });

  test('moves in parallel slow each other, and what lies between two levels is on their power law', () => {
    const fit = fitted(site([4, 8], [1, 2, 4]));
    expect(fit.contention.map(({ factor }) => Math.round(factor * 100) / 100)).toEqual([1, 2, 4]);
    expect(contentionAt(fit.contention, 3)).toBeCloseTo(3);
  });

  test('where only single moves were seen, k at once are taken to share the bandwidth evenly', () => {
    expect(contentionAt(fitted(site([4, 8])).contention, 3)).toBe(3);
  });

  test('a path of one size takes the fixed part over from the others', () => {
    const seen = Array.from({ length: 6 }).reduce<Calibration>(
      (so) => observeMigration(so, migration({ path: 'a to c', duration: seconds(27) })),
      site([4, 8, 16]),
    );
    expect(fitted(seen, 'a to c')).toMatchObject({ ownFixed: false });
    expect(siteDuration(fitted(seen, 'a to c'), gibibytes(8)).duration / 1000).toBeCloseTo(47);
  });
});

describe('how far moves were off', () => {
  test('a fit holds the tenth, the middle and the ninetieth hundredth of measured over fitted', () => {
    const seen = Array.from({ length: 11 }).reduce<Calibration>(
      (so, _, index) =>
        [4, 8].reduce(
          (and, size) =>
            observeMigration(
              and,
              migration({ memory: gibibytes(size), duration: seconds(7 + 2.3 * size) * (0.9 + index / 50) }),
            ),
          so,
        ),
      calibration,
    );
    const { residual, count } = fitted(seen);
    expect([residual.low, residual.middle, residual.high].map((ratio) => Math.round(ratio * 1000))).toEqual([
      920, 1000, 1080,
    ]);
    expect(count).toBe(22);
  });

  test('a move is expected between those', () => {
    const fit = { ...fitted(site([4, 8], [1, 2])), residual: { low: 0.8, middle: 1, high: 1.3 } };
    const { duration, low, high } = siteDuration(fit, gibibytes(8), 2);
    expect(duration / 1000).toBeCloseTo(50.8);
    expect([low / duration, high / duration]).toEqual([0.8, 1.3]);
    expect(siteDuration(fit, gibibytes(8)).duration / 1000).toBeCloseTo(25.4);
  });
});

describe('what is refused', () => {
  test('in words', () => {
    const message = (seen: Calibration): string | undefined => {
      const fit = fitCalibration(seen);
      return fit.ok ? undefined : fit.error.message;
    };
    expect(message(calibration)).toBe('no size of memory was moved 5 times on one path');
    expect(message(site([4, 8], [1], 5))).toBeUndefined();
    expect(message(site([4]))).toBe('no path has moved two sizes of memory one at a time');
    expect(message(site([4, 8], [2]))).toBe('no path has moved two sizes of memory one at a time');
  });

  test('a path whose larger moves took no longer, for that gives no bandwidth', () => {
    const flat = [4, 8].flatMap((size) => Array.from({ length: 5 }, () => size));
    const seen = flat.reduce<Calibration>(
      (so, size) => observeMigration(so, migration({ memory: gibibytes(size) })),
      calibration,
    );
    expect(fitCalibration(seen)).toMatchObject({ error: { kind: 'one size only' } });
  });

  test('a path whose moves took less than the fixed part of the others', () => {
    const seen = Array.from({ length: 5 }).reduce<Calibration>(
      (so) => observeMigration(so, migration({ path: 'a to c', duration: seconds(6) })),
      site([4, 8]),
    );
    const fit = fitCalibration(seen);
    expect(fit.ok && Object.keys(fit.value.paths)).toEqual(['a to b']);
    expect(fit.ok && fit.value.fixed / 1000).toBeCloseTo(7);
  });

  test('a fixed part below zero is none', () => {
    const steep = [4, 8].flatMap((size) => Array.from({ length: 5 }, () => size));
    const seen = steep.reduce<Calibration>(
      (so, size) => observeMigration(so, migration({ memory: gibibytes(size), duration: seconds(3 * size - 5) })),
      calibration,
    );
    expect(fitted(seen).fixed).toBe(0);
  });

  test('too few migrations', () => {
    expect(fitCalibration(site([4, 8], [1], 4))).toMatchObject({ ok: false, error: { kind: 'too few' } });
    expect(fitCalibration(calibration)).toMatchObject({ ok: false, error: { kind: 'too few' } });
  });

  test('one size of memory only, for nothing tells the fixed part from the rest', () => {
    expect(fitCalibration(site([4]))).toMatchObject({ ok: false, error: { kind: 'one size only' } });
  });

  test.each([
    { duration: NaN },
    { duration: 0 },
    { memory: -1 },
    { memory: 0 },
    { memory: Infinity },
    { duration: -1 },
    { concurrent: 0 },
    { concurrent: 0.5 },
    { duration: Infinity },
  ])('a migration with %o leaves it as it is', (change) => {
    expect(observeMigration(calibration, migration(change))).toBe(calibration);
  });
});

describe('kept and read back', () => {
  test('it is plain JSON, and goes on where it was', () => {
    const read = calibrationSchema.parse(JSON.parse(JSON.stringify(site([4, 8]))));
    expect(read).toEqual(site([4, 8]));
  });

  test('moves are kept apart by path, by memory and by how many went at once, in the order in which they came', () => {
    const seen = [
      migration(),
      migration({ path: 'a to c', duration: 1 }),
      migration({ memory: gibibytes(8), duration: 2 }),
      migration({ concurrent: 2, duration: 3 }),
      migration({ duration: 4 }),
    ].reduce(observeMigration, calibration);
    expect(seen).toEqual({
      version: 1,
      cells: [
        { path: 'a to b', memory: gibibytes(4), concurrent: 1, durations: [seconds(16), 4] },
        { path: 'a to c', memory: gibibytes(4), concurrent: 1, durations: [1] },
        { path: 'a to b', memory: gibibytes(8), concurrent: 1, durations: [2] },
        { path: 'a to b', memory: gibibytes(4), concurrent: 2, durations: [3] },
      ],
    });
  });

  test('it follows a site that changes: a cell keeps the last migrations only', () => {
    let seen = site([4, 8]);
    for (let index = 0; index < 600; index += 1) seen = observeMigration(seen, migration({ duration: seconds(40) }));
    expect(seen.cells[0]?.durations).toHaveLength(512);
    expect(seen.cells[0]?.durations.every((duration) => duration === seconds(40))).toBe(true);
  });

  test('moves of an event recording count, those that failed do not', () => {
    const outcome: Outcome = {
      id: 'm1',
      guest: 'g',
      from: 'a',
      to: 'b',
      startedAt: 1000,
      endedAt: 17_000,
      ending: { result: 'done' },
    };
    const of = { path: 'a to b', memory: gibibytes(4), concurrent: 1 };
    expect(observeOutcome(calibration, outcome, of).cells[0]?.durations).toEqual([16_000]);
    const lost: Outcome = {
      ...outcome,
      ending: { result: 'failed', failure: { kind: 'unreachable', message: 'gone', retryable: true } },
    };
    expect(observeOutcome(calibration, lost, of)).toBe(calibration);
  });
});

test('an estimator in the light of a fit uses no more bandwidth than was reached, and adds the fixed part', () => {
  const fit = { ...fitted(site([4, 8, 16])), residual: { low: 0.9, middle: 1, high: 1.1 } };
  const facts = moveFacts({ bandwidth: 10e9 });
  const inside = precopy()({ ...facts, bandwidth: fit.bandwidth });
  const estimate = calibrated(precopy(), fit)(facts);
  if (!('duration' in inside) || !('duration' in estimate)) throw new Error('both converge');
  expect(estimate.duration - inside.duration).toBeCloseTo(fit.fixed);
});

test('the bounds take the fixed part and the residual ratio as the duration does; what does not end is left as it is', () => {
  const fit = { ...fitted(site([4, 8])), residual: { low: 0.9, middle: 1.2, high: 1.4 } };
  const plain = precopy()(moveFacts());
  const estimate = calibrated(precopy(), fit)(moveFacts());
  if (!('duration' in plain) || !('duration' in estimate)) throw new Error('both converge');
  expect(estimate.duration).toBeCloseTo((plain.duration + fit.fixed) * 1.2);
  expect(estimate.interval.low).toBeCloseTo((plain.interval.low + fit.fixed) * 1.2);
  expect(estimate.interval.high).toBeCloseTo((plain.interval.high + fit.fixed) * 1.2);
  expect(calibrated(precopy(), fit)(moveFacts({ demand: { kind: 'unknown' } }))).toEqual({
    convergence: 'unknown',
    missing: ['dirty rate'],
  });
});
