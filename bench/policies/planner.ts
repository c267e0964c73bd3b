/** What plans for whole clusters cost: loading, relief, evening out, a budget of moves, one changed guest, nothing to do. */
import {
  follow,
  type Found,
  plannerRules,
  type PlannerSettings,
  type PlannerState,
  solve,
} from '../../src/policies/index.js';
import type { Benchmark } from '../benchmark.js';
import { read, stateOf, timed } from './planner-states.js';

const sizes = [
  { hosts: 10, even: 0.1, relief: 2 },
  { hosts: 100, even: 1, relief: 2 },
  { hosts: 1000, even: 20, relief: 2 },
] as const;

const decide = (state: PlannerState, settings: PlannerSettings): Found => solve(state, plannerRules(settings));

/** Loading, evening out and relief at three sizes, and a budget of ten moves. */
export const planning: Benchmark = {
  name: 'planner',
  run: (report) => {
    for (const { hosts, even, relief } of sizes) {
      const size = `${hosts}x${hosts * 10}`;
      const cluster = stateOf(hosts, 'random', 1);
      const state = read(cluster);
      report({ name: `${size} loaded`, value: timed(() => read(cluster)), unit: 'ms', target: 15 });
      const balance: PlannerSettings = { goal: { balance: {} } };
      report({ name: `${size} evened out`, value: timed(() => decide(state, balance)), unit: 'ms', target: even });
      report({
        name: `${size} mean distance from the mean left`,
        value: decide(state, balance).reached * 100,
        unit: 'points',
      });
      const relieve: PlannerSettings = { goal: { relieve: { mark: 0.8 } } };
      report({ name: `${size} relieved`, value: timed(() => decide(state, relieve)), unit: 'ms', target: relief });
      const { reached, bound } = decide(state, relieve);
      report({ name: `${size} moves of the relief over the bound`, value: reached - bound, unit: 'moves', target: 0 });
      const tight = read(stateOf(hosts, 'tight', 1));
      report({
        name: `${size} evened out, memory tight`,
        value: timed(() => decide(tight, balance)),
        unit: 'ms',
        target: 100,
      });
      report({
        name: `${size} relieved, memory tight`,
        value: timed(() => decide(tight, relieve)),
        unit: 'ms',
        target: 20,
      });
      if (hosts === 10) {
        const few: PlannerSettings = { goal: { balance: {} }, budget: { moves: 10 } };
        report({ name: `${size} ten moves`, value: timed(() => decide(state, few)), unit: 'ms', target: 50 });
      }
      // A cluster that has been evened out, so that one guest more or less is nothing to act on.
      const places = new Map(
        decide(state, balance).steps.map(({ guest, to }) => [state.guests[guest]?.id, state.hosts[to]?.id]),
      );
      const calm = {
        ...cluster,
        guests: cluster.guests.map((guest) => ({ ...guest, host: places.get(guest.id) ?? guest.host })),
      };
      const follower = follow({ goal: { balance: { within: 0.1 } } }, calm);
      const guest = calm.guests[0];
      if (guest)
        report({
          name: `${size} one guest changed`,
          value: timed(() => follower.change([guest]) && follower.solve()) * 1000,
          unit: 'µs',
          target: 50,
        });
      report({ name: `${size} nothing to do`, value: timed(() => follower.solve()) * 1000, unit: 'µs', target: 50 });
    }
    return Promise.resolve();
  },
};
