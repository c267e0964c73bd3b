/** Table: a CSV file as rows of named cells, gzipped or not, and cells as numbers or named errors. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A row by column name; a column that is missing or empty has no entry. */
export type Row = ReadonlyMap<string, string>;

/** A cell that cannot be read. */
export class BadCell extends Error {
  readonly kind = 'bad-cell';
  constructor(column: string, value: string | undefined, rule: string) {
    super(`column ${column}: ${value === undefined ? 'missing' : JSON.stringify(value)} ${rule}`);
  }
}

/** The text of `DIR/NAME`, or of `DIR/NAME.gz`; throws where there is neither. */
export const textOf = (directory: string, name: string): string => {
  const plain = join(directory, name);
  if (existsSync(plain)) return readFileSync(plain, 'utf8');
  const packed = `${plain}.gz`;
  if (existsSync(packed)) return gunzipSync(readFileSync(packed)).toString('utf8');
  throw new Error(`neither ${plain} nor ${packed} exists`);
};

/** Cells of all records, after RFC 4180: quotes hold commas, line breaks and doubled quotes. */
const records = (text: string): readonly (readonly string[])[] => {
  const all: string[][] = [];
  let record: string[] = [];
  let cell = '';
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text.charAt(index + 1) === '"') {
        cell += '"';
        index += 1;
      } else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ',') {
      record.push(cell);
      cell = '';
    } else if (character === '\n') {
      all.push([...record, cell]);
      record = [];
      cell = '';
    } else if (character !== '\r') cell += character;
  }
  if (cell !== '' || record.length > 0) all.push([...record, cell]);
  return all.filter((cells) => cells.length > 1 || cells[0] !== '');
};

/** Rows of a CSV text whose first line names the columns. */
export const rowsOf = (text: string): readonly Row[] => {
  const [head = [], ...rest] = records(text.replace(/^\uFEFF/u, ''));
  const names = head.map((name) => name.trim());
  return rest.map(
    (cells) =>
      new Map(
        names.flatMap((name, index): readonly (readonly [string, string])[] => {
          const value = cells[index]?.trim() ?? '';
          return value === '' ? [] : [[name, value]];
        }),
      ),
  );
};

/** A cell as a number that is finite and not negative; `undefined` where it is empty. Throws {@link BadCell} else. */
export const amountIn = (row: Row, column: string): number | undefined => {
  const text = row.get(column);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new BadCell(column, text, 'is no number');
  if (value < 0) throw new BadCell(column, text, 'is negative');
  return value;
};

/** The same, but it must be there. */
export const neededIn = (row: Row, column: string): number => {
  const value = amountIn(row, column);
  if (value === undefined) throw new BadCell(column, undefined, 'is needed');
  return value;
};

/** Share-th part of sorted numbers, by the nearest rank. NaN of none. */
export const quantileOf = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
};
