/** Rules that end pre-copy, at their bounds, and what the rounds say of themselves where none of them does. */
import { describe, expect, test } from 'vitest';
import { forces, replayRounds, stops, type RoundsInput, type StopRule } from '../../src/estimators/index.js';

describe('a rule at its bound', () => {
  const so = { memory: 100, rounds: 5, sent: 300, left: 50, rate: 1000, wanted: 70 };
  test.each<[StopRule, boolean]>([
    [{ kind: 'few left', below: 50 }, false],
    [{ kind: 'few left', below: 51 }, true],
    [{ kind: 'soon sent', within: 50 }, true],
    [{ kind: 'soon sent', within: 49 }, false],
    [{ kind: 'rounds', most: 5 }, true],
    [{ kind: 'rounds', most: 6 }, false],
    [{ kind: 'volume', times: 3 }, false],
    [{ kind: 'volume', times: 2.9 }, true],
    [{ kind: 'rate', most: 70 }, false],
    [{ kind: 'rate', most: 69 }, true],
  ])('%j: %s', (rule, expected) => {
    expect(stops(rule, so)).toBe(expected);
  });

  test('rounds, volume and rate end any migration, what is left only one that shrinks', () => {
    const rules: readonly StopRule[] = [
      { kind: 'few left', below: 1 },
      { kind: 'soon sent', within: 1 },
      { kind: 'rounds', most: 1 },
      { kind: 'volume', times: 1 },
      { kind: 'rate', most: 1 },
    ];
    expect(rules.map(forces)).toEqual([false, false, true, true, true]);
  });
});

describe('rounds', () => {
  /** A byte a millisecond. */
  const input = (change: Partial<RoundsInput>): RoundsInput => ({
    volume: 1000,
    memory: 1000,
    bandwidth: 1000,
    dirtied: () => 100,
    rules: [{ kind: 'few left', below: 60 }],
    ...change,
  });
  const lasting = (left: number): RoundsInput['dirtied'] => {
    let round = 0;
    return () => [100, 50, left][round++] ?? 0;
  };

  test('where the small round goes live, what was dirtied in it is left for the stop', () => {
    const { rounds, last } = replayRounds(input({ dirtied: lasting(20), sendsLast: true }));
    expect(rounds).toEqual([
      { bytes: 1000, length: 1000 },
      { bytes: 100, length: 100 },
      { bytes: 50, length: 50 },
    ]);
    expect(last).toEqual({ bytes: 20, length: 20 });
  });

  test('it is asked for from the end of the round before it', () => {
    const asked: (readonly [number, number])[] = [];
    const dirtied = (from: number, to: number): number => {
      asked.push([from, to]);
      return [100, 50, 20][asked.length - 1] ?? 0;
    };
    replayRounds(input({ dirtied, sendsLast: true }));
    expect(asked).toEqual([
      [0, 1000],
      [1000, 1100],
      [1100, 1150],
    ]);
  });

  test('a small round of nothing is not sent', () => {
    const { rounds, last } = replayRounds(input({ dirtied: () => 0, sendsLast: true }));
    expect([rounds.length, last]).toEqual([1, { bytes: 0, length: 0 }]);
  });

  test('volumes that do not shrink are seen after the third round, and not before demand is steady', () => {
    const endless = replayRounds(input({}));
    expect([endless.by, endless.rounds.length, endless.last]).toEqual([undefined, 3, { bytes: 100, length: 100 }]);
    expect(replayRounds(input({ steadyFrom: 1300 })).rounds).toHaveLength(5);
    expect(replayRounds(input({ steadyFrom: 1301 })).rounds).toHaveLength(6);
  });

  test('volumes that shrink without an end are given up after a thousand rounds', () => {
    let left = 1e6;
    const { rounds, by } = replayRounds(input({ dirtied: () => (left -= 1), rules: [{ kind: 'few left', below: 1 }] }));
    expect([rounds.length, by]).toEqual([1000, undefined]);
  });

  test('a guest of no memory is over at once', () => {
    const empty = replayRounds(input({ volume: 0, dirtied: () => 0, adaptive: { minimum: 10, margin: 5 } }));
    expect([empty.rounds, empty.last]).toEqual([[{ bytes: 0, length: 0 }], { bytes: 0, length: 0 }]);
  });
});
