/** Policy document: a policy as plain data, such as JSON or YAML holds, checked by a schema and turned into rules. */
import * as z from 'zod';
import { policy, SettingsError, type WrittenPolicy } from '../../policies/index.js';
import { ConfigurationError } from '../configuration-error.js';
import { readDocument } from '../schema.js';
import { placeOf } from './place.js';
import { say } from './say.js';
import { documentSchema } from './schema.js';

/** Schema of a policy document, as JSON Schema for editors: every quantity may be a text with a unit, or a number. */
export const policyDocumentSchema = (): z.core.JSONSchema.BaseSchema => z.toJSONSchema(documentSchema, { io: 'input' });

/**
 * A policy from a document: plain data, such as `JSON.parse` or a YAML parser gives. Expressions are read once, over a closed
 * vocabulary; nothing in a document is ever run. It is an ordinary policy, told by the rule language; what it declares under
 * `parameters` is set by `with`, in numbers or in texts with a unit.
 *
 * @param document - plain data
 * @param owner - the first part of all paths in an error, such as the name of the file
 * @throws {@link ConfigurationError} with the path of what is wrong: `rules[0].to.least`
 *
 * @example
 * const coolest = readPolicy({
 *   name: 'coolest',
 *   parameters: { mark: { percent: 80 } },
 *   rules: [{ hosts: [{ value: 'cpu', above: 'mark' }], guests: { most: 'cpu' }, to: { most: 'clock * (1 - cpu)' } }],
 * });
 * coolest.with({ mark: '90 %' });
 */
export const readPolicy = (document: unknown, owner = ''): WrittenPolicy => {
  const read = readDocument(documentSchema, document, owner);
  const place = placeOf(owner === '' ? [] : [owner]);
  let refused: unknown;
  try {
    const written = policy(read.name, (words): void => {
      try {
        say(words, read, place);
      } catch (thrown) {
        refused = thrown;
        throw thrown;
      }
    });
    // What may be set the document says, not the compiler; every setting is checked when it is made.
    return written as unknown as WrittenPolicy;
  } catch (thrown) {
    if (ConfigurationError.is(refused)) throw refused;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw SettingsError.is(thrown) ? new ConfigurationError([{ path: owner, message }]) : thrown;
  }
};
