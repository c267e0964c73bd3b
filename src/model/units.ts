/** The units that every number inside carries: bytes, bytes per second, milliseconds, hertz, fractions; and their builders. */

declare const unit: unique symbol;

/**
 * A number that remembers its unit in the type only. A plain number may be used where a unit is asked for;
 * a number of one unit may not be used where another is asked for.
 */
type In<Name extends string> = number & { readonly [unit]?: Name };

/** An amount of data, in bytes. */
export type Bytes = In<'bytes'>;
/** A rate of data, in bytes per second. */
export type BytesPerSecond = In<'bytes per second'>;
/** A point in time or a length of time, in milliseconds. Points in time count from the epoch, or from the start of virtual time. */
export type Milliseconds = In<'milliseconds'>;
/** A clock rate, in cycles per second. */
export type Hertz = In<'hertz'>;
/** A share of a whole, 0 for nothing and 1 for all of it. */
export type Fraction = In<'fraction'>;
/** Hundredths of a whole, as people say them; `percent` makes a {@link Fraction} of them. */
export type Hundredths = In<'hundredths'>;
/** Electrical power, in watts. */
export type Watts = In<'watts'>;

/** The unit of a number that is quoted in a reason. */
export type Unit = 'bytes' | 'bytes per second' | 'milliseconds' | 'hertz' | 'fraction' | 'watts' | 'count' | 'none';

/** `n` KiB in bytes. */
export const kibibytes = (n: number): Bytes => n * 1024;
/** `n` MiB in bytes. */
export const mebibytes = (n: number): Bytes => n * 1024 ** 2;
/** `n` GiB in bytes. */
export const gibibytes = (n: number): Bytes => n * 1024 ** 3;
/** `n` megabits (10⁶ bit) per second, in bytes per second. */
export const mbps = (n: number): BytesPerSecond => (n * 1e6) / 8;
/** `n` gigabits (10⁹ bit) per second, in bytes per second. */
export const gbps = (n: number): BytesPerSecond => (n * 1e9) / 8;
/** `n` MiB per second, in bytes per second. */
export const mebibytesPerSecond = (n: number): BytesPerSecond => n * 1024 ** 2;
/** `n` seconds in milliseconds. */
export const seconds = (n: number): Milliseconds => n * 1000;
/** `n` minutes in milliseconds. */
export const minutes = (n: number): Milliseconds => n * 60_000;
/** `n` hours in milliseconds. */
export const hours = (n: number): Milliseconds => n * 3_600_000;
/** `n` MHz in hertz. */
export const megahertz = (n: number): Hertz => n * 1e6;
/** `n` GHz in hertz. */
export const gigahertz = (n: number): Hertz => n * 1e9;
/** `n` percent as a fraction. */
export const percent = (n: number): Fraction => n / 100;

/** How long `amount` takes at `rate`, in milliseconds; infinite where the rate is zero. */
export const transferTime = (amount: Bytes, rate: BytesPerSecond): Milliseconds =>
  amount === 0 ? 0 : (amount / rate) * 1000;
