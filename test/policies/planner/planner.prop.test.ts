/** Properties of planners: the laws of every policy, and what a plan in waves must hold. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cluster, lookup, type ObservedGuest, type Reason } from '../../../src/model/index.js';
import {
  judge,
  type Move,
  planner,
  type PlannerSettings,
  type Preference,
  ratherApart,
  standardConstraints,
  unitsOf,
  wholePlan,
} from '../../../src/policies/index.js';
import { sift } from '../../../src/policies/sift.js';
import { clusters, type Exceptions, expectLawful } from '../../../src/testing/index.js';

const less: Exceptions = {
  lessDataNoMoreMoves:
    'without a silent host the mean is another one, and what it would have taken goes elsewhere in parts',
};

const preferences: readonly Preference[] = [
  { name: 'many cores', weight: 0.05, amiss: (_, { cpu }) => 1 / cpu.cores },
  ratherApart({ name: 'alike apart', weight: 0.02, group: ({ vcpus }) => String(vcpus) }),
];
/** Guests of many processors are moved last, those of one not at all. */
const reluctance = ({ vcpus }: ObservedGuest): number => (vcpus === 1 ? Infinity : vcpus);

const settings: readonly (readonly [name: string, settings: PlannerSettings])[] = [
  ['relief by moves', { goal: { relieve: { mark: 0.5 } } }],
  ['relief by memory', { goal: { relieve: { mark: 0.4, minimise: 'memory' } }, perHost: 3 }],
  ['relief by time', { goal: { relieve: { mark: 0.4, minimise: 'time' } } }],
  ['balance', { goal: { balance: {} } }],
  ['balance with a budget', { goal: { balance: {} }, budget: { moves: 3 } }],
  ['balance of both with a budget', { goal: { balance: { of: 'cpu+memory' } }, budget: { moves: 3 } }],
  ["hbal's way", { goal: { hbal: {} } }],
  ['consolidation', { goal: { consolidate: {} } }],
  ['relief with preferences', { goal: { relieve: { mark: 0.5 } }, preferences }],
  ['balance with preferences', { goal: { balance: {} }, preferences }],
  ['balance with preferences and a budget', { goal: { balance: {} }, budget: { moves: 3 }, preferences }],
  ['consolidation with preferences', { goal: { consolidate: {} }, preferences }],
  ['balance with priorities', { goal: { balance: {} }, reluctance }],
  ['balance with priorities and a budget', { goal: { balance: {} }, budget: { moves: 3 }, reluctance }],
];

describe.each(settings)('%s', (_, chosen) => {
  const policy = planner(chosen);

  test('keeps the laws of every policy', () => {
    fc.assert(
      fc.property(clusters({ watch: policy.watch }), (cluster) => expectLawful(policy, cluster, less)),
      { numRuns: 25 },
    );
  });

  test('keeps every rule in every wave, and says nothing that is no number', () => {
    fc.assert(
      fc.property(clusters({ watch: policy.watch, hosts: 6, guestsPerHost: 6 }), (first) => {
        let cluster = first;
        const { moves, bound, reached, duration = 0 } = wholePlan(chosen, cluster);
        for (const value of [bound, reached, duration]) expect(value).not.toBeNaN();
        for (let wave = 1; wave <= (moves.at(-1)?.wave ?? 0); wave++) {
          const now = moves.filter((move) => move.wave === wave);
          const plan = { moves: now, passedOver: [] };
          const judged = (move: Move, soFar: Cluster): readonly Reason[] => judge(standardConstraints, move, soFar);
          expect(sift('test', cluster, plan, judged).passedOver).toEqual([]);
          const ends = new Map(now.map(({ guest, to }) => [guest, to]));
          const guests = cluster.guests.map((guest) => ({ ...guest, host: ends.get(guest.id) ?? guest.host }));
          cluster = { ...cluster, guests };
        }
      }),
      { numRuns: 40 },
    );
  });

  test('never over-commits memory within a wave, sources holding theirs until it is over', () => {
    fc.assert(
      fc.property(clusters({ watch: policy.watch }), (cluster) => {
        const { freeMemory, guest } = lookup(cluster);
        const free = new Map(cluster.hosts.map(({ id }) => [id, freeMemory(id)]));
        const { moves } = wholePlan(chosen, cluster);
        for (let wave = 1; wave <= (moves.at(-1)?.wave ?? 0); wave++) {
          const running = moves.filter((move) => move.wave === wave);
          for (const { to, guest: id } of running) free.set(to, (free.get(to) ?? 0) - (guest(id)?.memory ?? 0));
          for (const { to } of running) expect(free.get(to)).toBeGreaterThanOrEqual(0);
          for (const { from, guest: id } of running) free.set(from, (free.get(from) ?? 0) + (guest(id)?.memory ?? 0));
          for (const { id } of cluster.hosts)
            // Guests that must stand together count once.
            expect(
              unitsOf(
                cluster,
                running.filter(({ from, to }) => from === id || to === id),
              ).length,
            ).toBeLessThanOrEqual(chosen.perHost ?? 1);
        }
      }),
      { numRuns: 25 },
    );
  });
});

test('with other constraints than the standard ones each move is judged by all of them', () => {
  const never = {
    name: 'never',
    judge: () => [
      {
        kind: 'listed',
        rule: 'never',
        subject: { kind: 'cluster' },
        measure: 'move',
        value: 'any',
        among: [],
        holds: false,
      } as const,
    ],
  };
  const still = planner({ goal: { balance: {} }, constraints: [...standardConstraints, never] });
  fc.assert(
    fc.property(clusters({ watch: still.watch }), (cluster) => {
      expect(still.plan(cluster).moves).toEqual([]);
    }),
    { numRuns: 30 },
  );
});
