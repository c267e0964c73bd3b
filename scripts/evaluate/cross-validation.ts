/** Cross-validation: the constants of QEMU's loop fitted to some configurations and judged on others, to see whether they are over-fitted. */
import { precopy, qemuTiming, type QemuTiming } from '../../src/estimators/index.js';
import { kibibytes, mebibytes } from '../../src/model/index.js';
import { judge, readRuns, score, type Run } from './estimators.js';
import type { Model } from './models.js';
import { quantileOf } from './table.js';

/** Values that are tried for each constant that was ever looked at on data; the first is where the search begins. */
const tried = {
  window: [100, 100.35, 100.7],
  idleSet: [0, kibibytes(320), kibibytes(640), kibibytes(1280)],
  idleRate: [kibibytes(0.4), kibibytes(1.8), kibibytes(3.6), kibibytes(7.2)],
  tail: [0, mebibytes(4), mebibytes(8), mebibytes(16)],
  copySpeed: [mebibytes(0.35), mebibytes(0.7), mebibytes(1.4)],
  goodput: [0.95, 0.97, 0.99],
  stop: [2, 3.8, 6],
} as const satisfies Partial<Record<keyof QemuTiming, readonly number[]>>;

type Tried = keyof typeof tried;
const names: readonly Tried[] = ['window', 'idleSet', 'idleRate', 'tail', 'copySpeed', 'goodput', 'stop'];

const loop = (timing: QemuTiming): Model => ({
  name: 'qemu-loop',
  estimator: ({ options }) => precopy({ ...options, timing }),
});

/** What a fit makes small: the middle and the tail of the error, and twenty for every wrong verdict. */
const loss = (runs: readonly Run[], timing: QemuTiming): number => {
  const { median_ape, p90_ape, wrong, blackout_median_ms } = score(runs, loop(timing), 'known');
  return median_ape + 0.25 * p90_ape + 0.1 * blackout_median_ms + (20 * wrong) / runs.length;
};

/** The constants that fit best, one after the other and twice round, from the first of the tried values. */
const fitted = (runs: readonly Run[]): QemuTiming => {
  let best: QemuTiming = { ...qemuTiming, ...Object.fromEntries(names.map((name) => [name, tried[name][0]])) };
  let least = loss(runs, best);
  for (let turn = 0; turn < 2; turn += 1)
    for (const name of names)
      for (const value of tried[name]) {
        const other = { ...best, [name]: value };
        const now = loss(runs, other);
        if (now < least) [best, least] = [other, now];
      }
  return best;
};

/** Repeats of one configuration stay together: all that was known before, but for what a seed changes. */
const configuration = ({ before }: Run): string =>
  JSON.stringify([before.known?.memory, before.known?.bandwidth, before.known?.demand, before.options, before.class]);

const folds = 5;

/** The command: `evaluate -- cross-validation DIR`. */
export const crossValidate = (
  directory: string,
  say: (line: string) => void,
  complain: (message: string) => void,
): void => {
  const runs = readRuns(directory, complain);
  const configurations = [...new Set(runs.map(configuration))];
  const foldOf = (run: Run): number => configurations.indexOf(configuration(run)) % folds;
  for (const inputs of ['known', 'sampled'] as const) {
    const apes: number[] = [];
    const plain: number[] = [];
    const throttled: number[] = [];
    const blackouts: number[] = [];
    let wrong = 0;
    let covered = 0;
    for (let fold = 0; fold < folds; fold += 1) {
      const model = loop(fitted(runs.filter((run) => foldOf(run) !== fold)));
      for (const { before, after } of runs.filter((run) => foldOf(run) === fold)) {
        if (after === undefined) continue;
        const said = judge(before, model, inputs);
        if (said.converges === null) continue;
        wrong += said.converges === 'uncertain' ? 0.5 : said.converges === after.converged ? 0 : 1;
        if (!after.converged || said.total_time_ms === null || after.total === undefined) continue;
        const ape = Math.abs(said.total_time_ms / after.total - 1) * 100;
        apes.push(ape);
        if (!['phases', 'auto-converge', 'post-copy'].includes(before.class)) plain.push(ape);
        if (before.class === 'auto-converge') throttled.push(ape);
        if (said.blackout_ms !== null && after.blackout !== undefined)
          blackouts.push(Math.abs(said.blackout_ms - after.blackout));
        if (said.p10_ms !== null && said.p90_ms !== null && said.p10_ms <= after.total && after.total <= said.p90_ms)
          covered += 1;
      }
    }
    const figure = (values: readonly number[], share: number): number =>
      Math.round(quantileOf(values, share) * 10) / 10;
    say(
      JSON.stringify({
        inputs,
        configurations: configurations.length,
        folds,
        median_ape: figure(apes, 0.5),
        p90_ape: figure(apes, 0.9),
        precopy_median_ape: figure(plain, 0.5),
        precopy_p90_ape: figure(plain, 0.9),
        auto_converge_median_ape: figure(throttled, 0.5),
        wrong,
        blackout_median_ms: figure(blackouts, 0.5),
        coverage: Math.round((covered / apes.length) * 100) / 100,
      }),
    );
  }
};
