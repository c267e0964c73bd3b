/** Evaluates the estimators on recorded QEMU migrations: a line for each run, or a table against what was measured. */
import type { MoveFacts } from '../../src/estimators/index.js';
import { models, type Model } from './models.js';
import { runAfter, runBefore, type RunAfter, type RunBefore } from './qemu-runs.js';
import { BadCell, quantileOf, rowsOf, textOf, type Row } from './table.js';

/** Grades of the inputs. */
const grades = ['known', 'sampled'] as const;
type Grade = (typeof grades)[number];

/** One line of `--each`. Figures are null where the model has none: it says never, or the row lacks its inputs. */
export interface Each {
  readonly run_id: string;
  readonly model: string;
  readonly inputs: Grade;
  readonly total_time_ms: number | null;
  readonly blackout_ms: number | null;
  readonly converges: boolean | 'uncertain' | null;
  readonly p10_ms: number | null;
  readonly p90_ms: number | null;
}

const rounded = (value: number): number => Math.round(value * 10) / 10;

const without = (converges: false | null): Omit<Each, 'run_id' | 'model' | 'inputs'> => ({
  total_time_ms: null,
  blackout_ms: null,
  converges,
  p10_ms: null,
  p90_ms: null,
});

/** What a model says of a run. `converges` means: within the run's observation limit. */
export const judge = (run: RunBefore, model: Model, inputs: Grade): Each => {
  const facts: MoveFacts | undefined = run[inputs];
  const head = { run_id: run.id, model: model.name, inputs };
  if (facts === undefined) return { ...head, ...without(null) };
  const estimate = model.estimator(run)(facts);
  switch (estimate.convergence) {
    case 'unknown':
      return { ...head, ...without(null) };
    case 'never':
      return { ...head, ...without(false) };
    default:
      return {
        ...head,
        total_time_ms: rounded(estimate.duration),
        blackout_ms: rounded(estimate.downtime),
        converges: estimate.duration > run.timeout ? false : estimate.convergence === 'converges' ? true : 'uncertain',
        p10_ms: rounded(estimate.interval.low),
        p90_ms: rounded(estimate.interval.high),
      };
  }
};

/** A run with its row's outcome. */
export interface Run {
  readonly before: RunBefore;
  readonly after: RunAfter | undefined;
}

/** Runs of `DIR/runs.csv`; rows that cannot be read go to `complain`, with their line and column. */
export const readRuns = (directory: string, complain: (message: string) => void): readonly Run[] =>
  rowsOf(textOf(directory, 'runs.csv')).flatMap((row, index) => {
    try {
      return [{ before: runBefore(row), after: outcomeOf(row, index, complain) }];
    } catch (error) {
      if (!(error instanceof BadCell)) throw error;
      complain(`runs.csv row ${index + 2} (${row.get('run_id') ?? 'no run_id'}): ${error.message}`);
      return [];
    }
  });

/** An outcome that cannot be read must not cost the run its estimate. */
const outcomeOf = (row: Row, index: number, complain: (message: string) => void): RunAfter | undefined => {
  try {
    return runAfter(row);
  } catch (error) {
    if (!(error instanceof BadCell)) throw error;
    complain(`runs.csv row ${index + 2} (${row.get('run_id') ?? 'no run_id'}): ${error.message}; outcome left out`);
    return undefined;
  }
};

/** Figures of one model and grade over some runs. */
export interface Score {
  readonly model: string;
  readonly inputs: Grade;
  readonly class: string;
  readonly runs: number;
  /** Absolute error of total time over completed runs that it gave one for, percent. */
  readonly median_ape: number;
  readonly p90_ape: number;
  /** Said converges but did not, said not but did; an "uncertain" counts as half of what it would have been wrong by. */
  readonly wrong: number;
  readonly uncertain: number;
  readonly blackout_median_ms: number;
  /** Share of completed runs within its 10-90 % interval. */
  readonly coverage: number;
}

/** Scores what a model said against what was measured. */
export const score = (runs: readonly Run[], model: Model, inputs: Grade, name = 'all'): Score => {
  const apes: number[] = [];
  const blackouts: number[] = [];
  let wrong = 0;
  let uncertain = 0;
  let covered = 0;
  let judged = 0;
  for (const { before, after } of runs) {
    if (after === undefined) continue;
    const said = judge(before, model, inputs);
    if (said.converges === null) continue;
    judged += 1;
    if (said.converges === 'uncertain') uncertain += 1;
    wrong += said.converges === 'uncertain' ? 0.5 : said.converges === after.converged ? 0 : 1;
    if (!after.converged || said.total_time_ms === null || after.total === undefined) continue;
    apes.push(Math.abs(said.total_time_ms / after.total - 1) * 100);
    if (said.p10_ms !== null && said.p90_ms !== null && said.p10_ms <= after.total && after.total <= said.p90_ms)
      covered += 1;
    if (said.blackout_ms !== null && after.blackout !== undefined)
      blackouts.push(Math.abs(said.blackout_ms - after.blackout));
  }
  return {
    model: model.name,
    inputs,
    class: name,
    runs: judged,
    median_ape: quantileOf(apes, 0.5),
    p90_ape: quantileOf(apes, 0.9),
    wrong,
    uncertain,
    blackout_median_ms: quantileOf(blackouts, 0.5),
    coverage: apes.length === 0 ? NaN : covered / apes.length,
  };
};

/** Classes whose demand is neither constant nor left alone; they have a target of their own. */
const special = ['phases', 'auto-converge', 'post-copy'];

const plain = ({ before }: Run): boolean => !special.includes(before.class);

/** Scores of all models and grades: over all, over what is plain pre-copy, and by class. */
export const scores = (runs: readonly Run[]): readonly Score[] => {
  const classes = [...new Set(runs.map(({ before }) => before.class))];
  return models.flatMap((model) =>
    grades.flatMap((inputs) => [
      score(runs, model, inputs),
      score(runs.filter(plain), model, inputs, 'pre-copy'),
      ...classes.map((name) =>
        score(
          runs.filter(({ before }) => before.class === name),
          model,
          inputs,
          name,
        ),
      ),
    ]),
  );
};

const fixed = (value: number, digits: number): string => (Number.isNaN(value) ? '-' : value.toFixed(digits));

const columns = [
  'model',
  'inputs',
  'class',
  'runs',
  'median',
  'p90',
  'wrong',
  'unsure',
  'blackout',
  'covered',
] as const;

const line = (cells: readonly string[]): string =>
  cells
    .map((cell, index) => (index < 3 ? cell.padEnd(14) : cell.padStart(9)))
    .join(' ')
    .trimEnd();

const printed = (one: Score): string =>
  line([
    one.model,
    one.inputs,
    one.class,
    String(one.runs),
    `${fixed(one.median_ape, 1)} %`,
    `${fixed(one.p90_ape, 1)} %`,
    fixed(one.wrong, 1),
    String(one.uncertain),
    `${fixed(one.blackout_median_ms, 1)} ms`,
    `${fixed(one.coverage * 100, 0)} %`,
  ]);

/** The command: `evaluate -- estimators DIR [--each] [--json]`. */
export const evaluateEstimators = (
  directory: string,
  { each, json }: { readonly each: boolean; readonly json: boolean },
  say: (line: string) => void,
  complain: (message: string) => void,
): void => {
  const runs = readRuns(directory, complain);
  if (each) {
    for (const { before } of runs)
      for (const model of models) for (const inputs of grades) say(JSON.stringify(judge(before, model, inputs)));
    return;
  }
  const all = scores(runs);
  if (json) for (const one of all) say(JSON.stringify(one));
  else {
    say(line(columns));
    for (const one of all) say(printed(one));
  }
};
