import { describe, expect, test } from 'vitest';
import { type EntryInput, type ScriptInput, testsOf } from '../../src/experiments/index.js';
import { minutes } from '../../src/model/index.js';
import { computing, laboratory } from './small.js';

const entry = (rest: Partial<EntryInput> = {}): EntryInput => ({
  benchmark: 'computing',
  length: minutes(1),
  guests: 8,
  repeats: 6,
  ...rest,
});
const script = (rest: Partial<ScriptInput> = {}): ScriptInput => ({
  laboratory: laboratory(),
  benchmarks: [computing(60)],
  batches: [[entry(), entry({ iterations: 2 })], [entry({ engine: false })], [entry({ guests: 9 })]],
  seed: 1,
  ...rest,
});
const ids = (given: ScriptInput): readonly string[] => testsOf(given).map(({ id }) => id);
const batchOf = (id: string): string => id.split('/')[0] ?? '';

describe('W25: a script', () => {
  test('has one entry for benchmark, length, number of guests, iterations, engine and repeats', () => {
    const [one] = testsOf(
      script({ batches: [[entry({ iterations: 4, engine: false, draw: 'any idle', repeats: 1 })]] }),
    );
    expect(one).toMatchObject({
      length: minutes(1),
      guests: 8,
      iterations: 4,
      engine: false,
      draw: 'any idle',
      benchmark: { name: 'computing' },
    });
    expect(testsOf(script())).toHaveLength(24);
  });

  test('what is left out has a default: one iteration, engine on, another guest is drawn, once', () => {
    const [one, ...more] = testsOf(script({ batches: [[{ benchmark: 'computing', length: 1000, guests: 8 }]] }));
    expect(one).toMatchObject({ iterations: 1, engine: true, draw: 'another' });
    expect(more).toEqual([]);
  });

  test.each([
    [{ batches: [[entry({ benchmark: 'other' })]] }, 'script.batches[0][0].benchmark: no benchmark is called "other"'],
    [{ batches: [[entry({ iterations: 0 })]] }, 'script.batches[0][0].iterations'],
    [{ benchmarks: [computing(1), computing(2)] }, 'script.benchmarks: two have one name'],
    [{ batches: [[entry({ guests: 10 })]] }, 'test.guests: 10 are more than the 9 of the laboratory'],
    [{ batches: [[entry({ first: ['vm-1'] })]] }, 'test.first: names 1 guests, 8 are to run'],
    [{ batches: [[entry({ guests: 1, first: ['nobody'] })]] }, 'test.first[0]: no guest is called "nobody"'],
  ])('a wrong one is refused with the path of the value', (rest, message) => {
    expect(() => testsOf(script(rest))).toThrow(message);
  });
});

describe('W26: the order', () => {
  test('is random, and the same for the same seed', () => {
    expect(ids(script())).toEqual(ids(script()));
    expect(ids(script({ seed: 2 }))).not.toEqual(ids(script()));
    expect([...ids(script({ seed: 2 }))].sort()).toEqual([...ids(script())].sort());
  });

  test('keeps batches together, in a random order of their own', () => {
    const batches = ids(script()).map(batchOf);
    const blocks = batches.filter((batch, i) => batch !== batches[i - 1]);
    expect([...blocks].sort()).toEqual(['1', '2', '3']);
    const orders = new Set([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => ids(script({ seed })).map(batchOf).join('')));
    expect(orders.size).toBeGreaterThan(2);
  });

  test('is random within a batch', () => {
    const inFirst = ids(script()).filter((id) => batchOf(id) === '1');
    expect(inFirst).not.toEqual([...inFirst].sort());
  });

  test("does not bear on a test's own seed", () => {
    const seeds = (seed: number): ReadonlyMap<string, unknown> =>
      new Map(testsOf(script({ seed })).map((one) => [one.id, one.seed]));
    const longer = script({ batches: [...script().batches, [entry()]] });
    for (const { id, seed } of testsOf(longer)) if (batchOf(id) !== '4') expect(seed).toBe(seeds(1).get(id));
    expect(new Set(seeds(1).values()).size).toBe(24);
  });
});
