/** Quantity: a number with its unit as a person reads it. */
import type { Unit } from './units.js';

interface Scale {
  readonly factor: number;
  readonly name: string;
  /** Decimals that a person wants to see. */
  readonly digits: number;
}

const scale = (factor: number, name: string, digits = 1): Scale => ({ factor, name, digits });

const binary = (suffix: string): readonly Scale[] => [
  scale(1024 ** 4, ` TiB${suffix}`),
  scale(1024 ** 3, ` GiB${suffix}`),
  scale(1024 ** 2, ` MiB${suffix}`),
  scale(1024, ` KiB${suffix}`),
  scale(1, ` B${suffix}`, 0),
];

/** Scales of each unit, largest first; the last one takes what is smaller than all. */
const scales: Readonly<Record<Unit, readonly Scale[]>> = {
  bytes: binary(''),
  'bytes per second': binary('/s'),
  milliseconds: [scale(7_200_000, ' h'), scale(120_000, ' min'), scale(100, ' s'), scale(1, ' ms', 0)],
  hertz: [scale(1e9, ' GHz', 2), scale(1e6, ' MHz'), scale(1, ' Hz', 0)],
  fraction: [scale(0.01, ' %', 0)],
  watts: [scale(1, ' W', 0)],
  count: [scale(1, '', 0)],
  none: [scale(1, '', 2)],
};

/** From which size on a scale is used is not what it divides by, for times: 100 s reads better than 1.7 min. */
const divisor = (unit: Unit, { factor, name }: Scale): number =>
  unit === 'milliseconds' ? ({ ' h': 3_600_000, ' min': 60_000, ' s': 1000 }[name] ?? 1) : factor;

const most = 9;

const written = (value: number, unit: Unit, by: Scale, digits: number): string =>
  `${(value / divisor(unit, by)).toFixed(digits)}${by.name}`;

const fitting = (unit: Unit, size: number): Scale => {
  const all = scales[unit];
  // Every unit has at least one scale.
  return all.find(({ factor }) => size >= factor) ?? all[all.length - 1] ?? scale(1, '');
};

/** Numbers in one scale, with as many decimals as it takes to tell apart those that differ. */
export const sayQuantities = (values: readonly number[], unit: Unit): readonly string[] => {
  if (!values.every(Number.isFinite))
    return values.map((value) => (Number.isNaN(value) ? 'not a number' : sayOne(value, unit)));
  const by = fitting(unit, Math.max(...values.map(Math.abs)));
  const distinct = new Set(values).size;
  for (let digits = decimals(values, unit, by); ; digits++) {
    const texts = values.map((value) => written(value, unit, by, digits));
    if (digits >= most || new Set(texts).size >= distinct) return texts;
  }
};

/** Counts that are no whole numbers, such as processors kept busy, show two decimals; shares that are no whole percents one. */
const decimals = (values: readonly number[], unit: Unit, { digits, factor }: Scale): number => {
  if (unit === 'count') return values.every(Number.isInteger) ? 0 : 2;
  if (unit !== 'fraction') return digits;
  return values.every((value) => Math.abs(value / factor - Math.round(value / factor)) < 1e-6) ? 0 : 1;
};

const sayOne = (value: number, unit: Unit): string =>
  Number.isFinite(value)
    ? (sayQuantities([value], unit)[0] ?? '')
    : value > 0
      ? 'no end'
      : `minus ${sayOne(-value, unit)}`;

/** A number with its unit: `3.1 GiB`, `93 %`, `12.4 s`. */
export const sayQuantity = (value: number, unit: Unit): string =>
  Number.isNaN(value) ? 'not a number' : sayOne(value, unit);
