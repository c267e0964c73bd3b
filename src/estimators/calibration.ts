/** Calibration: from a site's own migrations to its fixed part, its effective bandwidth, and how moves slow each other. */
import * as z from 'zod';
import {
  failed,
  ok,
  type Bytes,
  type BytesPerSecond,
  type Milliseconds,
  type Outcome,
  type Result,
} from '../model/index.js';
import { corrected, median } from './residuals.js';
import type { Estimator } from './estimator.js';

/** A migration that a site has seen. */
export interface SiteMigration {
  /** Ways that differ in speed are fitted apart: storage, tunnelling, pair of hosts. */
  readonly path: string;
  readonly memory: Bytes;
  /** Moves under way at once between the same pair of hosts, this one among them. */
  readonly concurrent: number;
  readonly duration: Milliseconds;
}

/** Migrations alike in path, memory and concurrency; their durations, oldest first, no more than the last `window`. */
export interface CalibrationCell {
  readonly path: string;
  readonly memory: Bytes;
  readonly concurrent: number;
  readonly durations: readonly Milliseconds[];
}

/** What is kept of the migrations seen. Plain JSON. */
export interface Calibration {
  readonly version: 1;
  readonly cells: readonly CalibrationCell[];
}

/** Durations kept in a cell: enough for a steady median, few enough to follow a site that changes. */
const window = 512;

/** A calibration that has seen nothing. */
export const calibration: Calibration = { version: 1, cells: [] };

/** Schema of a {@link Calibration} that was written down. */
export const calibrationSchema: z.ZodType<Calibration> = /* @__PURE__ */ z.strictObject({
  version: /* @__PURE__ */ z.literal(1),
  cells: /* @__PURE__ */ z.array(
    /* @__PURE__ */ z.strictObject({
      path: /* @__PURE__ */ z.string(),
      memory: /* @__PURE__ */ z.number().positive(),
      concurrent: /* @__PURE__ */ z.int().positive(),
      durations: /* @__PURE__ */ z.array(/* @__PURE__ */ z.number().positive()),
    }),
  ),
});

const sound = (migration: SiteMigration): boolean =>
  migration.memory > 0 &&
  migration.memory < Infinity &&
  migration.duration > 0 &&
  migration.duration < Infinity &&
  Number.isInteger(migration.concurrent) &&
  migration.concurrent > 0;

/** Takes in one migration. One with a figure that is zero, negative or no number leaves the calibration as it is. */
export const observeMigration = (seen: Calibration, migration: SiteMigration): Calibration => {
  if (!sound(migration)) return seen;
  const { path, memory, concurrent, duration } = migration;
  const index = seen.cells.findIndex(
    (cell) => cell.path === path && cell.memory === memory && cell.concurrent === concurrent,
  );
  const before = seen.cells[index]?.durations ?? [];
  const cell: CalibrationCell = { path, memory, concurrent, durations: [...before, duration].slice(-window) };
  return { version: 1, cells: index < 0 ? [...seen.cells, cell] : seen.cells.with(index, cell) };
};

/** Takes in a move of an event recording; one that failed is no measure of time. */
export const observeOutcome = (
  seen: Calibration,
  outcome: Outcome,
  of: Pick<SiteMigration, 'path' | 'memory' | 'concurrent'>,
): Calibration =>
  outcome.ending.result === 'done'
    ? observeMigration(seen, { ...of, duration: outcome.endedAt - outcome.startedAt })
    : seen;

/** How moves slow each other: what one of `concurrent` takes over what it takes alone. */
export interface Contention {
  readonly concurrent: number;
  readonly factor: number;
}

/** What was fitted for one path. */
export interface PathFit {
  readonly fixed: Milliseconds;
  /** Milliseconds per byte of memory. */
  readonly perByte: number;
  /** The same as a rate. */
  readonly bandwidth: BytesPerSecond;
  /** Whether the fixed part was fitted here, or taken over from the site's other paths. */
  readonly ownFixed: boolean;
  /** Rising by concurrency; the first is one move at a factor of 1. */
  readonly contention: readonly Contention[];
  /** Tenth and ninetieth percentile of measured over fitted: the residual ratios. */
  readonly residual: { readonly low: number; readonly middle: number; readonly high: number };
  readonly count: number;
}

/** What was fitted for a site. */
export interface SiteFit {
  /** Middle of the paths' fixed parts. */
  readonly fixed: Milliseconds;
  readonly paths: Readonly<Record<string, PathFit>>;
}

/** Why nothing was fitted. */
export interface TooLittle {
  readonly kind: 'too few' | 'one size only';
  readonly message: string;
}

/** Fewest migrations of a cell that are trusted for a median. */
const fewest = 5;

interface Point {
  readonly memory: Bytes;
  readonly concurrent: number;
  readonly middle: Milliseconds;
}

/** Theil and Sen: the median of the slopes of all pairs, and the median of what is left; no outlier bends it. */
const line = (points: readonly Point[]): { readonly fixed: Milliseconds; readonly perByte: number } | undefined => {
  const slopes = points.flatMap((a, index) =>
    points
      .slice(index + 1)
      .filter((b) => b.memory !== a.memory)
      .map((b) => (b.middle - a.middle) / (b.memory - a.memory)),
  );
  const perByte = median(slopes);
  if (perByte === undefined || perByte <= 0) return undefined;
  const fixed = median(points.map((point) => point.middle - perByte * point.memory));
  return fixed === undefined ? undefined : { fixed: Math.max(0, fixed), perByte };
};

/**
 * Fits fixed part, time per byte and contention to the medians of what was seen. Refuses where no cell has five
 * migrations, or where no path has two sizes of memory, for then nothing tells the fixed part from the rest. A path of
 * one size takes the fixed part over from the others.
 */
export const fitCalibration = (seen: Calibration): Result<SiteFit, TooLittle> => {
  const trusted = seen.cells.filter((cell) => cell.durations.length >= fewest);
  if (trusted.length === 0)
    return failed({ kind: 'too few', message: `no size of memory was moved ${fewest} times on one path` });
  const paths = [...new Set(trusted.map((cell) => cell.path))].map((path) => {
    const cells = trusted.filter((cell) => cell.path === path);
    const points = cells.map((cell): Point => ({ ...cell, middle: median(cell.durations) ?? 0 }));
    return { path, cells, points, own: line(points.filter(alone)) };
  });
  const fixed = median(paths.flatMap(({ own }) => (own === undefined ? [] : [own.fixed])));
  if (fixed === undefined)
    return failed({ kind: 'one size only', message: 'no path has moved two sizes of memory one at a time' });
  const fits = paths.flatMap(({ path, cells, points, own }): readonly (readonly [string, PathFit])[] => {
    const fit = pathFit(points, cells, own, fixed);
    return fit === undefined ? [] : [[path, fit]];
  });
  return ok({ fixed, paths: Object.fromEntries(fits) });
};

const alone = (point: Point): boolean => point.concurrent === 1;

const pathFit = (
  points: readonly Point[],
  cells: readonly CalibrationCell[],
  own: { readonly fixed: Milliseconds; readonly perByte: number } | undefined,
  siteFixed: Milliseconds,
): PathFit | undefined => {
  const least = Math.min(...points.map((point) => point.concurrent));
  // A path that was never used by one move alone is traced back to one by sharing the bandwidth evenly.
  const serial = points.filter((point) => point.concurrent === least);
  const perByte =
    own?.perByte ?? median(serial.map((point) => Math.max(point.middle / least - siteFixed, 0) / point.memory));
  if (perByte === undefined || !(perByte > 0)) return undefined;
  const fixed = own?.fixed ?? siteFixed;
  const base = (memory: Bytes): Milliseconds => fixed + perByte * memory;
  const contention: Contention[] = [{ concurrent: 1, factor: 1 }];
  for (const concurrent of [...new Set(points.map((point) => point.concurrent))].sort((a, b) => a - b)) {
    const alike = points.filter((point) => point.concurrent === concurrent);
    const factor = median(alike.map((point) => point.middle / base(point.memory)));
    if (concurrent > 1 && factor !== undefined) contention.push({ concurrent, factor });
  }
  const ratios = cells
    .flatMap((cell) =>
      cell.durations.map((duration) => duration / (base(cell.memory) * contentionAt(contention, cell.concurrent))),
    )
    .sort((a, b) => a - b);
  const at = (share: number): number => ratios[Math.round(share * (ratios.length - 1))] ?? 1;
  return {
    fixed,
    perByte,
    bandwidth: 1000 / perByte,
    ownFixed: own !== undefined,
    contention,
    residual: { low: at(0.1), middle: at(0.5), high: at(0.9) },
    count: ratios.length,
  };
};

/**
 * How much longer one of `concurrent` moves takes: on the power law between the two nearest that were seen, along the
 * last one beyond them, and in proportion (the bandwidth shared evenly) where only single moves were seen.
 */
export const contentionAt = (contention: readonly Contention[], concurrent: number): number => {
  const upper = contention.findIndex((level) => level.concurrent >= concurrent);
  const exact = contention[upper];
  if (exact?.concurrent === concurrent) return exact.factor;
  const at = upper < 0 ? contention.length - 1 : upper;
  const high = contention[at];
  const low = contention[at - 1];
  if (high === undefined || low === undefined) return concurrent;
  const power = Math.log(high.factor / low.factor) / Math.log(high.concurrent / low.concurrent);
  return low.factor * (concurrent / low.concurrent) ** power;
};

/** What a fitted path expects of a move. */
export const siteDuration = (
  fit: PathFit,
  memory: Bytes,
  concurrent = 1,
): { readonly duration: Milliseconds; readonly low: Milliseconds; readonly high: Milliseconds } => {
  const duration = (fit.fixed + fit.perByte * memory) * contentionAt(fit.contention, concurrent);
  return { duration, low: duration * fit.residual.low, high: duration * fit.residual.high };
};

/**
 * An estimator in the light of a site's fit: no more bandwidth than was ever reached, the fixed part added, and the
 * figures times the residual ratio.
 */
export const calibrated =
  (estimator: Estimator, fit: PathFit): Estimator =>
  (facts) => {
    const estimate = estimator({ ...facts, bandwidth: Math.min(facts.bandwidth, fit.bandwidth) });
    if (!('duration' in estimate)) return estimate;
    const { duration, interval } = estimate;
    const later = {
      ...estimate,
      duration: duration + fit.fixed,
      interval: { low: interval.low + fit.fixed, high: interval.high + fit.fixed },
    };
    return corrected(later, fit.residual.middle);
  };
