/** Choices: the order of preference, what is said of who was chosen before whom, and who was left. */
import { describe, expect, test } from 'vitest';
import { gibibytes } from '../../../src/model/index.js';
import type { Choice, Collection, GuestTerm, HostTerm, Vocabulary } from '../../../src/policies/index.js';
import type { Site } from './answer.js';
import { used } from './site.js';
import { told } from './told.js';

const site: Site = {
  hosts: {
    a: { readings: used(0.9) },
    b: { readings: used(0.2) },
    c: { readings: used(0.4) },
    d: { readings: used(0.21) },
  },
  guests: {
    g1: { on: 'a', readings: used(0.5), memory: gibibytes(1) },
    g2: { on: 'a', readings: used(0.8), memory: gibibytes(3) },
    g3: { on: 'a', readings: used(0.78), memory: gibibytes(2) },
    g4: { on: 'a', readings: used(0.2), memory: gibibytes(4) },
  },
};

/** Moves a guest of host a to host b. */
const guest =
  (choose: (all: Collection<GuestTerm>, words: Vocabulary) => Choice<GuestTerm>) =>
  (words: Vocabulary): void => {
    words.when(
      words.hosts.select((h) => h.name.is('a')).sortBy((h) => h.cpu),
      (a) => words.migrate(choose(a.guests, words)).to(words.hosts.sortBy((h) => h.cpu).first()),
    );
  };
/** Moves guest g1 to a host. */
const host =
  (choose: (all: Collection<HostTerm>) => Choice<HostTerm>) =>
  (words: Vocabulary): void => {
    words.when(
      words.guests
        .select((g) => g.vcpus.above(0))
        .sortBy((g) => g.memory)
        .take(1),
      (g) => words.migrate(g).to(choose(words.hosts)),
    );
  };
const because = (body: (words: Vocabulary) => void, on: Site = site): readonly string[] => told(body, on).moves;

const fromA = 'a name a';
const g1 = 'g1 vCPUs 1 above 0';

describe('who is chosen', () => {
  test.each<[string, (all: Collection<GuestTerm>) => Choice<GuestTerm>, string]>([
    [
      'the greatest is quoted against the next',
      (all) => all.maxBy((g) => g.cpu),
      `g2 a→b: ${fromA}; g2 cpu, chosen before g3, 80 % at least 78 %`,
    ],
    [
      'the least is quoted against the next',
      (all) => all.minBy((g) => g.cpu),
      `g4 a→b: ${fromA}; g4 cpu, chosen before g1, 20 % at most 50 %`,
    ],
    [
      'the only one is quoted against none',
      (all) => all.select((g) => g.cpu.above(0.79)).maxBy((g) => g.cpu),
      `g2 a→b: ${fromA}; g2 cpu 80 % above 79 %`,
    ],
    ['the first is quoted against none', (all) => all.first(), `g1 a→b: ${fromA}`],
    [
      'of nearly equal ones the breaker decides',
      (all) => all.maxBy((g) => g.cpu, { within: 0.05, then: [(g) => g.memory] }),
      `g2 a→b: ${fromA}; g2 cpu, chosen before g3, 80 % at least 78 %`,
    ],
    [
      'one that need not be the greatest is not quoted',
      (all) => all.maxBy((g) => g.cpu, { within: 0.05, then: [(g) => g.memory.times(-1)] }),
      `g3 a→b: ${fromA}`,
    ],
    [
      'the next breaker decides where the first does not',
      (all) => all.maxBy((g) => g.cpu, { within: 0.05, then: [(g) => g.vcpus, (g) => g.memory.times(-1)] }),
      `g3 a→b: ${fromA}`,
    ],
    [
      'at last the name decides',
      (all) => all.sortBy((g) => g.memory, 'falling').maxBy((g) => g.vcpus, {}),
      `g1 a→b: ${fromA}; g1 vCPUs, chosen before g4, 1 at least 1`,
    ],
    [
      'and without ties the order that was there',
      (all) => all.sortBy((g) => g.memory, 'falling').maxBy((g) => g.vcpus),
      `g4 a→b: ${fromA}; g4 vCPUs, chosen before g2, 1 at least 1`,
    ],
    [
      'near the least is near it from above',
      (all) => all.minBy((g) => g.memory, { within: 1, then: [(g) => g.cpu.minus(0.7)] }),
      `g3 a→b: ${fromA}`,
    ],
    [
      'a breaker that is not known of one excludes it',
      (all) => all.maxBy((g) => g.cpu, { within: 0.05, then: [(g) => g.amount('rank', 'count')] }),
      `g3 a→b: ${fromA}`,
    ],
  ])('%s', (_, choose, line) => {
    const ranked = {
      ...site,
      guests: { ...site.guests, g3: { ...site.guests?.['g3'], on: 'a', labels: { rank: '1' } } },
    };
    expect(because(guest(choose), ranked)).toEqual([line]);
  });

  test('a breaker that is known of none decides nothing', () => {
    expect(
      because(guest((all) => all.maxBy((g) => g.cpu, { within: 0.05, then: [(g) => g.amount('rank', 'count')] }))),
    ).toEqual([`g2 a→b: ${fromA}; g2 cpu, chosen before g3, 80 % at least 78 %`]);
  });

  test('of numbers below zero, near is near as well', () => {
    expect(
      because(guest((all) => all.maxBy((g) => g.cpu.minus(1), { within: 0.15, then: [(g) => g.memory.times(-1)] }))),
    ).toEqual([`g3 a→b: ${fromA}`]);
  });
});

describe('where it goes', () => {
  test('among hosts that are nearly equal, only those that may take it are told apart', () => {
    const hosts = {
      a: { readings: used(0.9) },
      b: { readings: used(0.2), labels: { rank: '1' } },
      d: { readings: used(0.21), labels: { rank: '2' } },
    };
    const full = { hosts, guests: { ...site.guests, big: { on: 'd', memory: gibibytes(16), readings: used(0.1) } } };
    const choose = (all: Collection<HostTerm>): Choice<HostTerm> =>
      all.minBy((h) => h.cpu, { within: 0.1, then: [(h) => h.amount('rank', 'count')] });
    expect(told(host(choose), { ...site, hosts })).toEqual({ moves: [`g1 a→d: ${g1}`], left: [] });
    expect(told(host(choose), full)).toEqual({
      moves: [`g1 a→b: ${g1}; b cpu, chosen before d, 20 % at most 21 %`],
      left: ['g1→d: memory'],
    });
  });
});

describe('or', () => {
  const over = (share: number) => (all: Collection<HostTerm>) =>
    all.select((h) => h.cpu.above(share)).minBy((h) => h.cpu);
  test.each<[string, (all: Collection<HostTerm>) => Choice<HostTerm>, string]>([
    [
      'the first choice, with its evidence',
      (all) => over(0.3)(all).or(all.maxBy((h) => h.cpu)),
      'g1 a→c: G; c cpu 40 % above 30 %; c cpu, chosen before a, 40 % at most 90 %',
    ],
    [
      'the last of the first choice is not quoted against the second',
      (all) =>
        all
          .select((h) => h.name.is('c'))
          .minBy((h) => h.cpu)
          .or(all.minBy((h) => h.cpu)),
      'g1 a→c: G; c name c',
    ],
    [
      'the second, where the first is empty, with its evidence',
      (all) => over(0.95)(all).or(all.select((h) => h.cpu.below(0.5)).minBy((h) => h.cpu)),
      'g1 a→b: G; b cpu 20 % below 50 %; b cpu, chosen before d, 20 % at most 21 %',
    ],
    [
      'the second, where none of the first may',
      (all) => over(0.5)(all).or(all.minBy((h) => h.cpu)),
      'g1 a→b: G; b cpu, chosen before d, 20 % at most 21 %',
    ],
  ])('%s', (_, choose, line) => {
    expect(because(host(choose))).toEqual([line.replace('G', g1)]);
  });

  test('who is in the second choice is not said to be left by the first', () => {
    const { left } = told(
      host((all) =>
        all
          .select((h) => h.cpu.above(0.3))
          .minBy((h) => h.cpu)
          .or(all.select((h) => h.cpu.below(0.3)).minBy((h) => h.cpu)),
      ),
      site,
    );
    expect(left).toEqual([]);
  });
});

describe('who was chosen after others', () => {
  const fixed = { ...site, guests: { ...site.guests, g2: { ...site.guests?.['g2'], on: 'a', migratable: false } } };
  test('is told before the next; those behind are told against it, and those before it by what stopped them', () => {
    expect(
      told(
        guest((all) => all.maxBy((g) => g.cpu)),
        fixed,
      ),
    ).toEqual({
      moves: [`g3 a→b: ${fromA}; g3 cpu, chosen before g1, 78 % at least 50 %`],
      left: [
        'b: b name b, not a',
        'c: c name c, not a',
        'd: d name d, not a',
        'g2→b: migratable',
        'g2→d: migratable',
        'g2→c: migratable',
        'g1: g1 cpu, against g3, 50 % not above 78 %',
        'g4: g4 cpu, against g3, 20 % not above 78 %',
      ],
    });
  });

  test('by the least is told likewise', () => {
    expect(
      told(
        guest((all) => all.minBy((g) => g.cpu)),
        site,
      ).left.slice(3),
    ).toEqual([
      'g1: g1 cpu, against g4, 50 % not below 20 %',
      'g3: g3 cpu, against g4, 78 % not below 20 %',
      'g2: g2 cpu, against g4, 80 % not below 20 %',
    ]);
  });

  test('of two choices is told against those of its own', () => {
    const two = guest((all) =>
      all
        .select((g) => g.cpu.above(0.7))
        .maxBy((g) => g.cpu)
        .or(all.minBy((g) => g.cpu)),
    );
    expect(told(two, site)).toEqual({
      moves: [`g2 a→b: ${fromA}; g2 cpu 80 % above 70 %; g2 cpu, chosen before g3, 80 % at least 78 %`],
      left: [
        'b: b name b, not a',
        'c: c name c, not a',
        'd: d name d, not a',
        'g3: g3 cpu, against g2, 78 % not above 80 %',
      ],
    });
    const second = guest((all) =>
      all
        .select((g) => g.cpu.above(0.9))
        .maxBy((g) => g.cpu)
        .or(all.minBy((g) => g.cpu)),
    );
    expect(told(second, site)).toEqual({
      moves: [`g4 a→b: ${fromA}; g4 cpu, chosen before g1, 20 % at most 50 %`],
      left: [
        'b: b name b, not a',
        'c: c name c, not a',
        'd: d name d, not a',
        'g1: g1 cpu, against g4, 50 % not below 20 %',
        'g3: g3 cpu, against g4, 78 % not below 20 %',
        'g2: g2 cpu, against g4, 80 % not below 20 %',
      ],
    });
  });

  test('is told beside those of which the quantity is not known', () => {
    const silent = { ...site, guests: { ...site.guests, g5: { on: 'a' } } };
    expect(
      told(
        guest((all) => all.maxBy((g) => g.cpu)),
        silent,
      ).left.slice(3, 4),
    ).toEqual(['g5: g5 cpu not measured']);
    expect(
      told(
        guest((all) => all.select((g) => g.cpu.above(0.9)).minBy((g) => g.cpu)),
        silent,
      ),
    ).toEqual({
      moves: [],
      left: [
        'b: b name b, not a',
        'c: c name c, not a',
        'd: d name d, not a',
        'g1: g1 cpu 50 % not above 90 %',
        'g2: g2 cpu 80 % not above 90 %',
        'g3: g3 cpu 78 % not above 90 %',
        'g4: g4 cpu 20 % not above 90 %',
        'g5: g5 cpu not measured',
      ],
    });
  });
});
