/** Bad input as a value: what came in, from where, at which place, and which rule it breaks. */
import type * as z from 'zod';
import type { Sample } from './sample.js';

/** Why an input was not taken. */
export type BadInputProblem =
  | 'malformed'
  | 'unknown subject'
  | 'out of order'
  | 'duplicate'
  | 'from the future'
  | 'unsupported version'
  /** The source could not be asked, or did not answer. */
  | 'unavailable'
  /** Not the input is at fault: a signal threw while it was folded. */
  | 'broken signal';

/** An input that was not taken. It causes no move, and the stream that carries it lives on. */
export interface BadInput {
  readonly kind: 'bad-input';
  /** Who delivered it: a driver, a file, an address. */
  readonly source: string;
  /** Where in it: a line, a subject, the path of a field. */
  readonly place: string;
  readonly problem: BadInputProblem;
  /** The rule that is broken, with the values compared. */
  readonly message: string;
  /** The value as it came, cut to a printable length. */
  readonly value: string;
}

/** What a source delivers: samples, and the inputs that were none. */
export type Reading = Sample | BadInput;

const longest = 200;

const spelled = (value: unknown): string => {
  if (typeof value === 'string') return value;
  // JSON has no word for these.
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return typeof value;
  try {
    return JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'bigint' || (typeof part === 'number' && !Number.isFinite(part)) ? String(part) : part,
    );
  } catch {
    // A circle, or a getter that throws: bad input must not become a crash while it is being told of.
    return typeof value;
  }
};

/** Any value as a short text. */
export const printable = (value: unknown): string => {
  const text = spelled(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
};

/** Path of a field as a person writes it: `hosts[2].cpu.clock`. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  );

/** One bad input for the first issue that a schema found. */
export const malformed = (source: string, place: string, value: unknown, error: z.core.$ZodError): BadInput => {
  const issue = error.issues[0];
  const path = pathText(issue?.path ?? []);
  return {
    kind: 'bad-input',
    source,
    place: path === '' ? place : `${place}: ${path}`,
    problem: 'malformed',
    message: issue?.message ?? 'not valid',
    value: printable(value),
  };
};
