/** Result: a value or an error, as plain data. */

/** A value, or the error that stands in its place. */
export type Result<Value, Problem> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: Problem };

/** A value that was reached. */
export const ok = <Value>(value: Value): Result<Value, never> => ({ ok: true, value });
/** An error that stands in a value's place. */
export const failed = <Problem>(error: Problem): Result<never, Problem> => ({ ok: false, error });
