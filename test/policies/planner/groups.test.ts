/** Paths through a spare host, and members of groups on the ladder, by example and by exhaustive care. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/model/index.js';
import { type Found, plannerRules, type PlannerState, solve } from '../../../src/policies/index.js';
import { path } from '../../../src/policies/planner/path.js';
import { roomiest, sequence } from '../../../src/policies/planner/sequence.js';
import { measuresOf, spreadOf } from '../../../src/policies/planner/spread.js';
import { clusterOf, type GuestOf, stateOf } from './states.js';

/** The cluster with some guests, by number, in apart-groups or together-groups. */
const grouped = (
  cluster: Cluster,
  groups: Readonly<Record<number, string>>,
  kind: 'apart' | 'together' = 'apart',
): Cluster => ({
  ...cluster,
  guests: cluster.guests.map((guest, i) => {
    const group = groups[i];
    return group === undefined ? guest : { ...guest, [kind]: [group] };
  }),
});

/** Two full hosts whose guests are to change places, and a third one with some memory. */
const blocked: readonly (readonly GuestOf[])[] = [
  [
    [0.6, 40],
    [0.1, 20],
  ],
  [
    [0.2, 40],
    [0.1, 20],
  ],
  [[0.4, 10]],
];
const change = [
  { guest: 0, from: 0, to: 1 },
  { guest: 2, from: 1, to: 0 },
];

describe('a path', () => {
  const of = (state: PlannerState, spares = roomiest(state)): ReturnType<typeof path> =>
    path({ state, taken: state.taken }, change, spares);

  test('waits on a spare host until the place is free, where two full hosts change guests', () => {
    const state = stateOf(clusterOf(blocked, 64));
    expect(of(state)).toEqual([
      { guest: 0, from: 0, to: 2 },
      { guest: 2, from: 1, to: 0 },
      { guest: 0, from: 2, to: 1 },
    ]);
  });

  test('is none where no spare host has the memory', () => {
    expect(
      of(
        stateOf(
          clusterOf(
            blocked.map((list, h) => (h === 2 ? [[0.4, 30] as const] : list)),
            64,
          ),
        ),
      ),
    ).toBeUndefined();
    expect(of(stateOf(clusterOf(blocked, 64)), [])).toBeUndefined();
  });

  test('lets the smaller guest wait', () => {
    const uneven = blocked.map((list, h) => (h === 1 ? [[0.2, 36] as const, [0.1, 24] as const] : list));
    expect(of(stateOf(clusterOf(uneven, 64)))?.[0]).toEqual({ guest: 2, from: 1, to: 2 });
  });

  test('lets no member of a group wait, for it might meet another one there', () => {
    const cluster = clusterOf(blocked, 64);
    expect(of(stateOf(grouped(cluster, { 0: 'a' })))?.[0]).toEqual({ guest: 2, from: 1, to: 2 });
    expect(of(stateOf(grouped(cluster, { 0: 'a', 2: 'b' })))).toBeUndefined();
  });

  test('costs no more moves where memory allows them as they are', () => {
    const state = stateOf(clusterOf(blocked, 128));
    expect(of(state)).toEqual(change);
  });
});

test('a sequence goes through a spare host where no order of the moves alone will do', () => {
  // The guest that waits makes the cluster no less even than it was.
  const state = stateOf(
    clusterOf(
      [
        [
          [0.3, 40],
          [0.3, 20],
        ],
        [
          [0.1, 40],
          [0.1, 20],
        ],
        [[0.1, 10]],
      ],
      64,
    ),
  );
  const spread = spreadOf(measuresOf(state, { cpu: 1, memory: 0 }), 'mean deviation');
  const idle = spread.value();
  expect(sequence(state, change, spread, roomiest(state))).toEqual([
    { guest: 0, from: 0, to: 2 },
    { guest: 2, from: 1, to: 0 },
    { guest: 0, from: 2, to: 1 },
  ]);
  expect(spread.value()).toBeCloseTo(idle, 12);
  expect(sequence(state, change, spread, [])).toBeUndefined();
});

test('the roomiest hosts come first, six at most, equals by name', () => {
  const hosts = [30, 10, 20, 10, 60, 50, 40, 63].map((size) => [[0.1, size]] as const);
  expect(roomiest(stateOf(clusterOf(hosts, 64)))).toEqual([1, 3, 2, 0, 6, 5]);
});

const found = (cluster: Cluster, moves: number): { readonly state: PlannerState; readonly plan: Found } => {
  const state = stateOf(cluster);
  return { state, plan: solve(state, plannerRules({ goal: { balance: {} }, budget: { moves } })) };
};

describe('members of groups', () => {
  const hosts: readonly (readonly GuestOf[])[] = [
    [
      [0.3, 1],
      [0.3, 1],
    ],
    [[0.6, 1]],
    [[0.3, 1]],
    [[0.3, 1]],
  ];

  test('of an apart-group go on the ladder too, to different hosts', () => {
    const { plan, state } = found(
      grouped(
        clusterOf([
          [
            [0.3, 1],
            [0.3, 1],
          ],
          [
            [0.3, 1],
            [0.3, 1],
          ],
          [],
          [],
        ]),
        { 0: 'a', 2: 'a', 1: 'b', 3: 'b' },
      ),
      2,
    );
    expect(plan.reached).toBeCloseTo(0, 9);
    expect(new Set(plan.steps.map(({ to }) => to)).size).toBe(2);
    expect(state.grouped.every((each) => each === 1)).toBe(true);
  });

  test('of an apart-group do not go where another one stands, even if it leaves', () => {
    const { plan } = found(grouped(clusterOf(hosts), { 0: 'a', 1: 'a', 2: 'a', 3: 'a', 4: 'a' }), 4);
    expect(plan.steps).toEqual([]);
  });

  test('of a together-group come together one a plan, and never leave each other', () => {
    const torn = grouped(
      clusterOf([
        [
          [0.2, 1],
          [0.2, 1],
          [0.4, 1],
        ],
        [[0.1, 1]],
        [[0.1, 1]],
      ]),
      { 0: 'a', 3: 'a' },
      'together',
    );
    const { steps } = found(torn, 3).plan;
    const members = steps.filter(({ guest }) => guest === 0 || guest === 3);
    // Either goes to where the other stands.
    for (const { guest, to } of members) expect(to).toBe(guest === 0 ? 1 : 0);
    expect(members.length).toBeLessThanOrEqual(1);
    const whole = grouped(
      clusterOf([
        [
          [0.4, 1],
          [0.4, 1],
        ],
        [],
      ]),
      { 0: 'a', 1: 'a' },
      'together',
    );
    expect(found(whole, 2).plan.steps).toEqual([]);
  });

  test('keep apart and together after every move, in the order of the plan', () => {
    const some = fc.array(
      fc.array(
        fc.tuple(
          fc.integer({ min: 1, max: 30 }).map((n) => n / 100),
          fc.integer({ min: 1, max: 8 }),
          fc.integer({ min: 0, max: 5 }),
        ),
        { minLength: 1, maxLength: 4 },
      ),
      { minLength: 3, maxLength: 5 },
    );
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 5 }), (drawn, moves) => {
        const names = drawn.flat().map(([, , group]) => group);
        const plain = clusterOf(
          drawn.map((list) => list.map(([load, size]) => [load, size] as const)),
          33,
        );
        const cluster = {
          ...plain,
          guests: plain.guests.map((guest, i) => ({
            ...guest,
            apart: (names[i] ?? 0) < 2 ? [`apart ${names[i]}`] : [],
            together: names[i] === 2 || names[i] === 3 ? [`together ${names[i]}`] : [],
          })),
        };
        const { state, plan } = found(cluster, moves);
        const at = Array.from(state.guestHost);
        const company = (guest: number, host: number, kind: 'apart' | 'together'): number => {
          const own = state.guests[guest]?.[kind] ?? [];
          return at.filter(
            (where, other) =>
              other !== guest && where === host && state.guests[other]?.[kind].some((group) => own.includes(group)),
          ).length;
        };
        for (const { guest, from, to } of plan.steps) {
          const members = state.units.get(guest) ?? [guest];
          for (const member of members) {
            expect(at[member]).toBe(from);
            expect(company(member, to, 'apart')).toBe(0);
          }
          for (const member of members) at[member] = to;
          for (const member of members)
            expect(company(member, to, 'together')).toBeGreaterThanOrEqual(company(member, from, 'together'));
        }
      }),
      { numRuns: 80 },
    );
  });
});
