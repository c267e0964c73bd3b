/** Properties of preferences: without weight they change nothing, with weight what they cost falls, and no goal is missed for them. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Found,
  plannerRules,
  type PlannerSettings,
  type PlannerState,
  type Preference,
  ratherApart,
  ratherTogether,
  solve,
} from '../../../src/policies/index.js';
import { tastesOf } from '../../../src/policies/planner/tastes.js';
import { clusterOf, stateOf } from './states.js';

const load = fc.integer({ min: 1, max: 40 }).map((n) => n / 100);
const hostsOf = (most: number): fc.Arbitrary<readonly (readonly (readonly [number, number])[])[]> =>
  fc.array(fc.array(fc.tuple(load, fc.integer({ min: 1, max: 8 })), { maxLength: most }), {
    minLength: 2,
    maxLength: 4,
  });

/** What is amiss looks random in guest and host; and company by number. */
const preferencesOf = (seed: number, weight: number): readonly Preference[] => [
  {
    name: 'taste',
    weight,
    amiss: ({ id }, host) => {
      const mixed = `${id}${host.id}`
        .split('')
        .reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0) + seed) % 997, 7);
      return mixed % 3 === 0 ? 0 : (mixed % 10) / 10;
    },
  },
  ratherApart({ name: 'apart', weight: weight / 2, group: ({ id }) => (id.endsWith('0') ? 'first' : undefined) }),
  ratherTogether({ name: 'near', weight: weight / 3, group: ({ id }) => (id.endsWith('1') ? 'second' : undefined) }),
];

const preferences = fc
  .record({ seed: fc.integer({ min: 0, max: 900 }), weight: fc.constantFrom(0.005, 0.05, 0.5) })
  .map(({ seed, weight }) => preferencesOf(seed, weight));

/** What preferences cost, and the shares of hosts, once all steps are made. */
const after = (
  state: PlannerState,
  { steps }: Pick<Found, 'steps'>,
  all: readonly Preference[],
): { readonly amiss: number; readonly shares: readonly number[]; readonly worth: number } => {
  const tastes = tastesOf(state, all);
  const loads = Array.from(state.load);
  for (const { guest, from, to } of steps) {
    tastes.shift(guest, from, to);
    loads[from] = (loads[from] ?? 0) - (state.guestLoad[guest] ?? 0);
    loads[to] = (loads[to] ?? 0) + (state.guestLoad[guest] ?? 0);
  }
  const shares = loads.map((each, h) => each / (state.capacity[h] ?? 1));
  const mean = shares.reduce((sum, each) => sum + each, 0) / shares.length;
  const spread = shares.reduce((sum, each) => sum + Math.abs(each - mean), 0) / shares.length;
  // From scratch, not as it was kept up to date.
  const at = state.guestHost.slice();
  for (const { guest, to } of steps) at[guest] = to;
  const anew = tastesOf({ ...state, guestHost: at }, all).value();
  expect(tastes.value()).toBeCloseTo(anew, 9);
  return { amiss: anew, shares, worth: spread + anew / shares.length };
};

const goals: readonly (readonly [name: string, settings: PlannerSettings])[] = [
  ['balance', { goal: { balance: {} } }],
  ['balance with a budget', { goal: { balance: {} }, budget: { moves: 3 } }],
  ['balance of both', { goal: { balance: { of: 'cpu+memory' } } }],
  ['relief', { goal: { relieve: { mark: 0.5 } } }],
  ['consolidation', { goal: { consolidate: {} } }],
];

test.each(goals)('preferences without weight change nothing of %s', (_, settings) => {
  fc.assert(
    fc.property(hostsOf(4), fc.integer(), (hosts, seed) => {
      const state = stateOf(clusterOf(hosts, 24));
      const [plain, without] = [settings, { ...settings, preferences: preferencesOf(seed, 0) }].map((each) =>
        solve(state, plannerRules(each)),
      );
      expect(without).toEqual(plain);
    }),
    { numRuns: 20 },
  );
});

describe.each([
  ['without a budget', Infinity],
  ['with a budget', 2],
])('balance %s', (_, moves) => {
  const settings: PlannerSettings = { goal: { balance: {} }, ...(moves < Infinity ? { budget: { moves } } : {}) };

  test('leaves no more of spread and what is amiss than the plan that does not ask, nor than no plan', () => {
    fc.assert(
      fc.property(hostsOf(4), preferences, (hosts, all) => {
        const state = stateOf(clusterOf(hosts, 24));
        const asked = solve(state, plannerRules({ ...settings, preferences: all }));
        const { worth } = after(state, asked, all);
        expect(asked.reached).toBeCloseTo(worth, 9);
        expect(worth).toBeLessThanOrEqual(after(state, solve(state, plannerRules(settings)), all).worth + 1e-9);
        expect(worth).toBeLessThanOrEqual(after(state, { steps: [] }, all).worth + 1e-9);
        expect(asked.bound).toBeLessThanOrEqual(worth + 1e-9);
        if (moves < Infinity) expect(asked.steps.length).toBeLessThanOrEqual(moves);
      }),
      { numRuns: 40 },
    );
  });
});

test('a larger budget never gives a worse end', () => {
  fc.assert(
    fc.property(hostsOf(3), preferences, fc.integer({ min: 0, max: 5 }), (hosts, all, moves) => {
      const state = stateOf(clusterOf(hosts, 16));
      const [less, more] = [moves, moves + 1].map(
        (most) =>
          solve(state, plannerRules({ goal: { balance: {} }, budget: { moves: most }, preferences: all })).reached,
      );
      expect(more).toBeLessThanOrEqual((less ?? 0) + 1e-9);
    }),
    { numRuns: 40 },
  );
});

test('with a budget no plan is beaten by exhaustive search by more than a tenth of a point', () => {
  fc.assert(
    fc.property(hostsOf(2), preferences, fc.integer({ min: 0, max: 2 }), (hosts, all, moves) => {
      const state = stateOf(clusterOf(hosts, 128));
      const settings: PlannerSettings = { goal: { balance: {} }, budget: { moves }, preferences: all };
      const { reached } = solve(state, plannerRules(settings));
      const start = after(state, { steps: [] }, all).worth;
      const best = (steps: Found['steps']): number => {
        const { worth } = after(state, { steps }, all);
        if (worth > start + 1e-9) return Infinity;
        if (steps.length === moves) return worth;
        const further = Array.from(state.guestHost).flatMap((from, guest) =>
          steps.some((step) => step.guest === guest)
            ? []
            : state.hosts.flatMap((_, to) => (to === from ? [] : [best([...steps, { guest, from, to }])])),
        );
        return Math.min(worth, ...further);
      };
      expect(reached).toBeLessThanOrEqual(best([]) + 1e-3);
    }),
    { numRuns: 30 },
  );
});

test('in relief the same guests move, hosts come as far under their mark, and no more is amiss', () => {
  fc.assert(
    fc.property(hostsOf(4), preferences, fc.integer({ min: 9, max: 32 }), (hosts, all, memory) => {
      const state = stateOf(clusterOf(hosts, memory));
      const settings: PlannerSettings = { goal: { relieve: { mark: 0.5 } } };
      const [plain, asked] = [settings, { ...settings, preferences: all }].map((each) =>
        solve(state, plannerRules(each)),
      );
      if (!plain || !asked) throw new Error('both were solved');
      const movedBy = ({ steps }: Found): readonly number[] => steps.map(({ guest }) => guest);
      expect(movedBy(asked)).toEqual(movedBy(plain));
      expect({ ...asked, steps: [] }).toEqual({ ...plain, steps: [] });
      const [before, now] = [after(state, plain, all), after(state, asked, all)];
      expect(now.amiss).toBeLessThanOrEqual(before.amiss + 1e-9);
      const hot = (shares: readonly number[]): readonly number[] =>
        shares.flatMap((share, h) => (share > 0.5 + 1e-8 ? [h] : []));
      expect(hot(now.shares)).toEqual(hot(before.shares));
    }),
    { numRuns: 100 },
  );
});

test('in consolidation the same hosts are emptied, none is overfilled, and no more is amiss', () => {
  fc.assert(
    fc.property(hostsOf(3), preferences, fc.boolean(), (hosts, all, surviveOne) => {
      const state = stateOf(clusterOf(hosts, 24));
      const settings: PlannerSettings = { goal: { consolidate: { fill: 0.7, surviveOne } } };
      const [plain, asked] = [settings, { ...settings, preferences: all }].map((each) =>
        solve(state, plannerRules(each)),
      );
      if (!plain || !asked) throw new Error('both were solved');
      expect(asked.empty).toEqual(plain.empty);
      const [before, now] = [after(state, plain, all), after(state, asked, all)];
      expect(now.amiss).toBeLessThanOrEqual(before.amiss + 1e-9);
      now.shares.forEach((share, h) => {
        expect(share).toBeLessThanOrEqual(Math.max(0.7, before.shares[h] ?? 0) + 1e-8);
        if (plain.empty?.includes(h) === true) expect(share).toBeCloseTo(0, 9);
      });
    }),
    { numRuns: 100 },
  );
});

test('every order of moves finds its memory, and no beginning is worse than no move', () => {
  fc.assert(
    fc.property(hostsOf(4), preferences, fc.constantFrom(3, Infinity), (hosts, all, moves) => {
      const most = Math.max(...hosts.map((guests) => guests.reduce((sum, [, size]) => sum + size, 0)));
      const state = stateOf(clusterOf(hosts, most + 2));
      const settings: PlannerSettings = { goal: { balance: {} }, preferences: all };
      const { steps } = solve(state, plannerRules(moves < Infinity ? { ...settings, budget: { moves } } : settings));
      const start = after(state, { steps: [] }, all).worth;
      const taken = Array.from(state.taken);
      steps.forEach(({ guest, from, to }, i) => {
        const memory = state.guestMemory[guest] ?? 0;
        taken[to] = (taken[to] ?? 0) + memory;
        expect(taken[to]).toBeLessThanOrEqual(state.room[to] ?? 0);
        taken[from] = (taken[from] ?? 0) - memory;
        expect(after(state, { steps: steps.slice(0, i + 1) }, all).worth).toBeLessThanOrEqual(start + 1e-8);
      });
    }),
    { numRuns: 60 },
  );
});
