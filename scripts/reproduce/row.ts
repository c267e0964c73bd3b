/** Row: one figure of a published table beside the simulated one, and whether they agree within a stated tolerance. */

/** What is claimed of a simulated figure: at most this share away from the measured one, or within bounds of its own. */
export type Tolerance = number | readonly [low: number, high: number];

/**
 * One figure. `measured` is null where nobody measured it: then the figure is a prediction, and nothing is claimed. Nor is anything
 * claimed where there is no tolerance.
 */
export interface Row {
  readonly table: string;
  readonly row: string;
  readonly measured: number | null;
  readonly simulated: number | null;
  readonly unit: string;
  readonly tolerance: Tolerance | null;
  readonly within: boolean | null;
}

/** Whether a figure keeps its tolerance; null where nothing is claimed. A figure that did not come about keeps none. */
export const keeps = (
  measured: number | null,
  simulated: number | null,
  tolerance: Tolerance | null,
): boolean | null => {
  if (tolerance === null) return null;
  if (simulated === null || !Number.isFinite(simulated)) return false;
  if (typeof tolerance !== 'number') return simulated >= tolerance[0] && simulated <= tolerance[1];
  return measured !== null && Math.abs(simulated - measured) <= tolerance * Math.abs(measured);
};

/** A row with its verdict. What did not come about is null. */
export const row = (
  table: string,
  name: string,
  measured: number | null,
  simulated: number | undefined,
  unit: string,
  tolerance: Tolerance | null,
): Row => {
  const figure = simulated === undefined ? null : Math.round(simulated * 100) / 100;
  return { table, row: name, measured, simulated: figure, unit, tolerance, within: keeps(measured, figure, tolerance) };
};

/** An order that must hold, as 1 or 0. */
export const order = (table: string, name: string, holds: boolean): Row =>
  row(table, name, 1, Number(holds), 'holds', 0);

const told = (value: number | null): string => (value === null ? '–' : String(value));

const toldTolerance = (tolerance: Tolerance | null): string => {
  if (tolerance === null) return '–';
  return typeof tolerance === 'number'
    ? `±${Math.round(tolerance * 1000) / 10} %`
    : `${tolerance[0]} … ${tolerance[1]}`;
};

const difference = ({ measured, simulated, unit }: Row): string =>
  measured === null || simulated === null || measured === 0 || unit === 'holds' || unit === '%'
    ? '–'
    : `${(((simulated - measured) / measured) * 100).toFixed(1)} %`;

const verdict = ({ measured, within }: Row): string =>
  within === null ? (measured === null ? 'prediction' : 'not claimed') : within ? 'within' : 'OUTSIDE';

/** Rows as lines of a table with aligned columns. */
export const tableOf = (rows: readonly Row[]): readonly string[] => {
  const cells = [
    ['table', 'row', 'measured', 'simulated', 'unit', 'difference', 'tolerance', 'verdict'],
    ...rows.map((one) => [
      one.table,
      one.row,
      told(one.measured),
      told(one.simulated),
      one.unit,
      difference(one),
      toldTolerance(one.tolerance),
      verdict(one),
    ]),
  ];
  const widths = cells[0]?.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0))) ?? [];
  return cells.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};
