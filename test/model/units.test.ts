import { describe, expect, test } from 'vitest';
import {
  byName,
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
  sayQuantities,
  sayQuantity,
  seconds,
  transferTime,
  type Unit,
} from '../../src/model/index.js';

test.each([
  [kibibytes(2), 2048],
  [mebibytes(1), 1_048_576],
  [gibibytes(1), 1_073_741_824],
  [mbps(700), 87_500_000],
  [gbps(1), 125_000_000],
  [mebibytesPerSecond(2), 2_097_152],
  [seconds(20), 20_000],
  [minutes(5), 300_000],
  [hours(1), 3_600_000],
  [megahertz(800), 8e8],
  [gigahertz(3.33), 3.33e9],
  [percent(70), 0.7],
])('%d is %d in the units that numbers carry inside', (built, inside) => {
  expect(built).toBeCloseTo(inside, 6);
});

describe('transferTime', () => {
  test('1024 MB at 700 Mbit/s take 11.7 s (M16)', () => {
    expect(transferTime(1024e6, mbps(700))).toBeCloseTo(11_702.86, 1);
  });

  test('nothing takes no time, even at no rate; something at no rate takes for ever', () => {
    expect(transferTime(0, 0)).toBe(0);
    expect(transferTime(1, 0)).toBe(Infinity);
  });
});

test('names are ordered by code unit, whatever the language of the machine', () => {
  expect(['b', 'ä', 'B', 'a', 'a10', 'a2'].sort(byName)).toEqual(['B', 'a', 'a10', 'a2', 'b', 'ä']);
  expect(byName('a', 'a')).toBe(0);
});

describe('quantities for people', () => {
  test.each<[number, Unit, string]>([
    [3.1 * 1024 ** 3, 'bytes', '3.1 GiB'],
    [512 * 1024 ** 2, 'bytes', '512.0 MiB'],
    [12, 'bytes', '12 B'],
    [87_500_000, 'bytes per second', '83.4 MiB/s'],
    [60, 'milliseconds', '60 ms'],
    [200, 'milliseconds', '0.2 s'],
    [12_400, 'milliseconds', '12.4 s'],
    [100_000, 'milliseconds', '100.0 s'],
    [300_000, 'milliseconds', '5.0 min'],
    [9_000_000, 'milliseconds', '2.5 h'],
    [3.33e9, 'hertz', '3.33 GHz'],
    [0.93, 'fraction', '93 %'],
    [0.125, 'fraction', '12.5 %'],
    [1.2, 'fraction', '120 %'],
    [4, 'count', '4'],
    [2.5, 'count', '2.50'],
    [35, 'watts', '35 W'],
    [-1024, 'bytes', '-1.0 KiB'],
    [Infinity, 'milliseconds', 'no end'],
    [NaN, 'fraction', 'not a number'],
    [0, 'bytes', '0 B'],
  ])('%d %s is %s', (value, unit, text) => {
    expect(sayQuantity(value, unit)).toBe(text);
  });

  test('two numbers that differ never read alike: decimals are added until they do not', () => {
    expect(sayQuantities([0.8004, 0.8], 'fraction')).toEqual(['80.04 %', '80.00 %']);
    expect(sayQuantities([4 * 1024 ** 3, 4 * 1024 ** 3 - 1024 ** 2], 'bytes')).toEqual(['4.000 GiB', '3.999 GiB']);
    expect(sayQuantities([0.8, 0.8], 'fraction')).toEqual(['80 %', '80 %']);
  });

  test('both are told in the scale of the larger', () => {
    expect(sayQuantities([512 * 1024 ** 2, 4 * 1024 ** 3], 'bytes')).toEqual(['0.5 GiB', '4.0 GiB']);
  });
});
