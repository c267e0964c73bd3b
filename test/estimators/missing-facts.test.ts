/** Bounds of what is believed: figures beyond them are mistakes of units, and are named. */
import { describe, expect, test } from 'vitest';
import { missingFacts, type MoveFacts } from '../../src/estimators/index.js';
import { gibibytes, mebibytes, mebibytesPerSecond } from '../../src/model/index.js';
import { knownDemand, moveFacts, sampledDemand } from './facts.js';

const clean = sampledDemand({ rate: 0 });

describe('what may just be, and what may not', () => {
  test.each<[string, Partial<MoveFacts>, readonly string[]]>([
    ['a mebibyte of memory', { memory: 2 ** 20, nonZero: 0, demand: clean }, []],
    ['less', { memory: 2 ** 20 - 1, nonZero: 0, demand: clean }, ['memory']],
    ['a pebibyte', { memory: 2 ** 50, demand: clean }, []],
    ['more', { memory: 2 ** 50 + 2 ** 10, demand: clean }, ['memory']],
    ['non-zero memory of a twentieth more', { nonZero: gibibytes(1.05), demand: clean }, []],
    ['of more than that', { nonZero: gibibytes(1.06), demand: clean }, ['non-zero memory']],
    ['below zero', { nonZero: -1, demand: clean }, ['non-zero memory']],
    ['ten kilobytes a second', { bandwidth: 1e4, demand: clean }, []],
    ['less than that', { bandwidth: 9999, demand: clean }, ['bandwidth']],
    ['a terabyte a second', { bandwidth: 1e12, line: 1e12, demand: clean }, []],
    ['more than that', { bandwidth: 1.1e12, line: 1.1e12, demand: clean }, ['bandwidth', 'line']],
    ['a window of 10 ms', { demand: sampledDemand({ rate: 0, window: 10 }) }, []],
    ['a shorter one', { demand: sampledDemand({ rate: 0, window: 9 }) }, ['dirty rate']],
    ['a window of a day', { demand: sampledDemand({ rate: 0, window: 86_400_000 }) }, []],
    ['a longer one', { demand: sampledDemand({ rate: 0, window: 86_400_001 }) }, ['dirty rate']],
    ['a rate below zero', { demand: sampledDemand({ rate: -1 }) }, ['dirty rate']],
    ['a rate without end', { demand: sampledDemand({ rate: Infinity }) }, ['dirty rate']],
    [
      'a twentieth more dirtied than there is',
      { demand: sampledDemand({ rate: mebibytesPerSecond(1.05 * 1024), window: 1000 }) },
      [],
    ],
    [
      'more than that',
      { demand: sampledDemand({ rate: mebibytesPerSecond(1.06 * 1024), window: 1000 }) },
      ['dirty rate'],
    ],
    ['one bad reading of two', { demand: { ...clean, further: [sampledDemand({ rate: NaN })] } }, ['dirty rate']],
    ['a working set of a twentieth more', { demand: knownDemand({ workingSet: gibibytes(1.05) }) }, []],
    ['a working set below zero', { demand: knownDemand({ workingSet: -1 }) }, ['working set']],
    ['a write rate without end', { demand: knownDemand({ writeRate: Infinity }) }, ['write rate']],
    [
      'a phase that writes nothing, and one of no length',
      {
        demand: knownDemand({
          phases: [
            { length: 1, share: 0 },
            { length: 0, share: 1 },
          ],
        }),
      },
      [],
    ],
    ['a phase of no share', { demand: knownDemand({ phases: [{ length: 1, share: NaN }] }) }, ['phases']],
    [
      'one bad phase of two',
      {
        demand: knownDemand({
          phases: [
            { length: 1, share: 1 },
            { length: NaN, share: 1 },
          ],
        }),
      },
      ['phases'],
    ],
    [
      'everything at once',
      {
        memory: NaN,
        nonZero: NaN,
        bandwidth: NaN,
        line: NaN,
        demand: knownDemand({ writeRate: NaN, workingSet: NaN }),
      },
      ['memory', 'non-zero memory', 'bandwidth', 'line', 'write rate', 'working set'],
    ],
  ])('%s', (_, change, missing) => {
    expect(missingFacts(moveFacts({ nonZero: mebibytes(1), ...change }))).toEqual(missing);
  });
});
