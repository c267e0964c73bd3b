/** Finite: a number that can be reckoned with, or nothing at all; NaN and infinity are not known. */

/** The number, if it is finite; else `undefined`. */
export const finite = (number: number | undefined): number | undefined =>
  Number.isFinite(number) ? number : undefined;
