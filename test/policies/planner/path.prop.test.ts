/** Paths against every order of a few moves: one is found where there is one, memory allows each move of it, and none is longer than need be. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlannerState, PlannerStep } from '../../../src/policies/index.js';
import { path, pathfinder } from '../../../src/policies/planner/path.js';
import { roomiest } from '../../../src/policies/planner/sequence.js';
import { clusterOf, stateOf } from './states.js';

/** What memory is free on each host, in bytes. */
const freeOf = ({ room, taken }: PlannerState): readonly number[] =>
  Array.from(room, (each, host) => each - (taken[host] ?? 0));

/** The memory that is free after a move, or nothing where the move does not fit. */
const after = (
  state: PlannerState,
  free: readonly number[],
  { guest, from, to }: PlannerStep,
): readonly number[] | undefined => {
  const memory = state.guestMemory[guest] ?? 0;
  if ((free[to] ?? 0) < memory) return undefined;
  return free.map((each, host) => each + (host === from ? memory : 0) - (host === to ? memory : 0));
};

/** Whether some order of moves fits, by trying all. */
const orderable = (state: PlannerState, free: readonly number[], left: readonly PlannerStep[]): boolean =>
  left.length === 0 ||
  left.some((step) => {
    const next = after(state, free, step);
    return (
      next !== undefined &&
      orderable(
        state,
        next,
        left.filter((each) => each !== step),
      )
    );
  });

/** Full hosts with guests of several sizes, and where each of some guests is to go. */
const cases = fc
  .tuple(
    fc.array(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 4 }),
    fc.array(fc.nat({ max: 99 }), { minLength: 12, maxLength: 12 }),
    fc.array(fc.nat({ max: 6 }), { minLength: 4, maxLength: 4 }),
  )
  .map(([hosts, draws, spare]) => {
    const most = Math.max(...hosts.map((sizes) => sizes.reduce((sum, size) => sum + size, 0)));
    // Guests of no load fill each host but for some memory.
    const state = stateOf(
      clusterOf(
        hosts.map((sizes, h) => [
          ...sizes.map((size) => [0.1, size] as const),
          [0, most + 6 - sizes.reduce((sum, size) => sum + size, 0) - (spare[h] ?? 0)] as const,
        ]),
        most + 6,
      ),
    );
    const movers = Array.from(state.guestHost.keys()).filter((guest) => (state.guestLoad[guest] ?? 0) > 0);
    const moves = movers
      .slice(0, 6)
      .map((guest, i): PlannerStep => {
        const from = state.guestHost[guest] ?? 0;
        return { guest, from, to: (from + 1 + ((draws[i] ?? 0) % (hosts.length - 1))) % hosts.length };
      })
      .filter((_, i) => (draws[i + 6] ?? 0) < 70);
    return { state, moves };
  });

describe('a path', () => {
  test('is found without a detour wherever some order of the moves fits', () => {
    fc.assert(
      fc.property(cases, ({ state, moves }) => {
        fc.pre(orderable(state, freeOf(state), moves));
        expect(path({ state, taken: state.taken }, moves, roomiest(state))).toHaveLength(moves.length);
      }),
      { numRuns: 300 },
    );
  });

  test('fits move by move, moves each guest from where it is, and ends where it was to end', () => {
    fc.assert(
      fc.property(cases, ({ state, moves }) => {
        const steps = path({ state, taken: state.taken }, moves, roomiest(state));
        if (!steps) return;
        let free: readonly number[] | undefined = freeOf(state);
        const at = Array.from(state.guestHost);
        for (const step of steps) {
          expect(at[step.guest]).toBe(step.from);
          at[step.guest] = step.to;
          free = after(state, free ?? [], step);
          expect(free).toBeDefined();
        }
        const ends = Array.from(state.guestHost);
        for (const { guest, to } of moves) ends[guest] = to;
        expect(at).toEqual(ends);
      }),
      { numRuns: 300 },
    );
  });

  test('keeps to a limit of moves, detours counted in, and finds the same again', () => {
    fc.assert(
      fc.property(cases, ({ state, moves }) => {
        const finder = pathfinder(state, state.taken, roomiest(state));
        const found = (limit: number): number => {
          finder.begin();
          for (const { guest, from, to } of moves) finder.add(guest, from, to);
          return finder.find(limit) ? finder.steps().length : Infinity;
        };
        const count = found(Infinity);
        if (count === Infinity) return;
        expect(found(count)).toBe(count);
        expect(found(count - 1)).toBe(Infinity);
      }),
      { numRuns: 200 },
    );
  });

  test('of two moves that would block each other in one order takes the other one', () => {
    // The first move would fill the host that the second one must pass through before it has room for both.
    const state = stateOf(
      clusterOf(
        [
          [
            [0.1, 4],
            [0, 4],
          ],
          [
            [0.1, 3],
            [0, 1],
          ],
          [
            [0.1, 2],
            [0, 6],
          ],
        ],
        8,
      ),
    );
    const moves = [
      { guest: 4, from: 2, to: 1 },
      { guest: 0, from: 0, to: 1 },
      { guest: 2, from: 1, to: 0 },
    ];
    expect(path({ state, taken: state.taken }, moves, [])?.map(({ guest }) => guest)).toEqual([0, 2, 4]);
  });
});
