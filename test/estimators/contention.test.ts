/** How moves slow each other, as fitted to those of a site. */
import { describe, expect, test } from 'vitest';
import { contentionAt, observeMigration, type Calibration } from '../../src/estimators/index.js';
import { gibibytes, seconds } from '../../src/model/index.js';
import { fitted, migration, site } from './site.js';

describe('how moves slow each other', () => {
  const levels = [
    { concurrent: 1, factor: 1 },
    { concurrent: 2, factor: 1.5 },
    { concurrent: 8, factor: 6 },
  ];

  test.each([
    [1, 1],
    [2, 1.5],
    [4, 3],
    [8, 6],
    [16, 12],
  ])('%d at once, of 1, 2 and 8 that were seen: each takes %d times as long', (concurrent, factor) => {
    expect(contentionAt(levels, concurrent)).toBeCloseTo(factor, 9);
  });

  test('between one and two on their own power law', () => {
    expect(contentionAt(levels, 1.5)).toBeCloseTo(1.5 ** Math.log2(1.5), 9);
  });

  test('where nothing was seen, or only single moves, the bandwidth is shared evenly', () => {
    expect(contentionAt([], 3)).toBe(3);
    expect(contentionAt(levels.slice(0, 1), 3)).toBe(3);
  });

  test('a path that never carried one move alone is traced back to one', () => {
    const pairs = [4, 8]
      .flatMap((size) => Array.from({ length: 6 }, () => size))
      .reduce<Calibration>(
        (so, size) =>
          observeMigration(
            so,
            migration({ path: 'a to c', concurrent: 2, memory: gibibytes(size), duration: 2 * seconds(7 + 3 * size) }),
          ),
        site([4, 8, 16]),
      );
    const fit = fitted(pairs, 'a to c');
    expect(fit.ownFixed).toBe(false);
    expect((fit.perByte * gibibytes(1)) / 1000).toBeCloseTo(3);
    expect(fit.contention.map(({ concurrent, factor }) => [concurrent, Math.round(factor * 1000) / 1000])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test('levels are told in rising order, however they were seen', () => {
    expect(fitted(site([4, 8], [4, 2, 1])).contention.map(({ concurrent }) => concurrent)).toEqual([1, 2, 4]);
  });
});
