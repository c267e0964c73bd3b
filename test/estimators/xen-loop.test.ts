import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { replayXen, xenPrecopy } from '../../src/estimators/index.js';
import { gibibytes, kibibytes, mebibytes, mebibytesPerSecond } from '../../src/model/index.js';
import { knownDemand, moveFacts } from './facts.js';

const fixture = (name: string): readonly (readonly string[])[] =>
  readFileSync(new URL(`../fixtures/xen-migrations/${name}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

const page = kibibytes(4);

describe('eight measured migrations of Xen 4.17', () => {
  const measured = fixture('migration-rounds.csv');

  test.each(fixture('migrations.csv').map((cells) => [cells[0] ?? '', cells] as const))(
    '%s: rounds and their pages',
    (run, cells) => {
      const rounds = measured.filter(([name]) => name === run);
      const live = rounds.slice(0, -1).map((round) => Number(round[2]));
      const time = rounds.slice(0, -1).reduce((sum, round) => sum + Number(round[5]), 0);
      const bandwidth = (live.reduce((sum, pages) => sum + pages, 0) * page) / time;
      // -1 stands for as fast as it can: far above any link.
      const rate = Number(cells[4]) < 0 ? gibibytes(1) : kibibytes(Number(cells[4]));
      const result = replayXen(
        { memory: mebibytes(96), bandwidth, demand: { kind: 'unknown' } },
        {
          weight: 1,
          writing: {
            rate: rate / 1000,
            workingSet: mebibytes(Number(cells[3])),
            pattern: 'sweep',
            phases: [],
            boundBy: 'cpu',
            luck: 1,
          },
        },
      );
      expect(Math.abs(result.rounds.length - Number(cells[9]))).toBeLessThanOrEqual(1);
      for (const [index, pages] of live.slice(0, 2).entries())
        expect(Math.abs((result.rounds[index]?.bytes ?? 0) / page - pages)).toBeLessThan(20 + 0.05 * pages);
      const sent = result.rounds.reduce((sum, { bytes }) => sum + bytes, 0) / page;
      expect(Math.abs(sent / Number(cells[10]) - 1)).toBeLessThan(0.02);
      // The suspension dirties some 150 pages of its own; the host's speed varied from round to round.
      expect(Math.abs(result.last.bytes / page + 150 - Number(cells[11]))).toBeLessThan(140);
    },
  );
});

describe('Xen as an estimator', () => {
  const hot = moveFacts({ demand: knownDemand({ writeRate: mebibytesPerSecond(1024), workingSet: mebibytes(400) }) });

  test('M36: it always ends, at the price of the pause', () => {
    const estimate = xenPrecopy()(hot);
    expect(estimate.convergence).toBe('converges');
    expect('downtime' in estimate ? estimate.downtime : 0).toBeGreaterThan(4000);
  });

  test('the older Xen sends more before it gives up', () => {
    const bytes = (version: '4.17' | 'classic'): number => {
      const estimate = xenPrecopy({ version })(hot);
      return 'bytes' in estimate ? estimate.bytes : NaN;
    };
    expect(bytes('classic')).toBeGreaterThan(bytes('4.17'));
  });

  test('it sends every page in full, zero pages too', () => {
    const estimate = xenPrecopy()(moveFacts({ nonZero: mebibytes(100), demand: knownDemand({ writeRate: 0 }) }));
    expect('bytes' in estimate ? estimate.bytes : 0).toBeGreaterThanOrEqual(gibibytes(1));
  });

  test('a dirty rate that nobody measured is unknown', () => {
    expect(xenPrecopy()(moveFacts({ demand: { kind: 'unknown' } })).convergence).toBe('unknown');
  });
});
