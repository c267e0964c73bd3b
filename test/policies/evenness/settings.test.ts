import { describe, expect, test } from 'vitest';
import { average, cpu, level } from '../../../src/metrics/index.js';
import { cpuCycles, even, type EvenSettings, memoryGranted } from '../../../src/policies/index.js';

describe('settings of evening out that are wrong are refused, each by its path', () => {
  test.each<[string, unknown, string]>([
    [
      'things of the wrong kind',
      { above: -1, by: 'range', margin: 1.1, ties: 'largest', of: [], signals: { cpu: null }, constraints: [null, 1] },
      [
        'even.by: Invalid option: expected one of "gap"|"deviation"|"variation"',
        'even.above: Too small: expected number to be >=0',
        'even.margin: Too big: expected number to be <=1',
        'even.of: Too small: expected array to have >=1 items',
        'even.ties: Invalid option: expected one of "least memory"|"first by name"',
        'even.signals.cpu: must be a signal',
        'even.constraints[0]: must be a constraint',
        'even.constraints[1]: must be a constraint',
      ].join('\n'),
    ],
    ['a margin below zero', { above: 1, margin: -0.1 }, 'even.margin: Too small: expected number to be >=0'],
    ['more than it knows', { above: 1, below: 1 }, 'even.below: no such setting'],
    [
      'a resource twice',
      { above: 1, of: [{ resource: memoryGranted }, { resource: cpuCycles }, { resource: memoryGranted }] },
      'even.of[2].resource: another one is called memory',
    ],
    [
      'a resource that weighs nothing',
      { above: 1, of: [{ resource: memoryGranted, weight: 0 }] },
      'even.of[0].weight: Too small: expected number to be >0',
    ],
    ['no resource', { above: 1, of: [{ resource: null }] }, 'even.of[0].resource: must be a resource'],
    [
      'a resource of which there is no share',
      { above: 1, of: [{ resource: { ...memoryGranted, unit: 'count' } }] },
      'even.of[0].resource: memory is no share of what a host offers',
    ],
    [
      'a signal that no resource asks for',
      { above: 1, of: [{ resource: memoryGranted }], signals: { cpu: level(cpu) } },
      'even.signals.cpu: no resource is called so',
    ],
  ])('%s', (_, settings, message) => {
    let said = '';
    try {
      // Settings from outside have no type.
      even(settings as EvenSettings);
    } catch (error) {
      said = error instanceof Error ? error.message : '';
    }
    expect(said).toBe(message);
  });
});

test('it watches what is measured, each by the latest reading or by the signal that is named', () => {
  const of = [{ resource: memoryGranted }, { resource: cpuCycles }];
  const watched = (settings: EvenSettings): unknown =>
    Object.entries(even(settings).watch.guest ?? {}).map(([name, signal]) => [name, signal.name]);
  expect(watched({ above: 0 })).toEqual([['cpu', level(cpu).name]]);
  expect(watched({ above: 0, of })).toEqual([['cpu', level(cpu).name]]);
  expect(watched({ above: 0, of, signals: { cpu: average(cpu, { of: 6 }) } })).toEqual([
    ['cpu', average(cpu, { of: 6 }).name],
  ]);
  expect([even({ above: 0 }).name, Object.keys(even({ above: 0 }).watch)]).toEqual(['even', ['guest']]);
});
