/** Migrations of a site whose fixed part and bandwidth are known, and what is fitted to them. */
import {
  calibration,
  fitCalibration,
  observeMigration,
  type Calibration,
  type PathFit,
  type SiteMigration,
} from '../../src/estimators/index.js';
import { gibibytes, seconds } from '../../src/model/index.js';

export const migration = (change: Partial<SiteMigration> = {}): SiteMigration => ({
  path: 'a to b',
  memory: gibibytes(4),
  concurrent: 1,
  duration: seconds(16),
  ...change,
});

/** Moves of a site with a fixed part of 7 s and 2.3 s per GiB, k at once each taking k times as long. */
export const site = (sizes: readonly number[], levels: readonly number[] = [1], times = 7): Calibration =>
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

export const fitted = (seen: Calibration, path = 'a to b'): PathFit => {
  const fit = fitCalibration(seen);
  const of = fit.ok ? fit.value.paths[path] : undefined;
  if (of === undefined) throw new Error('nothing was fitted');
  return of;
};
