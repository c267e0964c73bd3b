/** ConfigurationError: the only thing that reading a configuration may throw; it names each value by its path. */
import type * as z from 'zod';
import { pathText, printable } from '../model/index.js';
import type { QuantityProblem } from './quantity.js';

/** One value that was not taken. */
export interface ConfigurationProblem {
  /** Where it stands, as a person writes it: `hosts[2].cpu.clock`; empty for the value itself. */
  readonly path: string;
  /** The rule that it breaks. */
  readonly message: string;
  /** Where it was to be a quantity: what it was and what was expected. */
  readonly quantity?: QuantityProblem;
}

const brand = 'whither/configuration-error';

const line = ({ path, message }: ConfigurationProblem): string => (path === '' ? message : `${path}: ${message}`);

/** A configuration that was not taken, with everything that is wrong with it. Told apart by its brand, so that copies of the package agree on it. */
export class ConfigurationError extends Error {
  readonly brand = brand;
  readonly problems: readonly ConfigurationProblem[];
  override readonly name = 'ConfigurationError';

  constructor(problems: readonly ConfigurationProblem[]) {
    super(problems.map(line).join('\n'));
    this.problems = problems;
  }

  /** Whether a thrown thing is a ConfigurationError, of this copy of the package or of another. */
  static is(thrown: unknown): thrown is ConfigurationError {
    return typeof thrown === 'object' && thrown !== null && 'brand' in thrown && thrown.brand === brand;
  }
}

const quantityOf = (issue: z.core.$ZodIssue): { readonly quantity?: QuantityProblem } =>
  // Only the quantity schemas set this parameter, and they set it to a QuantityProblem.
  issue.code === 'custom' && issue.params?.['quantity'] !== undefined
    ? { quantity: issue.params['quantity'] as QuantityProblem }
    : {};

/** How far a value is from what one form of it asks for: keys that are missing or unknown, and values that are wrong. */
const distance = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);

const isMissing = ({ code, input }: z.core.$ZodIssue): boolean =>
  input === undefined && (code === 'invalid_type' || code === 'invalid_union' || code === 'invalid_value');

/** Whether a key is not there that a form of the value asks for. */
const lacks = (issues: readonly z.core.$ZodIssue[]): boolean =>
  issues.some((issue) => issue.path.length === 1 && isMissing(issue));

/**
 * Where a value may have several forms, what is wrong with it in the form that was meant: the one that lacks nothing, else the one that it
 * comes nearest to. Where that is none, it is said that it has none of the forms.
 */
const meant = (issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] => {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const forms = [...issue.errors].sort((a, b) => Number(lacks(a)) - Number(lacks(b)) || distance(a) - distance(b));
  const [first = [], second] = forms;
  const alike = second !== undefined && lacks(first) === lacks(second) && distance(first) === distance(second);
  return alike || first.length === 0
    ? [issue]
    : first.flatMap(meant).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
};

/** The value itself, where the message does not tell it. */
const shown = (issue: z.core.$ZodIssue): string => {
  const { message, input } = issue;
  if (isMissing(issue)) return `is missing: ${message.replace(/, received undefined$/, '')}`;
  // Rules of our own tell the value themselves, and may be about a part of it.
  if (input === undefined || issue.code === 'custom') return message;
  // What JSON has no text for, such as a function, has no value to be told.
  const text = (JSON.stringify(input) as string | undefined) ?? typeof input;
  return message.includes(text)
    ? message
    : `${printable(text.length > 60 ? `${text.slice(0, 60)}…` : text)}: ${message}`;
};

/** What a schema found, value by value: an unknown key by its own path. */
export const problemsOf = (name: string, { issues }: z.core.$ZodError): readonly ConfigurationProblem[] =>
  issues.flatMap(meant).flatMap((issue) => {
    const path = (rest: readonly PropertyKey[]): string => pathText(name === '' ? rest : [name, ...rest]);
    return issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: path([...issue.path, key]), message: 'unknown key' }))
      : [{ path: path(issue.path), message: shown(issue), ...quantityOf(issue) }];
  });
