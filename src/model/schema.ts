/** The building blocks of the schemas at the edge: quantities that are finite and in range, names, and optional fields. */
import * as z from 'zod';

/** A finite amount that is not negative: bytes, rates, lengths of time. */
export const amount = /* @__PURE__ */ z.number().nonnegative();
/** A finite amount above zero: capacities. */
export const capacity = /* @__PURE__ */ z.number().positive();
/** A whole number above zero. */
export const count = /* @__PURE__ */ z.int().positive();
/** A share between 0 and 1. */
export const fraction = /* @__PURE__ */ z.number().min(0).max(1);
/** A point in time. */
export const time = /* @__PURE__ */ z.number();
/** A name: not empty, without control characters, not overlong. */
export const name = /* @__PURE__ */ z
  .string()
  .min(1)
  .max(253)
  .regex(/^\P{Cc}*$/u, 'must not hold control characters');
/** Labels: names to texts. */
export const labels = /* @__PURE__ */ z.record(name, z.string());

/** A field that may be left out, but not be `undefined`. */
export const optional = z.exactOptional;
