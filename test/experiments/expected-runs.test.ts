import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  balancingPays,
  dynamicRunsOff,
  dynamicRunsOn,
  dynamicRunsOnAsPrinted,
  runTest,
  staticRunsOff,
  staticRunsOfEach,
  staticRunsOn,
  type TestRecord,
  throughput,
  wholeRuns,
} from '../../src/experiments/index.js';
import { minutes, percent, seconds } from '../../src/model/index.js';
import { traceDemand } from '../../src/simulation/index.js';
import { computing, cores, guests, laboratory, makers, offered, trial } from './small.js';

const amount = fc.double({ min: 0, max: 1000, noNaN: true });
const positive = fc.double({ min: 0.1, max: 100, noNaN: true });
const few = fc.integer({ min: 0, max: 12 });

describe('W32: static load', () => {
  const parts = { available: 100, monitor: 6, guests: 4, guest: 1, run: 10 };

  test('equations 6.1 and 6.2: what monitor and guests leave, in runs', () => {
    expect(staticRunsOfEach({ available: 100, monitor: 6, guests: [1, 2, 0, 1], run: 10 })).toBe(9);
    expect(staticRunsOff(parts)).toBe(9);
  });

  test('equation 6.3: one guest more, and what balancing takes', () => {
    expect(staticRunsOn({ ...parts, balancing: 4 })).toBe(8.5);
  });

  test('6.1 with guests all alike is 6.2', () => {
    fc.assert(
      fc.property(amount, amount, few, amount, positive, (available, monitor, n, guest, run) => {
        const each = staticRunsOfEach({ available, monitor, guests: Array.from({ length: n }, () => guest), run });
        expect(each).toBeCloseTo(staticRunsOff({ available, monitor, guests: n, guest, run }), 6);
      }),
    );
  });

  test('the engine costs (O_vm + O_lb)/O_b runs, which vanishes as a run grows (W33)', () => {
    const loss = (run: number): number =>
      staticRunsOff({ ...parts, run }) - staticRunsOn({ ...parts, run, balancing: 4 });
    expect(loss(10)).toBeCloseTo((1 + 4) / 10, 9);
    expect(loss(10_000)).toBeLessThan(0.001);
  });

  test('overheads that take more than there is leave no runs, not fewer than none', () => {
    expect(staticRunsOff({ ...parts, monitor: 1000 })).toBe(0);
  });

  test('a part that is wrong is refused by its path', () => {
    expect(() => staticRunsOff({ ...parts, run: 0 })).toThrow('runs.run');
    expect(() => staticRunsOff({ ...parts, available: NaN })).toThrow('runs.available');
    expect(() => staticRunsOfEach({ available: 1, monitor: 0, guests: [-1], run: 1 })).toThrow('runs.guests[0]');
  });
});

describe('W33: whole runs', () => {
  test('equations 6.4 and 6.5: from n below the whole part up to it, never below none', () => {
    expect(wholeRuns(247.6, 9)).toEqual({ least: 238, most: 247 });
    expect(wholeRuns(4.2, 9)).toEqual({ least: 0, most: 4 });
  });

  /** Static load, in which all runs are of one size. */
  const saturated = (engine: boolean, count: number, length: number, run: number, guest: number): TestRecord =>
    runTest(
      trial({
        engine,
        guests: count,
        length: minutes(length),
        benchmark: computing(run),
        laboratory: laboratory({
          guests: guests(count),
          workloads: Object.fromEntries(guests(count).map(({ id }) => [id, { demand: traceDemand([guest]) }])),
          engine: { load: guest },
        }),
      }),
      makers,
    );

  test('the bounds hold of simulated tests on static load, without the engine and with it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: 12 }),
        fc.integer({ min: 3, max: 12 }),
        fc.integer({ min: 20, max: 200 }),
        fc.constantFrom(0, 0.02),
        (count, length, run, guest) => {
          const time = offered(minutes(length));
          const each = (guest * minutes(length)) / seconds(1);
          const parts = { available: time, monitor: time * percent(6), guests: count, guest: each, run };
          const off = wholeRuns(staticRunsOff(parts), count);
          const on = wholeRuns(staticRunsOn({ ...parts, balancing: time * percent(0.5) }), count);
          const [measuredOff, measuredOn] = [false, true].map((engine) => saturated(engine, count, length, run, guest));
          for (const [bounds, record] of [
            [off, measuredOff],
            [on, measuredOn],
          ] as const) {
            const runs = record ? throughput(record) : NaN;
            expect(runs).toBeLessThanOrEqual(bounds.most);
            expect(runs).toBeGreaterThanOrEqual(bounds.least);
          }
        },
      ),
      { numRuns: 8 },
    );
  });
});

describe('W34: dynamic load', () => {
  const processors = [
    { available: 50, monitor: 3, guests: 3, idle: 8 },
    { available: 50, monitor: 3, guests: 2, idle: 0 },
  ];
  const cost = { engine: 1, balancing: 2, moves: 4, move: 0.5 };

  test('equation 6.6: idle time is lost, summed over the processors', () => {
    expect(dynamicRunsOff({ processors, guest: 1, run: 10 })).toBeCloseTo((50 - 3 - 3 - 8 + 50 - 3 - 2) / 10, 9);
  });

  test('equation 6.7 as printed: what migrations take, in place of idle time', () => {
    const printed = processors.map(({ available, monitor, guests: n }) => ({
      available,
      monitor,
      guests: n,
      balancing: 1,
    }));
    expect(dynamicRunsOnAsPrinted({ processors: printed, guest: 1, run: 10 })).toBeCloseTo((43 + 44) / 10, 9);
  });

  test('the general form has the remaining idle time, the engine, what balancing takes and each move', () => {
    expect(dynamicRunsOn({ processors, guest: 1, run: 10, ...cost })).toBeCloseTo((81 - 1 - 2 - 2) / 10, 9);
  });

  test('with nothing idle and nothing moved the general form is equation 6.3', () => {
    fc.assert(
      fc.property(amount, amount, few, amount, amount, positive, (available, monitor, n, guest, balancing, run) => {
        const general = dynamicRunsOn({
          processors: [{ available, monitor, guests: n, idle: 0 }],
          guest,
          run,
          engine: guest,
          balancing,
          moves: 0,
          move: 5,
        });
        expect(general).toBeCloseTo(staticRunsOn({ available, monitor, guests: n, guest, balancing, run }), 6);
      }),
    );
  });

  test('balancing pays exactly where the general form lets expect more runs than equation 6.6', () => {
    fc.assert(
      fc.property(amount, amount, amount, amount, few, amount, (before, after, engine, balancing, moves, move) => {
        const one = (idle: number) => [{ available: 1e5, monitor: 10, guests: 4, idle }];
        const costs = { engine, balancing, moves, move };
        const off = dynamicRunsOff({ processors: one(before), guest: 1, run: 1 });
        const on = dynamicRunsOn({ processors: one(after), guest: 1, run: 1, ...costs });
        if (Math.abs(on - off) > 1e-6)
          expect(balancingPays({ idleOff: before, idleOn: after, ...costs })).toBe(on > off);
      }),
    );
  });

  test('the bounds hold of simulated tests on dynamic load, with the idle time and the costs that were recorded', () => {
    const length = minutes(12);
    for (const [engine, iterations] of [
      [false, 1],
      [false, 8],
      [true, 1],
      [true, 8],
    ] as const) {
      const record = runTest(trial({ engine, iterations, benchmark: computing(30), length }), makers);
      const shares = record.processors[0];
      const host = (cores * length) / seconds(1);
      const each = (shares?.hosts ?? []).map(({ idle }) => ({
        available: host,
        monitor: host * percent(6),
        guests: 0,
        idle: idle * host,
      }));
      const all = 2 * host;
      const expected = engine
        ? dynamicRunsOn({
            processors: each,
            guest: 0,
            run: 30,
            engine: (shares?.all.engine ?? 0) * all,
            // What Domain0 took above its usual share: answering the engine, and all moves together.
            balancing: ((shares?.all.domain0 ?? 0) - percent(6)) * all,
            moves: 0,
            move: 0,
          })
        : dynamicRunsOff({ processors: each, guest: 0, run: 30 });
      const { least, most } = wholeRuns(expected, 8);
      expect(throughput(record)).toBeLessThanOrEqual(most);
      expect(throughput(record)).toBeGreaterThanOrEqual(least);
    }
  });
});
