/** Conditions of the rule language: what they compare, for how long it held, and what becomes of what is not known. */
import { describe, expect, test } from 'vitest';
import { trend, loadOne, sustained, cpu } from '../../../src/metrics/index.js';
import { holds, percent, seconds, type Reason } from '../../../src/model/index.js';
import type { Condition, HostTerm, Vocabulary } from '../../../src/policies/index.js';
import { movesOf } from '../build.js';
import { type History, movesIf, siteFor, used } from './site.js';

type Ask = (a: HostTerm, words: Vocabulary) => Condition;

const planOf = (ask: Ask, readings: History, knowledge?: Parameters<typeof siteFor>[1][string]['knowledge']) => {
  const probe = movesIf(ask);
  return probe.plan(
    siteFor(
      probe,
      { a: { readings, ...(knowledge && { knowledge }), labels: { rack: 'r1' } }, b: {} },
      { web: { on: 'a' } },
    ),
  );
};
const moves = (ask: Ask, readings: History): boolean => planOf(ask, readings).moves.length > 0;

/** Reasons of the rule itself, not of the standing constraints. */
const own = (reasons: readonly Reason[] | undefined): readonly Reason[] =>
  (reasons ?? []).filter(({ rule }) => rule === 'probe');

describe('comparisons', () => {
  test.each<[string, Ask, number, boolean]>([
    ['above is strict', (h) => h.cpu.above(0.5), 0.5, false],
    ['at least is not', (h) => h.cpu.atLeast(0.5), 0.5, true],
    ['below is strict', (h) => h.cpu.below(0.5), 0.5, false],
    ['at most is not', (h) => h.cpu.atMost(0.5), 0.5, true],
    ['between has both ends', (h) => h.cpu.between(0.5, 0.6), 0.5, true],
    ['between has no more than both ends', (h) => h.cpu.between(0.5, 0.6), 0.61, false],
    ['equals is equal', (h) => h.cpu.equals(0.25), 0.25, true],
    ['not turns it', (h) => h.cpu.above(0.5).not(), 0.5, true],
    ['and wants both', (h) => h.cpu.above(0.5).and(h.cpu.below(0.6)), 0.7, false],
    ['or wants one', (h) => h.cpu.above(0.9).or(h.cpu.below(0.8)), 0.7, true],
    ['unless excepts', (h) => h.cpu.above(0.5).unless(h.cpu.above(0.6)), 0.7, false],
    ['reckoning joins quantities', (h) => h.cpu.plus(0.25).times(2).minus(0.5).dividedBy(2).equals(h.cpu), 0.5, true],
    ['a share is of a whole', (h) => h.freeMemory.shareOf(h.memory).above(0.9), 0.5, true],
    [
      'choose follows its condition',
      (h, { choose, amount }) => choose(h.cpu.above(0.5), h.cpu, 0).above(amount(0.6, 'fraction')),
      0.7,
      true,
    ],
  ])('%s', (_, ask, reading, expected) => {
    expect(moves(ask, used(reading))).toBe(expected);
  });

  test('a reason quotes what was compared, its unit, its verdict and the age of its sample', () => {
    const { moves: made } = planOf((h) => h.cpu.above(percent(80)), used(0.93), { kind: 'fresh', at: 3_598_000 });
    expect(own(made[0]?.because)[0]).toEqual({
      kind: 'compared',
      rule: 'probe',
      subject: { kind: 'host', id: 'a' },
      measure: 'cpu',
      value: 0.93,
      relation: 'above',
      limit: 0.8,
      unit: 'fraction',
      holds: true,
      age: 2000,
    });
  });

  test('of a condition that fails, the plan quotes the part that failed', () => {
    const { passedOver } = planOf((h) => h.cpu.above(0.5).and(h.cpu.below(0.6)), used(0.7));
    const about = passedOver.find(({ subject }) => subject.kind === 'host' && subject.id === 'a');
    expect(about?.because).toMatchObject([{ relation: 'below', value: 0.7, limit: 0.6, holds: false }]);
  });
});

describe('the past', () => {
  const hot: Ask = (h) => h.cpu.above(percent(80)).for(seconds(10));

  test('for asks how long it has held', () => {
    expect(moves(hot, used(0.9, 0.9, 0.9))).toBe(true);
    expect(moves(hot, used(0.1, 0.9, 0.9))).toBe(false);
  });

  test('for forgives three contrary samples, and does not quote one that it forgave', () => {
    const plan = planOf(hot, used(0.9, 0.9, 0.9, 0.1));
    expect(plan.moves).toHaveLength(1);
    expect(own(plan.moves[0]?.because)[0]).toMatchObject({ unit: 'milliseconds', value: 10_000, holds: true });
  });

  test('for forgives none where it is told so', () => {
    expect(moves((h) => h.cpu.above(0.8).for(seconds(10), { forgiving: 0 }), used(0.9, 0.9, 0.9, 0.1))).toBe(false);
  });

  test('what held quotes for how long', () => {
    const { moves: made } = planOf(hot, used(0.9, 0.9, 0.9));
    expect(own(made[0]?.because)[0]).toMatchObject({ measure: 'cpu', value: 0.9, held: 10_000 });
  });

  test('rising and falling follow the trend', () => {
    const load = (...values: readonly number[]): History =>
      values.map((one) => ({ load: { one, five: 1, fifteen: 1 } }));
    expect(moves((h) => h.loadAverage.rising(), load(1, 2, 3))).toBe(true);
    expect(moves((h) => h.loadAverage.falling(), load(1, 2, 3))).toBe(false);
    expect(moves((h) => h.loadAverage.falling(), load(3, 2, 1, 0.5, 0.2))).toBe(true);
  });

  test('smoothed and averaged are signals of their own', () => {
    expect(moves((h) => h.cpu.averaged(2).above(0.5), used(0.9, 0.2))).toBe(true);
    expect(moves((h) => h.cpu.smoothed(seconds(60)).above(0.5), used(0.9, 0.2))).toBe(true);
  });
});

describe('what is watched', () => {
  test('a policy watches just what its conditions read', () => {
    const { watch } = movesIf((h) => h.cpu.above(0.8).for(seconds(20)).and(h.loadAverage.rising()));
    const spell = sustained({ measure: cpu, relation: 'above', limit: 0.8, for: seconds(20) });
    expect(Object.keys(watch.host ?? {})).toEqual([spell.name, trend(loadOne).name]);
    expect(watch.guest).toEqual({});
  });
});

describe('what is not known', () => {
  const unknown: Ask = (h) => h.iowait.above(0.1);
  const yes: Ask = (h) => h.cpu.above(0);
  const no: Ask = (h) => h.cpu.above(1);
  const join =
    (kind: 'and' | 'or', a: Ask, b: Ask): Ask =>
    (h, words) =>
      a(h, words)[kind](b(h, words));
  const not =
    (ask: Ask): Ask =>
    (h, words) =>
      ask(h, words).not();

  test('neither an unknown condition nor its negation moves anything', () => {
    expect(moves(unknown, used(0.5))).toBe(false);
    expect(moves(not(unknown), used(0.5))).toBe(false);
  });

  test.each<[string, Ask, boolean]>([
    ['unknown and true is unknown', join('and', unknown, yes), false],
    ['not (unknown and true) is unknown', not(join('and', unknown, yes)), false],
    ['not (unknown and false) is true', not(join('and', unknown, no)), true],
    ['unknown or true is true', join('or', unknown, yes), true],
    ['unknown or false is unknown', join('or', unknown, no), false],
    ['not (unknown or false) is unknown', not(join('or', unknown, no)), false],
  ])('%s', (_, ask, expected) => {
    expect(moves(ask, used(0.5))).toBe(expected);
  });

  test.each(['stale', 'partial', 'unseen'] as const)('a reading of a host that is %s is not known', (kind) => {
    const knowledge =
      kind === 'stale'
        ? { kind, at: 0, age: 90_000 }
        : kind === 'partial'
          ? { kind, at: 0, missing: ['web'] }
          : { kind };
    const plan = planOf(yes, used(0.5), knowledge);
    expect(plan.moves).toEqual([]);
    expect(plan.passedOver[0]?.because).toMatchObject([{ kind: 'unknown', measure: 'cpu', why: kind }]);
  });

  test('only orElse makes something known of it', () => {
    expect(moves((h) => h.iowait.orElse(0).below(0.1), used(0.5))).toBe(true);
  });

  test('a result that is no number is not known, and says so', () => {
    const plan = planOf((h) => h.cpu.dividedBy(0).above(0), used(0.5));
    expect(plan.moves).toEqual([]);
    expect(plan.passedOver.flatMap(({ because }) => because).some(holds)).toBe(false);
    expect(plan.passedOver[0]?.because[0]?.kind).toBe('unknown');
  });
});

describe('names', () => {
  test.each<[string, Ask, boolean]>([
    ['a label is what it says', (h) => h.label('rack').is('r1', 'r2'), true],
    ['a label is not what it does not say', (h) => h.label('rack').isNot('r2'), true],
    ['a label that is not there is none of the names, and that is known', (h) => h.label('row').isNot('x'), true],
    ['whether there is a label can be asked', (h) => h.label('row').isGiven(), false],
    ['a state is a name', (h) => h.state.is('active'), true],
    ['a label may be an amount', (h) => h.amount('rack', 'none').above(0), false],
  ])('%s', (_, ask, expected) => {
    expect(moves(ask, used(0.5))).toBe(expected);
  });
});

test('the day has hours, over midnight too', () => {
  const at = (from: number, to: number): boolean => moves((_, { time }) => time.between(from, to), used(0.5));
  // The snapshot is of one o'clock.
  expect([at(0, 7_200_000), at(7_200_000, 9_000_000), at(79_200_000, 7_200_000)]).toEqual([true, false, true]);
});

test('moves are told in the order in which they are made', () => {
  expect(movesOf(planOf((h) => h.cpu.above(0), used(0.5)))).toEqual(['web a→b']);
});
