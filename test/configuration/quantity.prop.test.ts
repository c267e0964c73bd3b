import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type QuantityName, readQuantity } from '../../src/configuration/index.js';

/** Units of each quantity and what one of them is in the unit inside. */
const units: Readonly<Record<QuantityName, Readonly<Record<string, number>>>> = {
  bytes: { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4, Mbit: 125_000 },
  rate: { 'B/s': 1, 'MB/s': 1e6, 'GiB/s': 1024 ** 3, 'Mbit/s': 125_000, Gbps: 125e6, 'Mb/s': 125_000 },
  duration: { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 },
  clock: { Hz: 1, MHz: 1e6, GHz: 1e9 },
  share: { '%': 0.01 },
  power: { W: 1, kW: 1000 },
};

const names = Object.keys(units) as readonly QuantityName[];

const written = fc.constantFrom(...names).chain((name) =>
  fc.record({
    name: fc.constant(name),
    unit: fc.constantFrom(...Object.keys(units[name])),
    number:
      name === 'share' ? fc.double({ min: 0, max: 100, noNaN: true }) : fc.double({ min: 0, max: 1e9, noNaN: true }),
    space: fc.constantFrom('', ' ', '  '),
  }),
);

describe('quantities', () => {
  test('a number with a unit comes out as the number times the unit', () => {
    fc.assert(
      fc.property(written, ({ name, unit, number, space }) => {
        const read = readQuantity(name, `${number}${space}${unit}`);
        const value = number * (units[name][unit] ?? Number.NaN);
        expect(read.ok && Math.abs(read.value - value) <= 1e-12 * value).toBe(true);
      }),
    );
  });

  test('what was read, written in the unit inside, reads as the same number: a round trip', () => {
    const inside: Readonly<Record<QuantityName, string>> = {
      bytes: 'B',
      rate: 'B/s',
      duration: 'ms',
      clock: 'Hz',
      share: '%',
      power: 'W',
    };
    fc.assert(
      fc.property(written, ({ name, unit, number }) => {
        const read = readQuantity(name, `${number} ${unit}`);
        if (!read.ok) return false;
        const again = readQuantity(name, read.value);
        const text = readQuantity(name, `${name === 'share' ? read.value * 100 : read.value} ${inside[name]}`);
        const close = text.ok && Math.abs(text.value - read.value) <= 1e-12 * read.value;
        return again.ok && again.value === read.value && close;
      }),
    );
  });

  test('a unit of another quantity never passes', () => {
    fc.assert(
      fc.property(written, fc.constantFrom(...names), ({ name, unit, number, space }, other) => {
        fc.pre(name !== other);
        expect(readQuantity(other, `${number}${space}${unit}`).ok).toBe(false);
      }),
    );
  });

  test('no text is read as a number that is negative, NaN or infinite, and none throws', () => {
    const fragments = fc
      .array(
        fc.constantFrom(
          '1',
          '-',
          '.',
          'e',
          '9',
          ' ',
          'G',
          'i',
          'B',
          's',
          '/',
          'm',
          '%',
          'Hz',
          'NaN',
          'Infinity',
          '^',
          '(',
          '*',
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.oneof(fc.string(), fragments, fc.double()), (name, anything) => {
        const read = readQuantity(name, anything);
        if (!read.ok) return read.error.message.length > 0;
        return Number.isFinite(read.value) && read.value >= 0 && !Object.is(read.value, -0);
      }),
      { numRuns: 2000 },
    );
  });

  test('the order of numbers is kept', () => {
    fc.assert(
      fc.property(written, fc.double({ min: 0, max: 100, noNaN: true }), ({ name, unit, number }, second) => {
        const [one, other] = [number, second].map((n) => readQuantity(name, `${n} ${unit}`));
        if (!one?.ok || !other?.ok) return false;
        return number <= second ? one.value <= other.value : one.value >= other.value;
      }),
    );
  });
});
