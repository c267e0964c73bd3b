/** The solvers on small cases whose answers can be reckoned by hand: which jobs go, where, and of equals which. */
import { describe, expect, test } from 'vitest';
import { cheapestRemoval } from '../../../src/policies/rebalancing/cheapest-removal.js';
import { exactRebalance } from '../../../src/policies/rebalancing/exact.js';
import { greedyRebalance } from '../../../src/policies/rebalancing/greedy.js';
import {
  type Assignment,
  better,
  checked,
  indexOfLargest,
  indexOfLeast,
  type Job,
  loadsOf,
  settled,
} from '../../../src/policies/rebalancing/jobs.js';
import { partitionRebalance } from '../../../src/policies/rebalancing/partition.js';

type Sized = number | readonly [size: number, cost: number];
/** Jobs by the processors that they stand on. */
const on = (...processors: readonly (readonly Sized[])[]): Assignment => ({
  jobs: processors.flatMap((sizes, processor) =>
    sizes.map((one): Job => {
      const [size, cost] = typeof one === 'number' ? [one] : one;
      return { size, on: processor, ...(cost === undefined ? {} : { cost }) };
    }),
  ),
  processors: processors.length,
});
/** Where jobs go, as `job→processor`. */
const goes = ({ moves }: { readonly moves: readonly { job: number; to: number }[] }): readonly string[] =>
  moves.map(({ job, to }) => `${job}→${to}`);

describe('jobs on processors', () => {
  test('of equal numbers the first is the least, and the largest', () => {
    expect(indexOfLeast([3, 1, 2, 1])).toBe(1);
    expect(indexOfLargest([1, 3, 2, 3])).toBe(1);
    expect(indexOfLeast([])).toBe(0);
    expect(indexOfLargest([-3, -2])).toBe(1);
  });

  test('loads are the sums of what stands there', () => {
    expect(loadsOf(on([1, 2], [], [4]), [0, 2, 2])).toEqual([1, 0, 6]);
  });

  test.each<[Assignment, string]>([
    [{ jobs: [], processors: 0 }, 'there are 0 processors'],
    [{ jobs: [], processors: 1.5 }, 'there are 1.5 processors'],
    [on([1, -1]), 'job 1 has size -1'],
    [on([Infinity]), 'job 0 has size Infinity'],
    [{ jobs: [{ size: 1, on: -1 }], processors: 1 }, 'job 0 stands on -1'],
    [{ jobs: [{ size: 1, on: 0.5 }], processors: 1 }, 'job 0 stands on 0.5'],
    [{ jobs: [{ size: 1, on: 1 }], processors: 1 }, 'job 0 stands on 1'],
    [on([[1, -2]]), 'job 0 costs -2'],
    [on([[1, Number.NaN]]), 'job 0 costs NaN'],
  ])('what makes no sense is refused by name: %j', (start, message) => {
    expect(() => checked(start)).toThrow(new RangeError(message));
  });

  test('sizes and costs of nothing make sense', () => {
    const start = on([0, [1, 0], [1, Infinity]]);
    expect(checked(start)).toBe(start);
  });

  test.each([
    ['exact', exactRebalance, 'a budget of -1'],
    ['M-PARTITION', partitionRebalance, 'a budget of -1'],
    ['GREEDY', greedyRebalance, '-1 moves'],
  ] as const)('%s refuses less than nothing, and what is no number', (_, solve, message) => {
    expect(() => solve(on([1]), -1)).toThrow(new RangeError(message));
    expect(() => solve(on([1]), Number.NaN)).toThrow(RangeError);
  });

  test('the better is that of the smaller load, of equal loads the cheaper, of these the first', () => {
    const of = (load: number, cost: number) => ({ moves: [], load, cost });
    const [low, dear, cheap] = [of(1, 9), of(2, 5), of(2, 3)];
    expect(better(dear, low)).toBe(low);
    expect(better(low, cheap)).toBe(low);
    expect(better(dear, cheap)).toBe(cheap);
    expect(better(cheap, dear)).toBe(cheap);
    expect(better(cheap, of(2, 3))).toBe(cheap);
  });

  test('moves without which the largest load is no larger are not made, the smallest jobs back first', () => {
    const start = on([4, 3, 2, 1], [6], []);
    // With the largest first, 4 would come back beside 3, and the others would not.
    expect(settled(start, [2, 0, 2, 2, 1])).toEqual({ moves: [{ job: 0, from: 0, to: 2 }], load: 6, cost: 1 });
    expect(settled(on([4, 3], [7], []), [2, 0, 1])).toEqual({ moves: [], load: 7, cost: 0 });
  });

  test('a move is worth what it costs: its own price, or one', () => {
    expect(settled(on([[4, 7], 3, 2], []), [1, 1, 0])).toMatchObject({ load: 5, cost: 7 });
    expect(settled(on([[4, 7], 3], [], []), [1, 2])).toMatchObject({ moves: [{ job: 0 }], cost: 7 });
  });
});

describe('GREEDY (W23)', () => {
  test('takes the largest job off the most loaded processor each time, and puts the largest down first', () => {
    expect(goes(greedyRebalance(on([5, 4, 3], [], []), 2))).toEqual(['0→1', '1→2']);
    expect(goes(greedyRebalance(on([1, 3, 5], [], []), 1))).toEqual(['2→1']);
    expect(goes(greedyRebalance(on([4, 4], [6, 1], []), 2))).toEqual(['0→1', '2→2']);
  });

  test('of equal jobs the first goes, to the first of equal processors', () => {
    expect(goes(greedyRebalance(on([2, 2, 2], [], []), 1))).toEqual(['0→1']);
    expect(greedyRebalance(on([2, 2, 2], [], []), 2)).toMatchObject({ load: 2, cost: 2 });
  });

  test('passes over what may not leave, and stops where nothing may', () => {
    expect(goes(greedyRebalance(on([[5, Infinity], 4, 3], []), 1))).toEqual(['1→1']);
    expect(goes(greedyRebalance(on([[9, Infinity]], [3, 2], []), 2))).toEqual([]);
  });
});

describe('exact (W23)', () => {
  test('finds the least load, and of jobs that do the cheaper one', () => {
    expect(exactRebalance(on([4, 3, 3], [2]), 1)).toEqual({ moves: [{ job: 0, from: 0, to: 1 }], load: 6, cost: 1 });
    expect(exactRebalance(on([5, 4, 3, 2], [], []), 3)).toMatchObject({ load: 5, cost: 2 });
    expect(
      exactRebalance(
        on(
          [
            [3, 5],
            [3, 1],
          ],
          [],
        ),
        5,
      ),
    ).toMatchObject({ moves: [{ job: 1 }], cost: 1 });
  });

  test('of placements of one load takes the cheapest, whatever the budget', () => {
    for (const budget of [1, 2, 9])
      expect(exactRebalance(on([4, 4], [2], [], []), budget)).toMatchObject({ load: 4, cost: 1 });
    expect(
      exactRebalance(
        on(
          [
            [4, 3],
            [4, 2],
          ],
          [[2, 1]],
          [],
        ),
        6,
      ),
    ).toMatchObject({ moves: [{ job: 1 }], cost: 2 });
  });

  test('takes no more than the budget, and all of it where that is worth it', () => {
    const start = on(
      [
        [4, 3],
        [4, 4],
        [1, 1],
      ],
      [],
    );
    expect(exactRebalance(start, 2)).toMatchObject({ load: 8, cost: 1 });
    expect(exactRebalance(start, 3)).toMatchObject({ load: 5, cost: 3 });
    expect(exactRebalance(start, 0)).toMatchObject({ load: 9, moves: [] });
  });

  test('tells apart empty processors on which something stands that may come back', () => {
    expect(exactRebalance(on([6, 1], [5, 2], [3]), 2)).toMatchObject({ load: 6, cost: 2 });
    expect(exactRebalance(on([3, 3], [2], []), 1)).toEqual({ moves: [{ job: 1, from: 0, to: 2 }], load: 3, cost: 1 });
  });

  test('gives up after just the placements that it may make', () => {
    const start = on([2, 1], []);
    const needed = Array.from({ length: 20 }, (_, n) => n).find((n) => exactRebalance(start, 2, n) !== undefined);
    expect(needed).toBe(2);
    expect(exactRebalance(start, 2, 1)).toBeUndefined();
    expect(exactRebalance(start, 2, 2)).toMatchObject({ load: 2, cost: 1 });
  });
});

describe('M-PARTITION (W23)', () => {
  test('lets one large job stay on each processor, the dearest', () => {
    expect(
      goes(
        partitionRebalance(
          on(
            [
              [6, 2],
              [6, 9],
            ],
            [],
            [],
          ),
          2,
        ),
      ),
    ).toEqual(['0→1']);
    expect(
      goes(
        partitionRebalance(
          on(
            [
              [6, 9],
              [6, 2],
            ],
            [],
            [],
          ),
          2,
        ),
      ),
    ).toEqual(['1→1']);
    expect(
      partitionRebalance(
        on(
          [
            [6, 9],
            [6, 3],
          ],
          [],
        ),
        2,
      ),
    ).toMatchObject({ moves: [], load: 12 });
  });

  test('of large jobs of one price the smallest stays, of these the first', () => {
    expect(goes(partitionRebalance(on([6, 5], []), 1))).toEqual(['0→1']);
    expect(goes(partitionRebalance(on([5, 6], []), 1))).toEqual(['1→1']);
    expect(goes(partitionRebalance(on([6, 6], []), 1))).toEqual(['1→1']);
  });

  test('puts large jobs where no large one stands', () => {
    expect(goes(partitionRebalance(on([6, 6], [5], [1, 1]), 1))).toEqual(['1→2']);
  });

  test('small jobs leave what is above half of the guess beside a large one', () => {
    const start = on([6, 2, 2, 2], []);
    expect(partitionRebalance(start, 3)).toMatchObject({ moves: [{ job: 0 }], load: 6, cost: 1 });
    expect(partitionRebalance(start, 1).load).toBeLessThanOrEqual(1.5 * 6);
  });

  test('jobs that may not leave bound what can be reached', () => {
    // What stands beside 7 is within half of the guess, so it stays: 10 is within 1.5 times 7.
    expect(partitionRebalance(on([[7, Infinity], 3], []), 5)).toMatchObject({ moves: [], load: 10 });
    expect(partitionRebalance(on([[4, Infinity], [4, Infinity], 3], []), 5)).toMatchObject({ load: 8, cost: 1 });
    expect(
      partitionRebalance(
        on(
          [
            [4, Infinity],
            [4, Infinity],
          ],
          [],
        ),
        5,
      ),
    ).toMatchObject({ load: 8, moves: [] });
  });
});

describe('the cheapest removal (W23)', () => {
  const job = (size: number, cost?: number): Job => ({ size, on: 0, ...(cost === undefined ? {} : { cost }) });

  test('takes nothing where all fit, to the last bit', () => {
    expect(cheapestRemoval([job(2), job(2)], 4)).toEqual({ removed: [], cost: 0 });
    expect(cheapestRemoval([job(4, Infinity), job(2)], 4)).toEqual({ removed: [1], cost: 1 });
    expect(cheapestRemoval([job(4, Infinity)], 4)).toEqual({ removed: [], cost: 0 });
    expect(cheapestRemoval([], 0)).toEqual({ removed: [], cost: 0 });
    expect(cheapestRemoval([job(4, Infinity)], 3)).toEqual({ removed: [], cost: Infinity });
  });

  test('of jobs of one price takes the largest, of equal ones the first, until the rest fits', () => {
    expect(cheapestRemoval([job(2), job(3), job(3), job(1)], 6)).toEqual({ removed: [1], cost: 1 });
    expect(cheapestRemoval([job(2, 5), job(3, 5), job(3, 5), job(1, 5)], 3)).toEqual({ removed: [1, 2], cost: 10 });
  });

  test('of different prices leaves what is worth most, of sets of one worth the smallest', () => {
    expect(cheapestRemoval([job(3, 4), job(3, 5), job(2, 1)], 3)).toEqual({ removed: [0, 2], cost: 5 });
    expect(cheapestRemoval([job(3, 3), job(2, 3), job(2, 1)], 4)).toEqual({ removed: [0], cost: 3 });
    expect(cheapestRemoval([job(5, 1), job(3, 2)], 4)).toEqual({ removed: [0], cost: 1 });
    expect(cheapestRemoval([job(5, 2), job(5, 1)], 4)).toEqual({ removed: [0, 1], cost: 3 });
  });

  test('a job of no price goes before any other', () => {
    expect(cheapestRemoval([job(1, 0), job(4, 3)], 4)).toEqual({ removed: [0], cost: 0 });
  });

  test('up to twelve jobs it is exact, to the last bit', () => {
    const twelve = Array.from({ length: 12 }, (_, i) => job(1 + i / 1000, 1 + (i % 2)));
    const all = twelve.reduce((sum, { size }) => sum + size, 0);
    // All but the cheapest large enough: the first of even index whose size is what is too much.
    expect(cheapestRemoval(twelve, all - 1.0095)).toEqual({ removed: [10], cost: 1 });
  });
});
