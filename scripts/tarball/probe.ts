/** Probe: programs that enter a package by each of its doors and tell what they found. */
import * as z from 'zod';

/** A module system. */
export type Format = 'import' | 'require';

/** What a door gave: its names, or why it did not open. */
export const found = z.record(
  z.string(),
  z.union([z.strictObject({ names: z.array(z.string()) }), z.strictObject({ error: z.string() })]),
);
export type Found = z.infer<typeof found>;

const body = (load: string): string => `
const found = {};
for (const door of process.argv.slice(2)) {
  try {
    found[door] = { names: Object.keys(${load}).filter((name) => name !== 'default' && name !== '__esModule').sort() };
  } catch (error) {
    found[door] = { error: String(error.message) };
  }
}
console.log(JSON.stringify(found));
`;

/** The program for each module system, by its file's name. */
export const probes: Readonly<Record<Format, { readonly file: string; readonly text: string }>> = {
  import: { file: 'probe.mjs', text: body('await import(door)') },
  require: { file: 'probe.cjs', text: body('require(door)') },
};

/** What is expected of doors. */
export interface Expectation {
  readonly doors: readonly string[];
  /** Doors that must not open, and the package that they must name as missing. */
  readonly missing: Readonly<Record<string, string>>;
}

/** What does not meet the expectation, in words. */
export const faults = (found: Found, { doors, missing }: Expectation): readonly string[] =>
  doors.flatMap((door) => {
    const got = found[door];
    const needs = missing[door];
    if (!got) return [`${door} was not tried`];
    if (needs !== undefined) {
      if ('names' in got) return [`${door} opened without ${needs}`];
      return got.error.includes(needs) ? [] : [`${door} does not say that it needs ${needs}, but: ${got.error}`];
    }
    if ('error' in got) return [`${door} did not open: ${got.error}`];
    return got.names.length === 0 ? [`${door} gives no names`] : [];
  });

/** Doors that give other names by one module system than by the other. */
export const disagreements = (imported: Found, required: Found): readonly string[] =>
  Object.keys(imported).flatMap((door) =>
    JSON.stringify(imported[door]) === JSON.stringify(required[door]) || (imported[door] && 'error' in imported[door])
      ? []
      : [`${door} gives other names by import than by require`],
  );
