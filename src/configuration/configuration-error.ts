/** ConfigurationError: the only thing that reading a configuration may throw; it names each value by its path. */
import type * as z from 'zod';
import { pathText } from '../model/index.js';
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

/** What a schema found, value by value: an unknown key by its own path. */
export const problemsOf = (name: string, { issues }: z.core.$ZodError): readonly ConfigurationProblem[] =>
  issues.flatMap((issue) => {
    const path = (rest: readonly PropertyKey[]): string => pathText(name === '' ? rest : [name, ...rest]);
    return issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: path([...issue.path, key]), message: 'unknown key' }))
      : [{ path: path(issue.path), message: issue.message, ...quantityOf(issue) }];
  });
