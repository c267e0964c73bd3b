/** Evaluates the calibration on a site's recorded migrations: the fit, and what it says of groups that it has not seen. */
import {
  calibration,
  contentionAt,
  fitCalibration,
  observeMigration,
  siteDuration,
  type Calibration,
  type PathFit,
} from '../../src/estimators/index.js';
import { gibibytes, seconds } from '../../src/model/index.js';
import { BadCell, neededIn, quantileOf, rowsOf, textOf, type Row } from './table.js';

/** Memory of the flavours that the recordings name, GiB. */
const flavours: Readonly<Record<string, number>> = { small: 4, medium: 8, large: 16 };

/** Migrations alike in campaign, path, flavour and concurrency. */
export interface Group {
  readonly path: string;
  readonly flavor: string;
  readonly memory: number;
  readonly concurrent: number;
  readonly durations: readonly number[];
}

const memoryIn = (row: Row): number => {
  const flavour = row.get('flavor');
  const size = flavour === undefined ? undefined : flavours[flavour];
  if (size === undefined) throw new BadCell('flavor', flavour, `is none of ${Object.keys(flavours).join(', ')}`);
  return gibibytes(size);
};

/** Groups of `DIR/migrations.csv`; rows that cannot be read go to `complain`. */
export const readGroups = (directory: string, complain: (message: string) => void): readonly Group[] => {
  const groups = new Map<
    string,
    { path: string; flavor: string; memory: number; concurrent: number; durations: number[] }
  >();
  for (const [index, row] of rowsOf(textOf(directory, 'migrations.csv')).entries()) {
    try {
      const path = ['campaign', 'storage', 'tunnelling'].map((column) => row.get(column) ?? '-').join('/');
      const memory = memoryIn(row);
      const concurrent = neededIn(row, 'concurrent');
      const duration = seconds(neededIn(row, 'duration_s'));
      const flavor = row.get('flavor') ?? '';
      const key = `${path} ${flavor} ${concurrent}`;
      const group = groups.get(key) ?? { path, flavor, memory, concurrent, durations: [] };
      group.durations.push(duration);
      groups.set(key, group);
    } catch (error) {
      if (!(error instanceof BadCell)) throw error;
      complain(`migrations.csv row ${index + 2}: ${error.message}`);
    }
  }
  return [...groups.values()];
};

/** A calibration that has seen the groups, one migration at a time. */
const seeing = (groups: readonly Group[]): Calibration => {
  let seen = calibration;
  for (const { path, memory, concurrent, durations } of groups)
    for (const duration of durations) seen = observeMigration(seen, { path, memory, concurrent, duration });
  return seen;
};

/** What was said of a group, against what was measured. */
export interface GroupScore {
  readonly kind: 'group';
  readonly path: string;
  readonly flavor: string;
  readonly concurrent: number;
  readonly migrations: number;
  readonly measured_median_s: number;
  readonly predicted_s: number | null;
  readonly ape: number | null;
}

const inSeconds = (value: number): number => Math.round(value / 10) / 100;

const percent = (value: number): number => Math.round(value * 1000) / 10;

const scored = (group: Group, predicted: number | undefined): GroupScore => {
  const measured = quantileOf(group.durations, 0.5);
  return {
    kind: 'group',
    path: group.path,
    flavor: group.flavor,
    concurrent: group.concurrent,
    migrations: group.durations.length,
    measured_median_s: inSeconds(measured),
    predicted_s: predicted === undefined ? null : inSeconds(predicted),
    ape: predicted === undefined ? null : percent(Math.abs(predicted / measured - 1)),
  };
};

/** Each group by a fit to all others: what the calibration says of moves of a kind that it has not seen. */
export const unseenGroups = (groups: readonly Group[]): readonly GroupScore[] =>
  groups.map((group) => {
    const fit = fitCalibration(seeing(groups.filter((other) => other !== group)));
    const path = fit.ok ? fit.value.paths[group.path] : undefined;
    return scored(group, path === undefined ? undefined : siteDuration(path, group.memory, group.concurrent).duration);
  });

const pathLine = (path: string, fit: PathFit): object => ({
  kind: 'path',
  path,
  fixed_s: inSeconds(fit.fixed),
  fixed_from: fit.ownFixed ? 'this path' : 'the other paths',
  seconds_per_gib: inSeconds(fit.perByte * gibibytes(1)),
  effective_gbit_s: Math.round((fit.bandwidth * 8) / 1e7) / 100,
  parallel: Object.fromEntries(
    [2, 3, 4]
      .filter(() => fit.contention.length > 1)
      .map((concurrent) => [concurrent, Math.round(contentionAt(fit.contention, concurrent) * 100) / 100]),
  ),
  residual_p10: Math.round(fit.residual.low * 1000) / 1000,
  residual_p90: Math.round(fit.residual.high * 1000) / 1000,
  migrations: fit.count,
});

/** The command: `evaluate -- calibration DIR [--json]`. */
export const evaluateCalibration = (
  directory: string,
  { json }: { readonly json: boolean },
  say: (line: string) => void,
  complain: (message: string) => void,
): void => {
  const groups = readGroups(directory, complain);
  const fit = fitCalibration(seeing(groups));
  if (!fit.ok) {
    say(JSON.stringify({ kind: 'refused', why: fit.error.kind, message: fit.error.message }));
    return;
  }
  const unseen = unseenGroups(groups);
  const apes = unseen.flatMap(({ ape }) => (ape === null ? [] : [ape]));
  const lines: readonly object[] = [
    {
      kind: 'site',
      fixed_s: inSeconds(fit.value.fixed),
      migrations: groups.reduce((sum, { durations }) => sum + durations.length, 0),
    },
    ...Object.entries(fit.value.paths).map(([path, of]) => pathLine(path, of)),
    ...unseen,
    {
      kind: 'unseen',
      groups: unseen.length,
      predicted: apes.length,
      median_ape: quantileOf(apes, 0.5),
      worst_ape: Math.max(...apes),
    },
  ];
  if (json) for (const one of lines) say(JSON.stringify(one));
  else
    for (const one of lines)
      say(
        Object.entries(one)
          .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
          .join('  '),
      );
};
