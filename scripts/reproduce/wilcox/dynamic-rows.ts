/** Dynamic rows: Tables 5.5 to 5.8, where balancing gains what would be idle and costs migrations. */
import { order, type Row, row } from '../row.js';
import {
  type ByLength,
  clusters,
  costPerDraw,
  crossover,
  falls,
  gain,
  plateau,
  plateauLengths,
  relativeSpread,
} from './figures.js';
import { type BenchmarkName, benchmarkNames, dynamicTables, lengths, staticTables } from './measured.js';
import { conditionRows } from './static-rows.js';
import { chosen, meanOf, type Trial } from './trials.js';

const rounded = (figure: number): number => Math.round(figure * 100) / 100;

/** Lengths that are judged one by one after the fit at 1. */
const judged: readonly number[] = lengths.filter((length) => length <= 16);
/** Percent points: shares of Domain0 and idle time may rise by so much from one length to the next and still count as falling. */
const noise = 0.3;

interface Sides {
  readonly measured: ByLength;
  readonly measuredOff: number;
  readonly simulated: ByLength;
  readonly simulatedOff: number;
}

const claims = (
  table: string,
  name: BenchmarkName,
  { measured, measuredOff, simulated, simulatedOff }: Sides,
): readonly Row[] => {
  const both = (
    figure: (runs: ByLength, off: number) => number | undefined,
  ): readonly [number | null, number | undefined] => {
    const printed = figure(measured, measuredOff);
    return [printed === undefined ? null : rounded(printed), figure(simulated, simulatedOff)];
  };
  return [
    row(table, `${name}: cost of a draw at 1 iteration (fitted)`, ...both(costPerDraw), 'runs', null),
    row(table, `${name}: gain at 1 iteration`, ...both((runs, off) => gain(runs.get(1) ?? NaN, off)), '%', [-6, -2]),
    ...judged.flatMap((length) =>
      measured.has(length)
        ? [
            row(
              table,
              `${name}: runs at ${length} of those from 32 on`,
              ...both((runs) => ((runs.get(length) ?? NaN) / plateau(runs)) * 100),
              '% of plateau',
              0.025,
            ),
          ]
        : [],
    ),
    row(table, `${name}: gain from 32 iterations on`, ...both((runs, off) => gain(plateau(runs), off)), '%', [1, 6]),
    row(table, `${name}: crossover`, ...both(crossover), 'iterations', [1.5, 8]),
  ];
};

const benchmarkRows = (name: BenchmarkName, trials: readonly Trial[]): readonly Row[] => {
  const { table, on, off } = dynamicTables[name];
  const of = (which: Partial<Trial>): readonly Trial[] =>
    chosen(trials, { benchmark: name, load: 'dynamic', ...which });
  const with_ = (iterations: number): readonly Trial[] => of({ engine: true, iterations });
  const without = of({ engine: false });
  const runsOf = (some: readonly Trial[]): number => meanOf(some, ({ runs }) => runs) ?? NaN;
  const shareAt = (part: 'domain0' | 'idle') => (iterations: number) =>
    (meanOf(with_(iterations), ({ shares }) => shares[part]) ?? NaN) * 100;
  const saturated = runsOf(chosen(trials, { benchmark: name, load: 'static', engine: false }));
  const ratio = rounded((off.runs / staticTables[name].off.runs) * 100);
  const long = (engine: boolean): readonly number[] =>
    plateauLengths
      .flatMap((iterations) => of({ engine, iterations }))
      .filter(({ draws }) => draws === 0)
      .map(({ runs }) => runs / saturated);
  const { low, high, apart } = clusters(long(false));
  const idle = (some: readonly Trial[]): number => meanOf(some, ({ shares }) => shares.idle) ?? NaN;
  const falling = [1, 2, 4, 8, 16, 32];
  return [
    ...lengths.flatMap((length) =>
      conditionRows(table, `${name}, ${length} iterations`, on.get(length), with_(length)),
    ),
    ...conditionRows(table, `${name}, engine off`, off, without),
    row(
      table,
      `${name}: runs without the engine of those on static load`,
      ratio,
      (runsOf(without) / saturated) * 100,
      '% of static',
      [ratio - 2, ratio + 2],
    ),
    ...claims(table, name, {
      measured: new Map([...on].map(([length, { runs }]) => [length, runs])),
      measuredOff: off.runs,
      simulated: new Map(lengths.map((length) => [length, runsOf(with_(length))])),
      simulatedOff: runsOf(without),
    }),
    order(
      table,
      `${name}: without the engine more is idle than with it from 32 iterations on, and than on static load`,
      idle(without) > idle(plateauLengths.flatMap(with_)) &&
        idle(without) > idle(chosen(trials, { benchmark: name, load: 'static', engine: false })),
    ),
    order(
      table,
      `${name}: without the engine long tests are of two clusters, with nothing between`,
      low.length > 0 && high.length > 0 && apart > 0.05,
    ),
    row(
      table,
      `${name}: tests in the upper cluster (5/9 by the placement)`,
      null,
      (high.length / (low.length + high.length)) * 100,
      '%',
      null,
    ),
    row(
      table,
      `${name}: lower cluster of static (7/8 without Domain0)`,
      null,
      (meanOf(low, (one) => one) ?? NaN) * 100,
      '% of static',
      null,
    ),
    order(table, `${name}: with the engine long tests spread by less than 1.5 %`, relativeSpread(long(true)) < 0.015),
    order(table, `${name}: Domain0 falls with length`, falls(falling.map(shareAt('domain0')), noise)),
    order(table, `${name}: idle time falls with length`, falls(falling.map(shareAt('idle')), noise)),
    row(
      'W24',
      `${name}: placed well and never moved, over the engine from 32 iterations on`,
      null,
      gain(runsOf(chosen(trials, { benchmark: name, load: 'placed well' })), runsOf(plateauLengths.flatMap(with_))),
      '%',
      null,
    ),
  ];
};

/** The rows of the dynamic tables. */
export const dynamicRows = (trials: readonly Trial[]): readonly Row[] =>
  benchmarkNames.flatMap((name) => benchmarkRows(name, trials));
