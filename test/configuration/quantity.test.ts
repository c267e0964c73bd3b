import { describe, expect, test } from 'vitest';
import {
  bytes,
  clock,
  ConfigurationError,
  duration,
  power,
  type QuantityFault,
  type QuantityName,
  rate,
  readQuantity,
  share,
} from '../../src/configuration/index.js';
import {
  gbps,
  gibibytes,
  gigahertz,
  hours,
  kibibytes,
  mbps,
  mebibytes,
  mebibytesPerSecond,
  megahertz,
  minutes,
  percent,
  seconds,
} from '../../src/model/index.js';

describe('a quantity as a person writes it, in the unit inside', () => {
  test.each([
    ['1 GiB', gibibytes(1)],
    ['1GiB', gibibytes(1)],
    ['  1.5   GiB ', gibibytes(1.5)],
    ['1e3 MiB', mebibytes(1000)],
    ['64 KiB', kibibytes(64)],
    ['1 GB', 1e9],
    ['1 kB', 1000],
    ['1 gigabyte', 1e9],
    ['512 Mbit', 64e6],
    ['8 Mibit', mebibytes(1)],
    ['8 bit', 1],
    ['0 B', 0],
    ['.5 TiB', gibibytes(512)],
    [1234, 1234],
  ])('%s is an amount of data', (written, value) => {
    expect(bytes(written)).toBe(value);
  });

  test.each([
    ['700 Mbit/s', mbps(700)],
    ['700 Mb/s', mbps(700)],
    ['700 Mbps', mbps(700)],
    ['1 Gbit / s', gbps(1)],
    ['100 MiB/s', mebibytesPerSecond(100)],
    ['100 MB/s', 100e6],
    ['100 MBps', 100e6],
    ['60 MB/min', 1e6],
  ])('%s is a rate', (written, value) => {
    expect(rate(written)).toBeCloseTo(value, 6);
  });

  test.each([
    ['20 s', seconds(20)],
    ['0.3 s', seconds(0.3)],
    ['20 seconds', seconds(20)],
    ['250 ms', 250],
    ['500 us', 0.5],
    ['500 µs', 0.5],
    ['5 min', minutes(5)],
    ['2 h', hours(2)],
    ['1 d', hours(24)],
    ['1 week', hours(168)],
  ])('%s is a length of time', (written, value) => {
    expect(duration(written)).toBe(value);
  });

  test.each([
    ['3.33 GHz', gigahertz(3.33)],
    ['800 MHz', megahertz(800)],
  ])('%s is a clock rate', (written, value) => {
    expect(clock(written)).toBe(value);
  });

  test.each([
    ['70 %', percent(70)],
    ['70%', percent(70)],
    ['0 %', 0],
    ['100 %', 1],
    [0.7, 0.7],
  ])('%s is a share', (written, value) => {
    expect(share(written)).toBe(value);
  });

  test.each([
    ['200 W', 200],
    ['0.3 kW', 300],
  ])('%s is a power', (written, value) => {
    expect(power(written)).toBe(value);
  });
});

describe('what is not the quantity expected is refused', () => {
  const cases: readonly (readonly [QuantityName, string | number, QuantityFault])[] = [
    ['duration', '20 kg', 'another dimension'],
    ['duration', '20 m', 'another dimension'],
    ['duration', '20 GiB', 'another dimension'],
    ['duration', '20 1/s', 'unknown unit'],
    ['duration', '20 Ms', 'misleading unit'],
    ['duration', '20 sek', 'unknown unit'],
    ['bytes', '1 GiB/s', 'another dimension'],
    ['bytes', '1 s', 'another dimension'],
    ['bytes', '64 Gb', 'misleading unit'],
    ['bytes', '64 b', 'misleading unit'],
    ['bytes', '64 gb', 'unknown unit'],
    ['bytes', '64 G', 'unknown unit'],
    ['bytes', '64 M', 'unknown unit'],
    ['bytes', '1 GiB GiB', 'unknown unit'],
    ['bytes', '1 B^2', 'unknown unit'],
    ['bytes', '2 * 3 GiB', 'unknown unit'],
    ['bytes', '1024', 'no unit'],
    ['bytes', 'GiB', 'no number'],
    ['bytes', '', 'no number'],
    ['bytes', 'a lot', 'no number'],
    ['bytes', '1,5 GiB', 'no number'],
    ['bytes', '-1 GiB', 'out of range'],
    ['bytes', '1e400 B', 'out of range'],
    ['bytes', -1, 'out of range'],
    ['bytes', Number.NaN, 'out of range'],
    ['bytes', Number.POSITIVE_INFINITY, 'out of range'],
    ['rate', '700 Mbit', 'another dimension'],
    ['rate', '700 MB', 'another dimension'],
    ['rate', '700 mb/s', 'unknown unit'],
    ['clock', '2400 mHz', 'misleading unit'],
    ['clock', '2.4 ghz', 'unknown unit'],
    ['clock', '2.4 s', 'another dimension'],
    ['share', '70', 'no unit'],
    ['share', '70 s', 'another dimension'],
    ['share', '101 %', 'out of range'],
    ['share', '-1 %', 'out of range'],
    ['share', 'most', 'no number'],
    ['share', 70, 'out of range'],
    ['power', '200 Wh', 'another dimension'],
    ['power', '200 J', 'another dimension'],
  ];
  test.each(cases)('as %s: %s (%s)', (expected, written, fault) => {
    expect(readQuantity(expected, written)).toMatchObject({
      ok: false,
      error: { expected, fault, value: String(written) },
    });
  });

  const saying = (expected: QuantityName, written: string | number): string => {
    const read = readQuantity(expected, written);
    return read.ok ? '' : read.error.message;
  };

  test('the message names the value, the dimension expected and a way to write it', () => {
    expect(saying('duration', '20 kg')).toBe('"20 kg" is not a length of time; write for example "20 s" or "5 min"');
  });
  test('where only the case is wrong, it offers what was meant, bits and bytes apart', () => {
    expect(saying('rate', '700 mb/s')).toContain('did you mean MB/s or Mbit/s');
    expect(saying('bytes', '64 KB')).toContain('did you mean kB or kbit');
    expect(saying('clock', '2.4 ghz')).toContain('did you mean GHz');
  });
  test('an amount in Gb says that a small b is for bits', () => {
    expect(saying('bytes', '64 Gb')).toContain('a small b is for bits');
  });
  test('a share of 70 says how to write 70 in a hundred', () => {
    expect(saying('share', 70)).toBe('70 is above 1; write "70 %" for 70 in a hundred');
  });

  test('the readers throw one error that any copy of the package knows, with the value and what was expected', () => {
    const thrown = (() => {
      try {
        return duration('20 kg');
      } catch (error) {
        return error;
      }
    })();
    expect(ConfigurationError.is(thrown)).toBe(true);
    expect(thrown).toMatchObject({
      message: '"20 kg" is not a length of time; write for example "20 s" or "5 min"',
      problems: [{ path: '', quantity: { value: '20 kg', expected: 'duration', fault: 'another dimension' } }],
    });
    expect(ConfigurationError.is({ brand: 'whither/configuration-error' })).toBe(true);
    expect(ConfigurationError.is(new Error('other'))).toBe(false);
    expect(ConfigurationError.is(undefined)).toBe(false);
  });
});
