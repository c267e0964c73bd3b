/** Settings: checked when a policy is made, so that a wrong one never starts. */
import type * as z from 'zod';
import { pathText } from '../model/index.js';

const brand = 'whither/settings-error';

/** Settings that were refused. The message names the path of each wrong value; `issues` are zod's own. */
export class SettingsError extends Error {
  readonly brand = brand;
  override readonly name = 'SettingsError';
  readonly issues: readonly z.core.$ZodIssue[];

  constructor(message: string, issues: readonly z.core.$ZodIssue[]) {
    super(message);
    this.issues = issues;
  }

  /** Whether a thrown thing is a SettingsError, of this copy of the package or of another. */
  static is(thrown: unknown): thrown is SettingsError {
    return typeof thrown === 'object' && thrown !== null && 'brand' in thrown && thrown.brand === brand;
  }
}

const told = (owner: string, issue: z.core.$ZodIssue): string => {
  // An unknown key is an issue of the object that holds it; people look for the key.
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
  const place = pathText([owner, ...path]);
  return `${place}: ${issue.code === 'unrecognized_keys' ? 'no such setting' : issue.message}`;
};

/**
 * The settings as the schema gives them.
 *
 * @param owner - whose settings they are; begins every path: `cslb.heavy`
 * @throws {@link SettingsError} with the path and the rule of every value that is wrong
 */
export const settingsOf = <Output>(owner: string, schema: z.ZodType<Output>, input: unknown): Output => {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new SettingsError(result.error.issues.map((issue) => told(owner, issue)).join('\n'), result.error.issues);
};
