/** Table: measured figures as text, one a line, with the target that each has to meet. */
import * as z from 'zod';

/** A figure as the measuring process prints it. */
export const measured = z.strictObject({
  benchmark: z.string(),
  name: z.string(),
  value: z.number(),
  unit: z.string(),
  target: z.number().optional(),
  better: z.enum(['more', 'less']).optional(),
  cell: z.strictObject({ row: z.string(), column: z.string(), text: z.string() }).optional(),
});
export type Measured = z.infer<typeof measured>;

/** Whether a figure meets its target; `undefined` where it has none. Less is better unless the figure says otherwise. */
export const meets = ({ value, target, better }: Measured): boolean | undefined => {
  if (target === undefined) return undefined;
  return better === 'more' ? value >= target : value <= target;
};

const spelled = (value: number): string =>
  Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-GB') : String(Number(value.toPrecision(3)));

const verdict = (figure: Measured): string => {
  const met = meets(figure);
  return met === undefined ? '' : met ? 'met' : 'missed';
};

const target = ({ target, better, unit }: Measured): string =>
  target === undefined ? '' : `${better === 'more' ? '≥' : '≤'} ${spelled(target)} ${unit}`;

/** The figures as lines of text in columns. */
export const table = (figures: readonly Measured[]): readonly string[] => {
  const rows = [
    ['benchmark', 'figure', 'value', 'target', ''],
    ...figures.map((figure) => [
      figure.benchmark,
      figure.name,
      `${spelled(figure.value)} ${figure.unit}`,
      target(figure),
      verdict(figure),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};

/** Figures that stand in a table of the docs, in its form: for each benchmark rows and columns as they come. */
export const page = (figures: readonly Measured[]): readonly string[] => {
  const named = figures.flatMap(({ benchmark, cell }) => (cell ? [{ benchmark, ...cell }] : []));
  return [...new Set(named.map(({ benchmark }) => benchmark))].flatMap((benchmark) => {
    const own = named.filter((each) => each.benchmark === benchmark);
    const columns = [...new Set(own.map(({ column }) => column))];
    const rows = [...new Set(own.map(({ row }) => row))];
    const textOf = (row: string, column: string): string =>
      own.find((each) => each.row === row && each.column === column)?.text ?? 'not measured';
    const lines = rows.map((row) => [row, ...columns.map((column) => textOf(row, column))]);
    const marked = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
    const head = [benchmark, ...columns];
    return ['', marked(head), marked(head.map(() => '---')), ...lines.map(marked)];
  });
};
