/** Plans by hbal's objective, and plans of as many moves, beside hbal itself where it is installed (Debian: ganeti-htools). */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '../../src/model/index.js';
import { plannerRules, solve, wholePlan } from '../../src/policies/index.js';
import type { Benchmark } from '../benchmark.js';
import { read, stateOf, timed } from './planner-states.js';

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

/** A move by name. */
interface Named {
  readonly guest: string;
  readonly to: string;
}

/** What hbal does, and the time that it takes, its start included; `undefined` where it is not installed. */
const byHbal = (
  cluster: Cluster,
  budget: number,
): { readonly moves: readonly Named[]; readonly duration: number } | undefined => {
  const directory = mkdtempSync(join(tmpdir(), 'hbal-'));
  try {
    const { data, use } = told(cluster);
    writeFileSync(join(directory, 'data'), data);
    writeFileSync(join(directory, 'use'), use);
    const begun = performance.now();
    const ran = spawnSync(
      'hbal',
      ['-t', join(directory, 'data'), '-U', join(directory, 'use'), '--no-disk-moves', '-l', String(budget)],
      { encoding: 'utf8' },
    );
    if (ran.error !== undefined || ran.status !== 0) return undefined;
    const moves = ran.stdout.split('\n').flatMap((line) => {
      const [, guest, to] = /^\s*\d+\.\s+(\S+)\s+\S+\s+=>\s+(\S+)\s+/.exec(line) ?? [];
      return guest === undefined || to === undefined ? [] : [{ guest, to }];
    });
    return { moves, duration: performance.now() - begun };
  } finally {
    rmSync(directory, { recursive: true });
  }
};

/** Standard deviations of the shares of processors and of memory once all has moved, together, in points. */
const deviations = ({ hosts, guests }: Cluster, moves: readonly Named[]): number => {
  const at = new Map([
    ...guests.map(({ id, host }) => [id, host] as const),
    ...moves.map(({ guest, to }) => [guest, to] as const),
  ]);
  const of = (share: (host: Cluster['hosts'][number], guest: Cluster['guests'][number]) => number): number => {
    const shares = hosts.map((host) =>
      guests.reduce((sum, guest) => sum + (at.get(guest.id) === host.id ? share(host, guest) : 0), 0),
    );
    const mean = shares.reduce((sum, each) => sum + each, 0) / shares.length;
    return Math.sqrt(shares.reduce((sum, each) => sum + (each - mean) ** 2, 0) / shares.length);
  };
  const cpu = of(({ cpu: { cores } }, { vcpus, signals }) => (Number(signals['cpu']) * vcpus) / cores);
  return 100 * (cpu + of(({ memory: { total, reserved } }, { memory }) => memory / (total - reserved)));
};

/** hbal's objective at three sizes. */
export const byItsObjective: Benchmark = {
  name: "planner by hbal's objective",
  run: (report) => {
    for (const [hosts, target] of [
      [10, 1],
      [40, 5],
      [100, 50],
    ] as const)
      for (const shape of ['random', 'tight'] as const) {
        const state = read(stateOf(hosts, shape, 2));
        const rules = plannerRules({ goal: { hbal: {} } });
        report({
          name: `${hosts}x${hosts * 10} ${shape}`,
          value: timed(() => solve(state, rules)),
          unit: 'ms',
          target,
        });
      }
    return Promise.resolve();
  },
};

/** As many moves of ours as of hbal's: what they leave of both deviations, and the time that they take. */
export const besideHbal: Benchmark = {
  name: 'planner beside hbal',
  run: (report) => {
    for (const shape of ['random', 'tight'] as const)
      for (const moves of [5, 10, 20]) {
        const cluster = stateOf(10, shape, 2);
        const its = byHbal(cluster, moves);
        const name = `10x100 ${shape}, ${moves} moves`;
        const settings = { goal: { balance: { of: 'cpu+memory' } }, budget: { moves } } as const;
        const ours = wholePlan(settings, cluster).moves;
        report({
          name: `${name}: deviations of processors and memory left`,
          value: deviations(cluster, ours),
          unit: 'points',
          ...(its ? { target: deviations(cluster, its.moves) } : {}),
        });
        report({ name: `${name}: time`, value: timed(() => wholePlan(settings, cluster)), unit: 'ms', target: 50 });
        if (its) report({ name: `${name}: time of hbal, its start included`, value: its.duration, unit: 'ms' });
      }
    const its = byHbal(stateOf(10, 'random', 2), 1000);
    if (its)
      report({ name: '10x100 random, to the end: time of hbal, its start included', value: its.duration, unit: 'ms' });
    return Promise.resolve();
  },
};
