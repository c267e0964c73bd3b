/** Properties of relief: every plan can be carried out, costs no less than the bound, and is seldom beaten by exhaustive search. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Found, plannerRules, type PlannerState, solve } from '../../../src/policies/index.js';
import { clusterOf, stateOf } from './states.js';

const mark = 0.8;
const tolerance = 1e-6;

/** Up to three hosts and six guests, of which loads and memories leave little room. */
const tight = fc
  .array(
    fc.array(
      fc.tuple(
        fc.integer({ min: 1, max: 12 }).map((n) => n / 20),
        fc.integer({ min: 4, max: 40 }),
      ),
      {
        minLength: 1,
        maxLength: 2,
      },
    ),
    { minLength: 2, maxLength: 3 },
  )
  .map((hosts) => clusterOf(hosts, 64))
  .filter((cluster) =>
    cluster.hosts.every(
      ({ id }) =>
        cluster.guests.filter(({ host }) => host === id).reduce((sum, { memory }) => sum + memory, 0) <= 64 * 2 ** 30,
    ),
  );

const isHot = ({ load, capacity }: Pick<PlannerState, 'load' | 'capacity'>, host: number): boolean =>
  (load[host] ?? 0) > (mark + tolerance) * (capacity[host] ?? 0);

/** The fewest moves, each guest once, after which no host is hot; infinite where there is no order of them. */
const fewest = (state: PlannerState): number => {
  const [load, taken] = [state.load.slice(), state.taken.slice()];
  const moved = new Set<number>();
  let best = Infinity;
  const search = (): void => {
    if (moved.size >= best) return;
    if (!load.some((_, host) => isHot({ load, capacity: state.capacity }, host))) {
      best = moved.size;
      return;
    }
    state.guests.forEach((_, guest) => {
      if (moved.has(guest)) return;
      const from = state.guestHost[guest] ?? 0;
      const [weight, memory] = [state.guestLoad[guest] ?? 0, state.guestMemory[guest] ?? 0];
      state.hosts.forEach((__, to) => {
        if (to === from || (taken[to] ?? 0) + memory > (state.room[to] ?? 0)) return;
        const shift = (sign: number): void => {
          load[to] = (load[to] ?? 0) + sign * weight;
          load[from] = (load[from] ?? 0) - sign * weight;
          taken[to] = (taken[to] ?? 0) + sign * memory;
          taken[from] = (taken[from] ?? 0) - sign * memory;
        };
        shift(1);
        moved.add(guest);
        search();
        moved.delete(guest);
        shift(-1);
      });
    });
  };
  search();
  return best;
};

const solved = (state: PlannerState, minimise: 'moves' | 'memory' = 'moves'): Found =>
  solve(state, plannerRules({ goal: { relieve: { mark, minimise } } }));

describe.each(['moves', 'memory'] as const)('where %s are kept few', (minimise) => {
  test('every move finds its memory, no host that was cool ends hot, and those that are named are the hot ones', () => {
    fc.assert(
      fc.property(tight, (cluster) => {
        const state = stateOf(cluster);
        const { steps, left, bound, reached } = solved(state, minimise);
        const [load, taken] = [state.load.slice(), state.taken.slice()];
        for (const { guest, from, to } of steps) {
          taken[to] = (taken[to] ?? 0) + (state.guestMemory[guest] ?? 0);
          expect(taken[to]).toBeLessThanOrEqual(state.room[to] ?? 0);
          taken[from] = (taken[from] ?? 0) - (state.guestMemory[guest] ?? 0);
          load[to] = (load[to] ?? 0) + (state.guestLoad[guest] ?? 0);
          load[from] = (load[from] ?? 0) - (state.guestLoad[guest] ?? 0);
        }
        const still = Array.from(load.keys()).filter((host) => isHot({ load, capacity: state.capacity }, host));
        expect(left.map(({ host }) => host).sort()).toEqual(still);
        if (left.length === 0) expect(reached).toBeGreaterThanOrEqual(bound);
        if (steps.length > 0) expect(state.load.some((_, host) => isHot(state, host))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

test('exhaustive search never needs fewer moves where all hosts are relieved', () => {
  fc.assert(
    fc.property(tight, (cluster) => {
      const state = stateOf(cluster);
      const { steps, left } = solved(state);
      if (left.length === 0) expect(steps.length).toBeLessThanOrEqual(fewest(state));
    }),
    { numRuns: 100 },
  );
});
