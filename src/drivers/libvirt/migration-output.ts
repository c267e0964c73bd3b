/** MigrationOutput: the lines that `virsh migrate --verbose` writes over one another, turned into percentages and what else it says. */

/** A share of the way, or a word that is none. */
export type MigrationLine =
  | { readonly kind: 'percent'; readonly percent: number; readonly rest: string }
  | { readonly kind: 'said'; readonly text: string };

const progress = /^Migration: \[\s{0,2}(\d{1,3}) %\](.*)$/;

/** What a line says. An error follows the last percentage on the same line. */
export const parseMigrationLine = (line: string): MigrationLine | undefined => {
  const [, percent, rest] = progress.exec(line) ?? [];
  if (percent !== undefined) return { kind: 'percent', percent: Math.min(100, Number(percent)), rest: rest ?? '' };
  return line.trim() === '' ? undefined : { kind: 'said', text: line };
};
