/** Every figure of the planner's page, from seeds, in the page's own form: `npm run bench -- planner-tables [--milp 40]`. */
import { gibibytes, seconds } from '../../src/model/index.js';
import {
  type Budget,
  follow,
  plannerRules,
  type PlannerSettings,
  type PlannerState,
  solve,
} from '../../src/policies/index.js';
import { madeState, type Shape } from '../../scripts/evaluate/made-state.js';
import { clusterOf } from '../../scripts/evaluate/plan-state.js';
import type { Benchmark, Figure } from '../benchmark.js';
import {
  type Case,
  casesOf,
  decisionTime,
  loadCase,
  median,
  middleAndWorst,
  plain,
  sizeName,
  sizes,
  tight,
} from './planner-cases.js';
import { byProgramme, leastRelief } from './planner-milp.js';
import { timed } from './planner-states.js';

/** The distance of each host from the mean once a plan is made, in points. */
const distances = (state: PlannerState, settings: PlannerSettings): readonly number[] => {
  const load = Array.from(state.load);
  for (const { guest, from, to } of solve(state, plannerRules(settings)).steps) {
    load[from] = (load[from] ?? 0) - (state.guestLoad[guest] ?? 0);
    load[to] = (load[to] ?? 0) + (state.guestLoad[guest] ?? 0);
  }
  const sum = (values: Iterable<number>): number => [...values].reduce((all, each) => all + each, 0);
  const mean = sum(load) / sum(state.capacity);
  return load.map((each, h) => 100 * Math.abs(each / (state.capacity[h] ?? 1) - mean));
};

const balance: PlannerSettings = { goal: { balance: {} } };
const fewest: PlannerSettings = { goal: { relieve: { mark: 0.8 } } };
const lightest: PlannerSettings = { goal: { relieve: { mark: 0.8, minimise: 'memory' } } };
const asHbal: PlannerSettings = { goal: { hbal: {} } };

/** A row: what is worked out of all cases of a size. */
interface Row {
  readonly name: string;
  readonly shapes: readonly Shape[];
  readonly unit: string;
  /** The figure of one case. */
  readonly of: (one: Case) => number;
  /** How the figures of all cases are written; the worst is the figure itself. */
  readonly text: (values: readonly number[]) => string;
  readonly most?: number;
  readonly targets?: Readonly<Record<number, number>>;
}

const timeOf = (settings: PlannerSettings) => ({
  unit: 'ms',
  of: ({ state }: Case): number => decisionTime(state, settings),
  text: (values: readonly number[]): string => middleAndWorst(values, 'ms'),
});

/** What a plan costs as a share of its bound; 1 where nothing need be done. */
const perBound = (settings: PlannerSettings) => ({
  unit: 'of the bound',
  of: ({ state }: Case): number => {
    const { reached, bound } = solve(state, plannerRules(settings));
    return bound > 0 ? reached / bound : 1;
  },
  text: (values: readonly number[]): string =>
    `${Math.max(...values).toFixed(2)}, ${values.filter((each) => each > 1 + 1e-9).length} of ${values.length} above 1`,
});

/** Hosts that stay above their mark. */
const stillHot = (settings: PlannerSettings) => ({
  unit: 'hosts',
  of: ({ state }: Case): number => solve(state, plannerRules(settings)).left.length,
  text: (values: readonly number[]): string => String(values.reduce((sum, each) => sum + each, 0)),
});

const rows: readonly Row[] = [
  { name: 'evened out, plain', shapes: plain, ...timeOf(balance), targets: { 10: 0.1, 100: 1, 1000: 20 } },
  {
    name: 'worst host off the mean, plain',
    shapes: plain,
    unit: 'points',
    of: ({ state }) => Math.max(...distances(state, balance)),
    text: (values) => `${Math.max(...values).toFixed(1)} points`,
    targets: { 10: 2, 40: 2, 100: 2, 1000: 2 },
  },
  { name: 'evened out, tight', shapes: tight, ...timeOf(balance), targets: { 1000: 100 } },
  {
    name: 'hosts more than two points off, tight',
    shapes: tight,
    unit: 'hosts',
    of: ({ state }) => distances(state, balance).filter((each) => each > 2).length,
    text: (values) => `${values.reduce((sum, each) => sum + each, 0)} in ${values.length} states`,
  },
  { name: 'relieved, fewest moves, plain', shapes: plain, ...timeOf(fewest), targets: { 1000: 2 } },
  {
    name: 'moves per bound, plain, worst',
    shapes: plain,
    ...perBound(fewest),
    targets: { 10: 1, 40: 1, 100: 1, 1000: 1 },
  },
  {
    name: 'memory moved per bound, plain, worst',
    shapes: plain,
    ...perBound(lightest),
    targets: { 10: 1.05, 40: 1.05, 100: 1.05, 1000: 1.05 },
  },
  { name: 'relieved, fewest moves, tight', shapes: tight, ...timeOf(fewest), targets: { 1000: 20 } },
  { name: 'moves per bound, tight, worst', shapes: tight, ...perBound(fewest) },
  { name: 'memory moved per bound, tight, worst', shapes: tight, ...perBound(lightest) },
  {
    name: 'hosts left above their mark, fewest moves',
    shapes: [...plain, ...tight],
    ...stillHot(fewest),
    targets: { 10: 0, 40: 0, 100: 0, 1000: 0 },
  },
  {
    name: 'hosts left above their mark, least memory',
    shapes: [...plain, ...tight],
    ...stillHot(lightest),
    targets: { 10: 0, 40: 0, 100: 0, 1000: 0 },
  },
  {
    name: "hbal's objective, `given`, plain",
    shapes: plain,
    ...timeOf(asHbal),
    most: 100,
    targets: { 40: 5, 100: 50 },
  },
  {
    name: "hbal's objective, `given`, tight",
    shapes: tight,
    ...timeOf(asHbal),
    most: 100,
    targets: { 40: 5, 100: 50 },
  },
];

/** Times, evenness and what plans cost against their bounds, by size. */
export const bySize: Benchmark = {
  name: 'planner-tables, by size',
  run: (report) => {
    for (const hosts of sizes)
      for (const { name, shapes, unit, of, text, most = Infinity, targets } of rows) {
        if (hosts > most) continue;
        const values = casesOf(shapes, hosts).map(of);
        const target = targets?.[hosts];
        report({
          name: `${sizeName(hosts)} ${name}`,
          value: Math.max(...values),
          unit,
          ...(target === undefined ? {} : { target }),
          cell: { row: name, column: sizeName(hosts), text: text(values) },
        });
      }
    return Promise.resolve();
  },
};

const points = (share: number): string => (100 * share).toFixed(2);

/** Budgets by their names in the table. */
const budgets: Readonly<Record<string, Budget>> = {
  ...Object.fromEntries([5, 10, 20].map((moves) => [`${moves} moves`, { moves }])),
  ...Object.fromEntries([32, 64, 128].map((most) => [`${most} GiB`, { memory: gibibytes(most) }])),
  ...Object.fromEntries([60, 120, 240].map((most) => [`${most} s`, { time: seconds(most) }])),
};

/** The mean distance from the mean under a budget: against the bound, and the best that is known where that is asked for. */
export const byBudget: Benchmark = {
  name: 'planner-tables, by budget',
  run: async (report, { milp } = {}) => {
    for (const [row, budget] of Object.entries(budgets))
      for (const [kind, shapes, allowed] of [
        ['plain', plain, 0.1],
        ['tight', tight, 0.5],
      ] as const) {
        const cases = casesOf(shapes, 10);
        const settings: PlannerSettings = { ...balance, budget };
        const times = cases.map(({ state }) => decisionTime(state, settings));
        const found = cases.map(({ state }) => solve(state, plannerRules(settings)));
        const tell = (what: string, value: number, text: string, more: Partial<Figure> = {}): void => {
          report({
            name: `${row}, ${kind}: ${what}`,
            value,
            unit: 'points',
            ...more,
            cell: { row, column: `${kind}: ${what}`, text },
          });
        };
        const gaps = found.map(({ reached, bound }) => reached - bound);
        tell('worst gap to the bound', 100 * Math.max(...gaps), points(Math.max(...gaps)));
        if (milp !== undefined && budget.moves !== undefined) {
          const behind: number[] = [];
          for (const [i, { state }] of cases.entries()) {
            const best = await byProgramme(state, budget.moves, milp);
            // What can be had is what counts, by whomever it was found.
            if (best?.reachable === true) behind.push(Math.max(0, (found[i]?.reached ?? 0) - best.least));
          }
          const worst = Math.max(0, ...behind);
          const above = behind.filter((each) => 100 * each > allowed).length;
          tell(
            `worst gap to the best known, above ${allowed}`,
            100 * worst,
            `${points(worst)}, ${above} of ${behind.length}`,
            { target: allowed },
          );
        }
        const worst = Math.max(...times);
        tell('time', worst, middleAndWorst(times, 'ms'), {
          unit: 'ms',
          ...(budget.moves === undefined ? {} : { target: 50 }),
        });
      }
  },
};

/** Relief in tight memory against the least that any placement costs, memory at the end only: that is a bound that asks for room, if not for order. */
export const reliefByProgramme: Benchmark = {
  name: 'planner-tables, relief beside a programme',
  run: async (report, { milp } = {}) => {
    if (milp === undefined) return;
    for (const hosts of [10, 40])
      for (const minimise of ['moves', 'memory'] as const) {
        const ratios: number[] = [];
        for (const { state } of casesOf(tight, hosts)) {
          const { left, reached } = solve(state, plannerRules({ goal: { relieve: { mark: 0.8, minimise } } }));
          const least = await leastRelief(state, { mark: 0.8, minimise, seconds: milp });
          if (left.length > 0 || least === undefined || least <= 0) continue;
          ratios.push(reached / least);
        }
        const above = ratios.filter((each) => each > 1.001).length;
        const row = minimise === 'moves' ? 'moves per least, tight, worst' : 'memory moved per least, tight, worst';
        report({
          name: `${sizeName(hosts)} ${row}`,
          value: Math.max(1, ...ratios),
          unit: 'of the least',
          cell: {
            row,
            column: sizeName(hosts),
            text: `${Math.max(1, ...ratios).toFixed(2)}, ${above} of ${ratios.length} above 1`,
          },
        });
      }
  },
};

/** What the largest cluster costs to load and to follow. */
export const largest: Benchmark = {
  name: 'planner-tables, 1,000 x 10,000',
  run: (report) => {
    const cluster = clusterOf(madeState({ shape: 'random', hosts: 1000, guests: 10_000, seed: 1 }));
    const loads = timed(() => loadCase(cluster));
    const cell = (row: string, text: string): Pick<Figure, 'cell'> => ({ cell: { row, column: 'measured', text } });
    report({ name: 'loaded', value: loads, unit: 'ms', target: 15, ...cell('loaded', `${loads.toPrecision(2)} ms`) });
    const follower = follow({ goal: { balance: { within: 1 } } }, cluster);
    const guests = cluster.guests.slice(0, 101);
    const one = 1000 * median(guests.map((guest) => timed(() => follower.change([guest]) && follower.solve(), 5)));
    report({
      name: 'one changed guest, nothing to do',
      value: one,
      unit: 'µs',
      target: 50,
      ...cell('one changed guest, nothing to do', `${one.toPrecision(2)} µs`),
    });
    const idle = 1000 * timed(() => follower.solve());
    report({
      name: 'nothing to do',
      value: idle,
      unit: 'µs',
      target: 50,
      ...cell('nothing to do', `${idle.toPrecision(2)} µs`),
    });
    return Promise.resolve();
  },
};
