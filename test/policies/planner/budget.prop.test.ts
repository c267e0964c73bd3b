/** Budgets of balance in moves, bytes and seconds: they are kept, a larger one is never worse, and what they buy is the best or near it. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gibibytes } from '../../../src/model/index.js';
import {
  cpuCycles,
  loadState,
  plannerRules,
  type PlannerSettings,
  solve,
  standardConstraints,
} from '../../../src/policies/index.js';
import { clusterOf, type GuestOf, stateOf } from './states.js';

const hosts = fc.array(
  fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: 40 }).map((n) => n / 100),
      fc.integer({ min: 1, max: 8 }),
    ),
    { maxLength: 3 },
  ),
  { minLength: 2, maxLength: 3 },
);
type Hosts = readonly (readonly GuestOf[])[];

/** The least spread at the end of any order of moves that cost so much at most, no beginning of which is worse than none; memory plenty. */
const exhaustive = (list: Hosts, most: number, costOf: (guest: GuestOf, number: number) => number): number => {
  const guests = list.flatMap((own, h) => own.map((guest) => ({ guest, h })));
  const total = guests.reduce((sum, { guest: [load] }) => sum + load, 0);
  const spread = (loads: readonly number[]): number =>
    loads.reduce((sum, load) => sum + Math.abs(load - total / list.length), 0) / list.length;
  const start = list.map((own) => own.reduce((sum, [load]) => sum + load, 0));
  const search = (loads: readonly number[], moved: readonly number[], left: number): number => {
    const ends = guests.flatMap(({ guest, h }, i) => {
      const rest = left - costOf(guest, i);
      if (rest < 0 || moved.includes(i) || moved.length === 3) return [];
      return list.flatMap((_, to) => {
        const next = loads.map((each, at) => each + (at === to ? guest[0] : 0) - (at === h ? guest[0] : 0));
        return to === h || spread(next) > spread(start) + 1e-9 ? [] : [search(next, [...moved, i], rest)];
      });
    });
    return Math.min(spread(loads), ...ends);
  };
  return search(start, [], most);
};

const solved = (list: Hosts, settings: Omit<PlannerSettings, 'goal'>): ReturnType<typeof solve> =>
  solve(stateOf(clusterOf(list, 128)), plannerRules({ goal: { balance: {} }, ...settings }));

describe('a budget', () => {
  test('of memory is kept, and no search of all plans of three moves does better', () => {
    fc.assert(
      fc.property(hosts, fc.integer({ min: 0, max: 14 }), (list, most) => {
        const { steps, reached } = solved(list, { budget: { memory: gibibytes(most) } });
        const sizes = list.flat().map(([, size]) => size);
        expect(steps.reduce((sum, { guest }) => sum + (sizes[guest] ?? 0), 0)).toBeLessThanOrEqual(most);
        expect(reached).toBeLessThanOrEqual(exhaustive(list, most, ([, size]) => size) + 1e-9);
      }),
      { numRuns: 200 },
    );
  });

  test('of time is kept, to the last millisecond', () => {
    fc.assert(
      fc.property(hosts, fc.constantFrom(0, 999, 1000, 1999, 2000), (list, time) => {
        const { steps, reached } = solved(list, { budget: { time } });
        expect(steps.length).toBeLessThanOrEqual(Math.floor(time / 1000));
        expect(reached).toBeLessThanOrEqual(exhaustive(list, Math.floor(time / 1000), () => 1) + 1e-9);
      }),
      { numRuns: 200 },
    );
  });

  test('of moves counts each for what it weighs', () => {
    fc.assert(
      fc.property(hosts, fc.integer({ min: 0, max: 4 }), (list, moves) => {
        const weigh = (number: number): number => [1, 2, 0.5, 3][number % 4] ?? 1;
        const numbers = new Map(stateOf(clusterOf(list, 128)).guests.map(({ id }, i) => [id, i]));
        const { steps, reached } = solved(list, {
          budget: { moves },
          reluctance: ({ id }) => weigh(numbers.get(id) ?? 0),
        });
        const counted = (number: number): number => Math.max(1, weigh(number));
        expect(steps.reduce((sum, { guest }) => sum + counted(guest), 0)).toBeLessThanOrEqual(moves);
        expect(reached).toBeLessThanOrEqual(exhaustive(list, moves, (_, number) => counted(number)) + 1e-9);
      }),
      { numRuns: 200 },
    );
  });
});

/** Clusters of which not all placements can be looked at. */
const larger = fc.array(
  fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: 40 }).map((n) => n / 100),
      fc.integer({ min: 1, max: 8 }),
    ),
    { minLength: 2, maxLength: 7 },
  ),
  { minLength: 4, maxLength: 5 },
);

describe('a larger budget', () => {
  const kinds: Readonly<Record<string, (amount: number) => Omit<PlannerSettings, 'goal'>>> = {
    bytes: (amount) => ({ budget: { memory: gibibytes(amount) } }),
    'bytes, not whole': (amount) => ({ budget: { memory: 1.37 * gibibytes(amount) } }),
    time: (amount) => ({ budget: { time: 700 * amount } }),
    'moves that weigh': (amount) => ({
      budget: { moves: Math.ceil(amount / 6) },
      reluctance: ({ id }) => [1, 2, 0.5, 3][Number(id.slice(-1)) % 4] ?? 1,
    }),
  };
  const room = fc.constantFrom(0, 2, 90);
  const goals = fc.constantFrom<PlannerSettings['goal']>(
    { balance: {} },
    { balance: { of: 'cpu+memory' } },
    { balance: { by: 'largest host' } },
  );
  test.each(Object.entries(kinds))('of %s never gives a worse end, and each is kept', (_, budgetOf) => {
    fc.assert(
      fc.property(
        larger,
        fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 })),
        room,
        goals,
        (list, [less, more], spare, goal) => {
          const memory = spare + Math.max(...list.map((own) => own.reduce((sum, [, size]) => sum + size, 0)));
          const state = stateOf(clusterOf(list, memory));
          const end = (amount: number): number => {
            const rules = plannerRules({ goal, ...budgetOf(amount) });
            const { steps, reached, bound } = solve(state, rules);
            const takes = steps.reduce((sum, { guest }) => sum + (state.guestMemory[guest] ?? 0), 0);
            expect(takes).toBeLessThanOrEqual(rules.budget.memory);
            expect(1000 * steps.length).toBeLessThanOrEqual(rules.budget.time);
            expect(steps.length).toBeLessThanOrEqual(rules.budget.moves);
            expect(bound).toBeLessThanOrEqual(reached + 1e-9);
            return reached;
          };
          expect(end(less + more)).toBeLessThanOrEqual(end(less) + 1e-9);
        },
      ),
      { numRuns: 15 },
    );
  });
});

test('a caller without time gets no moves, whatever is asked for', () => {
  const list: Hosts = [
    [
      [0.4, 4],
      [0.4, 4],
    ],
    [],
  ];
  const preferences = [{ name: 'elsewhere', weight: 0.1, amiss: () => 1 }];
  const cases: readonly Omit<PlannerSettings, 'goal'>[] = [
    { preferences },
    { preferences, budget: { moves: 2 } },
    { budget: { memory: gibibytes(8) } },
    { budget: { moves: 2 }, reluctance: () => 2 },
  ];
  for (const settings of cases)
    expect(
      solve(stateOf(clusterOf(list)), plannerRules({ goal: { balance: {} }, ...settings }), () => false).steps,
    ).toEqual([]);
});

describe('a guest of which nobody knows how long its move takes', () => {
  const full = (guests: number): Hosts => [Array.from({ length: guests }, () => [0.08, 2] as const), [], []];
  const states = [6, 12].map((guests) => {
    const cluster = clusterOf(full(guests), 128);
    const durationOf = ({ id }: { readonly id: string }): number => (id === 'guest-0-5' ? Infinity : 1000);
    return loadState(cluster, { resource: cpuCycles, constraints: standardConstraints, durationOf }).state;
  });
  const preferences = [{ name: 'elsewhere', weight: 1e-6, amiss: () => 1 }];
  const cases: readonly Omit<PlannerSettings, 'goal'>[] = [
    { budget: { time: 3000 } },
    { budget: { time: 3000, moves: 5 } },
    { budget: { time: 3000 }, preferences },
  ];
  test.each(cases)('stays under a budget of time, and keeps no other from moving: %o', (settings) => {
    for (const state of states) {
      const { steps, reached, bound } = solve(state, plannerRules({ goal: { balance: {} }, ...settings }));
      expect(steps).toHaveLength(3);
      expect(steps.map(({ guest }) => guest)).not.toContain(5);
      expect(Number.isFinite(reached) && Number.isFinite(bound)).toBe(true);
    }
  });
});
