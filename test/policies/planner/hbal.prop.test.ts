/** hbal's way: each of its steps against all that could be taken, and its bound against all placements of so many moves. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cluster } from '../../../src/model/index.js';
import { plannerRules, type PlannerState, solve } from '../../../src/policies/index.js';
import { hbal } from '../../../src/policies/planner/hbal/hbal.js';
import { type HbalEncoding, hbalScore, type Nodes, nodesOf, shift } from '../../../src/policies/planner/hbal/nodes.js';
import { clusterOf, type GuestOf, stateOf } from './states.js';

/** Rounding may tell one of two equal steps from the other. */
const equal = 1e-9;

const guestOf = fc.tuple(
  fc.integer({ min: 0, max: 300 }).map((n): number => n / 1000),
  fc.integer({ min: 1, max: 9 }),
);
const clustersOf = (guests: number, least: number, most: number): fc.Arbitrary<Cluster> =>
  fc
    .tuple(
      fc.array(fc.array(guestOf, { maxLength: guests }), { minLength: least, maxLength: most }),
      fc.integer({ min: 1, max: 40 }),
      fc.boolean(),
      fc.boolean(),
    )
    .map(([hosts, spare, uneven, pinned]) => {
      const full = Math.max(...hosts.map((list: readonly GuestOf[]) => list.reduce((sum, [, size]) => sum + size, 0)));
      const cluster = clusterOf(hosts, full + spare);
      return {
        ...cluster,
        // Of every three hosts one is larger, and of every four guests one may not go to the first host.
        hosts: cluster.hosts.map((host, h) =>
          uneven && h % 3 === 0 ? { ...host, memory: { ...host.memory, total: 2 * host.memory.total } } : host,
        ),
        guests: cluster.guests.map((guest, g) =>
          pinned && g % 4 === 0 ? { ...guest, pins: cluster.hosts.slice(1).map(({ id }) => id) } : guest,
        ),
      };
    });

/** The score if one guest moved. */
const scoreBy = (nodes: Nodes, guest: number, to: number): number => {
  const { free, used, util, host } = nodes;
  const moved = { ...nodes, free: free.slice(), used: used.slice(), util: util.slice(), host: host.slice() };
  shift(moved, guest, to);
  return hbalScore(moved);
};

/** The lowest score that any one move brings. */
const lowest = (state: PlannerState, nodes: Nodes): number => {
  let least = Infinity;
  for (let guest = 0; guest < state.guests.length; guest++)
    for (let to = 0; to < state.hosts.length; to++)
      if (to !== nodes.host[guest] && Number(nodes.free[to]) > Number(nodes.memory[guest]) && state.admits(guest, to))
        least = Math.min(least, scoreBy(nodes, guest, to));
  return least;
};

test.each<HbalEncoding>(['given', 'measured', 'ratio'])('takes the best of all steps each time, as %s', (encoding) => {
  fc.assert(
    fc.property(clustersOf(6, 2, 12), (cluster) => {
      const state = stateOf(cluster);
      const nodes = nodesOf(state, encoding);
      const goOn = (): boolean => true;
      for (const { guest, from, to } of hbal(state, { encoding, minGain: 0, minGainLimit: 0, steps: 60, goOn })) {
        expect(nodes.host[guest]).toBe(from);
        expect(nodes.free[to]).toBeGreaterThan(Number(nodes.memory[guest]));
        expect(state.admits(guest, to)).toBe(true);
        expect(scoreBy(nodes, guest, to)).toBeLessThanOrEqual(lowest(state, nodes) + equal);
        shift(nodes, guest, to);
      }
    }),
    { numRuns: 15 },
  );
});

test('ends where no step would lower the score', () => {
  fc.assert(
    fc.property(clustersOf(6, 2, 8), (cluster) => {
      const state = stateOf(cluster);
      const nodes = nodesOf(state, 'given');
      const options = { encoding: 'given', minGain: 0, minGainLimit: 0, steps: Infinity, goOn: () => true } as const;
      for (const { guest, to } of hbal(state, options)) shift(nodes, guest, to);
      expect(lowest(state, nodes)).toBeGreaterThanOrEqual(hbalScore(nodes) - equal);
    }),
    { numRuns: 15 },
  );
});

test('has a bound that no placement of so many moves comes below', () => {
  fc.assert(
    fc.property(clustersOf(2, 2, 3), fc.integer({ min: 1, max: 3 }), (cluster, moves) => {
      const state = stateOf(cluster);
      const nodes = nodesOf(state, 'given');
      const from = (guest: number, left: number): number => {
        // What over-commits memory in the end is no placement.
        if (guest === state.guests.length) return nodes.free.some((each) => each < 0) ? Infinity : hbalScore(nodes);
        let least = from(guest + 1, left);
        const at = Number(nodes.host[guest]);
        for (let to = 0; left > 0 && to < state.hosts.length; to++) {
          if (to === at || !state.admits(guest, to)) continue;
          shift(nodes, guest, to);
          least = Math.min(least, from(guest + 1, left - 1));
          shift(nodes, guest, at);
        }
        return least;
      };
      const { bound, reached } = solve(state, plannerRules({ goal: { hbal: {} }, budget: { moves } }));
      expect(bound).toBeLessThanOrEqual(from(0, moves) + equal);
      expect(bound).toBeLessThanOrEqual(reached + equal);
    }),
    { numRuns: 15 },
  );
});
