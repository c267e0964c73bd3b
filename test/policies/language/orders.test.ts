/** Parts of a collection and their order: what is taken of it, and who is in doubt there. */
import { describe, expect, test } from 'vitest';
import type { GuestTerm } from '../../../src/policies/index.js';
import { type Ask, answer, checkedOn, notKnown, type Row, type Site } from './answer.js';
import { used } from './site.js';

/** Guests that are written in another order than that of their names. */
const site: Site = {
  hosts: { a: {}, b: {} },
  guests: {
    g4: { on: 'a', readings: used(0.1) },
    g1: { on: 'a', readings: used(0.5) },
    g2: { on: 'a', readings: used(0.3) },
    g3: { on: 'a', readings: used(0.7) },
    far: { on: 'b', readings: used(0.9) },
  },
};
const silent: Site = {
  ...site,
  guests: { ...site.guests, g5: { on: 'a' }, g6: { on: 'b' } },
};

const over =
  (share: number) =>
  (g: GuestTerm): ReturnType<Ask> =>
    g.cpu.above(share);
const first = (item: GuestTerm, ...names: readonly string[]): ReturnType<Ask> => item.name.is(...names);
const yes = (ask: Ask, on: Site = site): boolean | undefined => answer(ask, on).verdict;

describe('parts and orders', () => {
  test.each<[string, Ask, boolean]>([
    ['take none', (h) => h.guests.take(0).any(), false],
    ['take one', (h) => h.guests.take(1).count().equals(1), true],
    ['take two of four', (h) => h.guests.take(2).count().equals(2), true],
    ['take the first', (h) => h.guests.take(2).all((g) => first(g, 'g1', 'g2')), true],
    ['take more than there are', (h) => h.guests.take(9).count().equals(4), true],
    [
      'the first part is of those for which it is true',
      (h) => h.guests.partition(over(0.4))[0].all((g) => first(g, 'g1', 'g3')),
      true,
    ],
    ['all of them', (h) => h.guests.partition(over(0.4))[0].count().equals(2), true],
    [
      'the second of those for which it is false',
      (h) => h.guests.partition(over(0.4))[1].all((g) => first(g, 'g2', 'g4')),
      true,
    ],
    ['and all of these', (h) => h.guests.partition(over(0.4))[1].count().equals(2), true],
    [
      'the order rises, if nothing else is said',
      (h) =>
        h.guests
          .sortBy((g) => g.cpu)
          .first()
          .it.name.is('g4'),
      true,
    ],
    [
      'or falls',
      (h) =>
        h.guests
          .sortBy((g) => g.cpu, 'falling')
          .first()
          .it.name.is('g3'),
      true,
    ],
    [
      'and is what take follows',
      (h) =>
        h.guests
          .sortBy((g) => g.cpu, 'falling')
          .take(2)
          .all((g) => first(g, 'g3', 'g1')),
      true,
    ],
  ])('%s', (_, ask, verdict) => {
    expect(yes(ask)).toBe(verdict);
  });

  test.each<Row>([
    notKnown(
      'whether one in doubt is among the first is not known',
      (h) => h.guests.select(over(0.9)).take(1).any(),
      'g5 cpu not measured',
    ),
    notKnown(
      'who has no place in an order is in doubt in it',
      (h) => h.guests.sortBy((g) => g.cpu).any((g) => first(g, 'g5')),
      'g5 cpu not measured',
    ),
    notKnown(
      'who was in doubt before is in doubt in the order',
      (h) =>
        h.guests
          .select(over(0.8))
          .sortBy((g) => g.memory)
          .any(),
      'g5 cpu not measured',
    ),
    [
      'the members of an order have their evidence',
      (h) =>
        h.guests
          .select(over(0.6))
          .sortBy((g) => g.memory)
          .any(),
      true,
      ['g3 cpu 70 % above 60 %'],
      ['the cluster guests of the kind asked for 1 not at most 0'],
    ],
    [
      'and so have those of tests of tests',
      (h) =>
        h.guests
          .select(over(0.2))
          .reject((g) => first(g, 'g1', 'g2'))
          .any(),
      true,
      ['g3 cpu 70 % above 20 %', 'g3 times that name g3 is g1 or g2 0 at most 0'],
      ['the cluster guests of the kind asked for 1 not at most 0'],
    ],
  ])('%s', checkedOn(silent));
});
