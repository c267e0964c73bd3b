/** Actions: what is tried, in which order, what stops it, and what is said of all that was not done. */
import { describe, expect, test } from 'vitest';
import { gibibytes } from '../../../src/model/index.js';
import { policy, type Vocabulary } from '../../../src/policies/index.js';
import type { Site } from './answer.js';
import { siteFor, used } from './site.js';
import { told } from './told.js';

const site: Site = {
  hosts: { a: { readings: used(0.9) }, b: { readings: used(0.2) }, c: { readings: used(0.4) } },
  guests: { g1: { on: 'a', readings: used(0.5) }, g2: { on: 'a', readings: used(0.8) } },
};
const name = ({ hosts }: Vocabulary, id: string) => hosts.select((h) => h.name.is(id)).first();
const one = ({ guests }: Vocabulary, id: string) => guests.select((g) => g.name.is(id)).first();
const always = ({ hosts }: Vocabulary) => hosts.any();
const told1 = 'the cluster hosts of the kind asked for 1 at least 1';

/** Moves g1 to one host, if anything holds. */
const go = (words: Vocabulary, to: string) => words.migrate(one(words, 'g1')).to(name(words, to));

describe('a move', () => {
  test('says whom it moves, why, and where it did not go', () => {
    expect(told((words) => void words.when(always(words), () => go(words, 'b')), site)).toEqual({
      moves: [`g1 a→b: ${told1}; g1 name g1; b name b`],
      left: ['g2: g2 name g2, not g1', 'c: c name c, not b'],
    });
  });

  test('is passed over for the next host where one may not take it, and does not say that it stands where it stands', () => {
    const full = { ...site, guests: { ...site.guests, big: { on: 'b', memory: gibibytes(16), readings: used(0.1) } } };
    const rule = (words: Vocabulary): void =>
      void words.when(
        words.guests.select((g) => g.name.is('g1')),
        (g) => words.migrate(g).to(words.hosts.minBy((h) => h.cpu)),
      );
    expect(told(rule, full)).toEqual({
      moves: ['g1 a→c: g1 name g1; c cpu, chosen before a, 40 % at most 90 %'],
      left: ['big: big name big, not g1', 'g2: g2 name g2, not g1', 'g1→b: memory'],
    });
  });

  test('of hosts left out, says so once, and not of where it stands', () => {
    const rule = (words: Vocabulary): void =>
      void words.when(words.guests, (g) => words.migrate(g).to(words.hosts.select((h) => h.cpu.below(0.3)).first()));
    expect(told(rule, site)).toEqual({
      moves: ['g1 a→b: b cpu 20 % below 30 %', 'g2 a→b: b cpu 20 % below 30 %'],
      left: ['c: c cpu 40 % not below 30 %'],
    });
  });

  test('of hosts left out for a guest, says so for each guest', () => {
    const rule = (words: Vocabulary): void =>
      void words.when(words.guests, (g) =>
        words.migrate(g).to((who) => words.hosts.select((h) => h.cpu.below(who.cpu.minus(0.35))).first()),
      );
    expect(told(rule, site)).toEqual({
      moves: ['g2 a→b: b cpu, against cpu - 0.35, 20 % below 45 %'],
      left: [
        'g1→b: b cpu, against cpu - 0.35, 20 % not below 15 %',
        'g1→c: c cpu, against cpu - 0.35, 40 % not below 15 %',
        'g2→c: c cpu, against cpu - 0.35, 40 % below 45 %',
      ].slice(0, 2),
    });
  });

  test('of a guest on a host that nobody knows is none', () => {
    expect(
      told((words) => void words.when(always(words), () => go(words, 'b')), { ...site, guests: { g1: { on: 'gone' } } })
        .moves,
    ).toEqual([]);
  });

  test('has the standing constraints among its reasons', () => {
    const page = policy('page', (words) => void words.when(always(words), () => go(words, 'b')));
    const [move] = page.plan(siteFor(page, site.hosts ?? {}, site.guests ?? {})).moves;
    expect(move?.because.map(({ rule }) => rule)).toEqual([
      'page',
      'page',
      'page',
      'architecture',
      'cores',
      'image',
      'memory',
    ]);
  });

  test('is not said to be refused where it stands already', () => {
    const rule = (words: Vocabulary): void =>
      void words.when(always(words), () => words.migrate(words.guests.first()).to(words.hosts.first()));
    expect(told(rule, site)).toEqual({ moves: [`g1 a→b: ${told1}`], left: [] });
  });

  test('to a preferred host is not said to be chosen by the order', () => {
    const rule = (words: Vocabulary): void => {
      words.prefer((move) => move.to.name.is('c'));
      words.when(always(words), () => words.migrate(words.guests.first()).to(words.hosts.minBy((h) => h.cpu)));
    };
    expect(told(rule, site).moves).toEqual([`g1 a→c: ${told1}`]);
  });

  test('says nothing twice', () => {
    const rule = (words: Vocabulary): void => {
      const a = words.hosts.select((h) => h.name.is('a'));
      words.when(a, () =>
        words.each(a, () => words.each(words.guests.take(1), (g) => words.migrate(g).to(name(words, 'b')))),
      );
    };
    expect(told(rule, site).moves).toEqual(['g1 a→b: a name a; b name b']);
  });
});

describe('guests that leave together', () => {
  const pair: Site = {
    ...site,
    guests: {
      g1: { on: 'a', readings: used(0.1), together: ['p'] },
      g2: { on: 'a', readings: used(0.1), together: ['p'] },
    },
  };
  const all = (words: Vocabulary): void =>
    void words.when(
      words.hosts.select((h) => h.name.is('a')),
      (a) => words.migrate(a.units.first()).to(words.hosts.minBy((h) => h.cpu)),
    );

  test('move together', () => {
    expect(told(all, pair).moves).toEqual([
      'g1 a→b: a name a; b cpu, chosen before c, 20 % at most 40 %',
      'g2 a→b: a name a; b cpu, chosen before c, 20 % at most 40 %',
    ]);
  });

  test('stay together where one of them may not go', () => {
    const stuck = {
      ...pair,
      guests: { ...pair.guests, g2: { on: 'a', readings: used(0.1), together: ['p'], migratable: false } },
    };
    const { moves, left } = told(all, stuck);
    expect(moves).toEqual([]);
    expect(left).toContain('g2→b: migratable');
    expect(left).not.toContain('g1→b: migratable');
  });

  test('are each told of what stops them', () => {
    const vetoed = (words: Vocabulary): void =>
      void words.when(
        words.hosts.select((h) => h.name.is('a')),
        (a) =>
          words
            .migrate(a.units.first())
            .to(name(words, 'b'))
            .unless((move) => move.to.cpu.above(0.1)),
      );
    expect(told(vetoed, pair)).toEqual({
      moves: [],
      left: [
        'b: b name b, not a',
        'c: c name c, not a',
        'c: c name c, not b',
        'g1→b: b cpu 20 % not at most 10 %',
        'g2→b: b cpu 20 % not at most 10 %',
      ],
    });
  });

  test('are asked for each of them by unless', () => {
    const vetoed = (words: Vocabulary): void =>
      void words.when(
        words.hosts.select((h) => h.name.is('a')),
        (a) =>
          words
            .migrate(a.units.first())
            .to(name(words, 'b'))
            .unless((move) => move.guest.name.is('g2')),
      );
    expect(told(vetoed, pair).left.slice(3)).toEqual([
      'g1→b: g2 times that name g2 is g2 1 not at most 0',
      'g2→b: g2 times that name g2 is g2 1 not at most 0',
    ]);
  });
});

describe('unless', () => {
  test('that does not hold is evidence for the move', () => {
    expect(
      told(
        (words) => void words.when(always(words), () => go(words, 'b').unless((move) => move.to.cpu.above(0.5))),
        site,
      ).moves,
    ).toEqual([`g1 a→b: ${told1}; g1 name g1; b name b; b cpu 20 % at most 50 %`]);
  });

  test('that holds is the last word: no other pair is tried', () => {
    const rule = (words: Vocabulary): void =>
      void words.when(always(words), () =>
        words
          .migrate(words.guests.first())
          .to(words.hosts.minBy((h) => h.cpu))
          .unless((move) => move.to.name.is('b')),
      );
    expect(told(rule, site)).toEqual({ moves: [], left: ['g1→b: b times that name b is b 1 not at most 0'] });
  });
});
