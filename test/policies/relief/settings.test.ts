import { describe, expect, test } from 'vitest';
import { average, cpu, level } from '../../../src/metrics/index.js';
import { gibibytes, percent } from '../../../src/model/index.js';
import {
  lowestOf,
  memoryFree,
  memoryGranted,
  relieve,
  type RelieveSettings,
  timesMean,
} from '../../../src/policies/index.js';
import { type Mark, markOf } from '../../../src/policies/relief/marks.js';
import { host } from '../build.js';

describe('settings of relief that are wrong are refused, each by its path', () => {
  test.each<[string, unknown, string]>([
    ['no mark', {}, 'relieve.above: must be a share or a function'],
    ['a mark in words', { above: '80 %' }, 'relieve.above: must be a share or a function'],
    ['a mark below zero', { above: -0.1 }, 'relieve.above: Too small: expected number to be >=0'],
    ['more than it knows', { above: 0.8, below: 0.2 }, 'relieve.below: no such setting'],
    [
      'others filled beyond where they are relieved',
      { above: 0.8, fillTo: 0.9 },
      'relieve.fillTo: 0.9 is above 0.8, from which on a host is relieved',
    ],
    [
      'hosts relieved to more than they have',
      { above: 0.8, until: 0.81 },
      'relieve.until: 0.81 is above 0.8, from which on a host is relieved',
    ],
    [
      'hosts that give guests away and take some',
      { above: 0.8, under: 0.9 },
      'relieve.under: 0.9 is above 0.8, from which on a host is relieved',
    ],
    [
      'the same of a further resource',
      {
        above: 0.8,
        also: [
          { resource: memoryGranted, above: 0.8 },
          { above: 0.5, until: 0.7 },
        ],
      },
      [
        'relieve.also[1].until: 0.7 is above 0.5, from which on a host is relieved',
        'relieve.also[1].resource: another one is called cpu',
      ].join('\n'),
    ],
    [
      'a resource of which there is no share',
      { above: 0.8, also: [{ resource: { ...memoryGranted, unit: 'count' }, above: 1 }] },
      'relieve.also[0].resource: memory is no share of what a host offers',
    ],
    [
      'a signal that no resource asks for',
      { above: 0.8, signals: { disk: level(cpu) } },
      'relieve.signals.disk: no resource is called so',
    ],
    [
      'things of the wrong kind',
      { above: 0.8, resource: 3, constraints: [null, 'none'], signals: { cpu: null }, leaving: 'first' },
      [
        'relieve.resource: must be a resource',
        'relieve.leaving: Invalid option: expected one of "largest"|"smallest"|"within surplus"',
        'relieve.signals.cpu: must be a signal',
        'relieve.constraints[0]: must be a constraint',
        'relieve.constraints[1]: must be a constraint',
      ].join('\n'),
    ],
  ])('%s', (_, settings, message) => {
    let said = '';
    try {
      // Settings from outside have no type.
      relieve(settings as RelieveSettings);
    } catch (error) {
      said = error instanceof Error ? error.message : '';
    }
    expect(said).toBe(message);
  });

  test('marks may all be the same, and are not compared where they are worked out', () => {
    expect(() => relieve({ above: 0.8, until: 0.8, fillTo: 0.8, under: 0.8 })).not.toThrow();
    expect(() => relieve({ above: timesMean(1.5), until: 0.8, fillTo: 0.9 })).not.toThrow();
    expect(() => relieve({ above: 0.5, fillTo: memoryFree(gibibytes(1)) })).not.toThrow();
  });
});

describe('what relief watches', () => {
  test('the latest reading of what is measured, and nothing of what is given', () => {
    const { watch } = relieve({ above: 0.8, also: [{ resource: memoryGranted, above: 0.9 }] });
    expect(Object.entries(watch.guest ?? {}).map(([name, signal]) => [name, signal.name])).toEqual([
      ['cpu', level(cpu).name],
    ]);
    expect(watch.host).toBeUndefined();
    expect(relieve({ above: 0.8 }).name).toBe('relieve');
  });

  test('another signal, where one is named', () => {
    const signals = { cpu: average(cpu, { of: 6 }) };
    expect(relieve({ above: 0.8, signals }).watch).toEqual({ guest: signals });
  });
});

describe('marks that are worked out', () => {
  const at = (mark: Mark, mean = 0): number => markOf(mark, host('a'), mean);

  test('so many times the mean, at least so much', () => {
    expect(at(timesMean(1.5), 0.4)).toBeCloseTo(0.6);
    expect(at(timesMean(1.5, { least: percent(25) }), 0.1)).toBe(0.25);
    expect(at(timesMean(1.5, { least: percent(25) }), 0.2)).toBeCloseTo(0.3);
  });

  test('the share of memory at which so much is free; of a host that has less than that, none', () => {
    expect(at(memoryFree(gibibytes(4)))).toBe(0.75);
    expect(at(memoryFree(gibibytes(64)))).toBe(0);
  });

  test('the lowest of several, whatever they are', () => {
    const lowest = lowestOf(percent(80), memoryFree(gibibytes(4)), timesMean(2));
    expect([at(lowest, 0.5), at(lowest, 0.25)]).toEqual([0.75, 0.5]);
  });
});
