/** Orders of moves: wherever there is one that memory allows and that is never worse on the way, one is found. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlannerState, PlannerStep } from '../../../src/policies/index.js';
import { sequence } from '../../../src/policies/planner/sequence.js';
import { fits } from '../../../src/policies/planner/shortened.js';
import { measuresOf, type Spread, spreadOf } from '../../../src/policies/planner/spread.js';
import { clusterOf, stateOf } from './states.js';

const spreadFor = (state: PlannerState): Spread => spreadOf(measuresOf(state, { cpu: 1, memory: 0 }), 'mean deviation');

/** Whether no beginning leaves more than there was. */
const isSound = (state: PlannerState, steps: readonly PlannerStep[]): boolean => {
  const spread = spreadFor(state);
  const before = spread.value();
  return steps.every(({ guest, from, to }) => {
    spread.shift(guest, from, to);
    return spread.value() <= before + 1e-9;
  });
};

const ordersOf = (steps: readonly PlannerStep[]): readonly (readonly PlannerStep[])[] =>
  steps.length === 0
    ? [[]]
    : steps.flatMap((first, i) => ordersOf(steps.toSpliced(i, 1)).map((rest) => [first, ...rest]));

test('is found where the move that helps most leads nowhere', () => {
  const state = stateOf(
    clusterOf([
      [
        [0.36, 1],
        [0.12, 1],
        [0.28, 1],
      ],
      [
        [0.2, 1],
        [0.21, 1],
      ],
    ]),
  );
  // After guest 1, which helps most, each of the others is worse than no move.
  const steps = [
    { guest: 1, from: 0, to: 1 },
    { guest: 2, from: 0, to: 1 },
    { guest: 4, from: 1, to: 0 },
  ];
  const order = sequence(state, steps, spreadFor(state), []);
  expect(order?.map(({ guest }) => guest)).toEqual([2, 4, 1]);
});

test('is found for up to five moves wherever there is one, and is one', () => {
  const guest = fc.tuple(
    fc.integer({ min: 1, max: 40 }).map((n) => n / 100),
    fc.integer({ min: 1, max: 8 }),
  );
  const hosts = fc.array(fc.array(guest, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 3 });
  let some = 0;
  fc.assert(
    fc.property(
      hosts,
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.nat(2), { minLength: 12, maxLength: 12 }),
      (list, spare, targets) => {
        const memory = spare + Math.max(...list.map((own) => own.reduce((sum, [, size]) => sum + size, 0)));
        const state = stateOf(clusterOf(list, memory));
        const steps = state.guests
          .map((_, number) => ({ guest: number, from: state.guestHost[number] ?? 0, to: targets[number] ?? 0 }))
          .filter(({ from, to }) => to !== from && to < list.length)
          .slice(0, 5);
        const spread = spreadFor(state);
        const before = spread.value();
        const order = sequence(state, steps, spread, []);
        expect(spread.value()).toBeCloseTo(before, 12);
        const there = ordersOf(steps).some((each) => fits(state, each) && isSound(state, each));
        if (there) some++;
        expect(order !== undefined).toBe(there);
        if (!order) return;
        expect(fits(state, order) && isSound(state, order)).toBe(true);
        expect([...order].sort((a, b) => a.guest - b.guest)).toEqual(steps);
      },
    ),
    { numRuns: 300 },
  );
  expect(some).toBeGreaterThan(50);
});
