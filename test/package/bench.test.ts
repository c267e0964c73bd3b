/** The figures of the benchmarks against their targets, and as a table. */
import { describe, expect, test } from 'vitest';
import { meets, table } from '../../bench/table.js';

const figure = { benchmark: 'signals', name: 'samples', value: 1_200_000, unit: 'a second' };

describe('a figure', () => {
  test('without a target is neither met nor missed', () => {
    expect(meets(figure)).toBeUndefined();
  });
  test('meets its target from the side that is better', () => {
    expect(meets({ ...figure, target: 1_000_000, better: 'more' })).toBe(true);
    expect(meets({ ...figure, target: 1_000_000, better: 'less' })).toBe(false);
    expect(meets({ ...figure, value: 19, target: 20 })).toBe(true);
  });
  test('that is not a number meets no target', () => {
    expect(meets({ ...figure, value: Number.NaN, target: 20 })).toBe(false);
    expect(meets({ ...figure, value: Number.NaN, target: 20, better: 'more' })).toBe(false);
  });
});

test('figures stand in columns, with target and verdict', () => {
  expect(
    table([
      { ...figure, target: 1_000_000, better: 'more' },
      { benchmark: 'snapshot', name: 'time', value: 23.456, unit: 'ms', target: 20 },
      { benchmark: 'snapshot', name: 'heap', value: 100, unit: 'MB' },
    ]),
  ).toEqual([
    'benchmark  figure   value               target',
    'signals    samples  1,200,000 a second  ≥ 1,000,000 a second  met',
    'snapshot   time     23.5 ms             ≤ 20 ms               missed',
    'snapshot   heap     100 MB',
  ]);
});
