/** The building blocks of the schemas of messages: names, whole numbers and failures. */
import * as z from 'zod';
import { type Failure, failureKindSchema } from '../../model/index.js';

/** A name: not empty, without control characters, not overlong. */
export const name = /* @__PURE__ */ z
  .string()
  .min(1)
  .max(253)
  .regex(/^\P{Cc}*$/u, 'must not hold control characters');

/** A whole number that is not negative. */
export const ordinal = /* @__PURE__ */ z.int().nonnegative();

/** Schema of a failure that a client tells of. */
export const failureSchema: z.ZodType<Failure> = /* @__PURE__ */ z.strictObject({
  kind: failureKindSchema,
  retryable: z.boolean(),
  message: z.string().max(2000),
});
