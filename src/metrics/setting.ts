/** Setting: refuses at once a parameter that a signal cannot be built with, and names it. */

const refuse = (path: string, value: number, rule: string): never => {
  throw new RangeError(`${path}: ${value} is not ${rule}`);
};

/** A whole number of at least `least`. Throws a RangeError that names the path of the setting. */
export const whole = (path: string, value: number, least: number): number =>
  Number.isSafeInteger(value) && value >= least ? value : refuse(path, value, `a whole number of at least ${least}`);

/** A finite number above zero. Throws a RangeError that names the path of the setting. */
export const positive = (path: string, value: number): number =>
  Number.isFinite(value) && value > 0 ? value : refuse(path, value, 'a finite number above 0');

/** A finite number of at least zero. Throws a RangeError that names the path of the setting. */
export const notNegative = (path: string, value: number): number =>
  Number.isFinite(value) && value >= 0 ? value : refuse(path, value, 'a finite number of at least 0');

/** A finite number. Throws a RangeError that names the path of the setting. */
export const number = (path: string, value: number): number =>
  Number.isFinite(value) ? value : refuse(path, value, 'a finite number');

/** A share between 0 and 1. Throws a RangeError that names the path of the setting. */
export const fraction = (path: string, value: number): number =>
  value >= 0 && value <= 1 ? value : refuse(path, value, 'between 0 and 1');
