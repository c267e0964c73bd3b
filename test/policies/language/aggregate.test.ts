/** Aggregates: one number of many items, and what is said of it, known or not. */
import { describe, expect, test } from 'vitest';
import { gibibytes } from '../../../src/model/index.js';
import type { Collection, GuestTerm, HostTerm } from '../../../src/policies/index.js';
import { type Ask, checkedOn, notKnown, type Row, type Site } from './answer.js';
import { movesIf, used } from './site.js';

const site: Site = {
  hosts: { a: {} },
  guests: {
    g1: { on: 'a', readings: used(0.2), labels: { price: '1' } },
    g2: { on: 'a', readings: used(0.6), labels: { price: '3' }, memory: gibibytes(3) },
    far: { on: 'b', readings: used(0.4) },
  },
};
const silent: Site = { ...site, guests: { ...site.guests, g3: { on: 'a' }, g4: { on: 'a' } } };
const none = (h: HostTerm): Collection<GuestTerm> => h.guests.select((g) => g.name.is('nobody'));
const cpus = (all: Collection<GuestTerm>) => all.map((g) => g.cpu);

describe('numbers of all', () => {
  test.each<Row>([
    [
      'how many',
      (h) => h.guests.count().above(1),
      true,
      ['the cluster guests 2 above 1'],
      ['the cluster guests 2 not at most 1'],
    ],
    [
      'how many hosts',
      (_, { hosts }) => hosts.count().equals(3),
      true,
      ['the cluster hosts 3 equal to 3'],
      ['the cluster hosts 3 not above 3'],
    ],
    [
      'all together',
      (h) => h.guests.sum((g) => g.memory).equals(gibibytes(4)),
      true,
      ['the cluster sum over guests 4.0 GiB equal to 4.0 GiB'],
      ['the cluster sum over guests 4.0 GiB not above 4.0 GiB'],
    ],
    [
      'all together, of a map',
      (h) =>
        h.guests
          .map((g) => g.amount('price', 'none'))
          .sum()
          .above(3),
      true,
      ['the cluster sum over guests 4.00 above 3.00'],
      ['the cluster sum over guests 4.00 not at most 3.00'],
    ],
    [
      'the mean',
      (h) => cpus(h.guests).mean().above(0.5),
      false,
      ['the cluster mean over guests 40 % not above 50 %'],
      ['the cluster mean over guests 40 % at most 50 %'],
    ],
    [
      'the least',
      (h) => cpus(h.guests).min().above(0.5),
      false,
      ['the cluster least over guests 20 % not above 50 %'],
      ['the cluster least over guests 20 % at most 50 %'],
    ],
    [
      'the greatest',
      (h) => cpus(h.guests).max().above(0.5),
      true,
      ['the cluster greatest over guests 60 % above 50 %'],
      ['the cluster greatest over guests 60 % not at most 50 %'],
    ],
    [
      'of none, the sum is zero',
      (h) => cpus(none(h)).sum().equals(0),
      true,
      ['the cluster sum over guests 0 % equal to 0 %'],
      ['the cluster sum over guests 0 % not above 0 %'],
    ],
    [
      'of none, the number is zero',
      (h) => none(h).count().equals(0),
      true,
      ['the cluster guests 0 equal to 0'],
      ['the cluster guests 0 not above 0'],
    ],
    [
      'over the hosts',
      (_, { hosts }) => hosts.sum((h) => h.cores).equals(12),
      true,
      ['the cluster sum over hosts 12 equal to 12'],
      ['the cluster sum over hosts 12 not above 12'],
    ],
    notKnown(
      'of none, there is no mean',
      (h) => cpus(none(h)).mean().above(0),
      'the cluster mean over guests of none not measured',
    ),
    notKnown(
      'of none, there is no least',
      (h) => cpus(none(h)).min().above(0),
      'the cluster least over guests of none not measured',
    ),
    notKnown(
      'of none, there is no greatest',
      (h) => cpus(none(h)).max().above(0),
      'the cluster greatest over guests of none not measured',
    ),
    notKnown(
      'beyond what a sum can be',
      (h) => h.guests.sum((g) => g.vcpus.times(1.7e308)).above(0),
      'the cluster sum over guests not measured',
    ),
    notKnown(
      'beyond what a number can be',
      (h) => h.guests.sum((g) => g.memory.times(1e300)).above(0),
      'the cluster sum over guests not measured',
    ),
  ])('%s', checkedOn(site));
});

describe('with guests of which nothing is known', () => {
  const [g3, g4] = ['g3 cpu not measured', 'g4 cpu not measured'];
  test.each<Row>([
    notKnown('the sum is not known, by what each lacks', (h) => h.guests.sum((g) => g.cpu).above(0), g3, g4),
    notKnown('nor are the others', (h) => cpus(h.guests).max().above(0), g3, g4),
    notKnown(
      'nor is how many are busy',
      (h) =>
        h.guests
          .select((g) => g.cpu.above(0.5))
          .count()
          .above(0),
      g3,
      g4,
    ),
    notKnown(
      'nor is what the busy ones have',
      (h) =>
        h.guests
          .select((g) => g.cpu.above(0.5))
          .sum((g) => g.memory)
          .above(0),
      g3,
      g4,
    ),
    [
      'what has nothing to do with it is known',
      (h) => h.guests.sum((g) => g.vcpus).equals(4),
      true,
      ['the cluster sum over guests 4 equal to 4'],
      ['the cluster sum over guests 4 not above 4'],
    ],
    [
      'those that are surely not of the kind do not matter',
      (h) =>
        h.guests
          .select((g) => g.vcpus.above(7))
          .sum((g) => g.cpu)
          .equals(0),
      true,
      ['the cluster sum over guests 0 % equal to 0 %'],
      ['the cluster sum over guests 0 % not above 0 %'],
    ],
    // What is known of a doubtful one, in a test of several parts, is not told as missing.
    notKnown(
      'only what is not known is told',
      (h) =>
        h.guests
          .select((g) => g.vcpus.above(0).and(g.cpu.above(0.5)))
          .count()
          .above(0),
      g3,
      g4,
    ),
  ])('%s', checkedOn(silent));
});

test('a policy watches what it counts and sums', () => {
  const watched = (ask: Ask): readonly string[] => Object.keys(movesIf(ask).watch.guest ?? {});
  expect(
    watched((h) =>
      h.guests
        .select((g) => g.cpu.above(0))
        .sum((g) => g.iowait)
        .above(0),
    ),
  ).toEqual(['level(cpu)', 'level(iowait)']);
  expect(
    watched((h) =>
      h.guests
        .select((g) => g.cpu.above(0))
        .count()
        .above(0),
    ),
  ).toEqual(['level(cpu)']);
});
