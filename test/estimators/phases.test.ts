/** Ends of a load: when it may be over, and how a guest writes until then. */
import { describe, expect, test } from 'vitest';
import { endsOf, writingOf } from '../../src/estimators/index.js';
import { untilEnd } from '../../src/estimators/phases.js';
import { hours, minutes, seconds } from '../../src/model/index.js';
import { knownDemand } from './facts.js';

describe('when a load may be over', () => {
  test('one that stays never is; one whose end is known is then, or now where that is past', () => {
    expect(endsOf({ kind: 'stays' })).toEqual([{ at: Infinity, weight: 1 }]);
    expect(endsOf({ kind: 'known', left: seconds(30) })).toEqual([{ at: seconds(30), weight: 1 }]);
    expect(endsOf({ kind: 'known', left: -1 })).toEqual([{ at: 0, weight: 1 }]);
  });

  test('one of no age is over now; the larger the exponent the sooner an old one', () => {
    expect(endsOf({ kind: 'aged', age: 0 })).toEqual([{ at: 0, weight: 1 }]);
    expect(endsOf({ kind: 'aged', age: NaN })).toEqual([{ at: 0, weight: 1 }]);
    expect(endsOf({ kind: 'aged', age: seconds(60), exponent: 2 })).toEqual(
      [5 / 6, 1 / 2, 1 / 6].map((share) => ({
        at: expect.closeTo(seconds(60) * (share ** -0.5 - 1), 6) as number,
        weight: 1 / 3,
      })),
    );
  });

  test('one that comes by the hour: at the first hour that is calmer than each share', () => {
    const life = { kind: 'recurring', into: minutes(20), hours: [1, 0.6, 1 / 2, 0.1] } as const;
    expect(endsOf(life)).toEqual([
      { at: minutes(40), weight: 1 / 3 },
      { at: minutes(40) + hours(2), weight: 1 / 3 },
      { at: minutes(40) + hours(2), weight: 1 / 3 },
    ]);
    // The hour after the last is the first again.
    expect(endsOf({ ...life, hours: [0.7, 0.9] }).map(({ at }) => at)).toEqual([
      minutes(40) + hours(1),
      Infinity,
      Infinity,
    ]);
    expect(endsOf({ ...life, hours: [0.1, 0.9] }).map(({ at }) => at)).toEqual([
      minutes(40) + hours(1),
      minutes(40) + hours(1),
      minutes(40) + hours(1),
    ]);
  });
});

describe('how a guest writes until its load is over', () => {
  const writing = writingOf(knownDemand());
  const bursts = {
    ...writing,
    phases: [
      { length: 10, share: 1 },
      { length: 20, share: 0.5 },
      { length: 5, share: 0.2 },
    ],
  };
  const over = { length: Infinity, share: 0 };

  test('steadily, and then not at all', () => {
    expect(untilEnd(writing, 40).phases).toEqual([{ length: 40, share: 1 }, over]);
    expect(untilEnd(writing, 0).phases).toEqual([over]);
  });

  test.each([
    [7, [{ length: 7, share: 1 }, over]],
    [10, [{ length: 10, share: 1 }, over]],
    [12, [{ length: 10, share: 1 }, { length: 2, share: 0.5 }, over]],
    [90, [{ length: 10, share: 1 }, { length: 20, share: 0.5 }, { length: 60, share: 0.2 }, over]],
  ])('by its phases, of which the last goes on, for %d ms', (at, phases) => {
    expect(untilEnd(bursts, at).phases).toEqual(phases);
  });

  test('as before, where it never is', () => {
    expect(untilEnd(bursts, Infinity)).toBe(bursts);
  });
});
