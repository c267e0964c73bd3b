/** What plans for whole clusters cost: loading, relief, evening out, a budget of moves, hbal's objective beside hbal itself. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '../../src/model/index.js';
import {
  cpuCycles,
  follow,
  type Found,
  loadState,
  plannerRules,
  type PlannerSettings,
  type PlannerState,
  solve,
  standardConstraints,
} from '../../src/policies/index.js';
import type { Benchmark } from '../benchmark.js';
import { stateOf } from './planner-states.js';

const read = (cluster: Cluster): PlannerState =>
  loadState(cluster, { resource: cpuCycles, constraints: standardConstraints, durationOf: () => 1 }).state;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Median of runs that are warm, in milliseconds. */
const timed = (work: () => unknown): number => {
  const begun = performance.now();
  for (let i = 0; i < 100 && performance.now() - begun < 300; i++) work();
  return median(
    Array.from({ length: 15 }, () => {
      const start = performance.now();
      work();
      return performance.now() - start;
    }),
  );
};

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
      if (hosts === 10) {
        const few: PlannerSettings = { goal: { balance: {} }, budget: { moves: 10 } };
        report({ name: `${size} ten moves`, value: timed(() => decide(state, few)), unit: 'ms', target: 50 });
      }
      const follower = follow({ goal: { balance: { within: 1 } } }, cluster);
      const guest = cluster.guests[0];
      if (guest)
        report({
          name: `${size} one guest changed`,
          value: timed(() => follower.change([guest]) && follower.solve()) * 1000,
          unit: 'µs',
          target: 50,
        });
    }
    return Promise.resolve();
  },
};

/** A snapshot as hbal's text backend reads it: virtual processors, and measured load as dynamic utilisation. */
const told = ({ hosts, guests }: Cluster): { readonly data: string; readonly use: string } => {
  const mebibyte = 1024 ** 2;
  const taken = new Map<string, number>();
  for (const { host, memory } of guests) taken.set(host, (taken.get(host) ?? 0) + memory);
  const nodes = hosts.map(({ id, memory: { total, reserved }, cpu }, i) =>
    [
      id,
      total / mebibyte,
      reserved / mebibyte,
      (total - reserved - (taken.get(id) ?? 0)) / mebibyte,
      3100,
      3100,
      cpu.cores,
      i === 0 ? 'M' : 'N',
      'u',
      1,
    ].join('|'),
  );
  const instances = guests.map(({ id, memory, vcpus, host }) =>
    [id, memory / mebibyte, 0, vcpus, 'running', 'Y', host, '', 'ext', '', 1].join('|'),
  );
  const spec = '128,1,1024,1,1,1|128,1,0,1,1,1;1048576,100000,1048576,16,8,12|ext|1000000.0|32.0';
  const cores = hosts[0]?.cpu.cores ?? 1;
  const use = guests.map(
    ({ id, vcpus, signals }) => `${id} ${((Number(signals['cpu']) * vcpus) / cores).toFixed(6)} 0 0 0\n`,
  );
  return {
    data: ['g|u|preferred||', '', ...nodes, '', ...instances, '', '', `|${spec}`, `g|${spec}`, ''].join('\n'),
    use: use.join(''),
  };
};

/** hbal's objective: ours, and hbal itself where it is installed (Debian: ganeti-htools). */
export const besideHbal: Benchmark = {
  name: 'planner beside hbal',
  run: (report) => {
    for (const [hosts, target] of [
      [10, 1],
      [40, 5],
      [100, 50],
    ] as const) {
      const state = read(stateOf(hosts, 'random', 2));
      const value = timed(() => decide(state, { goal: { hbal: {} } }));
      report({ name: `${hosts}x${hosts * 10} by hbal's objective`, value, unit: 'ms', target });
    }
    const directory = mkdtempSync(join(tmpdir(), 'hbal-'));
    try {
      const { data, use } = told(stateOf(10, 'random', 2));
      writeFileSync(join(directory, 'data'), data);
      writeFileSync(join(directory, 'use'), use);
      const begun = performance.now();
      const ran = spawnSync('hbal', ['-t', join(directory, 'data'), '-U', join(directory, 'use'), '--no-disk-moves']);
      if (ran.error === undefined && ran.status === 0)
        report({ name: '10x100 by hbal itself, its start included', value: performance.now() - begun, unit: 'ms' });
    } finally {
      rmSync(directory, { recursive: true });
    }
    return Promise.resolve();
  },
};
