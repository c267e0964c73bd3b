/** Whole plans for states from seeds, against texts that show in review what a change of the search does to decisions. */
import { describe, expect, test } from 'vitest';
import { type Cluster, explainPlan, gibibytes, minutes, type ObservedGuest } from '../../../src/model/index.js';
import {
  avoids,
  planner,
  type PlannerSettings,
  prefers,
  ratherApart,
  ratherTogether,
  wholePlan,
} from '../../../src/policies/index.js';
import { madeState } from '../../../scripts/evaluate/made-state.js';
import { clusterOf } from '../../../scripts/evaluate/plan-state.js';

/** Every fifth guest is a replica that stays apart from its like, a pair stays together, and some stay where they are. */
const withGroups = (cluster: Cluster): Cluster => ({
  ...cluster,
  guests: cluster.guests.map((guest, i) => ({
    ...guest,
    ...(i % 5 === 0 ? { apart: [`set ${i % 3}`] } : {}),
    ...(i === 1 || i === 2 ? { together: ['pair'] } : {}),
    ...(i % 11 === 0 ? { pins: [guest.host] } : {}),
  })),
});

const sites = [
  ...(['random', 'hot', 'skewed', 'hetero', 'tightmem'] as const).map((shape) => ({
    shape,
    hosts: 7,
    guests: 56,
    seed: 1,
  })),
  { shape: 'tightmem', hosts: 5, guests: 30, seed: 2 },
  { shape: 'hot', hosts: 24, guests: 240, seed: 3 },
  { shape: 'tightmem', hosts: 24, guests: 200, seed: 4 },
].map((making) => ({ making, cluster: clusterOf(madeState(making as Parameters<typeof madeState>[0])) }));
const all = sites.flatMap(({ making: { shape, hosts, seed }, cluster }) => [
  { site: `${shape} ${hosts} ${seed}`, cluster },
  ...(hosts < 10 ? [{ site: `${shape} ${hosts} ${seed} with groups`, cluster: withGroups(cluster) }] : []),
]);

const small = ({ vcpus }: ObservedGuest): boolean => vcpus < 4;
const preferences = [
  prefers({ name: 'large hosts', weight: 0.05, hosts: ({ cpu }) => cpu.cores > 16 }),
  avoids({ name: 'the first host', weight: 0.1, guests: small, hosts: ({ id }) => id.endsWith('1') }),
  ratherTogether({ name: 'near each other', weight: 0.02, group: ({ vcpus }) => (vcpus === 8 ? 'eights' : undefined) }),
  ratherApart({ name: 'large ones apart', weight: 0.03, group: ({ vcpus }) => (vcpus === 16 ? 'large' : undefined) }),
];
const reluctance = ({ vcpus, id }: ObservedGuest): number => (id.endsWith('7') ? Infinity : 0.5 + vcpus / 8);

const goals: Readonly<Record<string, PlannerSettings>> = {
  'relief by moves': { goal: { relieve: { mark: 0.7 } } },
  'relief by memory': { goal: { relieve: { mark: 0.65, minimise: 'memory' } }, perHost: 2 },
  'relief by time': { goal: { relieve: { mark: 0.65, minimise: 'time' } }, perLink: 1 },
  'relief within a budget': { goal: { relieve: { mark: 0.6 } }, budget: { moves: 4 } },
  'relief with weights and preferences': { goal: { relieve: { mark: 0.65 } }, reluctance, preferences },
  balance: { goal: { balance: {} } },
  'balance, less near': { goal: { balance: { within: 0.05 } }, perHost: 3 },
  'balance of memory': { goal: { balance: { of: 'memory' } }, budget: { moves: 6 } },
  'balance of both': { goal: { balance: { of: 'cpu+memory' } }, budget: { moves: 10 } },
  'balance of the largest host': { goal: { balance: { by: 'largest host' } }, budget: { moves: 4 } },
  'balance by standard deviation': {
    goal: { balance: { by: 'standard deviation', smallestGain: 0.002 } },
    budget: { moves: 5 },
  },
  'balance by ten moves': { goal: { balance: {} }, budget: { moves: 10 } },
  'balance by twenty moves': { goal: { balance: {} }, budget: { moves: 20 } },
  'balance by memory moved': { goal: { balance: {} }, budget: { memory: gibibytes(60) } },
  'balance within ten minutes': { goal: { balance: {} }, budget: { time: minutes(10) } },
  'balance with preferences': { goal: { balance: {} }, preferences },
  'balance with preferences by six moves': { goal: { balance: {} }, budget: { moves: 6 }, preferences },
  'balance with weights': { goal: { balance: {} }, budget: { moves: 6 }, reluctance },
  "hbal's way, as given": { goal: { hbal: {} } },
  "hbal's way, as measured": { goal: { hbal: { encoding: 'measured', minGain: 0.02 } } },
  "hbal's way, by ratio": { goal: { hbal: { encoding: 'ratio' } }, budget: { moves: 9 } },
  consolidation: { goal: { consolidate: {} } },
  'consolidation that counts on all hosts': { goal: { consolidate: { fill: 0.7, surviveOne: false } }, preferences },
};

const figure = (value: number): string => String(Number(value.toPrecision(6)));

const told = (settings: PlannerSettings, cluster: Cluster): string => {
  const { moves, bound, reached, left, duration, noPath } = wholePlan(settings, cluster);
  const head = `bound ${figure(bound)}, reached ${figure(reached)}, ${duration === undefined ? 'no time' : `${figure(duration)} ms`}`;
  const rest = `${left.length > 0 ? `, left ${left.join(' ')}` : ''}${noPath === undefined ? '' : `, no path to ${figure(noPath)}`}`;
  return [`${head}${rest}`, ...moves.map(({ guest, from, to, wave }) => `  ${wave}: ${guest} ${from} > ${to}`)].join(
    '\n',
  );
};

describe.each(Object.entries(goals))('%s', (name, settings) => {
  test('plans the same moves as ever, to the same ends', async () => {
    const text = all.map(({ site, cluster }) => `# ${site}\n${told(settings, cluster)}\n`).join('\n');
    await expect(text).toMatchFileSnapshot(`golden/${name.replaceAll(/[^\w]+/g, '-')}.txt`);
  });

  test('says what it says, to the letter', async () => {
    const text = all
      .slice(0, 4)
      .map(({ site, cluster }) => `# ${site}\n\n${explainPlan(planner(settings).plan(cluster))}\n`)
      .join('\n');
    await expect(text).toMatchFileSnapshot(`golden/${name.replaceAll(/[^\w]+/g, '-')}.said.txt`);
  });
});
