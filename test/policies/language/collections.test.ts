/** Collections of the rule language: every word of Ruby's Enumerable that it has, and how it treats what is not known. */
import { describe, expect, test } from 'vitest';
import { gibibytes } from '../../../src/model/index.js';
import {
  type Collection,
  type Condition,
  type GuestTerm,
  policy,
  type Vocabulary,
} from '../../../src/policies/index.js';
import { movesOf } from '../build.js';
import { siteFor, used } from './site.js';

const guests = {
  g1: { on: 'a', readings: used(0.2), labels: { tier: 'web' } },
  g2: { on: 'a', readings: used(0.6), labels: { tier: 'db' } },
  g3: { on: 'a', readings: used(0.6), labels: { tier: 'web' } },
  g4: { on: 'a', readings: used(0.4), labels: { tier: 'web' }, memory: gibibytes(3) },
};

/** The guest that a rule picks. */
const picked = (
  choose: (all: Collection<GuestTerm>, words: Vocabulary) => ReturnType<Collection<GuestTerm>['first']>,
  more: Parameters<typeof siteFor>[2] = {},
): string | undefined => {
  const probe = policy('probe', (words) => {
    words.when(
      words.host((h) => h.name.is('a')),
      (a) => words.migrate(choose(a.guests, words)).to(words.hosts.select((h) => h.name.is('b')).first()),
    );
  });
  return movesOf(probe.plan(siteFor(probe, { a: {}, b: {} }, { ...guests, ...more })))[0]?.split(' ')[0];
};

/** Whether a condition on the guests of host a holds: true, false, or undefined where neither it nor its opposite does. */
const verdict = (
  ask: (all: Collection<GuestTerm>, words: Vocabulary) => Condition,
  more: Parameters<typeof siteFor>[2] = {},
): boolean | undefined => {
  const moves = (turned: boolean): boolean => {
    const probe = policy('probe', (words) => {
      words.when(
        words.host((h) => h.name.is('a').and(turned ? ask(h.guests, words).not() : ask(h.guests, words))),
        (a) => words.migrate(a.guests.first()).to(words.hosts.select((h) => h.name.is('b')).first()),
      );
    });
    return probe.plan(siteFor(probe, { a: {}, b: {} }, { ...guests, ...more })).moves.length > 0;
  };
  const [yes, no] = [moves(false), moves(true)];
  return yes === no ? undefined : yes;
};

const silent = { g5: { on: 'a' } };

describe('choices', () => {
  test.each<[string, Parameters<typeof picked>[0], string | undefined]>([
    ['first is the first by name', (all) => all.first(), 'g1'],
    ['minBy', (all) => all.minBy((g) => g.cpu), 'g1'],
    ['maxBy, and of equal ones the first by name', (all) => all.maxBy((g) => g.cpu), 'g2'],
    ['maxBy with what decides between equal ones', (all) => all.maxBy((g) => g.cpu, { then: [(g) => g.memory] }), 'g2'],
    ['maxBy among nearly equal ones', (all) => all.maxBy((g) => g.cpu, { within: 0.5, then: [(g) => g.memory] }), 'g4'],
    ['select', (all) => all.select((g) => g.label('tier').is('web')).maxBy((g) => g.cpu), 'g3'],
    ['reject', (all) => all.reject((g) => g.label('tier').is('web')).first(), 'g2'],
    ['partition', (all) => all.partition((g) => g.cpu.above(0.3))[1].first(), 'g1'],
    ['sortBy', (all) => all.sortBy((g) => g.cpu, 'falling').first(), 'g2'],
    [
      'sortBy keeps the order of equal ones',
      (all) =>
        all
          .sortBy((g) => g.cpu)
          .sortBy((g) => g.memory)
          .first(),
      'g1',
    ],
    ['take', (all) => all.take(2).maxBy((g) => g.cpu), 'g2'],
    [
      'or, where the first choice is empty',
      (all) =>
        all
          .select((g) => g.cpu.above(1))
          .first()
          .or(all.minBy((g) => g.cpu)),
      'g1',
    ],
    [
      'groupBy',
      (all) =>
        all
          .groupBy((g) => g.label('tier'))
          .maxBy((group) => group.members.count())
          .it.members.maxBy((g) => g.cpu),
      'g3',
    ],
    ['none to choose from', (all) => all.select((g) => g.cpu.above(1)).first(), undefined],
  ])('%s', (_, choose, expected) => {
    expect(picked(choose)).toBe(expected);
  });

  test('an item of which the quantity is not known is not chosen', () => {
    expect(picked((all) => all.minBy((g) => g.cpu), silent)).toBe('g1');
  });
});

describe('questions', () => {
  test.each<[string, Parameters<typeof verdict>[0], boolean]>([
    ['any', (all) => all.any((g) => g.cpu.above(0.5)), true],
    ['any at all', (all) => all.any(), true],
    ['all', (all) => all.all((g) => g.cpu.above(0.5)), false],
    ['none', (all) => all.none((g) => g.cpu.above(0.9)), true],
    [
      'count',
      (all) =>
        all
          .select((g) => g.cpu.above(0.5))
          .count()
          .equals(2),
      true,
    ],
    ['sum', (all) => all.sum((g) => g.memory).equals(gibibytes(6)), true],
    [
      'map to quantities: sum',
      (all) =>
        all
          .map((g) => g.vcpus)
          .sum()
          .equals(4),
      true,
    ],
    [
      'map to quantities: mean',
      (all) =>
        all
          .map((g) => g.cpu)
          .mean()
          .between(0.44, 0.46),
      true,
    ],
    [
      'map to quantities: least and greatest',
      (all) =>
        all
          .map((g) => g.cpu)
          .max()
          .minus(all.map((g) => g.cpu).min())
          .above(0.39),
      true,
    ],
    [
      'map to hosts',
      (all) =>
        all
          .map((g) => g.host)
          .count()
          .equals(1),
      true,
    ],
    ['includes', (all) => all.select((g) => g.cpu.above(0.5)).includes(all.maxBy((g) => g.cpu).it), true],
    ['exists', (all) => all.maxBy((g) => g.cpu).exists(), true],
  ])('%s', (_, ask, expected) => {
    expect(verdict(ask)).toBe(expected);
  });

  test.each<[string, Parameters<typeof verdict>[0], boolean | undefined]>([
    ['any is true where one is for sure', (all) => all.any((g) => g.cpu.above(0.5)), true],
    ['any is unknown where none is for sure, and one may be', (all) => all.any((g) => g.cpu.above(0.9)), undefined],
    ['all is false where one is not for sure', (all) => all.all((g) => g.cpu.above(0.5)), false],
    ['all is unknown where one may not be', (all) => all.all((g) => g.cpu.above(0.1)), undefined],
    ['none is unknown where one may be', (all) => all.none((g) => g.cpu.above(0.9)), undefined],
    [
      'count is unknown where one may count',
      (all) =>
        all
          .select((g) => g.cpu.above(0.5))
          .count()
          .atLeast(1),
      undefined,
    ],
    ['sum is unknown with one of the parts', (all) => all.sum((g) => g.cpu).above(0), undefined],
    [
      'mean is unknown with one of the parts',
      (all) =>
        all
          .map((g) => g.cpu)
          .mean()
          .above(0),
      undefined,
    ],
    [
      'reject is not the place for what is unknown',
      (all) =>
        all
          .reject((g) => g.cpu.above(0.9))
          .count()
          .equals(4),
      undefined,
    ],
  ])('with a silent guest: %s', (_, ask, expected) => {
    expect(verdict(ask, silent)).toBe(expected);
  });

  test('a mean of none is unknown, a sum of none is zero', () => {
    const none = (all: Collection<GuestTerm>): Collection<GuestTerm> => all.select((g) => g.name.is('nobody'));
    expect(
      verdict((all) =>
        none(all)
          .map((g) => g.cpu)
          .mean()
          .above(0),
      ),
    ).toBeUndefined();
    expect(
      verdict((all) =>
        none(all)
          .sum((g) => g.cpu)
          .equals(0),
      ),
    ).toBe(true);
  });
});
