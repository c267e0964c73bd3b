import { describe, expect, test } from 'vitest';
import { cheapestRemoval } from '../../../src/policies/rebalancing/cheapest-removal.js';
import { exactRebalance } from '../../../src/policies/rebalancing/exact.js';
import { greedyRebalance } from '../../../src/policies/rebalancing/greedy.js';
import type { Assignment } from '../../../src/policies/rebalancing/jobs.js';
import { partitionRebalance } from '../../../src/policies/rebalancing/partition.js';

/** Jobs by the processors that they stand on. */
const on = (...processors: readonly (readonly number[])[]): Assignment => ({
  jobs: processors.flatMap((sizes, processor) => sizes.map((size) => ({ size, on: processor }))),
  processors: processors.length,
});

const solvers = [
  ['GREEDY', greedyRebalance],
  ['M-PARTITION', partitionRebalance],
  ['exact', exactRebalance],
] as const;

describe.each(solvers)('load rebalancing, %s (W23)', (_, solve) => {
  test('with no moves all stay', () => {
    expect(solve(on([5, 4], [1]), 0)).toEqual({ moves: [], load: 9, cost: 0 });
  });

  test('one move of the right job halves the load', () => {
    expect(solve(on([4, 4], []), 1)).toMatchObject({ moves: [{ from: 0, to: 1 }], load: 4, cost: 1 });
  });

  test('equal loads stay as they are, whatever may be moved', () => {
    expect(solve(on([2, 2], [2, 2], [4]), 5)).toEqual({ moves: [], load: 4, cost: 0 });
  });

  test('a single processor, and no jobs at all', () => {
    expect(solve(on([3, 2]), 4)).toEqual({ moves: [], load: 5, cost: 0 });
    expect(solve(on([], []), 4)).toEqual({ moves: [], load: 0, cost: 0 });
  });

  test('a job of infinite cost stays', () => {
    const start: Assignment = {
      jobs: [
        { size: 5, on: 0, cost: Infinity },
        { size: 3, on: 0 },
      ],
      processors: 2,
    };
    expect(solve(start, 3)).toEqual({ moves: [{ job: 1, from: 0, to: 1 }], load: 5, cost: 1 });
  });

  test('what makes no sense is refused', () => {
    expect(() => solve(on([1]), -1)).toThrow(RangeError);
    expect(() => solve(on([Number.NaN]), 1)).toThrow('job 0 has size NaN');
    expect(() => solve({ jobs: [{ size: 1, on: 2 }], processors: 2 }, 1)).toThrow('job 0 stands on 2');
    expect(() => solve({ jobs: [], processors: 0 }, 1)).toThrow('there are 0 processors');
  });
});

describe('what sets the solvers apart (W23)', () => {
  test('M-PARTITION spends a budget on what is worth it: the cheap job goes, the dear one stays', () => {
    const start: Assignment = {
      jobs: [
        { size: 4, on: 0, cost: 10 },
        { size: 4, on: 0, cost: 1 },
      ],
      processors: 2,
    };
    expect(partitionRebalance(start, 5)).toEqual({ moves: [{ job: 1, from: 0, to: 1 }], load: 4, cost: 1 });
    expect(partitionRebalance(start, 0.5).moves).toEqual([]);
  });

  test('the exact search gives up rather than not end', () => {
    const many = on(
      Array.from({ length: 30 }, (_, i) => 1 + i / 31),
      [],
      [],
    );
    expect(exactRebalance(many, 30, 1000)).toBeUndefined();
  });

  test('a hundred processors with two thousand jobs are balanced by either', () => {
    const start = on(
      ...Array.from({ length: 100 }, (_, p) => Array.from({ length: 20 }, (__, i) => ((p * 7 + i * 13) % 29) + p / 10)),
    );
    const most = Math.max(
      ...Array.from({ length: 100 }, (_, p) =>
        start.jobs.filter((job) => job.on === p).reduce((sum, { size }) => sum + size, 0),
      ),
    );
    for (const solve of [greedyRebalance, partitionRebalance]) {
      const { load, moves } = solve(start, 100);
      expect(moves.length).toBeLessThanOrEqual(100);
      expect(load).toBeLessThan(most);
    }
  });
});

describe('the cheapest removal', () => {
  const job = (size: number, cost?: number): { size: number; on: number; cost?: number } => ({
    size,
    on: 0,
    ...(cost === undefined ? {} : { cost }),
  });

  test('of jobs of one cost the largest go first', () => {
    expect(cheapestRemoval([job(1), job(5), job(3)], 4)).toEqual({ removed: [1], cost: 1 });
  });

  test('of different costs the cheapest set goes', () => {
    expect(cheapestRemoval([job(5, 9), job(3, 2), job(2, 2)], 5)).toEqual({ removed: [1, 2], cost: 4 });
  });

  test('what may not leave may be too much', () => {
    expect(cheapestRemoval([job(5, Infinity), job(3)], 4).cost).toBe(Infinity);
  });

  test('many jobs of different costs are within one in a hundred of the room', () => {
    const jobs = Array.from({ length: 40 }, (_, i) => job(1 + ((i * 37) % 17) / 3, 1 + ((i * 11) % 23)));
    const { removed } = cheapestRemoval(jobs, 60);
    const left = jobs.filter((_, i) => !removed.includes(i)).reduce((sum, { size }) => sum + size, 0);
    expect(left).toBeLessThanOrEqual(60 * 1.01);
    expect(left).toBeGreaterThan(50);
  });
});
