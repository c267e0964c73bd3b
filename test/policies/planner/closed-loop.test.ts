/** A planner as a policy, planning anew from each snapshot: it comes to the end that its first plan promised, and to rest. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { numbersFrom } from '../../../scripts/numbers.js';
import { type Cluster, explainPlan, gibibytes, minutes, type Plan } from '../../../src/model/index.js';
import { planner, type PlannerSettings, wholePlan } from '../../../src/policies/index.js';
import { applied, clusters } from '../../../src/testing/index.js';
import { clusterOf, type GuestOf, stateOf } from './states.js';

/** The snapshot so long after a plan's moves have begun, with all of them done. */
const later = (cluster: Cluster, plan: Plan, by = minutes(1)): Cluster => {
  const after = applied(cluster, plan);
  const at = cluster.at + by;
  const past = after.past.map((outcome) => ({ ...outcome, endedAt: Math.min(outcome.endedAt, at) }));
  const known = <Known extends Cluster['hosts'][number] | Cluster['guests'][number]>(subject: Known): Known =>
    'at' in subject.knowledge && subject.knowledge.kind !== 'stale'
      ? { ...subject, knowledge: { ...subject.knowledge, at } }
      : subject;
  return { ...after, at, past, hosts: after.hosts.map(known), guests: after.guests.map(known) };
};

interface Lived {
  readonly cluster: Cluster;
  readonly plans: readonly Plan[];
}

/** Plans, and lets the moves be made, until nothing is proposed. */
const live = (settings: PlannerSettings, first: Cluster, most = 60): Lived => {
  const policy = planner(settings);
  const plans: Plan[] = [];
  let cluster = first;
  while (plans.length < most) {
    const plan = policy.plan(cluster);
    if (plan.moves.length === 0) break;
    plans.push(plan);
    cluster = later(cluster, plan);
  }
  return { cluster, plans };
};

/** Mean distance of hosts from the mean, as a share. */
const off = (cluster: Cluster): number => {
  const { load, capacity } = stateOf(cluster);
  const shares = Array.from(load, (each, h) => each / (capacity[h] ?? NaN));
  const mean = shares.reduce((sum, each) => sum + each, 0) / shares.length;
  return shares.reduce((sum, each) => sum + Math.abs(each - mean), 0) / shares.length;
};

/** Ten hosts, each nine tenths full and more of memory, with eight guests each. */
const tight = (seed: number): Cluster => {
  const next = numbersFrom(seed);
  return clusterOf(
    Array.from({ length: 10 }, (): readonly GuestOf[] => {
      const sizes = Array.from({ length: 8 }, () => 2 ** Math.floor(next() * 4));
      const grown = (60 - 3 * next()) / sizes.reduce((sum, each) => sum + each, 0);
      const busy = 0.3 + next();
      return sizes.map((size) => [Math.round(busy * next() * 250) / 1000, Math.floor(size * grown * 4) / 4]);
    }),
  );
};

const seeds = [1, 2, 3, 4, 5, 6];

describe('a planner that plans anew from each snapshot', () => {
  test('lets a guest make room where nothing helps by itself, and says what for', () => {
    const hosts: readonly (readonly GuestOf[])[] = [
      [
        [0.5, 30],
        [0.45, 30],
      ],
      [
        [0.1, 40],
        [0.1, 10],
      ],
      [
        [0.1, 30],
        [0.1, 10],
      ],
    ];
    const settings: PlannerSettings = { goal: { relieve: { mark: 0.8 } } };
    const { plans, cluster } = live(settings, clusterOf(hosts));
    expect(plans.map(({ moves }) => moves.map(({ guest, to }) => `${guest} ${to}`))).toEqual([
      ['guest-2-1 host-1'],
      ['guest-0-1 host-2'],
    ]);
    expect(plans[0] && explainPlan(plans[0])).toContain('what is left to move, once it has made way 1.00 below 2.00');
    expect(wholePlan(settings, cluster).left).toEqual([]);
    // What leaves in one wave has freed its memory by the next one.
    expect(wholePlan(settings, clusterOf(hosts)).moves[1]?.because).toContainEqual(
      expect.objectContaining({ rule: 'planner.cost', value: gibibytes(34), limit: gibibytes(30), holds: true }),
    );
  });

  test.each(seeds)('makes hosts as even as it can where memory is tight, seed %i', (seed) => {
    const settings: PlannerSettings = { goal: { balance: {} } };
    const first = tight(seed);
    const promised = wholePlan(settings, first);
    const { cluster } = live(settings, first);
    expect(promised.moves.length).toBeGreaterThan(0);
    expect(wholePlan(settings, cluster).left.length).toBeLessThanOrEqual(promised.left.length);
    expect(off(cluster)).toBeLessThanOrEqual(promised.reached + 0.01);
  });

  test.each(seeds)('spends a budget of moves once, on the end that it was planned for, seed %i', (seed) => {
    const settings: PlannerSettings = { goal: { balance: {} }, budget: { moves: 8 } };
    const first = tight(seed);
    const promised = wholePlan(settings, first);
    const { cluster, plans } = live(settings, first);
    expect(plans.flatMap(({ moves }) => moves).length).toBeLessThanOrEqual(8);
    expect(off(cluster)).toBeLessThanOrEqual(promised.reached + 0.02);
    // A quarter of an hour later it has as much again.
    const rested = later(cluster, { moves: [], passedOver: [] }, minutes(16));
    expect(wholePlan(settings, rested).moves.length).toBeGreaterThan(0);
  });

  test.each(seeds)('spends a budget of memory once, seed %i', (seed) => {
    const budget = { memory: gibibytes(40) };
    const settings: PlannerSettings = { goal: { balance: {} }, budget };
    const first = tight(seed);
    const promised = wholePlan(settings, first);
    const { cluster, plans } = live(settings, first);
    const sizes = new Map(first.guests.map(({ id, memory }) => [id, memory]));
    const spent = plans.flatMap(({ moves }) => moves).reduce((sum, { guest }) => sum + (sizes.get(guest) ?? NaN), 0);
    expect(spent).toBeLessThanOrEqual(budget.memory);
    expect(off(cluster)).toBeLessThanOrEqual(promised.reached + 0.03);
  });

  test.each(seeds)('leaves no host above its mark that its first plan relieves, seed %i', (seed) => {
    const settings: PlannerSettings = { goal: { relieve: { mark: 0.8 } } };
    const first = tight(seed);
    const promised = wholePlan(settings, first);
    const { cluster } = live(settings, first);
    expect(wholePlan(settings, cluster).left.length).toBeLessThanOrEqual(promised.left.length);
  });

  test('names the moves that wait for nothing better, with what they would do', () => {
    // Room for the guest that is too much is made by one that comes to the hot host, which it must bear for a while.
    const hosts: readonly (readonly GuestOf[])[] = [
      [
        [0.6, 40],
        [0.3, 16],
      ],
      [
        [0.05, 8],
        [0.05, 44],
      ],
    ];
    const settings: PlannerSettings = { goal: { relieve: { mark: 0.85 } } };
    const cluster = clusterOf(hosts);
    expect(wholePlan(settings, cluster).moves.map(({ guest }) => guest)).toEqual(['guest-1-0', 'guest-0-1']);
    const { moves, passedOver } = planner(settings).plan(cluster);
    expect(moves).toEqual([]);
    expect(passedOver).toMatchObject([
      { subject: { id: 'guest-1-0' }, to: 'host-0', because: [{ rule: 'planner.gain', holds: false }] },
    ]);
  });

  const settings: readonly (readonly [name: string, settings: PlannerSettings])[] = [
    ['relief', { goal: { relieve: { mark: 0.5 } } }],
    ['relief by memory', { goal: { relieve: { mark: 0.4, minimise: 'memory' } }, perHost: 3 }],
    ['balance', { goal: { balance: {} } }],
    ['balance with a budget', { goal: { balance: {} }, budget: { moves: 3 } }],
    ['balance of both with a budget', { goal: { balance: { of: 'cpu+memory' } }, budget: { moves: 4 } }],
    ["hbal's way", { goal: { hbal: {} } }],
    ['consolidation', { goal: { consolidate: {} } }],
  ];

  test.each(settings)('comes to rest while its moves are remembered: %s', (_, chosen) => {
    const { watch } = planner(chosen);
    fc.assert(
      fc.property(clusters({ watch, hosts: 5, guestsPerHost: 6 }), (first) => {
        expect(live(chosen, first).plans.length).toBeLessThan(60);
      }),
      { numRuns: 60 },
    );
  });
});
