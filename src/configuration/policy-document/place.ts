/** Place: where in a document a value stands, so that whatever is wrong with it is said of there. */
import { pathText, printable } from '../../model/index.js';
import { ConfigurationError } from '../configuration-error.js';
import type { QuantityProblem } from '../quantity.js';

/** A place in a document. */
export interface Place {
  /** The place of a part. */
  readonly at: (...keys: readonly (string | number)[]) => Place;
  /** Refuses what stands there. */
  readonly wrong: (message: string, quantity?: QuantityProblem) => never;
}

/** Places below a path. */
export const placeOf = (path: readonly (string | number)[]): Place => ({
  at: (...keys) => placeOf([...path, ...keys]),
  wrong: (message, quantity) => {
    throw new ConfigurationError([{ path: pathText(path), message, ...(quantity && { quantity }) }]);
  },
});

/** A text of a document, in a message. */
export const quoted = (text: string): string => `"${printable(text.slice(0, 60))}"`;
