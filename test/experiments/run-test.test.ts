import { describe, expect, test } from 'vitest';
import {
  readRecord,
  recordText,
  runTest,
  type TestInput,
  type TestRecord,
  throughput,
} from '../../src/experiments/index.js';
import { minutes, percent, seconds } from '../../src/model/index.js';
import { computing, guests, laboratory, makers, trial } from './small.js';

const run = (rest: Partial<TestInput> = {}): TestRecord => runTest(trial(rest), makers);
const withEngine = run();
const without = run({ engine: false });

describe('W28: the record of a test', () => {
  test('holds the processor shares of every host, of guests, of Domain0, idle and the engine, which add up to all', () => {
    const [entry] = withEngine.processors;
    expect(entry?.hosts.map(({ host }) => host)).toEqual(['a', 'b']);
    expect(entry?.guests).toHaveLength(10);
    for (const shares of [...(entry?.hosts ?? []), entry?.all])
      expect((shares?.guests ?? 0) + (shares?.engine ?? 0) + (shares?.domain0 ?? 0) + (shares?.idle ?? 0)).toBeCloseTo(
        1,
        9,
      );
    const used = entry?.guests.reduce((sum, { cpu }) => sum + cpu, 0);
    expect(used).toBeCloseTo((entry?.all.guests ?? 0) + (entry?.all.engine ?? 0), 9);
    expect(entry?.all.domain0).toBeGreaterThan(percent(6.5));
    expect(entry?.all.engine).toBeCloseTo(percent(1) / 8, 3);
  });

  test('says who used the processors in each interval, where one is given', () => {
    const { processors } = run({ laboratory: laboratory({ recordEvery: minutes(7) }) });
    expect(processors.map(({ from, until }) => [from, until].map((at) => at / minutes(1)))).toEqual([
      [0, 7],
      [7, 14],
      [14, 21],
      [21, 28],
      [28, 30],
    ]);
    const whole = processors.reduce((sum, { from, until, all }) => sum + all.idle * (until - from), 0);
    expect(whole / minutes(30)).toBeCloseTo(withEngine.processors[0]?.all.idle ?? NaN, 9);
  });

  test('holds start and end of every migration with guest and hosts', () => {
    expect(withEngine.migrations.length).toBeGreaterThan(0);
    for (const { from, to, startedAt, endedAt = Infinity, result } of withEngine.migrations) {
      expect([from, to].sort()).toEqual(['a', 'b']);
      if (result === 'done') expect(endedAt).toBeGreaterThan(startedAt);
      else expect([result, endedAt]).toEqual(['under way', Infinity]);
    }
    expect(without.migrations).toEqual([]);
  });

  test('holds start and finish of every run; eight are always under way, and one begins when one ends', () => {
    const { runs, draws } = withEngine;
    expect(runs.filter(({ startedAt }) => startedAt === 0)).toHaveLength(8);
    expect(runs.filter(({ finishedAt }) => finishedAt === undefined)).toHaveLength(8);
    for (const { at, drawn } of draws)
      expect(runs.some(({ guest, startedAt }) => startedAt === at && drawn.includes(guest))).toBe(true);
    expect(draws).toHaveLength(throughput(withEngine));
  });

  test('tells a benchmark from what guests do besides', () => {
    const besides = { 'vm-1': { jobs: [computing(10).work] } };
    const record = run({ engine: false, laboratory: laboratory({ workloads: besides }) });
    expect(record.runs.filter(({ startedAt }) => startedAt === 0)).toHaveLength(8);
  });

  test('has all parameters of the test, and of what the benchmark writes to memory (W30)', () => {
    expect(withEngine.test).toMatchObject({
      length: minutes(30),
      iterations: 1,
      draw: 'another',
      seed: 1,
      laboratory: { monitor: percent(6), engine: { policy: { name: 'cslb' }, every: seconds(10) } },
    });
    const writes = { amount: 1e9, workingSet: 1e8, pattern: 'random' } as const;
    const writing = computing(60, {
      work: { name: 'writing', stages: [{ activities: [{ kind: 'compute', cycles: 1e11, writes }] }] },
    });
    const record = run({ benchmark: writing, length: minutes(1), engine: false });
    expect(record.test.benchmark.work.stages[0]?.activities[0]).toMatchObject({ writes });
  });
});

describe('exact repetition', () => {
  test('a recorded test, written down, read back and run again, gives the same record to the byte', () => {
    for (const record of [withEngine, without]) {
      const text = recordText(record);
      const read = readRecord(text);
      if (!read.ok) throw new Error(read.error.message);
      expect(recordText(read.value)).toBe(text);
      expect(recordText(runTest(read.value.test, makers))).toBe(text);
    }
  });

  test('another seed gives another course', () => {
    expect(recordText(run({ seed: 2 }))).not.toBe(recordText(withEngine));
  });

  test('what is no record is told with the path of the first wrong field', () => {
    expect(readRecord('{')).toMatchObject({ ok: false, error: { kind: 'bad-input', problem: 'malformed' } });
    const wrong = { ...withEngine, runs: [{ guest: 'vm-1', startedAt: -1 }] };
    expect(readRecord(JSON.stringify(wrong), 'line 7')).toMatchObject({
      ok: false,
      error: { place: 'line 7: runs[0].startedAt' },
    });
    // JSON has no word for NaN, and what it makes of it is no number.
    const holes = { ...withEngine, runs: [{ guest: 'vm-1', startedAt: Number.NaN }] };
    expect(readRecord(JSON.stringify(holes)).ok).toBe(false);
  });
});

describe('a test that is wrong', () => {
  test.each([
    [{ length: 0 }, 'test.length'],
    [{ laboratory: laboratory({ engine: { policy: { name: 'magic' } } }) }, 'no policy is called "magic", only: cslb'],
    [{ laboratory: laboratory({ monitor: 2 }) }, 'test.laboratory.monitor'],
    [{ laboratory: laboratory({ guests: [...guests(9), ...guests(1)] }) }, 'vm-1'],
    [
      { laboratory: laboratory({ engine: { policy: { name: 'cslb', settings: { light: 0.9, heavy: 0.1 } } } }) },
      'cslb.heavy',
    ],
    [{ laboratory: laboratory({ engine: { guest: guests(1)[0] ?? never() } }) }, 'laboratory.engine.guest.id'],
  ])('is refused at once', (rest, message) => {
    expect(() => run(rest)).toThrow(message);
  });

  test('needs no policy where the engine is off', () => {
    const record = run({ engine: false, laboratory: laboratory({ engine: { policy: { name: 'magic' } } }) });
    expect(record.runs).toEqual(without.runs);
  });
});

const never = (): never => {
  throw new Error('there is one guest');
};
