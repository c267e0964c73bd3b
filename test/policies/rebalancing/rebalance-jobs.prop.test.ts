/** The guarantees of load rebalancing, held against the exact optimum of small random cases (W23). */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactRebalance } from '../../../src/policies/rebalancing/exact.js';
import { greedyRebalance } from '../../../src/policies/rebalancing/greedy.js';
import type { Assignment, Rebalanced } from '../../../src/policies/rebalancing/jobs.js';
import { partitionRebalance } from '../../../src/policies/rebalancing/partition.js';

const small = (cost: fc.Arbitrary<number>): fc.Arbitrary<Assignment> =>
  fc.integer({ min: 1, max: 4 }).chain((processors) =>
    fc.record({
      processors: fc.constant(processors),
      jobs: fc.array(
        fc.record({
          size: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.double({ min: 0, max: 12, noNaN: true })),
          on: fc.nat(processors - 1),
          cost,
        }),
        { maxLength: 8 },
      ),
    }),
  );

const ones = small(fc.oneof({ arbitrary: fc.constant(1), weight: 9 }, { arbitrary: fc.constant(Infinity), weight: 1 }));
const priced = small(
  fc.oneof({ arbitrary: fc.integer({ min: 0, max: 9 }), weight: 9 }, { arbitrary: fc.constant(Infinity), weight: 1 }),
);

/** Loads after the moves, worked out anew. */
const loadAfter = ({ jobs, processors }: Assignment, { moves }: Rebalanced): number => {
  const loads = Array.from({ length: processors }, () => 0);
  jobs.forEach(({ size, on }, i) => {
    const to = moves.find(({ job }) => job === i)?.to ?? on;
    loads[to] = (loads[to] ?? 0) + size;
  });
  return Math.max(...loads);
};

/** What is promised of every answer: within the budget, from where it stands to elsewhere, its load is what it says. */
const honest = (start: Assignment, answer: Rebalanced, budget: number): void => {
  const cost = answer.moves.reduce((sum, { job }) => sum + (start.jobs[job]?.cost ?? 1), 0);
  expect(cost).toBeLessThanOrEqual(budget);
  expect(answer.cost).toBe(cost);
  for (const { job, from, to } of answer.moves) {
    expect(start.jobs[job]?.on).toBe(from);
    expect(to).not.toBe(from);
  }
  expect(new Set(answer.moves.map(({ job }) => job)).size).toBe(answer.moves.length);
  expect(answer.load).toBeCloseTo(loadAfter(start, answer), 9);
  expect(answer.load).toBeLessThanOrEqual(loadAfter(start, { moves: [], load: 0, cost: 0 }) + 1e-9);
};

const optimum = (start: Assignment, budget: number): number => {
  const exact = exactRebalance(start, budget);
  if (!exact) throw new Error('the search gave up');
  honest(start, exact, budget);
  return exact.load;
};

/** Sums of fractions differ in the last digits by the order in which they were taken. */
const slack = 1 + 1e-6;

test('GREEDY never makes more than k moves, and is within 2 − 1/m of the exact optimum (W23)', () => {
  fc.assert(
    fc.property(ones, fc.nat(8), (start, k) => {
      const answer = greedyRebalance(start, k);
      honest(start, answer, k);
      expect(answer.load).toBeLessThanOrEqual((2 - 1 / start.processors) * optimum(start, k) * slack);
    }),
    { numRuns: 500 },
  );
});

test('M-PARTITION never makes more than k moves, and is within 1.5 of the exact optimum (W23)', () => {
  fc.assert(
    fc.property(ones, fc.nat(8), (start, k) => {
      const answer = partitionRebalance(start, k);
      honest(start, answer, k);
      expect(answer.load).toBeLessThanOrEqual(1.5 * optimum(start, k) * slack);
    }),
    { numRuns: 500 },
  );
});

test('M-PARTITION never spends more than the budget B, and is within 1.5 of the exact optimum (W23)', () => {
  fc.assert(
    fc.property(priced, fc.integer({ min: 0, max: 30 }), (start, budget) => {
      const answer = partitionRebalance(start, budget);
      honest(start, answer, budget);
      expect(answer.load).toBeLessThanOrEqual(1.5 * optimum(start, budget) * slack);
    }),
    { numRuns: 500 },
  );
});

/** Every placement there is, without any pruning. */
const everyPlacement = ({ jobs, processors }: Assignment, budget: number): number => {
  let least = Infinity;
  for (let code = 0; code < processors ** jobs.length; code++) {
    const moves = jobs.flatMap(({ on }, job) => {
      const to = Math.floor(code / processors ** job) % processors;
      return to === on ? [] : [{ job, from: on, to }];
    });
    const cost = moves.reduce((sum, { job }) => sum + (jobs[job]?.cost ?? 1), 0);
    if (cost <= budget) least = Math.min(least, loadAfter({ jobs, processors }, { moves, load: 0, cost }));
  }
  return least;
};

test('the exact search is as good as trying every placement (W23)', () => {
  fc.assert(
    fc.property(
      priced.filter(({ jobs, processors }) => processors ** jobs.length <= 4096),
      fc.integer({ min: 0, max: 20 }),
      (start, budget) => {
        expect(optimum(start, budget)).toBeCloseTo(everyPlacement(start, budget), 6);
      },
    ),
    { numRuns: 60 },
  );
});
