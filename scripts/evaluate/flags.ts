/** Flags: words of a command line, `--name value` or `--name`, checked by a schema; what is wrong is told by flag and value. */
import * as z from 'zod';

/** What a command line says, or a line for each thing that is wrong with it. */
export type Read<Options> =
  | { readonly ok: true; readonly options: Options; readonly files: readonly string[] }
  | { readonly ok: false; readonly wrong: readonly string[] };

/**
 * Reads words.
 *
 * @param switches - flags that take no value
 */
export const readFlags = <Options>(
  words: readonly string[],
  schema: z.ZodType<Options>,
  switches: readonly string[],
): Read<Options> => {
  const files: string[] = [];
  const given: Record<string, string | boolean> = {};
  const missing: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const name = word.slice(2);
    if (!word.startsWith('--')) files.push(word);
    else if (switches.includes(name)) given[name] = true;
    else {
      const value = words[i + 1];
      if (value === undefined || value.startsWith('--')) missing.push(`${word}: a value is missing`);
      else {
        given[name] = value;
        i++;
      }
    }
  }
  if (missing.length > 0) return { ok: false, wrong: missing };
  const read = schema.safeParse(given);
  if (read.success) return { ok: true, options: read.data, files };
  const wrong = read.error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => `--${key}: there is no such flag`).join('\n');
    const name = String(issue.path[0]);
    const value = given[name];
    return value === undefined
      ? `--${name}: is needed`
      : `--${name} ${JSON.stringify(value)} is refused: ${issue.message}`;
  });
  return { ok: false, wrong };
};

/** A number as text; an empty text, and one with more than a number in it, is none. */
export const number = z
  .string()
  .refine((text) => text.trim() !== '' && Number.isFinite(Number(text)), 'must be a number')
  .transform(Number);
