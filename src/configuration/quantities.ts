/** Quantities: one reader for each unit, for settings that a person writes. */
import type { Bytes, BytesPerSecond, Fraction, Hertz, Milliseconds, Watts } from '../model/index.js';
import { ConfigurationError } from './configuration-error.js';
import { type QuantityName, readQuantity } from './quantity.js';

const reader =
  (name: QuantityName) =>
  (written: string | number): number => {
    const read = readQuantity(name, written);
    if (read.ok) return read.value;
    throw new ConfigurationError([{ path: '', message: read.error.message, quantity: read.error }]);
  };

/**
 * An amount of data: `"1 GiB"`, `"64 MB"`, `"512 Mbit"`, or a number of bytes.
 *
 * @throws {@link ConfigurationError} where it is none
 * @example
 * bytes('1 GiB'); // 1073741824
 */
export const bytes: (written: string | number) => Bytes = /* @__PURE__ */ reader('bytes');

/**
 * A rate of data: `"700 Mbit/s"`, `"1 Gbps"`, `"100 MiB/s"`, or a number of bytes per second.
 *
 * @throws {@link ConfigurationError} where it is none
 * @example
 * rate('700 Mbit/s'); // 87500000
 */
export const rate: (written: string | number) => BytesPerSecond = /* @__PURE__ */ reader('rate');

/**
 * A length of time: `"20 s"`, `"5 min"`, `"250 ms"`, or a number of milliseconds.
 *
 * @throws {@link ConfigurationError} where it is none
 * @example
 * duration('5 min'); // 300000
 */
export const duration: (written: string | number) => Milliseconds = /* @__PURE__ */ reader('duration');

/**
 * A clock rate: `"3.33 GHz"`, or a number of hertz.
 *
 * @throws {@link ConfigurationError} where it is none
 * @example
 * clock('3.33 GHz'); // 3330000000
 */
export const clock: (written: string | number) => Hertz = /* @__PURE__ */ reader('clock');

/**
 * A share of a whole: `"70 %"`, or a number between 0 and 1. Not more than the whole.
 *
 * @throws {@link ConfigurationError} where it is none
 * @example
 * share('70 %'); // 0.7
 */
export const share: (written: string | number) => Fraction = /* @__PURE__ */ reader('share');

/**
 * An electrical power: `"200 W"`, `"0.3 kW"`, or a number of watts.
 *
 * @throws {@link ConfigurationError} where it is none
 * @example
 * power('0.3 kW'); // 300
 */
export const power: (written: string | number) => Watts = /* @__PURE__ */ reader('power');
