/** Trace: a recorded series of utilisation, one value a step, and how it is read from a table. */
import { type BadInput, type Fraction, type GuestId, type Milliseconds, minutes, printable } from '../model/index.js';
import { positive } from './setting.js';

/** A recorded series of utilisation. A value that was not measured is `undefined`. */
export interface Trace {
  readonly id: GuestId;
  /** Time from one value to the next; the first stands at zero. */
  readonly step: Milliseconds;
  readonly values: readonly (Fraction | undefined)[];
}

/** How a table of traces is read. */
export interface TraceOptions {
  /** Name of the table, as it appears in refusals; `trace` if not given. */
  readonly source?: string;
  /** Time from one column to the next; five minutes if not given. */
  readonly step?: Milliseconds;
}

/** What a table holds, and what of it could not be read. */
export interface TraceTable {
  readonly traces: readonly Trace[];
  readonly bad: readonly BadInput[];
}

/** A number as a table writes it; `Number` alone would also take the empty text and `0x10`. */
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu;

/** How a value between two recorded ones is taken. */
export type Interpolation = 'step' | 'linear';

/**
 * Reads a table of traces: a header `vm,0,1,…` and a row a machine, its name and its utilisation in percent, as in the traces of
 * PlanetLab (Park and Pai, CoMon, 2006) and those made of Google's cluster data (Hieu et al., 2017).
 *
 * Values above 100 are taken for 100. An empty or missing cell was not measured. A cell that is no number or negative is given
 * as bad, with row and column, and was not measured; a row of more cells than the header, without a name or with the name of
 * another is given as bad and left out.
 */
export const parseTraces = (table: string, { source = 'trace', step = minutes(5) }: TraceOptions = {}): TraceTable => {
  positive('trace.step', step);
  const traces: Trace[] = [];
  const bad: BadInput[] = [];
  const refuse = (place: string, message: string, value: string, problem: BadInput['problem'] = 'malformed'): void => {
    bad.push({ kind: 'bad-input', source, place, problem, message, value: printable(value) });
  };

  const [header = '', ...rows] = table.replace(/^\uFEFF/u, '').split(/\r?\n/u);
  const columns = header.split(',');
  if (columns[0] !== 'vm' || !columns.slice(1).every((column, i) => column.trim() === String(i))) {
    refuse('line 1', 'the header must be vm,0,1,2 and so on', header);
    return { traces, bad };
  }

  const cell = (text: string, place: string): Fraction | undefined => {
    const trimmed = text.trim();
    if (trimmed === '') return undefined;
    const value = decimal.test(trimmed) ? Number(trimmed) : Number.NaN;
    if (value >= 0) return Math.min(1, value / 100);
    refuse(place, 'must be a percentage, not negative', text);
    return undefined;
  };
  const names = new Set<string>();
  rows.forEach((row, i) => {
    if (row.trim() === '') return;
    const place = `line ${i + 2}`;
    const [name = '', ...cells] = row.split(',');
    const id = name.trim();
    if (id === '') refuse(place, 'a trace must have a name', row);
    else if (names.has(id)) refuse(place, `"${id}" is listed twice`, row, 'duplicate');
    else if (cells.length >= columns.length)
      refuse(place, `${cells.length} values are more than the ${columns.length - 1} of the header`, row);
    else {
      names.add(id);
      const values = Array.from({ length: columns.length - 1 }, (_, k) =>
        cell(cells[k] ?? '', `${place}, column ${k}`),
      );
      traces.push({ id, step, values });
    }
  });
  return { traces, bad };
};

/**
 * The value of a trace at a time counted from its first value; not known before it, after the last step, and where a value that
 * it is taken from was not measured.
 *
 * @param interpolation - `step`: a value holds until the next. `linear`: on the line to the next; the last one holds
 */
export const traceAt = (
  { step, values }: Trace,
  at: Milliseconds,
  interpolation: Interpolation,
): Fraction | undefined => {
  if (!(at >= 0) || at >= step * values.length) return undefined;
  const index = Math.floor(at / step);
  const value = values[index];
  const part = at / step - index;
  if (interpolation === 'step' || part === 0 || index + 1 === values.length || value === undefined) return value;
  const next = values[index + 1];
  return next === undefined ? undefined : value * (1 - part) + next * part;
};
