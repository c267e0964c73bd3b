/** Words of a page: predicates, the time of the day, rules that hold for all moves, and what may be said only once. */
import { describe, expect, test } from 'vitest';
import { gibibytes, hours } from '../../../src/model/index.js';
import { policy, SettingsError, type Vocabulary } from '../../../src/policies/index.js';
import { type Ask, answer, checkedOn, type Row, type Site } from './answer.js';
import { used } from './site.js';
import { told } from './told.js';

describe('a predicate', () => {
  const site: Site = { hosts: { a: { readings: used(0.5) } } };
  test.each<[string, (words: Vocabulary) => ReturnType<Vocabulary['host']>, boolean]>([
    ['is its test', ({ host }) => host((h) => h.cpu.above(0.4)), true],
    ['and another', ({ host }) => host((h) => h.cpu.above(0.4)).and((h) => h.cpu.above(0.6)), false],
    ['or another', ({ host }) => host((h) => h.cpu.above(0.6)).or((h) => h.cpu.above(0.4)), true],
    ['not', ({ host }) => host((h) => h.cpu.above(0.4)).not(), false],
    [
      'not, or another, and a third',
      ({ host }) =>
        host((h) => h.cpu.above(0.4))
          .not()
          .or((h) => h.name.is('a'))
          .and((h) => h.state.is('active')),
      true,
    ],
  ])('%s', (_, make, verdict) => {
    expect(answer((h, words) => make(words)(h), site).verdict).toBe(verdict);
  });

  test('says whose it is, through all that is made of it', () => {
    const seen: string[] = [];
    policy('page', ({ host, guest }) => {
      const [h, g] = [host((one) => one.cpu.above(0)), guest((one) => one.cpu.above(0))];
      seen.push(h.of, h.not().of, h.and(h).of, h.or(h).of, g.of, g.not().of, g.and(g).of, g.or(g).of);
    });
    expect(seen).toEqual(['host', 'host', 'host', 'host', 'guest', 'guest', 'guest', 'guest']);
  });
});

describe('the time', () => {
  // The snapshot is of one o'clock.
  const at =
    (from: number, to: number): Ask =>
    (_, { time }) =>
      time.between(hours(from), hours(to));
  test.each<Row>([
    [
      'of the day',
      (_, { time }) => time.ofDay.equals(hours(1)),
      true,
      ['the cluster time of the day 60.0 min equal to 60.0 min'],
      ['the cluster time of the day 60.0 min not above 60.0 min'],
    ],
    [
      'between, the first included',
      at(1, 2),
      true,
      ['the cluster time of the day 60.0 min at least 60.0 min', 'the cluster time of the day 1.0 h below 2.0 h'],
      [
        'the cluster time of the day 60.0 min not below 60.0 min',
        'the cluster time of the day 1.0 h not at least 2.0 h',
      ],
    ],
    [
      'between, the second not',
      at(0, 1),
      false,
      ['the cluster time of the day 60.0 min not below 60.0 min'],
      ['the cluster time of the day 60.0 min at least 60.0 min'],
    ],
    [
      'between, over midnight',
      at(23, 2),
      true,
      ['the cluster time of the day 1.0 h below 2.0 h'],
      ['the cluster time of the day 1.0 h not at least 2.0 h'],
    ],
    [
      'between one time and the same, never',
      at(1, 1),
      false,
      ['the cluster time of the day 60.0 min not below 60.0 min'],
      ['the cluster time of the day 60.0 min at least 60.0 min'],
    ],
  ])('%s', checkedOn({}));
});

describe('evacuation', () => {
  test('begins with the largest, fills the fullest host that stays below 95 %, and falls back to the least loaded', () => {
    const site: Site = {
      hosts: { a: { state: 'draining' }, b: {}, c: {} },
      guests: {
        small: { on: 'a', readings: used(0.1), memory: gibibytes(1) },
        large: { on: 'a', readings: used(0.1), memory: gibibytes(4) },
        there: { on: 'c', readings: used(0.5), memory: gibibytes(2) },
        vast: { on: 'a', readings: used(1), vcpus: 4, memory: gibibytes(3) },
      },
    };
    const { moves } = told((words) => void words.evacuate(), site);
    expect(moves.map((line) => line.split(':')[0])).toEqual(['large a→c', 'vast a→b', 'small a→c']);
  });

  test('of hosts of a kind needs no state', () => {
    const site: Site = { hosts: { a: {}, b: {} }, guests: { g: { on: 'a', readings: used(0.1) } } };
    expect(
      told((words) => void words.evacuate(words.host((h) => h.name.is('a'))), site).moves.map(
        (line) => line.split(':')[0],
      ),
    ).toEqual(['g a→b']);
    expect(told((words) => void words.evacuate(), site).moves).toEqual([]);
  });

  test('has an otherwise, which is done where there is nothing to empty', () => {
    const site: Site = { hosts: { a: {}, b: {} }, guests: { g: { on: 'a', readings: used(0.1) } } };
    const page = (words: Vocabulary): void =>
      void words.evacuate().otherwise(words.migrate(words.guests.first()).to(words.hosts.first()));
    expect(told(page, site).moves).toEqual(['g a→b: ']);
    expect(told(page, { ...site, hosts: { a: { state: 'draining' }, b: {}, c: {} } }).moves).toHaveLength(1);
  });
});

describe('what is refused', () => {
  const refusal = (say: (words: Vocabulary) => unknown): string | undefined => {
    try {
      policy('page', (words) => void say(words));
    } catch (thrown) {
      return SettingsError.is(thrown) ? thrown.message : `not a SettingsError: ${String(thrown)}`;
    }
    return undefined;
  };
  test.each<[string, (words: Vocabulary) => unknown, string | undefined]>([
    ['a period of nothing', ({ every }) => every(0), 'page: every: 0 ms is no period'],
    ['a period without end', ({ every }) => every(Infinity), 'page: every: Infinity ms is no period'],
    ['but not a millisecond', ({ every }) => every(1), undefined],
    ['what is no condition', ({ not }) => not({} as never), 'this is not a condition of the rule language'],
    [
      'what is no quantity',
      ({ calculate }) => calculate('x', 'none', [{ unit: 'none' }], () => 1),
      'this is not a quantity of the rule language',
    ],
    ['what is no choice', ({ migrate }) => migrate({} as never), 'this is not a choice of the rule language'],
    [
      'what is no collection',
      ({ each }) => each({} as never, () => ({}) as never),
      'this is not a collection of the rule language',
    ],
    [
      'what is no action',
      ({ when, hosts }) => when(hosts, () => ({}) as never),
      'this is not an action of the rule language',
    ],
    [
      'what is no host or guest',
      ({ hosts }) => hosts.includes({} as never),
      'this is not a host or guest of the rule language',
    ],
    [
      'what is no name',
      ({ guests }) => guests.any((g) => g.name.equals({} as never)),
      'this is not a name of the rule language',
    ],
    [
      'a limit that is said twice',
      ({ limit }) => {
        limit({ moves: 1 });
        limit({ moves: 2 });
      },
      'limit: is said twice',
    ],
  ])('%s', (_, say, message) => {
    expect(refusal(say)).toBe(message);
  });
});
