/** Exchanges between two hosts against all that there are: where a walk has settled, no two hosts have one that would leave less spread. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pathfinder } from '../../../src/policies/planner/path.js';
import { roomiest } from '../../../src/policies/planner/sequence.js';
import { settlerOf } from '../../../src/policies/planner/settle.js';
import { measuresOf, spreadOf } from '../../../src/policies/planner/spread.js';
import { holds, movesOf, passable, restart, type Walk, walkFrom } from '../../../src/policies/planner/walk.js';
import { clusterOf, type GuestOf, stateOf } from './states.js';

const hosts = fc.array(
  fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: 40 }).map((n) => n / 100),
      fc.integer({ min: 1, max: 16 }),
    ),
    { maxLength: 4 },
  ),
  { minLength: 2, maxLength: 4 },
);
const goals = fc.record({
  of: fc.constantFrom({ cpu: 1, memory: 0 }, { cpu: 0, memory: 1 }, { cpu: 1, memory: 1 }, { cpu: 2, memory: 0.5 }),
  by: fc.constantFrom('mean deviation' as const, 'standard deviation' as const, 'both' as const),
});
type Hosts = readonly (readonly GuestOf[])[];

const walkOf = (list: Hosts, goal: Walk['goal']): Walk => walkFrom(stateOf(clusterOf(list, 64)), goal);

/** The spread where a walk stands, from the state alone. */
const spreadAt = (walk: Walk): number => {
  const spread = spreadOf(measuresOf(walk.state, walk.goal.of), walk.goal.by);
  for (const { guest, from, to } of movesOf(walk)) spread.shift(guest, from, to);
  return spread.value();
};

/** All sets of up to four. */
const setsOf = (list: readonly number[], most = 4): readonly (readonly number[])[] =>
  list.reduce<readonly (readonly number[])[]>(
    (sets, each) => [...sets, ...sets.filter((set) => set.length < most).map((set) => [...set, each])],
    [[]],
  );

/** The least spread that one exchange of any two hosts leaves, within so many moves; the walk is put back. */
const bestExchange = (walk: Walk, moves: number): number => {
  const { state, at } = walk;
  const here = movesOf(walk);
  const placed = Array.from(at);
  let best = Infinity;
  const count = state.hosts.length;
  for (let a = 0; a < count; a++)
    for (let b = a + 1; b < count; b++)
      for (const set of setsOf(Array.from(placed.keys()).filter((guest) => [a, b].includes(placed[guest] ?? -1)))) {
        const to = placed.map((host, guest) => (set.includes(guest) ? (host === a ? b : a) : host));
        const steps = to.flatMap((host, guest) => {
          const from = state.guestHost[guest] ?? 0;
          return host === from ? [] : [{ guest, from, to: host }];
        });
        restart(walk, steps);
        if (steps.length <= moves && holds(walk)) best = Math.min(best, spreadAt(walk));
      }
  restart(walk, here);
  return best;
};

describe('hosts in pairs', () => {
  test('have settled where no exchange of up to four guests leaves less, and say what is left', () => {
    fc.assert(
      fc.property(hosts, goals, fc.integer({ min: 0, max: 4 }), (list, goal, moves) => {
        const walk = walkOf(list, goal);
        fc.pre(walk.guests.length > 0);
        const idle = spreadAt(walk);
        const left = settlerOf(walk)({ most: moves, best: 1, trade: 3, finder: undefined });
        expect(left).toBeCloseTo(spreadAt(walk), 7);
        expect(left).toBeLessThanOrEqual(idle + 1e-9);
        expect(movesOf(walk).length).toBeLessThanOrEqual(moves);
        expect(holds(walk)).toBe(true);
        expect(bestExchange(walk, moves)).toBeGreaterThan(left - 1e-6);
      }),
      { numRuns: 150 },
    );
  });

  test('keep to placements to which an order leads, where they are asked to', () => {
    fc.assert(
      fc.property(hosts, goals, fc.integer({ min: 1, max: 4 }), (list, goal, moves) => {
        // Memory is short: as much as the fullest host takes.
        const most = Math.max(...list.map((own) => own.reduce((sum, [, size]) => sum + size, 0)));
        const state = stateOf(clusterOf(list, most + 1));
        const walk = walkFrom(state, goal);
        fc.pre(walk.guests.length > 0);
        const finder = pathfinder(state, state.taken, roomiest(state));
        settlerOf(walk)({ most: moves, best: 1, trade: 3, finder });
        expect(passable(walk, finder, moves)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('have settled at once where they settled before, and again from elsewhere', () => {
    fc.assert(
      fc.property(hosts, goals, (list, goal) => {
        const walk = walkOf(list, goal);
        fc.pre(walk.guests.length > 0);
        const settle = settlerOf(walk);
        const left = settle({ most: 3, best: 1, trade: 3, finder: undefined });
        const there = movesOf(walk);
        expect(settle({ most: 3, best: 1, trade: 3, finder: undefined })).toBeCloseTo(left, 12);
        expect(movesOf(walk)).toEqual(there);
        restart(walk, []);
        expect(settle({ most: 3, best: 1, trade: 3, finder: undefined })).toBeCloseTo(spreadAt(walk), 7);
      }),
      { numRuns: 60 },
    );
  });

  test('send a guest home to make another one go, where all moves are spent', () => {
    // The guest of 0.3 has gone where that of 0.2 should have.
    const walk = walkOf(
      [
        [
          [0.3, 1],
          [0.2, 1],
          [0.2, 1],
        ],
        [[0.3, 1]],
      ],
      { of: { cpu: 1, memory: 0 }, by: 'mean deviation' },
    );
    restart(walk, [{ guest: 0, from: 0, to: 1 }]);
    expect(settlerOf(walk)({ most: 1, best: 1, trade: 3, finder: undefined })).toBeCloseTo(0, 9);
    expect(movesOf(walk)).toHaveLength(1);
    expect(movesOf(walk)[0]?.guest).not.toBe(0);
  });

  test.each([
    [0, 0.5],
    [1, 0.1],
  ])('trade moves between pairs of up to %d guests, which leaves %d', (trade, left) => {
    // A guest of 0.05 has gone where it helps little; the one of 0.25 should go, between two other hosts.
    const walk = walkOf(
      [
        [
          [0.25, 1],
          [0.25, 1],
        ],
        [],
        [
          [0.05, 1],
          [0.25, 1],
        ],
        [[0.2, 1]],
      ],
      {
        of: { cpu: 1, memory: 0 },
        by: 'mean deviation',
      },
    );
    restart(walk, [{ guest: 2, from: 2, to: 3 }]);
    const off = settlerOf(walk)({
      most: 1,
      best: 1,
      trade,
      finder: undefined,
    });
    expect(off * 4).toBeCloseTo(left, 9);
    expect(movesOf(walk)).toHaveLength(1);
  });
});
