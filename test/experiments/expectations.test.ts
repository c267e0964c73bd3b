/** What the thesis expects of balancing, as directions, of means over the same few seeds on both sides (Wilcox, §6.2 and §6.4). */
import { describe, expect, test } from 'vitest';
import { balancingPays, runTest, type TestInput, type TestRecord, throughput } from '../../src/experiments/index.js';
import { minutes, percent } from '../../src/model/index.js';
import { computing, guests, laboratory, makers, trial } from './small.js';

const seeds = [1, 2, 3, 4];

const tests = (rest: Partial<TestInput>): readonly TestRecord[] =>
  seeds.map((seed) =>
    runTest(trial({ benchmark: computing(20, { spread: 0.1 }), length: minutes(15), seed, ...rest }), makers),
  );

const mean = (records: readonly TestRecord[], figure: (record: TestRecord) => number): number =>
  records.reduce((sum, record) => sum + figure(record), 0) / records.length;
const runs = (rest: Partial<TestInput>): number => mean(tests(rest), throughput);
const idle = (records: readonly TestRecord[]): number => mean(records, ({ processors: [one] }) => one?.all.idle ?? NaN);

/** By what share the engine gains. */
const gain = (rest: Partial<TestInput>): number =>
  runs({ ...rest, engine: true }) / runs({ ...rest, engine: false }) - 1;

/** Migrations that take Domain0 much, or nothing to speak of. */
const dear = laboratory({ migration: { cyclesPerByte: 300 } });
const cheap = laboratory({ migration: { cyclesPerByte: 0 }, engine: { querying: 0, load: 0 } });

describe('W35: the cases', () => {
  test('always overloaded everywhere is as static: the engine costs its overhead and gains nothing', () => {
    const overloaded = { laboratory: laboratory({ guests: guests(13) }), guests: 12 };
    expect(idle(tests({ ...overloaded, engine: false }))).toBeLessThan(0.001);
    const found = gain(overloaded);
    expect(found).toBeLessThan(0);
    expect(found).toBeGreaterThan(-0.025);
  });

  test('always underused everywhere: no gain, and no loss, as the engine uses idle time', () => {
    const underused = { laboratory: laboratory({ guests: guests(5) }), guests: 4 };
    expect(idle(tests({ ...underused, engine: false }))).toBeGreaterThan(0.4);
    expect(gain(underused)).toBe(0);
  });

  test('in between is the case of interest: some processors idle while others are overloaded, and the engine gains', () => {
    expect(idle(tests({ engine: false, iterations: 64 }))).toBeGreaterThan(0.01);
    expect(gain({ iterations: 64 })).toBeGreaterThan(0.01);
  });
});

describe('W36: the expectations', () => {
  test('a small penalty on static load', () => {
    const found = gain({ guests: 9 });
    expect(found).toBeLessThan(0);
    expect(found).toBeGreaterThan(-0.025);
  });

  test('a gain when overhead and moving are cheap', () => {
    const [found, atCost] = [cheap, dear].map((where) => gain({ laboratory: where, iterations: 8 }));
    expect(found).toBeGreaterThan(atCost ?? Infinity);
    expect(found).toBeGreaterThan(0.01);
  });

  test('little gain if imbalances do not cause idle cycles', () => {
    const full = { laboratory: laboratory({ guests: guests(12) }), guests: 11, iterations: 8 };
    expect(Math.abs(gain(full))).toBeLessThan(0.02);
  });

  test('a loss if the cost exceeds the idle time that is saved, and the condition says so', () => {
    const [off, on] = [false, true].map((engine) => tests({ laboratory: dear, engine }));
    if (off === undefined || on === undefined) throw new Error('there are two');
    expect(mean(on, throughput)).toBeLessThan(mean(off, throughput));
    const cost = mean(on, ({ processors: [one] }) => (one?.all.domain0 ?? 0) + (one?.all.engine ?? 0) - percent(6));
    const paid = { idleOff: idle(off), idleOn: idle(on), engine: 0, balancing: cost, moves: 0, move: 0 };
    expect(balancingPays(paid)).toBe(false);
  });

  test('fast change favours static placement, long stable jobs favour the engine', () => {
    const [fast, slow] = [1, 64].map((iterations) => gain({ laboratory: dear, iterations }));
    expect(fast).toBeLessThan(0);
    expect(slow).toBeGreaterThan(0);
  });
});

describe('W24: never to migrate, but to place well', () => {
  const placedWell = guests(9)
    .slice(1)
    .map(({ id }) => id);

  test('is the arm to beat: for jobs that do not change the engine comes close to it and not past it', () => {
    const well = runs({ engine: false, iterations: 512, first: placedWell });
    const engine = runs({ iterations: 512 });
    expect(engine).toBeLessThanOrEqual(well);
    expect(engine).toBeGreaterThan(0.96 * well);
  });

  test('does not hold for jobs that change, which leave the good placement', () => {
    const changing = { iterations: 8, laboratory: cheap, length: minutes(30) };
    expect(runs(changing)).toBeGreaterThan(runs({ ...changing, engine: false, first: placedWell }));
  });
});
