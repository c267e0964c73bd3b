/** Relief by example: why a host is left, and what is done where guests block each other. */
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/model/index.js';
import { type Found, plannerRules, type PlannerSettings, solve } from '../../../src/policies/index.js';
import { clusterOf, type GuestOf, stateOf } from './states.js';

const relief: PlannerSettings = { goal: { relieve: { mark: 0.8 } } };

const found = (cluster: Cluster, settings = relief, goOn?: () => boolean): Found =>
  solve(stateOf(cluster), plannerRules(settings), goOn);

const movesOf = (hosts: readonly (readonly GuestOf[])[], memory: number, settings = relief): readonly string[] => {
  const cluster = clusterOf(hosts, memory);
  const state = stateOf(cluster);
  return solve(state, plannerRules(settings)).steps.map(
    ({ guest, from, to }) => `${state.guests[guest]?.id ?? ''} ${from}-${to}`,
  );
};

/** The guest of the hot host finds room only where another one goes on. */
const blocked: readonly (readonly GuestOf[])[] = [
  [
    [0.5, 30],
    [0.4, 30],
  ],
  [[0.1, 40]],
  [[0.7, 20]],
];

describe('a host is left', () => {
  test('as stuck where what may leave it does not suffice', () => {
    const cluster = clusterOf([
      [
        [0.5, 4],
        [0.4, 4],
      ],
      [],
    ]);
    const held = { ...cluster, guests: cluster.guests.map((guest) => ({ ...guest, migratable: false })) };
    expect(found(held)).toMatchObject({ steps: [], bound: 0, reached: 0, left: [{ host: 0, why: 'stuck' }] });
  });

  test('with nowhere to go where no other host has the room, however guests are sent on', () => {
    const plan = found(clusterOf([[[0.95, 30]], [[0.5, 40]]], 64));
    expect(plan).toMatchObject({ steps: [], bound: 1, left: [{ host: 0, why: 'nowhere' }] });
  });

  test('as given up where the caller has no more time', () => {
    const plan = found(clusterOf(blocked, 64), relief, () => false);
    expect(plan).toMatchObject({ steps: [], bound: 1, left: [{ host: 0, why: 'given up' }] });
  });

  test('by the budget where its move would have cost too much', () => {
    const plan = found(
      clusterOf([
        [
          [0.5, 4],
          [0.4, 4],
        ],
        [],
      ]),
      { ...relief, budget: { moves: 0 } },
    );
    expect(plan).toMatchObject({ steps: [], bound: 1, left: [{ host: 0, why: 'budget' }] });
  });

  test('and the others are relieved all the same', () => {
    const plan = found(
      clusterOf(
        [
          [[0.95, 60]],
          [
            [0.5, 4],
            [0.4, 4],
          ],
          [[0.1, 4]],
        ],
        61,
      ),
    );
    expect(plan.left).toEqual([{ host: 0, why: 'nowhere' }]);
    expect(plan.steps).toHaveLength(1);
    expect(plan).toMatchObject({ bound: 2, reached: 1 });
  });
});

describe('where one that makes room does not suffice', () => {
  const hot: readonly GuestOf[] = [
    [0.5, 30],
    [0.4, 30],
  ];
  const bulky: readonly GuestOf[] = [[0.05, 45]];

  test('a host is cleared for a large guest, which comes last', () => {
    const small: readonly GuestOf[] = Array.from({ length: 4 }, () => [0.05, 15] as const);
    const moves = movesOf([hot, small, bulky, bulky], 64);
    expect(moves.slice(0, 2).map((move) => move.replace(/^.* /, ''))).toEqual(['1-2', '1-3']);
    expect(moves.slice(2)).toEqual(['guest-0-1 0-1']);
  });

  test('of two hosts the one that costs less is cleared, with the smallest guests that are enough', () => {
    const many: readonly GuestOf[] = Array.from({ length: 6 }, () => [0.05, 10] as const);
    const few: readonly GuestOf[] = [
      [0.05, 30],
      [0.05, 18],
      [0.05, 10],
      [0.05, 2],
    ];
    // 26 are wanted where 4 are free: 10, 10 and 10 of the one, 18 and 10 of the other.
    const moves = movesOf([hot, many, few, bulky, bulky], 64);
    expect(moves.map((move) => move.replace(/ .-.$/, ''))).toEqual(['guest-2-1', 'guest-2-2', 'guest-0-1']);
  });

  test('a host is cleared where it is load that lacks', () => {
    const light = (load: number): readonly GuestOf[] => [[load, 1]];
    const busy: readonly GuestOf[] = Array.from({ length: 5 }, () => [0.15, 1] as const);
    const plan = found(clusterOf([[...light(0.5), ...light(0.4)], busy, light(0.6), light(0.6), light(0.6)]));
    expect([plan.left, plan.steps.length]).toEqual([[], 4]);
    expect(plan.steps.at(-1)).toMatchObject({ from: 0, to: 1 });
  });

  test('nothing is moved where that would not suffice either', () => {
    const small: readonly GuestOf[] = Array.from({ length: 4 }, () => [0.05, 15] as const);
    expect(movesOf([hot, small, bulky], 64)).toEqual([]);
  });
});

describe('where guests are in each other’s way', () => {
  test('one that moves anyway goes elsewhere, which costs nothing', () => {
    // The coolest host is the only one with memory for the second guest, and the first one, which is heavier, would take it.
    const hosts: readonly (readonly GuestOf[])[] = [
      [
        [0.45, 8],
        [0.42, 52],
      ],
      [
        [0.4, 40],
        [0.42, 20],
        [0.05, 2],
      ],
      [[0.1, 20]],
      [[0.3, 50]],
    ];
    const plan = found(clusterOf(hosts, 64));
    expect(plan.left).toEqual([]);
    expect(plan.reached).toBe(plan.bound);
  });

  test('one that stood still makes room, and goes before the one that comes', () => {
    expect(movesOf(blocked, 64)).toEqual(['guest-2-0 2-1', 'guest-0-1 0-2']);
  });

  test('the least memory is moved where memory is what costs', () => {
    const plan = found(clusterOf(blocked, 64), { goal: { relieve: { mark: 0.8, minimise: 'memory' } } });
    expect(plan.left).toEqual([]);
    expect(plan.reached).toBe(50 * 2 ** 30);
  });

  test('two guests do not wait for each other for ever', () => {
    // Each would have room where the other stands, but neither can go first.
    expect(movesOf([[[0.9, 40]], [[0.1, 40]]], 64)).toEqual([]);
  });
});
