/** Quantity: from what a person writes, `"1 GiB"` or `"700 Mbit/s"`, to a number in the unit that everything inside uses. */
import { failed, ok, printable, type Result } from '../model/index.js';
import { unitOf } from './unit-of.js';

/** The quantities that a configuration holds. */
export type QuantityName = 'bytes' | 'rate' | 'duration' | 'clock' | 'share' | 'power';

/** What is wrong with a quantity. */
export type QuantityFault =
  'no number' | 'no unit' | 'unknown unit' | 'another dimension' | 'misleading unit' | 'out of range';

/** A text or number that is not the quantity expected. */
export interface QuantityProblem {
  /** The value as it was written, cut to a printable length. */
  readonly value: string;
  readonly expected: QuantityName;
  readonly fault: QuantityFault;
  /** The value, the rule that it breaks and the way out. */
  readonly message: string;
}

/** A spelling that is a unit of the right dimension, and yet hardly ever what was meant. */
interface Trap {
  readonly spelling: RegExp;
  readonly hint: string;
}

interface Rules {
  /** What it is, in words. */
  readonly is: string;
  /** The unit inside: for mathjs, and for messages. */
  readonly base: string;
  readonly inside: string;
  readonly examples: readonly [string, string];
  /** Spellings to offer where only the case was wrong. */
  readonly usual: readonly string[];
  readonly traps: readonly Trap[];
}

const decimal = ['k', 'M', 'G', 'T', 'P'];
const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
const amounts = ['B', ...[...decimal, ...binary].map((prefix) => `${prefix}B`)];
const bits = ['bit', ...[...decimal, ...binary].map((prefix) => `${prefix}bit`)];

const rules: Readonly<Record<Exclude<QuantityName, 'share'>, Rules>> = {
  bytes: {
    is: 'an amount of data',
    base: 'B',
    inside: 'bytes',
    examples: ['1 GiB', '64 MB'],
    usual: [...amounts, ...bits],
    // Memory is counted in bytes: "64 Gb" is a typing error far more often than eight gigabytes.
    traps: [
      { spelling: /^(?:[kMGTPE]|Ki|[MGTPE]i)?b$/, hint: 'a small b is for bits; write B for bytes, or bit in full' },
    ],
  },
  rate: {
    is: 'a rate of data',
    base: 'B/s',
    inside: 'bytes per second',
    examples: ['700 Mbit/s', '100 MiB/s'],
    usual: [...amounts, ...bits].map((unit) => `${unit}/s`),
    traps: [],
  },
  duration: {
    is: 'a length of time',
    base: 'ms',
    inside: 'milliseconds',
    examples: ['20 s', '5 min'],
    usual: ['ms', 's', 'min', 'h', 'day'],
    traps: [{ spelling: /^(?:da|[hkMGTPEZY])s$/, hint: 'that is many seconds at once; write ms, s, min, h or day' }],
  },
  clock: {
    is: 'a clock rate',
    base: 'Hz',
    inside: 'hertz',
    examples: ['2.4 GHz', '800 MHz'],
    usual: ['Hz', 'kHz', 'MHz', 'GHz'],
    traps: [{ spelling: /^[dcmunpfazy]Hz$/, hint: 'that is less than one cycle a second; write MHz or GHz' }],
  },
  power: { is: 'a power', base: 'W', inside: 'watts', examples: ['200 W', '0.3 kW'], usual: ['W', 'kW'], traps: [] },
};

const shareIs = 'a share between 0 and 100 %';

const quoted = (input: string | number): string =>
  typeof input === 'string' ? `"${printable(input)}"` : String(input);

const problem = (
  input: string | number,
  expected: QuantityName,
  fault: QuantityFault,
  rest: string,
): Result<never, QuantityProblem> =>
  failed({
    value: typeof input === 'string' ? printable(input) : String(input),
    expected,
    fault,
    message: `${quoted(input)} ${rest}`,
  });

const pattern = /^\s*(-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*$/s;

/** A number and the unit behind it. */
const parts = (text: string): { readonly number: number; readonly unit: string } | undefined => {
  const [, number, unit] = pattern.exec(text) ?? [];
  return number === undefined || unit === undefined ? undefined : { number: Number(number), unit };
};

const inRange = (input: string | number, expected: QuantityName, value: number): Result<number, QuantityProblem> => {
  if (!Number.isFinite(value)) return problem(input, expected, 'out of range', 'is not a finite number');
  // Minus zero is a zero.
  if (value < 0) return problem(input, expected, 'out of range', 'is below zero');
  return ok(value === 0 ? 0 : value);
};

const offered = ({ examples: [one, other] }: Rules): string => `write for example "${one}" or "${other}"`;

/** Usual spellings that differ from the given one by case alone; a small b may be a bit or a byte, so both are offered. */
const meant = (unit: string, { usual }: Rules): string => {
  const given = unit.toLowerCase().replace(/\s/g, '');
  const close = usual.filter((one) =>
    [one, one.replace('bit', 'b')].some((spelling) => spelling.toLowerCase() === given),
  );
  return close.length === 0 ? '' : `: case counts in units, did you mean ${close.join(' or ')}`;
};

const share = (input: string | number): Result<number, QuantityProblem> => {
  const above = (value: number): Result<number, QuantityProblem> =>
    value > 1
      ? problem(
          input,
          'share',
          'out of range',
          typeof input === 'number' ? `is above 1; write "${input} %" for ${input} in a hundred` : 'is above 100 %',
        )
      : ok(value);
  const bounded = (value: number): Result<number, QuantityProblem> => {
    const checked = inRange(input, 'share', value);
    return checked.ok ? above(checked.value) : checked;
  };
  if (typeof input === 'number') return bounded(input);
  const read = parts(input);
  if (!read) return problem(input, 'share', 'no number', `is not ${shareIs}; write for example "70 %"`);
  if (read.unit === '')
    return problem(input, 'share', 'no unit', 'has no unit; write for example "70 %", or a number between 0 and 1');
  if (read.unit !== '%')
    return problem(input, 'share', 'another dimension', `is not ${shareIs}; write for example "70 %"`);
  return bounded(read.number / 100);
};

/**
 * Reads a quantity. A text must carry its unit; a number is taken to be in the unit inside: bytes, bytes per second,
 * milliseconds, hertz, watts, a share between 0 and 1. Nothing is below zero, nothing is infinite.
 *
 * Case counts, as in the units themselves: `MB` are megabytes (10⁶), `MiB` mebibytes (2²⁰), `Mb` and `Mbit` megabits.
 * An amount in `Mb` is refused all the same, as most who write it mean bytes; a rate in `Mb/s` is read as megabits.
 *
 * @returns the number in the unit inside, or what is wrong; never throws
 */
export const readQuantity = (expected: QuantityName, input: string | number): Result<number, QuantityProblem> => {
  if (expected === 'share') return share(input);
  if (typeof input === 'number') return inRange(input, expected, input);
  const rule = rules[expected];
  const read = parts(input);
  if (!read) return problem(input, expected, 'no number', `is not ${rule.is}; ${offered(rule)}`);
  const { number, unit } = read;
  if (unit === '')
    return problem(input, expected, 'no unit', `has no unit; ${offered(rule)}, or a plain number of ${rule.inside}`);
  if (unit.startsWith(',')) return problem(input, expected, 'no number', 'has a comma; write a decimal point');
  const trap = rule.traps.find(({ spelling }) => spelling.test(unit));
  if (trap) return problem(input, expected, 'misleading unit', `is not taken: ${trap.hint}`);
  const meaning = unitOf(unit, rule.base);
  switch (meaning.kind) {
    case 'known':
      return inRange(input, expected, number * meaning.factor);
    case 'another dimension':
      return problem(input, expected, 'another dimension', `is not ${rule.is}; ${offered(rule)}`);
    case 'unknown':
      return problem(input, expected, 'unknown unit', `has an unknown unit${meant(unit, rule)}; ${offered(rule)}`);
  }
};
