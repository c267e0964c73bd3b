import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cpu,
  foldSignal,
  forecast,
  kOfN,
  level,
  loadOne,
  observatory,
  type Observatory,
  smoothed,
  sustained,
  trend,
  type Watch,
} from '../../src/metrics/index.js';
import { type Cluster, type Readings, type Sample, sampleSchema } from '../../src/model/index.js';
import { anyReadings, guest, guestSample, host, hostSample, sampleRun } from './samples.js';

const signals = {
  cpu: level(cpu),
  calm: smoothed(cpu, { over: 5000 }),
  busy: sustained({ measure: cpu, relation: 'above', limit: 0.5, for: 5000 }),
  growing: trend(loadOne),
  often: kOfN({ measure: cpu, relation: 'above', limit: 0.5, k: 2, n: 3 }),
  next: forecast(loadOne, { ahead: 1000, of: 3, by: 'line' }),
};
const watch: Watch = { host: signals, guest: signals };
const inventory = {
  hosts: [host('a'), host('b')],
  guests: [guest('web', 'a'), guest('db', 'b'), guest('app', 'a')],
};

const begun = (keep = 30, staleAfter = 1e9): Observatory => {
  const started = observatory({ staleAfter, keep });
  started.know(inventory);
  started.watch(watch);
  return started;
};

const finiteOnly = (value: unknown): boolean => {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(finiteOnly);
};

/** Samples such as no source should send: any number in any field, in any order, of anybody. */
const hostile: fc.Arbitrary<Sample> = fc
  .record({
    name: fc.constantFrom('web', 'db', 'app', 'a', 'b', 'nobody'),
    kind: fc.constantFrom('host' as const, 'guest' as const),
    at: fc.oneof(fc.integer({ min: -10, max: 20_000 }), fc.double()),
    readings: fc.oneof(
      anyReadings,
      fc.double().map((used): Omit<Readings, 'at'> => ({ cpu: { used } })),
      fc.double().map((one): Omit<Readings, 'at'> => ({ load: { one, five: 1, fifteen: 1 } })),
    ),
  })
  .map(({ name, kind, at, readings }) => (kind === 'host' ? hostSample : guestSample)(name, at, readings));

const feed = ({ take }: Observatory, samples: readonly Sample[]): void => {
  for (const sample of samples) take(sample, 20_000);
};
const shown = ({ snapshot }: Observatory): Cluster => snapshot(20_000, [], []);

describe('an observatory', () => {
  test('never yields NaN, whatever it is fed', () => {
    fc.assert(
      fc.property(fc.array(hostile), (samples) => {
        const started = begun();
        feed(started, samples);
        expect(finiteOnly(shown(started))).toBe(true);
      }),
    );
  });

  test('ignores bad input: what it refuses leaves no trace', () => {
    fc.assert(
      fc.property(fc.array(hostile), (samples) => {
        const [all, good] = [begun(), begun()];
        const taken = samples.filter((sample) => all.take(sample, 20_000) === undefined);
        feed(good, taken);
        expect(shown(good)).toEqual(shown(all));
      }),
    );
  });

  test('refuses as malformed what the schema would refuse, and nothing else', () => {
    fc.assert(
      fc.property(hostile, (sample) => {
        const subject = [...inventory.hosts, ...inventory.guests].some(({ id }) => id === sample.id);
        const refused = begun().take(sample, Number.MAX_VALUE);
        fc.pre(subject && refused?.problem !== 'unknown subject');
        expect(refused?.problem === 'malformed').toBe(!sampleSchema.safeParse(sample).success);
      }),
      { numRuns: 300 },
    );
  });

  test('does not depend on the order in which the samples of different subjects arrive', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('web', 'db', 'app'), anyReadings), { maxLength: 30 }),
        fc.infiniteStream(fc.nat(2)),
        (steps, picks) => {
          const samples = steps.map(([name, readings], i) => guestSample(name, (i + 1) * 100, readings));
          // One queue a subject; the queues are merged in any order.
          const queues = ['web', 'db', 'app'].map((name) => samples.filter(({ id }) => id === name));
          const merged: Sample[] = [];
          for (const pick of picks) {
            const next = queues[pick]?.shift();
            if (next) merged.push(next);
            if (merged.length === samples.length) break;
          }
          const [one, other] = [begun(), begun()];
          feed(one, samples);
          feed(other, merged);
          expect(shown(other)).toEqual(shown(one));
        },
      ),
    );
  });

  test('does not depend on the order in which hosts and guests are listed', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(inventory.hosts, { minLength: 2 }),
        fc.shuffledSubarray(inventory.guests, { minLength: 3 }),
        (hosts, guests) => {
          const [one, other] = [begun(), begun()];
          other.know({ hosts, guests });
          expect(shown(other)).toEqual(shown(one));
        },
      ),
    );
  });

  test('gives the values that the signals give over an array of the same samples', () => {
    fc.assert(
      fc.property(sampleRun({ maxLength: 20 }), (samples) => {
        fc.pre(samples.length > 0);
        const started = begun();
        for (const sample of samples) started.take(sample, sample.at);
        const values = started.snapshot(samples.at(-1)?.at ?? 0, [], []).guests.find(({ id }) => id === 'web')?.signals;
        expect(values).toEqual(
          Object.fromEntries(
            Object.entries(signals).map(([key, signal]) => [key, foldSignal<unknown, never>(signal as never, samples)]),
          ),
        );
      }),
    );
  });

  test('warms up a signal to what it would be if it were folded from the start over the samples that are kept', () => {
    fc.assert(
      fc.property(sampleRun({ maxLength: 40 }), fc.integer({ min: 0, max: 20 }), (samples, keep) => {
        const late = observatory({ staleAfter: 1e9, keep });
        late.know(inventory);
        for (const sample of samples) late.take(sample, sample.at);
        late.watch(watch);

        const [early, last] = [begun(0), samples.at(-1)?.at ?? 0];
        // The ring is bounded: no more than the last `keep` can be known.
        for (const sample of keep === 0 ? [] : samples.slice(-keep)) early.take(sample, sample.at);
        const [warm, folded] = [late, early].map(
          ({ snapshot }) => snapshot(last, [], []).guests.find(({ id }) => id === 'web')?.signals,
        );
        if (keep > 0) expect(warm).toEqual(folded);
      }),
    );
  });

  test('keeps every sample as it came: a warm-up sees each field, and each that is missing', () => {
    const everything = {
      name: 'everything',
      initial: [] as readonly Sample[],
      step: (state: readonly Sample[], sample: Sample) => [...state, sample],
      value: (state: readonly Sample[]) => state,
    };
    fc.assert(
      fc.property(sampleRun({ maxLength: 15 }), fc.integer({ min: 1, max: 9 }), (samples, keep) => {
        fc.pre(samples.length > 0);
        const late = observatory({ staleAfter: 1e9, keep });
        late.know(inventory);
        for (const sample of samples) late.take(sample, sample.at);
        late.watch({ guest: { everything } });
        const web = late.snapshot(samples.at(-1)?.at ?? 0, [], []).guests.find(({ id }) => id === 'web');
        expect(web?.signals['everything']).toEqual(samples.slice(-keep));
      }),
    );
  });

  test('judges staleness per subject by the age of its own last sample', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.nat(20_000)), { minLength: 3, maxLength: 3 }),
        fc.integer({ min: 1, max: 20_000 }),
        (ages, staleAfter) => {
          const started = begun(1, staleAfter);
          const names = ['app', 'db', 'web'];
          ages.forEach((age, i) => {
            if (age !== null) started.take(guestSample(names[i] ?? '', 20_000 - age), 20_000);
          });
          const kinds = shown(started).guests.map(({ knowledge }) => knowledge.kind);
          expect(kinds).toEqual(ages.map((age) => (age === null ? 'unseen' : age > staleAfter ? 'stale' : 'fresh')));
        },
      ),
    );
  });
});
