import fc from 'fast-check';
import { from, lastValueFrom, map, of, Subject, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { mergeReadings } from '../../src/metrics/index.js';
import type { Reading, Sample } from '../../src/model/index.js';

const cpu = (at: number, used: number): Sample => ({ kind: 'guest', id: 'g', at, cpu: { used } });
const dirty = (at: number, rate: number): Sample => ({ kind: 'guest', id: 'g', at, dirty: { rate, window: 1000 } });

/** Readings as they come in, each from one of the sources. */
const merged = (arrivals: readonly (readonly [source: number, reading: Reading])[], fresh = 30): readonly Reading[] => {
  const sources = [0, 1, 2].map(() => new Subject<Reading>());
  const out: Reading[] = [];
  const subscription = mergeReadings(sources, { fresh }).subscribe((reading) => out.push(reading));
  for (const [source, reading] of arrivals) sources[source]?.next(reading);
  subscription.unsubscribe();
  return out;
};

describe('sources of the same subject', () => {
  test('go out side by side where they tell different fields', () => {
    expect(
      merged([
        [0, cpu(1, 0.5)],
        [1, dirty(2, 9)],
        [0, cpu(3, 0.6)],
      ]),
    ).toEqual([cpu(1, 0.5), dirty(2, 9), cpu(3, 0.6)]);
  });

  test('give a field from the first of the list only, so long as it gives it', () => {
    expect(
      merged([
        [0, cpu(10, 0.5)],
        [1, cpu(20, 0.9)],
        [1, cpu(40, 0.8)],
      ]),
    ).toEqual([cpu(10, 0.5)]);
  });

  test('take over when the one before falls silent, and give back when it speaks again', () => {
    expect(
      merged([
        [0, cpu(10, 0.5)],
        [1, cpu(41, 0.9)],
        [0, cpu(50, 0.4)],
        [1, cpu(55, 0.8)],
      ]),
    ).toEqual([cpu(10, 0.5), cpu(41, 0.9), cpu(50, 0.4)]);
  });

  test('that lag go along with the next sample of the subject', () => {
    expect(
      merged([
        [0, cpu(10, 0.5)],
        [1, dirty(5, 9)],
        [0, cpu(20, 0.6)],
        [0, cpu(30, 0.7)],
      ]),
    ).toEqual([cpu(10, 0.5), { ...cpu(20, 0.6), dirty: { rate: 9, window: 1000 } }, cpu(30, 0.7)]);
  });

  test('that lag too far are dropped', () => {
    expect(
      merged([
        [0, cpu(100, 0.5)],
        [1, dirty(5, 9)],
        [0, cpu(110, 0.6)],
      ]),
    ).toEqual([cpu(100, 0.5), cpu(110, 0.6)]);
  });

  test('let bad inputs pass, and complete with the last', async () => {
    const bad: Reading = { kind: 'bad-input', source: 's', place: 'p', problem: 'malformed', message: 'm', value: '' };
    expect(await lastValueFrom(mergeReadings([of(bad), of(cpu(1, 0))]).pipe(toArray()))).toEqual([bad, cpu(1, 0)]);
  });

  test('refuse a time that is none', () => {
    expect(() => mergeReadings([], { fresh: 0 })).toThrow(/fresh/);
  });
});

test('whatever comes, times of a subject rise, no value goes out twice, and none is made up', () => {
  const sample = fc
    .record({ at: fc.nat(100), what: fc.constantFrom('cpu', 'dirty'), source: fc.nat(2) })
    .map(({ at, what, source }) => ({ source, what, at }));
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 40 }), (arrivals) => {
      // Each value is told apart by its number.
      const numbered = arrivals.map(
        ({ source, what, at }, i) => [source, what === 'cpu' ? cpu(at, i / 1000) : dirty(at, i)] as const,
      );
      const out = merged(numbered) as readonly Sample[];
      const values = out.flatMap(({ cpu: shares, dirty: written }) => [
        ...(shares === undefined ? [] : [Math.round(shares.used * 1000)]),
        ...(written === undefined ? [] : [written.rate]),
      ]);
      expect(new Set(values).size).toBe(values.length);
      for (const value of values) expect(arrivals[value]).toBeDefined();
      out.forEach(({ at }, i) => expect(at).toBeGreaterThan(out[i - 1]?.at ?? -1));
    }),
  );
});

test('one source alone goes through unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(1000)), async (times) => {
      const samples = times.sort((a, b) => a - b).map((at) => cpu(at, 0.5));
      const out = await lastValueFrom(mergeReadings([from(samples).pipe(map((one) => one))]).pipe(toArray()), {
        defaultValue: [],
      });
      expect(out).toEqual(samples);
    }),
  );
});
