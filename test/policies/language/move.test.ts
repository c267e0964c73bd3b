/** What a rule may ask of a move that was chosen: its estimate, made of what is known of guest, hosts and networks. */
import { describe, expect, test } from 'vitest';
import type { Estimator, MoveFacts } from '../../../src/estimators/index.js';
import { type Estimate, gibibytes, mebibytes, mebibytesPerSecond } from '../../../src/model/index.js';
import { type Condition, type MoveTerm, policy, type Vocabulary } from '../../../src/policies/index.js';
import { migration } from '../build.js';
import type { Site } from './answer.js';
import { siteFor, used } from './site.js';
import { told } from './told.js';

const network = (rate: number) => ({
  networks: [
    { role: 'guest' as const, link: 'g', bandwidth: 1 },
    { role: 'migration' as const, link: 'm', bandwidth: mebibytesPerSecond(rate) },
  ],
});
const reading = {
  cpu: { used: 0.5 },
  memory: { used: mebibytes(600) },
  dirty: { rate: mebibytesPerSecond(20), window: 1000 },
};
const site: Site = {
  hosts: { a: { readings: used(0.9), ...network(1000) }, b: { readings: used(0.2), ...network(400) } },
  guests: { g: { on: 'a', readings: [reading] } },
};
const estimate: Estimate = {
  duration: 60_000,
  downtime: 300,
  bytes: gibibytes(2),
  rounds: 1,
  convergence: 'converges',
  interval: { low: 60_000, high: 60_000 },
  because: [],
};

/** Moves g to b unless a condition on the move holds; what it moved, and what it was told. */
const unless = (test: (move: MoveTerm) => Condition, by: Estimator = () => estimate, on: Site = site) =>
  told((words: Vocabulary) => {
    words.estimate(by);
    words.when(
      words.guests.select((g) => g.name.is('g')),
      (g) =>
        words
          .migrate(g)
          .to(words.hosts.minBy((h) => h.cpu))
          .unless(test),
    );
  }, on);

describe('its figures', () => {
  test.each<[string, (move: MoveTerm) => Condition, string]>([
    ['time', (move) => move.duration.above(59_000), 'g→b: g expected time of the move 60.0 s not at most 59.0 s'],
    ['standstill', (move) => move.downtime.above(200), 'g→b: g expected standstill 0.3 s not at most 0.2 s'],
    ['bytes', (move) => move.bytes.above(gibibytes(1)), 'g→b: g bytes expected to be sent 2.0 GiB not at most 1.0 GiB'],
    [
      'whether it takes longer',
      (move) => move.takesLongerThan(59_000),
      'g→b: g expected time of the move 60.0 s not at most 59.0 s',
    ],
    ['who moves', (move) => move.guest.name.is('g'), 'g→b: g times that name g is g 1 not at most 0'],
    ['whence', (move) => move.from.name.is('a'), 'g→b: a times that name a is a 1 not at most 0'],
    ['whither', (move) => move.to.name.is('b'), 'g→b: b times that name b is b 1 not at most 0'],
  ])('%s', (_, condition, line) => {
    expect(unless(condition)).toEqual({ moves: [], left: [line] });
  });

  test('speak for it where they are small', () => {
    expect(unless((move) => move.takesLongerThan(60_000)).moves).toEqual([
      'g a→b: g name g; b cpu, chosen before a, 20 % at most 90 %; g expected time of the move 60.0 s at most 60.0 s',
    ]);
  });

  test('are not known of a move that never ends, which takes longer than anything', () => {
    const never = (): Estimate => ({ convergence: 'never', because: [] }) as never;
    expect(unless((move) => move.takesLongerThan(1e9), never).left).toEqual([
      'g→b: it would not end: pre-copy does not settle',
    ]);
    expect(unless((move) => move.duration.above(0), never).left).toEqual([
      'g→b: g expected time of the move not measured',
    ]);
  });

  test('are not known where the estimator does not know', () => {
    const dim = (): Estimate => ({ convergence: 'unknown', missing: ['dirty'], because: [] }) as never;
    expect(unless((move) => move.takesLongerThan(1e9), dim).left).toEqual([
      'g→b: g expected time of the move not measured',
    ]);
    expect(unless((move) => move.bytes.above(0), dim).left).toEqual(['g→b: g bytes expected to be sent not measured']);
  });
});

describe('what it is estimated from', () => {
  const factsOf = (on: Site): MoveFacts | undefined => {
    let seen: MoveFacts | undefined;
    unless(
      (move) => move.takesLongerThan(1),
      (facts) => {
        seen = facts;
        return estimate;
      },
      on,
    );
    return seen;
  };
  const sited = (guest: object, hosts: Site['hosts'] = site.hosts ?? {}, rest: Site['rest'] = {}): Site => ({
    hosts,
    guests: { g: { ...site.guests?.['g'], on: 'a', ...guest }, other: { on: 'a' } },
    rest,
  });

  test('is the guest’s memory, what is used of it, its dirty rate, and the slower network', () => {
    expect(factsOf(site)).toStrictEqual({
      memory: gibibytes(1),
      nonZero: mebibytes(600),
      demand: { kind: 'sampled', rate: mebibytesPerSecond(20), window: 1000 },
      bandwidth: mebibytesPerSecond(400),
    });
  });

  test('is no more memory than the guest has', () => {
    expect(factsOf(sited({ memory: mebibytes(500) }))?.nonZero).toBe(mebibytes(500));
  });

  test('is the whole memory, and no dirty rate, where they were not measured', () => {
    const known = { memory: gibibytes(1), demand: { kind: 'unknown' }, bandwidth: mebibytesPerSecond(400) };
    expect(factsOf(sited({ readings: used(0.5) }))).toStrictEqual(known);
    expect(factsOf(sited({ readings: [{ dirty: { rate: 0, window: 1000 } }] }))).toStrictEqual(known);
  });

  test('is a share of the network that other moves use too', () => {
    const one = { migrations: [migration('other', 'a', 'c')] };
    const hosts = { ...site.hosts, c: { readings: used(1), ...network(1000) } };
    expect(factsOf(sited({}, hosts, one))?.bandwidth).toBe(mebibytesPerSecond(400));
    expect(factsOf(sited({}, { ...hosts, a: { readings: used(0.9), ...network(500) } }, one))?.bandwidth).toBe(
      mebibytesPerSecond(250),
    );
    expect(factsOf(sited({}, hosts, { migrations: [migration('other', 'a', 'b')] }))?.bandwidth).toBe(
      mebibytesPerSecond(200),
    );
  });

  test('is a share of the network that moves of the same plan use too', () => {
    const seen: number[] = [];
    const page = policy('page', (words) => {
      words.estimate(({ bandwidth }) => {
        seen.push(bandwidth / mebibytesPerSecond(1));
        return estimate;
      });
      words.when(words.guests, (g) =>
        words
          .migrate(g)
          .to(words.hosts.minBy((h) => h.cpu))
          .unless((move) => move.takesLongerThan(1e9)),
      );
    });
    page.plan(
      siteFor(page, site.hosts ?? {}, { g: { on: 'a', readings: [reading] }, h: { on: 'a', readings: [reading] } }),
    );
    expect([...new Set(seen)]).toEqual([400, 200]);
  });

  test.each<[string, Site]>([
    ['a network of the source', sited({}, { ...site.hosts, a: { readings: used(0.9), networks: [] } })],
    ['a network of the destination', sited({}, { ...site.hosts, b: { readings: used(0.2), networks: [] } })],
  ])('is nothing without %s', (_, on) => {
    expect(factsOf(on)).toBeUndefined();
  });
});

describe('a move that takes less is preferred', () => {
  const hosts = { ...site.hosts, c: { readings: used(0.4), ...network(1000) } };
  /** The order of the hosts is b, c, a; only what is estimated speaks for c. */
  const preferred = (by: Estimator): readonly string[] =>
    told(
      (words: Vocabulary) => {
        words.estimate(by);
        words.prefer((move) => move.takesLongerThan(60_000).not());
        words.when(words.guests, (g) => words.migrate(g).to(words.hosts.minBy((h) => h.cpu)));
      },
      { ...site, hosts },
    ).moves.map((line) => line.slice(0, 5));
  const slow: Estimate = { ...estimate, duration: 60_001 };

  test.each<[string, Estimator, string]>([
    [
      'where the other takes longer',
      ({ bandwidth }) => (bandwidth < mebibytesPerSecond(1000) ? slow : estimate),
      'g a→c',
    ],
    [
      'where the other never ends',
      ({ bandwidth }) =>
        bandwidth < mebibytesPerSecond(1000) ? ({ ...estimate, convergence: 'never' } as never) : estimate,
      'g a→c',
    ],
    ['but not where both take as long', () => estimate, 'g a→b'],
    ['nor where both take longer', () => slow, 'g a→b'],
  ])('%s', (_, by, move) => {
    expect(preferred(by)).toEqual([move]);
  });
});

test('a policy watches what an estimate needs', () => {
  const page = policy(
    'page',
    ({ when, guests, migrate, hosts }) =>
      void when(guests, (g) =>
        migrate(g)
          .to(hosts.first())
          .unless((move) => move.takesLongerThan(1)),
      ),
  );
  expect(Object.keys(page.watch.guest ?? {})).toEqual(['latest(memory used in bytes)', 'latest(dirty)']);
});
