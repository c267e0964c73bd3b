/** What is made of a collection: groups, maps, parts and orders; and what is in doubt in it stays in doubt. */
import { describe, expect, test } from 'vitest';
import type { Collection, GuestTerm, HostTerm } from '../../../src/policies/index.js';
import { type Ask, answer, checkedOn, notKnown, type Row, type Site } from './answer.js';
import { movesIf, used } from './site.js';

/** Web and db guests, written in another order than that of their names, and one that is of no tier. */
const site: Site = {
  hosts: { a: {}, b: {} },
  guests: {
    g4: { on: 'a', readings: used(0.1), labels: { tier: 'web' } },
    g1: { on: 'a', readings: used(0.5), labels: { tier: 'web' } },
    g2: { on: 'a', readings: used(0.3), labels: { tier: 'db' } },
    g3: { on: 'a', readings: used(0.7) },
    far: { on: 'b', readings: used(0.9), labels: { tier: 'web' } },
  },
};
const silent: Site = {
  ...site,
  guests: { ...site.guests, g5: { on: 'a', labels: { tier: 'web' } }, g6: { on: 'b', labels: { tier: 'lone' } } },
};

const over =
  (share: number) =>
  (g: GuestTerm): ReturnType<Ask> =>
    g.cpu.above(share);
const tiers = (all: Collection<GuestTerm>) => all.groupBy((g) => g.label('tier'));
const yes = (ask: Ask, on: Site = site): boolean | undefined => answer(ask, on).verdict;

describe('groups', () => {
  test('are in the order of their names, whatever the order of the guests', () => {
    expect(yes((_, { guests }) => tiers(guests).first().it.key.is('db'))).toBe(true);
    expect(
      yes((_, { guests }) =>
        tiers(guests.sortBy((g) => g.cpu, 'falling'))
          .first()
          .it.key.is('db'),
      ),
    ).toBe(true);
    expect(
      yes((_, { guests }) =>
        tiers(guests)
          .maxBy((group) => group.members.count())
          .it.key.is('web'),
      ),
    ).toBe(true);
  });

  test('those without a name in common are in none', () => {
    expect(yes((_, { guests }) => tiers(guests).count().equals(2))).toBe(true);
    expect(yes((_, { guests }) => guests.groupBy((g) => g.home).any())).toBe(false);
    expect(
      yes((_, { guests, hosts }) =>
        guests.groupBy(() => hosts.select((h) => h.name.is('nobody')).first().it.name).any(),
      ),
    ).toBe(false);
  });

  test.each<Row>([
    [
      'are told by their key',
      (h) => tiers(h.guests).first().it.key.is('db'),
      true,
      ['the cluster group db'],
      ['the cluster times that group db is db 1 not at most 0'],
    ],
    [
      'that are chosen are told by their names',
      (h) => tiers(h.guests).includes(tiers(h.guests).first().it),
      true,
      ['the cluster one of a collection: db'],
      ['the cluster times in a collection 1 not at most 0'],
    ],
    [
      'have members',
      (h) =>
        tiers(h.guests)
          .maxBy((group) => group.members.count())
          .it.members.any(),
      true,
      ['the cluster guests of the kind asked for 1 at least 1'],
      ['the cluster guests of the kind asked for 1 not at most 0'],
    ],
    [
      'of nobody have no members',
      (h) =>
        tiers(h.guests.select(over(2)))
          .first()
          .it.members.any(),
      false,
      ['the cluster guests of the kind asked for 0 not at least 1'],
      ['the cluster guests of the kind asked for 0 at most 0'],
    ],
    notKnown(
      'of nobody have no key',
      (h) =>
        tiers(h.guests.select(over(2)))
          .first()
          .it.key.is('db'),
      'the cluster group not in the inventory',
    ),
  ])('%s', checkedOn(site));

  test('that are equal in what they are chosen by are chosen by their names', () => {
    expect(
      yes((_, { guests }) =>
        guests
          .groupBy((g) => g.name)
          .maxBy((group) => group.members.count(), { within: 0.1 })
          .it.key.is('far'),
      ),
    ).toBe(true);
  });

  test.each<Row>([
    notKnown(
      'a group of one in doubt is in doubt',
      (_, { guests }) => tiers(guests.select(over(0))).any((group) => group.key.is('lone')),
      'g6 cpu not measured',
    ),
    notKnown(
      'how many groups there are is then not known',
      (_, { guests }) =>
        tiers(guests.select(over(0)))
          .count()
          .equals(2),
      'g6 cpu not measured',
    ),
    notKnown(
      'how many are in a group with one in doubt is not known',
      (h) =>
        tiers(h.guests.select(over(0)))
          .select((group) => group.key.is('web'))
          .first()
          .it.members.count()
          .equals(2),
      'g5 cpu not measured',
    ),
    [
      'a group with one for sure is there',
      (_, { guests }) => tiers(guests.select(over(0))).any((group) => group.key.is('web')),
      true,
      ['the cluster group web'],
      ['the cluster groups of the kind asked for 1 not at most 0'],
    ],
    [
      'who is left out for sure makes no group',
      (h) =>
        tiers(h.guests.select((g) => g.cpu.below(0.2).and(g.label('tier').is('web', 'db'))))
          .select((group) => group.key.is('db'))
          .any(),
      false,
      ['the cluster groups of the kind asked for 0 not at least 1'],
      ['the cluster groups of the kind asked for 0 at most 0'],
    ],
  ])('%s', checkedOn(silent));
});

describe('a map', () => {
  const hostsOf = (all: Collection<GuestTerm>): Collection<HostTerm> => all.map((g) => g.host);
  test.each<[string, Ask, boolean]>([
    ['names each host once', (_, { guests }) => hostsOf(guests).count().equals(2), true],
    [
      'has what it was turned into',
      (_, { guests }) =>
        hostsOf(guests.select(over(0.8)))
          .first()
          .it.name.is('b'),
      true,
    ],
    ['of none is empty', (_, { guests }) => hostsOf(guests.select(over(2))).any(), false],
    [
      'leaves out what is turned into nobody',
      (_, { guests, hosts }) => guests.map(() => hosts.select((h) => h.name.is('nobody')).first().it).any(),
      false,
    ],
  ])('%s', (_, ask, verdict) => {
    expect(yes(ask)).toBe(verdict);
  });

  test.each<Row>([
    notKnown(
      'what one in doubt is turned into is in doubt',
      (_, { guests }) => hostsOf(guests.select(over(0.8)).reject((g) => g.name.is('far'))).any(),
      'g5 cpu not measured',
      'g6 cpu not measured',
    ),
    notKnown(
      'and so is how many there are',
      (_, { guests }) =>
        hostsOf(guests.select((g) => g.name.is('g6')).select(over(0)))
          .count()
          .equals(0),
      'g6 cpu not measured',
    ),
    [
      'but for what another is turned into for sure',
      (_, { guests }) =>
        hostsOf(guests.select(over(0)))
          .count()
          .equals(2),
      true,
      ['the cluster hosts 2 equal to 2'],
      ['the cluster hosts 2 not above 2'],
    ],
    [
      'who is left out for sure is turned into nothing',
      (_, { guests }) =>
        hostsOf(guests.select((g) => g.name.is('far')))
          .count()
          .equals(1),
      true,
      ['the cluster hosts 1 equal to 1'],
      ['the cluster hosts 1 not above 1'],
    ],
    [
      'what comes after the last that is taken is not in doubt',
      (_, { guests }) =>
        hostsOf(guests.select(over(0.8)))
          .take(1)
          .count()
          .equals(1),
      true,
      ['the cluster hosts 1 equal to 1'],
      ['the cluster hosts 1 not above 1'],
    ],
  ])('%s', checkedOn(silent));
});

test('a policy watches what groups and maps are made by', () => {
  const watched = (ask: Ask): readonly string[] => Object.keys(movesIf(ask).watch.guest ?? {});
  expect(watched((h) => tiers(h.guests.select(over(0))).any())).toEqual(['level(cpu)']);
  expect(
    watched((h) =>
      h.guests
        .select(over(0))
        .map((g) => g.host)
        .any(),
    ),
  ).toEqual(['level(cpu)']);
  expect(
    watched((_, words) => words.guests.map((g) => words.guests.maxBy((one) => one.cpu.plus(g.iowait)).it).any()),
  ).toEqual(['level(cpu)', 'level(iowait)']);
});
