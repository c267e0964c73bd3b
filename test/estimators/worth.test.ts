/** What a move is worth, in figures worked out by hand. */
import { describe, expect, test } from 'vitest';
import { gainRate, worth, type PayOffSettings, type RemainingLife } from '../../src/estimators/index.js';
import { gibibytes, minutes, seconds, type Estimate } from '../../src/model/index.js';

const move = (change: object = {}): Estimate => ({
  convergence: 'converges',
  duration: seconds(40),
  interval: { low: seconds(30), high: seconds(60) },
  downtime: 200,
  bytes: gibibytes(2),
  rounds: 2,
  ...change,
});
const faster = { speed: 1.25 };
const stays: RemainingLife = { kind: 'stays' };
const settings: PayOffSettings = {
  horizon: minutes(5),
  slowdown: 0.1,
  downtimePrice: 3,
  networkPrice: 500,
  doubt: 0.2,
  patience: seconds(100),
};

describe('what is gained and what it costs', () => {
  test('of a move that settles: slow-down, stop, network, and half of what a late end loses', () => {
    const { gain, cost, pays, crossover } = worth(move(), faster, stays, settings);
    expect(gain).toBeCloseTo(0.25 * 260_000);
    expect(cost).toBeCloseTo(4000 + 600 + 1000 + 0.5 * 0.25 * 20_000);
    expect(pays).toBe(true);
    expect(crossover).toBeCloseTo(40_000 + (4000 + 600 + 1000) / 0.25);
  });

  test('of one that may not settle: that by its chance, and what is spent in vain by the doubt', () => {
    const { gain, cost, crossover } = worth(move({ convergence: 'uncertain' }), faster, stays, settings);
    expect(gain).toBeCloseTo(0.8 * 0.25 * 260_000);
    expect(cost).toBeCloseTo(0.8 * (5600 + 2500) + 0.2 * (10_000 + 1000));
    expect(crossover).toBeCloseTo(40_000 + (5600 + 0.25 * 11_000) / 0.25);
  });

  test('settings left out: ten minutes ahead, a tenth of slow-down, a stop at its length, a network for nothing', () => {
    const { gain, cost } = worth(move(), faster, stays);
    expect(gain).toBeCloseTo(0.25 * 560_000);
    expect(cost).toBeCloseTo(4000 + 200 + 2500);
  });

  test('left out where it may not settle: even chances, and patience to the end of the interval', () => {
    const { gain, cost } = worth(move({ convergence: 'uncertain' }), faster, stays);
    expect(gain).toBeCloseTo(0.5 * 0.25 * 560_000);
    expect(cost).toBeCloseTo(0.5 * (4200 + 2500) + 0.5 * 6000);
  });

  test('a slow-down that the estimate knows goes before the one that is set', () => {
    expect(worth(move({ slowdown: 0.3 }), faster, stays, settings).cost).toBeCloseTo(12_000 + 1600 + 2500);
  });

  test('a late end costs nothing where the destination is the slower one', () => {
    const { gain, cost, pays } = worth(move(), { speed: 0.8 }, stays, settings);
    expect(gain).toBeCloseTo(-0.2 * 260_000);
    expect(cost).toBeCloseTo(5600);
    expect(pays).toBe(false);
  });

  test('a move of which nothing is believed never pays back', () => {
    const none = worth(move({ convergence: 'uncertain' }), faster, stays, { ...settings, doubt: 1 });
    expect(none).toMatchObject({ gain: 0, pays: false, crossover: Infinity });
    expect(none.cost).toBeCloseTo(11_000);
  });

  test('what is gained and costs the same does not pay', () => {
    const free = move({ duration: 0, interval: { low: 0, high: 0 }, downtime: 0, bytes: 0 });
    expect(worth(free, {}, stays, settings)).toEqual({ gain: 0, cost: 0, pays: false, crossover: Infinity });
  });
});

describe('what a millisecond at the destination gains', () => {
  test.each([
    ['a job that computes for half of its time', { speed: 2, io: { ratio: 1, share: 0.5 } }, 1 / 0.75 - 1],
    ['one whose image is twice as far', { speed: 2, io: { ratio: 0.5, share: 0.5 } }, 1 / 1.25 - 1],
    ['a host where less waits, and which is faster', { speed: 1.5, contention: 0.25 }, 1],
    ['power saved besides', { speed: 1.5, power: { saved: 100, worth: 0.001 } }, 0.6],
    ['an image that cannot be reached', { io: { ratio: 0, share: 1 } }, -1],
    ['a host where all wait', { contention: 1 }, 999],
  ])('%s', (_, gain, rate) => {
    expect(gainRate(gain)).toBeCloseTo(rate, 6);
  });
});
