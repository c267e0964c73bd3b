/** Cases of planners: states of every shape and size from seeds, and how figures of many of them are put in words. */
import { precopy } from '../../src/estimators/index.js';
import type { Cluster } from '../../src/model/index.js';
import {
  cpuCycles,
  loadState,
  moveDuration,
  plannerRules,
  type PlannerSettings,
  type PlannerState,
  solve,
  standardConstraints,
} from '../../src/policies/index.js';
import { madeState, type Shape } from '../../scripts/evaluate/made-state.js';
import { type ClusterState, clusterOf } from '../../scripts/evaluate/plan-state.js';

/** Shapes in which memory is plenty. */
export const plain: readonly Shape[] = ['random', 'hot', 'skewed', 'hetero'];
export const tight: readonly Shape[] = ['tightmem'];
export const sizes = [10, 40, 100, 1000] as const;

/** Seeds of each shape; fewer of the largest size. */
const seeds = (hosts: number): readonly number[] => (hosts >= 1000 ? [1, 2, 3] : [1, 2, 3, 4, 5, 6]);

/** `10 x 100`. */
export const sizeName = (hosts: number): string => `${hosts} x ${(hosts * 10).toLocaleString('en-GB')}`;

/** A case. */
export interface Case {
  readonly name: string;
  readonly written: ClusterState;
  readonly state: PlannerState;
}

/** A snapshot as a planner reads it. */
export const loadCase = (cluster: Cluster): PlannerState =>
  loadState(cluster, {
    resource: cpuCycles,
    constraints: standardConstraints,
    durationOf: moveDuration(precopy()),
  }).state;

/** The cases of some shapes at a size, ten guests a host. */
export const casesOf = (shapes: readonly Shape[], hosts: number): readonly Case[] =>
  shapes.flatMap((shape) =>
    seeds(hosts).map((seed) => {
      const written = madeState({ shape, hosts, guests: hosts * 10, seed });
      return { name: written.name, written, state: loadCase(clusterOf(written)) };
    }),
  );

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const spelled = (value: number): string =>
  value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));

/** `median (worst)`. */
export const middleAndWorst = (values: readonly number[], unit: string): string =>
  `${spelled(median(values))} (${spelled(Math.max(...values))}) ${unit}`;

/** Below this the processor's own count is too coarse, in milliseconds. */
const coarse = 5;

/** Time on the processor of a warm decision, in milliseconds: the median of some runs, fewer where each takes long. */
export const decisionTime = (state: PlannerState, settings: PlannerSettings): number => {
  const rules = plannerRules(settings);
  const begun = performance.now();
  for (let i = 0; i < 300 && performance.now() - begun < 150; i++) solve(state, rules);
  const runs = performance.now() - begun > 300 ? 3 : 11;
  return median(
    Array.from({ length: runs }, () => {
      const used = process.cpuUsage();
      const start = performance.now();
      solve(state, rules);
      const passed = performance.now() - start;
      const { user, system } = process.cpuUsage(used);
      return passed < coarse ? passed : (user + system) / 1000;
    }),
  );
};
