/** Questions of collections: whether there is anything, whether there is a certain one, and what is said of that. */
import { describe, expect, test } from 'vitest';
import { gibibytes } from '../../../src/model/index.js';
import type { Collection, GuestTerm, HostTerm } from '../../../src/policies/index.js';
import { type Ask, checkedOn, guestNamed, notKnown, type Row, type Site } from './answer.js';
import { movesIf, used } from './site.js';

const site: Site = {
  hosts: { a: {} },
  guests: {
    g1: { on: 'a', readings: used(0.2), labels: { tier: 'web' } },
    g2: { on: 'a', readings: used(0.6), labels: { tier: 'db' }, memory: gibibytes(3) },
    far: { on: 'b', readings: used(0.4) },
  },
};
const silent: Site = { ...site, guests: { ...site.guests, g3: { on: 'a' }, g4: { on: 'a' } } };

const over =
  (share: number) =>
  (g: GuestTerm): ReturnType<Ask> =>
    g.cpu.above(share);
const on = (h: HostTerm): Collection<GuestTerm> => h.guests;

describe('whether there is one', () => {
  test.each<Row>([
    [
      'is told by the evidence of the first',
      (h) => on(h).any(over(0.1)),
      true,
      ['g1 cpu 20 % above 10 %'],
      ['the cluster guests of the kind asked for 1 not at most 0'],
    ],
    [
      'is told by their number where there is no other evidence',
      (h) => on(h).any(),
      true,
      ['the cluster guests of the kind asked for 1 at least 1'],
      ['the cluster guests of the kind asked for 1 not at most 0'],
    ],
    [
      'is told by their number where there is none',
      (h) => on(h).any(over(0.9)),
      false,
      ['the cluster guests of the kind asked for 0 not at least 1'],
      ['the cluster guests of the kind asked for 0 at most 0'],
    ],
    [
      'is asked of groups too',
      (h) =>
        on(h)
          .groupBy((g) => g.label('tier'))
          .any((group) => group.key.is('db')),
      true,
      ['the cluster group db'],
      ['the cluster groups of the kind asked for 1 not at most 0'],
    ],
    [
      'none is the opposite',
      (h) => on(h).none(over(0.5)),
      false,
      ['the cluster guests of the kind asked for 1 not at most 0'],
      ['g2 cpu 60 % above 50 %'],
    ],
    [
      'none at all is the opposite of any at all',
      (h) => on(h).none(),
      false,
      ['the cluster guests of the kind asked for 1 not at most 0'],
      ['the cluster guests of the kind asked for 1 at least 1'],
    ],
    [
      'all is told by the first that is otherwise',
      (h) => on(h).all(over(0.5)),
      false,
      ['the cluster guests that are otherwise 1 not at most 0'],
      ['g1 cpu 20 % at most 50 %'],
    ],
    [
      'all where all are',
      (h) => on(h).all(over(0.1)),
      true,
      ['the cluster guests that are otherwise 0 at most 0'],
      ['the cluster guests that are otherwise 0 not at least 1'],
    ],
    [
      'all of hosts',
      (_, { hosts }) => hosts.all((h) => h.name.is('a', 'b', 'signal')),
      true,
      ['the cluster hosts that are otherwise 0 at most 0'],
      ['the cluster hosts that are otherwise 0 not at least 1'],
    ],
    [
      'units are counted as units',
      (h) => h.units.any(),
      true,
      ['the cluster units of the kind asked for 1 at least 1'],
      ['the cluster units of the kind asked for 1 not at most 0'],
    ],
  ])('%s', checkedOn(site));
});

describe('with guests of which nothing is known', () => {
  const [g3, g4] = ['g3 cpu not measured', 'g4 cpu not measured'];
  test.each<Row>([
    [
      'one for sure is enough',
      (h) => on(h).any(over(0.5)),
      true,
      ['g2 cpu 60 % above 50 %'],
      ['the cluster guests of the kind asked for 1 not at most 0'],
    ],
    notKnown('any tells what is not known of each', (h) => on(h).any(over(0.9)), g3, g4),
    notKnown('all does so too', (h) => on(h).all(over(0.1)), g3, g4),
    notKnown('and so does a choice', (h) => on(h).select(over(0.9)).first().exists(), g3, g4),
    notKnown(
      'a test of a test in doubt is in doubt',
      (h) =>
        on(h)
          .select(over(0.9))
          .any((g) => g.vcpus.above(0)),
      g3,
      g4,
    ),
  ])('%s', checkedOn(silent));
});

describe('whether a certain one is among them', () => {
  const asked =
    (which: (all: Collection<GuestTerm>) => Collection<GuestTerm>, name: string): Ask =>
    (h, words) =>
      which(on(h)).includes(guestNamed(words, name));
  test.each<Row>([
    [
      'it is',
      asked((all) => all, 'g1'),
      true,
      ['g1 one of a collection: g1'],
      ['g1 times in a collection 1 not at most 0'],
    ],
    [
      'it is not',
      asked((all) => all, 'far'),
      false,
      ['far one of a collection: far, of which there is none'],
      ['far times in a collection 0 at most 0'],
    ],
    [
      'it was left out',
      asked((all) => all.select(over(0.5)), 'g1'),
      false,
      ['g1 one of a collection: g1, of which there is none'],
      ['g1 times in a collection 0 at most 0'],
    ],
    [
      'it is, after others',
      asked((all) => all, 'g2'),
      true,
      ['g2 one of a collection: g2'],
      ['g2 times in a collection 1 not at most 0'],
    ],
    [
      'a host is among hosts',
      (h, { hosts }) => hosts.select((one) => one.state.is('active')).includes(h),
      true,
      ['a one of a collection: a'],
      ['a times in a collection 1 not at most 0'],
    ],
    notKnown(
      'who is nobody is neither in nor out',
      asked((all) => all, 'nobody'),
      'the cluster guest not in the inventory',
    ),
  ])('%s', checkedOn(site));

  test.each<Row>([
    notKnown(
      'it is in doubt itself',
      asked((all) => all.select(over(0.5)), 'g3'),
      'g3 cpu not measured',
    ),
    [
      'others in doubt do not matter',
      asked((all) => all.select(over(0.5)), 'g2'),
      true,
      ['g2 one of a collection: g2'],
      ['g2 times in a collection 1 not at most 0'],
    ],
    [
      'others in doubt do not matter for one that is out',
      asked((all) => all.select(over(0.5)), 'g1'),
      false,
      ['g1 one of a collection: g1, of which there is none'],
      ['g1 times in a collection 0 at most 0'],
    ],
  ])('%s', checkedOn(silent));
});

describe('whether a choice has any', () => {
  test.each<Row>([
    [
      'it has',
      (h) =>
        on(h)
          .maxBy((g) => g.cpu)
          .exists(),
      true,
      ['the cluster guests to choose from 2 at least 1'],
      ['the cluster guests to choose from 2 not at most 0'],
    ],
    [
      'it has none',
      (h) => on(h).select(over(0.9)).first().exists(),
      false,
      ['the cluster guests to choose from 0 not at least 1'],
      ['the cluster guests to choose from 0 at most 0'],
    ],
    [
      'of hosts',
      (_, { hosts }) => hosts.first().exists(),
      true,
      ['the cluster hosts to choose from 3 at least 1'],
      ['the cluster hosts to choose from 3 not at most 0'],
    ],
  ])('%s', checkedOn(site));

  test.each<Row>([
    [
      'one for sure is enough',
      (h) =>
        on(h)
          .maxBy((g) => g.cpu)
          .exists(),
      true,
      ['the cluster guests to choose from 2 at least 1'],
      ['the cluster guests to choose from 2 not at most 0'],
    ],
  ])('with silent guests: %s', checkedOn(silent));
});

test('a policy watches what a question reads', () => {
  const watched = (ask: Ask): readonly string[] => {
    const { host, guest } = movesIf(ask).watch;
    return [...Object.keys(host ?? {}), ...Object.keys(guest ?? {})];
  };
  expect(watched((h) => h.guests.any((g) => g.cpu.above(0)))).toEqual(['level(cpu)']);
  expect(watched((h) => h.guests.select((g) => g.cpu.above(0)).includes(h.guests.maxBy((g) => g.iowait).it))).toEqual([
    'level(cpu)',
    'level(iowait)',
  ]);
  expect(watched((h) => h.guests.maxBy((g) => g.cpu, { then: [(g) => g.steal] }).exists())).toEqual([
    'level(cpu)',
    'level(steal)',
  ]);
});
