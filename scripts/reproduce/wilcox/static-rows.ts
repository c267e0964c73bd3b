/** Static rows: Tables 5.1 to 5.4 and 6.1, where the engine can only cost. */
import { byFactor } from '../../../src/experiments/index.js';
import { type Row, row } from '../row.js';
import { gain } from './figures.js';
import { benchmarkNames, type Measured, staticTables } from './measured.js';
import { chosen, meanOf, type Trial } from './trials.js';

/** Runs and shares of one condition. Of these nothing is claimed: what is, has rows of its own. */
export const conditionRows = (
  table: string,
  name: string,
  measured: Measured | undefined,
  trials: readonly Trial[],
): readonly Row[] => {
  const percent = (part: keyof Trial['shares']): number | undefined =>
    meanOf(trials, ({ shares }) => shares[part] * 100);
  return [
    row(
      table,
      `${name}: runs`,
      measured?.runs ?? null,
      meanOf(trials, ({ runs }) => runs),
      'runs',
      null,
    ),
    row(table, `${name}: guests`, measured?.guests ?? null, percent('guests'), '%', null),
    row(table, `${name}: Domain0`, measured?.domain0 ?? null, percent('domain0'), '%', null),
    row(table, `${name}: idle`, measured?.idle ?? null, percent('idle'), '%', null),
    row(table, `${name}: engine`, measured?.engine ?? null, percent('engine'), '%', null),
  ];
};

const lossBounds = [0.2, 2] as const;

/** The rows of the static tables. */
export const staticRows = (trials: readonly Trial[]): readonly Row[] => {
  const losses = benchmarkNames.map((name) => {
    const { table, on, off, odds } = staticTables[name];
    const of = (engine: boolean): readonly Trial[] => chosen(trials, { benchmark: name, load: 'static', engine });
    const [simulatedOn, simulatedOff] = [true, false].map((engine) => meanOf(of(engine), ({ runs }) => runs));
    const loss = simulatedOn === undefined || simulatedOff === undefined ? undefined : -gain(simulatedOn, simulatedOff);
    const measured = Math.round(-gain(on.runs, off.runs) * 100) / 100;
    const variance = byFactor(
      [...of(true), ...of(false)],
      ({ engine }) => engine,
      ({ runs }) => runs,
    );
    return {
      measured,
      loss,
      rows: [
        ...conditionRows(table, `${name}, static, engine on`, on, of(true)),
        ...conditionRows(table, `${name}, static, engine off`, off, of(false)),
        row(table, `${name}, static: loss by the engine`, measured, loss, '%', lossBounds),
        row(
          table,
          `${name}, static: odds of no difference`,
          odds,
          variance.ok ? variance.value.p * 100 : undefined,
          '%',
          null,
        ),
      ],
    };
  });
  const known = losses.flatMap(({ loss }) => loss ?? []);
  const measured = meanOf(losses, (one) => one.measured) ?? null;
  return [
    ...losses.flatMap(({ rows }) => rows),
    row(
      '6.1',
      'mean static loss by the engine',
      measured === null ? null : Math.round(measured * 100) / 100,
      known.length < losses.length ? undefined : meanOf(known, (loss) => loss),
      '%',
      lossBounds,
    ),
  ];
};
