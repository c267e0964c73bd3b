/** What is done instead, what a condition on the whole snapshot says, and advice to switch hosts. */
import { describe, expect, test } from 'vitest';
import { percent } from '../../../src/model/index.js';
import { policy, powerAdvice, type Vocabulary } from '../../../src/policies/index.js';
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

/** Moves g1 to one host, if anything holds. */
const go = (words: Vocabulary, to: string) => words.migrate(one(words, 'g1')).to(name(words, to));

describe('otherwise', () => {
  const done = (rule: (words: Vocabulary) => void, on: Site = site): readonly string[] =>
    told(rule, on).moves.map((line) => line.split(':')[0] ?? '');
  const either = (words: Vocabulary, first: string, second: string): void =>
    void words.when(always(words), () =>
      go(words, first).otherwise(words.migrate(one(words, 'g2')).to(name(words, second))),
    );
  test.each<[string, (words: Vocabulary) => void, readonly string[]]>([
    ['is not done where the first is', (words) => either(words, 'b', 'c'), ['g1 a→b']],
    ['is done where the first comes to nothing', (words) => either(words, 'a', 'c'), ['g2 a→c']],
    [
      'is not done where whom to move is in doubt',
      (words) =>
        void words.when(always(words), () =>
          words
            .migrate(words.guests.select((g) => g.iowait.above(0)).first())
            .to(name(words, 'b'))
            .otherwise(go(words, 'c')),
        ),
      [],
    ],
    [
      'is not done where it is in doubt whither',
      (words) =>
        void words.when(always(words), () =>
          words
            .migrate(one(words, 'g1'))
            .to(words.hosts.select((h) => h.iowait.above(0)).first())
            .otherwise(go(words, 'c')),
        ),
      [],
    ],
    [
      'is not done where any of the hosts is in doubt, others being left out for sure',
      (words) =>
        void words.when(always(words), () =>
          words
            .migrate(one(words, 'g1'))
            .to(words.hosts.select((h) => h.name.is('b').and(h.iowait.above(0))).first())
            .otherwise(go(words, 'c')),
        ),
      [],
    ],
    [
      'is done where one in doubt before it was passed by and the next was moved',
      (words) =>
        void words.when(always(words), () =>
          words
            .migrate(words.guests.select((g) => g.name.is('g1').or(g.iowait.above(0))).first())
            .to(name(words, 'b'))
            .otherwise(go(words, 'c')),
        ),
      ['g1 a→b'],
    ],
    [
      'may have an otherwise of its own',
      (words) =>
        void words.when(always(words), () => go(words, 'a').otherwise(go(words, 'a')).otherwise(go(words, 'c'))),
      ['g1 a→c'],
    ],
    [
      'of a whole rule is done where nothing came of it',
      (words) =>
        void words
          .when(
            words.hosts.select((h) => h.cpu.above(0.95)),
            () => go(words, 'b'),
          )
          .otherwise(go(words, 'c')),
      ['g1 a→c'],
    ],
    [
      'of a whole rule is not done where something came of it',
      (words) =>
        void words
          .when(
            words.hosts.select((h) => h.cpu.above(0.5)),
            () => go(words, 'b'),
          )
          .otherwise(go(words, 'c')),
      ['g1 a→b'],
    ],
    [
      'of a whole rule is not done where it is in doubt',
      (words) =>
        void words
          .when(
            words.hosts.select((h) => h.iowait.above(0.5)),
            () => go(words, 'b'),
          )
          .otherwise(go(words, 'c')),
      [],
    ],
    [
      'may be another rule, which is then no rule by itself',
      (words) =>
        void words
          .when(
            words.hosts.select((h) => h.cpu.above(0.5)),
            () => go(words, 'b'),
          )
          .otherwise(words.when(always(words), () => words.migrate(one(words, 'g2')).to(name(words, 'c')))),
      ['g1 a→b'],
    ],
    [
      'after tryEach is done where none came to anything',
      (words) =>
        void words.when(always(words), () =>
          words.tryEach(words.guests, (g) => words.migrate(g).to(name(words, 'a'))).otherwise(go(words, 'c')),
        ),
      ['g1 a→c'],
    ],
    [
      'after tryEach is not done where one did',
      (words) =>
        void words.when(always(words), () =>
          words.tryEach(words.guests, (g) => words.migrate(g).to(name(words, 'b'))).otherwise(go(words, 'c')),
        ),
      ['g1 a→b'],
    ],
    [
      'after each is not done where the last only did',
      (words) =>
        void words.when(always(words), () =>
          words
            .each(words.guests, (g) =>
              words.migrate(g).to(
                words.hosts
                  .select((h) => h.name.is('b'))
                  .select(() => g.cpu.above(0.6))
                  .first(),
              ),
            )
            .otherwise(go(words, 'c')),
        ),
      ['g2 a→b'],
    ],
  ])('%s', (_, rule, moves) => {
    expect(done(rule)).toEqual(moves);
  });
});

describe('a condition', () => {
  test('that does not hold is told of the cluster, by what failed', () => {
    expect(
      told(
        (words) =>
          void words.when(
            words.hosts.any((h) => h.cpu.above(percent(95))),
            () => go(words, 'b'),
          ),
        site,
      ),
    ).toEqual({ moves: [], left: ['the cluster: the cluster hosts of the kind asked for 0 not at least 1'] });
  });
});

describe('advice to switch hosts', () => {
  const advised = (rule: (words: Vocabulary) => void, on: Site) => {
    const page = policy('page', rule);
    const plan = page.plan(siteFor(page, on.hosts ?? {}, on.guests ?? {}));
    return {
      advice: powerAdvice(plan),
      because:
        plan.passedOver.find(({ because }) => because.some(({ rule: by }) => by.startsWith('consolidate')))?.because ??
        [],
    };
  };
  const spare: Site = {
    hosts: { a: {}, b: {}, c: {}, d: { state: 'draining' }, e: { state: 'off' } },
    guests: { g: { on: 'a' } },
  };

  test('is for the first that is active and empty', () => {
    const { advice, because } = advised(
      (words) => void words.when(always(words), () => words.power.off(words.hosts.first())),
      spare,
    );
    expect(advice).toEqual({ off: ['b'], on: [] });
    expect(because).toMatchObject([
      { rule: 'page' },
      {
        kind: 'compared',
        rule: 'consolidate.off',
        subject: { kind: 'host', id: 'b' },
        measure: 'guests',
        value: 0,
        relation: 'at least',
        limit: 1,
        unit: 'count',
        holds: false,
      },
    ]);
  });

  test('is for none where something stands on it or comes to it', () => {
    const off = (words: Vocabulary, id: string) => words.power.off(name(words, id));
    expect(advised((words) => void words.when(always(words), () => off(words, 'a')), spare).advice.off).toEqual([]);
    expect(advised((words) => void words.when(always(words), () => off(words, 'd')), spare).advice.off).toEqual([]);
    expect(
      advised(
        (words) => {
          words.when(words.guests, (g) => words.migrate(g).to(name(words, 'b')));
          words.when(always(words), () => off(words, 'b'));
        },
        { ...spare, guests: { g: { on: 'a', readings: used(0.1) } } },
      ).advice.off,
    ).toEqual([]);
  });

  test('is to switch on the first that is off', () => {
    const { advice, because } = advised(
      (words) => void words.when(always(words), () => words.power.on(words.hosts.first())),
      spare,
    );
    expect(advice).toEqual({ off: [], on: ['e'] });
    expect(because[1]).toMatchObject({
      kind: 'listed',
      rule: 'consolidate.on',
      measure: 'state',
      value: 'off',
      among: ['active'],
      holds: false,
    });
  });

  test('has an otherwise, but not where it is in doubt', () => {
    const wanted = (iowait: boolean) =>
      advised(
        (words) =>
          void words.when(always(words), () =>
            words.power
              .on(words.hosts.select((h) => (iowait ? h.iowait.above(0) : h.name.is('a'))).first())
              .otherwise(words.power.on(words.hosts.first())),
          ),
        spare,
      ).advice.on;
    expect([wanted(false), wanted(true)]).toEqual([['e'], []]);
  });
});
