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
  type PathFit,
  type SiteMigration,
} from '../../src/estimators/index.js';
import { gibibytes, seconds, type Outcome } from '../../src/model/index.js';
import { moveFacts } from './facts.js';

const migration = (change: Partial<SiteMigration> = {}): SiteMigration => ({
  path: 'a to b',
  memory: gibibytes(4),
  concurrent: 1,
  duration: seconds(16),
  ...change,
});

/** Moves of a site with a fixed part of 7 s and 2.3 s per GiB, k at once each taking k times as long. */
const site = (sizes: readonly number[], levels: readonly number[] = [1], times = 7): Calibration =>
  sizes
    .flatMap((size) => levels.map((concurrent) => ({ size, concurrent })))
    .flatMap((cell) => Array.from({ length: times }, (_, index) => ({ ...cell, jitter: (index - 3) * 200 })))
    .reduce(
      (seen, { size, concurrent, jitter }) =>
        observeMigration(
          seen,
          migration({ memory: gibibytes(size), concurrent, duration: seconds(7 + 2.3 * size) * concurrent + jitter }),
        ),
      calibration,
    );

const fitted = (seen: Calibration, path = 'a to b'): PathFit => {
  const fit = fitCalibration(seen);
  const of = fit.ok ? fit.value.paths[path] : undefined;
  if (of === undefined) throw new Error('nothing was fitted');
  return of;
};

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

describe('what is refused', () => {
  test('too few migrations', () => {
    expect(fitCalibration(site([4, 8], [1], 4))).toMatchObject({ ok: false, error: { kind: 'too few' } });
    expect(fitCalibration(calibration)).toMatchObject({ ok: false, error: { kind: 'too few' } });
  });

  test('one size of memory only, for nothing tells the fixed part from the rest', () => {
    expect(fitCalibration(site([4]))).toMatchObject({ ok: false, error: { kind: 'one size only' } });
  });

  test.each([{ duration: NaN }, { duration: 0 }, { memory: -1 }, { concurrent: 0.5 }, { duration: Infinity }])(
    'a migration with %o leaves it as it is',
    (change) => {
      expect(observeMigration(calibration, migration(change))).toBe(calibration);
    },
  );
});

describe('kept and read back', () => {
  test('it is plain JSON, and goes on where it was', () => {
    const read = calibrationSchema.parse(JSON.parse(JSON.stringify(site([4, 8]))));
    expect(read).toEqual(site([4, 8]));
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
