/** Schemas of quantities for configuration documents, and the reading of a whole document. */
import * as z from 'zod';
import type { Bytes, BytesPerSecond, Fraction, Hertz, Milliseconds, Watts } from '../model/index.js';
import { ConfigurationError, problemsOf } from './configuration-error.js';
import { type QuantityName, readQuantity } from './quantity.js';

/** A schema that takes what a person writes, or the plain number, and gives the number in the unit inside. */
export type QuantitySchema<Quantity extends number> = z.ZodType<Quantity, string | number>;

const codec = (name: QuantityName): QuantitySchema<number> =>
  z.codec(z.union([z.number(), z.string()], 'expected a text with a unit, or a number'), z.number(), {
    decode: (written, context) => {
      const read = readQuantity(name, written);
      if (read.ok) return read.value;
      context.issues.push({
        code: 'custom',
        input: written,
        message: read.error.message,
        params: { quantity: read.error },
      });
      return z.NEVER;
    },
    // Every number is a way to write itself.
    encode: (value) => value,
  });

/**
 * Schemas of quantities: each takes a text with a unit, or a number in the unit inside. They are codecs: `z.encode` gives the number.
 *
 * @example
 * const settings = z.strictObject({ every: quantity.duration, heavy: quantity.share });
 */
export const quantity: {
  readonly bytes: QuantitySchema<Bytes>;
  readonly rate: QuantitySchema<BytesPerSecond>;
  readonly duration: QuantitySchema<Milliseconds>;
  readonly clock: QuantitySchema<Hertz>;
  readonly share: QuantitySchema<Fraction>;
  readonly power: QuantitySchema<Watts>;
} = {
  bytes: /* @__PURE__ */ codec('bytes'),
  rate: /* @__PURE__ */ codec('rate'),
  duration: /* @__PURE__ */ codec('duration'),
  clock: /* @__PURE__ */ codec('clock'),
  share: /* @__PURE__ */ codec('share'),
  power: /* @__PURE__ */ codec('power'),
};

/**
 * Reads a configuration document by its schema.
 *
 * @param schema - what the document must be; a strict object refuses unknown keys
 * @param document - the document as plain data, such as `JSON.parse` gives
 * @param name - the first part of all paths in the error: the name of the file or of the setting
 * @throws {@link ConfigurationError} with every value that was not taken, by its path
 */
export const readDocument = <Document>(schema: z.ZodType<Document>, document: unknown, name = ''): Document => {
  const read = schema.safeParse(document, { reportInput: true });
  if (read.success) return read.data;
  throw new ConfigurationError(problemsOf(name, read.error));
};
