import { describe, expect, test } from 'vitest';
import {
  overhead,
  responses,
  runTest,
  type TestRecord,
  throughput,
  throughputByGuest,
} from '../../src/experiments/index.js';
import { minutes, seconds } from '../../src/model/index.js';
import { computing, laboratory, makers, trial } from './small.js';

const record = (runs: TestRecord['runs'], limit?: number): TestRecord => {
  const { processors, ...rest } = runTest(trial({ engine: false, length: minutes(1) }), makers);
  const benchmark = { ...rest.test.benchmark, ...(limit !== undefined && { limit }) };
  return { ...rest, processors, runs, test: { ...rest.test, benchmark } };
};

const some = [
  { guest: 'vm-1', startedAt: 0, finishedAt: seconds(10) },
  { guest: 'vm-1', startedAt: seconds(10), finishedAt: seconds(40) },
  { guest: 'vm-2', startedAt: seconds(5) },
];

describe('W29: measures', () => {
  test('throughput is the whole number of runs that were completed; what is under way does not count', () => {
    expect(throughput(record(some))).toBe(2);
    expect([...throughputByGuest(record(some))]).toEqual([
      ['vm-1', 2],
      ['vm-2', 0],
    ]);
  });

  test('response times are of completed runs; without any there are none', () => {
    expect(responses(record(some))).toEqual({
      count: 2,
      mean: seconds(20),
      longest: seconds(30),
      failures: 0,
      failing: 0,
    });
    expect(responses(record([]))).toEqual({ count: 0, failures: 0 });
  });

  test('a run that takes longer than the limit has failed, one that hangs at the end of the test included', () => {
    expect(responses(record(some, seconds(20)))).toMatchObject({ count: 2, failures: 2, failing: 2 / 3 });
    expect(responses(record(some, seconds(56)))).toMatchObject({ failures: 0 });
  });

  test('several web tests at once fail on an overloaded processor, and fewer with the engine', () => {
    const web = computing(20, { name: 'web', limit: seconds(24), spread: 0.05 });
    const failing = (engine: boolean): number =>
      [1, 2, 3].reduce(
        (sum, seed) =>
          sum +
          (responses(runTest(trial({ engine, seed, benchmark: web, iterations: 64, length: minutes(10) }), makers))
            .failing ?? 0),
        0,
      );
    expect(failing(false)).toBeGreaterThan(0);
    expect(failing(true)).toBeLessThan(failing(false));
  });

  test('a pause lies between the end of a run and the begin of the next', () => {
    const { runs } = runTest(
      trial({ engine: false, guests: 1, benchmark: computing(60, { pause: seconds(30) }) }),
      makers,
    );
    runs
      .slice(1)
      .forEach(({ startedAt }, i) => expect(startedAt - (runs[i]?.finishedAt ?? 0)).toBeCloseTo(seconds(30), 6));
    expect(runs).toHaveLength(20);
  });

  test('overhead is static load with the engine on against off', () => {
    const tests = (engine: boolean): readonly TestRecord[] =>
      [1, 2, 3, 4].map((seed) =>
        runTest(trial({ engine, seed, guests: 9, laboratory: laboratory({ engine: { querying: 0.05 } }) }), makers),
      );
    const found = overhead(tests(true), tests(false));
    expect(found.ok && found.value.share).toBeGreaterThan(0.03);
    expect(found.ok && found.value.share).toBeLessThan(0.08);
  });

  test('of no tests there is none, and that is said', () => {
    expect(overhead([], [])).toMatchObject({ ok: false, error: { kind: 'too few', count: 0, needed: 1 } });
    const nothing = record([]);
    expect(overhead([nothing], [nothing])).toMatchObject({ ok: false, error: { kind: 'too few' } });
  });
});
