/** Quantities of the rule language: how they are reckoned and compared, and how a comparison is quoted. */
import { describe, expect, test } from 'vitest';
import type { Reason } from '../../../src/model/index.js';
import type { HostTerm, Quantity } from '../../../src/policies/index.js';
import { type Ask, checkedOn, notKnown, type Row } from './answer.js';
import { movesIf, siteFor, used } from './site.js';

/** Half of the processor is in use, and iowait was never measured; labels say two and ten, and one says no number. */
const site = {
  hosts: { a: { readings: used(0.5), labels: { two: '2', ten: '10', odd: 'odd' } } },
};

const label =
  (key: string) =>
  (h: HostTerm): Quantity<'count'> =>
    h.amount(key, 'count');
const [two, ten, odd, none] = [label('two'), label('ten'), label('odd'), label('none')];

const check = checkedOn(site);

describe('a comparison is quoted as it was asked, and where it shall not hold by its opposite', () => {
  test.each<Row>([
    ['above', (h) => two(h).above(1), true, ['a two 2 above 1'], ['a two 2 not at most 1']],
    ['below', (h) => two(h).below(2), false, ['a two 2 not below 2'], ['a two 2 at least 2']],
    ['at least', (h) => two(h).atLeast(2), true, ['a two 2 at least 2'], ['a two 2 not below 2']],
    ['at most', (h) => two(h).atMost(1), false, ['a two 2 not at most 1'], ['a two 2 above 1']],
    ['equal', (h) => two(h).equals(2), true, ['a two 2 equal to 2'], ['a two 2 not above 2']],
    ['less than equal', (h) => two(h).equals(3), false, ['a two 2 not equal to 3'], ['a two 2 below 3']],
    ['more than equal', (h) => two(h).equals(1), false, ['a two 2 not equal to 1'], ['a two 2 above 1']],
    [
      'between',
      (h) => two(h).between(2, 10),
      true,
      ['a two 2 at least 2', 'a two 2 at most 10'],
      ['a two 2 not below 2', 'a two 2 not above 10'],
    ],
    [
      'another quantity',
      (h) => two(h).above(ten(h)),
      false,
      ['a two, against ten, 2 not above 10'],
      ['a two, against ten, 2 at most 10'],
    ],
    [
      'a number against a quantity',
      (h, { amount }) => amount(1, 'count').above(two(h)),
      false,
      ['a 1, against two, 1 not above 2'],
      ['a 1, against two, 1 at most 2'],
    ],
    [
      'plain numbers are of the whole cluster',
      (_, { amount }) => amount(1, 'count').above(0),
      true,
      ['the cluster 1 1 above 0'],
      ['the cluster 1 1 not at most 0'],
    ],
  ])('%s', check);
});

describe('a result is quoted by how it was reckoned', () => {
  test.each<Row>([
    [
      'plus',
      (h) => two(h).plus(ten(h)).above(11),
      true,
      ['a two + ten 12 above 11'],
      ['a two + ten 12 not at most 11'],
    ],
    ['minus', (h) => ten(h).minus(3).above(7), false, ['a ten - 3 7 not above 7'], ['a ten - 3 7 at most 7']],
    ['times', (h) => two(h).times(3).equals(6), true, ['a two × 3 6 equal to 6'], ['a two × 3 6 not above 6']],
    [
      'divided',
      (h) => ten(h).dividedBy(two(h)).equals(5),
      true,
      ['a ten / two 5 equal to 5'],
      ['a ten / two 5 not above 5'],
    ],
    [
      'of',
      (h) => two(h).shareOf(ten(h)).above(0.1),
      true,
      ['a two of ten 20 % above 10 %'],
      ['a two of ten 20 % not at most 10 %'],
    ],
    [
      'the lesser',
      (h) => two(h).atMostOf(ten(h)).above(2),
      false,
      ['a two or at most ten 2 not above 2'],
      ['a two or at most ten 2 at most 2'],
    ],
    [
      'the greater',
      (h) => two(h).atLeastOf(ten(h)).above(9),
      true,
      ['a two or at least ten 10 above 9'],
      ['a two or at least ten 10 not at most 9'],
    ],
    [
      'without a unit',
      (h) => h.cpu.plain().above(0.4),
      true,
      ['a cpu 0.50 above 0.40'],
      ['a cpu 0.50 not at most 0.40'],
    ],
    [
      'a number and a quantity',
      (h, { amount }) => amount(1, 'count').plus(two(h)).above(2),
      true,
      ['a 1 + two 3 above 2'],
      ['a 1 + two 3 not at most 2'],
    ],
    [
      'what is known needs no other',
      (h) => two(h).orElse(7).above(6),
      false,
      ['a two 2 not above 6'],
      ['a two 2 at most 6'],
    ],
    [
      'what is known needs no other, not even a known one',
      (h) => two(h).orElse(odd(h)).above(6),
      false,
      ['a two 2 not above 6'],
      ['a two 2 at most 6'],
    ],
    [
      'what is not known has another',
      (h) => odd(h).orElse(7).above(6),
      true,
      ['a 7 7 above 6'],
      ['a 7 7 not at most 6'],
    ],
    [
      'choose, where it holds',
      (h, { choose }) => choose(h.cpu.above(0.4), two(h), ten(h)).above(1),
      true,
      ['a two 2 above 1'],
      ['a two 2 not at most 1'],
    ],
    [
      'choose, where it does not',
      (h, { choose }) => choose(h.cpu.above(0.6), two(h), ten(h)).above(1),
      true,
      ['a ten 10 above 1'],
      ['a ten 10 not at most 1'],
    ],
    [
      'choose between a number and a quantity',
      (h, { choose, amount }) => choose(h.cpu.above(0.4), amount(3, 'count'), ten(h)).above(1),
      true,
      ['a 3 3 above 1'],
      ['a 3 3 not at most 1'],
    ],
    [
      'calculate',
      (h, { calculate, amount }) => calculate('both', 'count', [amount(1, 'count'), two(h)], (a, b) => a + b).above(2),
      true,
      ['a both 3 above 2'],
      ['a both 3 not at most 2'],
    ],
    [
      'calculate of nothing',
      (_, { calculate }) => calculate('seven', 'count', [], () => 7).above(2),
      true,
      ['the cluster seven 7 above 2'],
      ['the cluster seven 7 not at most 2'],
    ],
  ])('%s', check);
});

describe('what is not known says what is missing, asked for or against', () => {
  test.each<Row>([
    notKnown('on the left', (h) => odd(h).above(1), 'a odd not in the inventory'),
    notKnown('on the right', (h) => two(h).above(none(h)), 'a none not in the inventory'),
    notKnown(
      'on both sides',
      (h) => odd(h).above(none(h)),
      'a odd not in the inventory',
      'a none not in the inventory',
    ),
    notKnown(
      'a part of a result',
      (h) => odd(h).plus(none(h)).above(1),
      'a odd not in the inventory',
      'a none not in the inventory',
    ),
    notKnown('the second part of a result', (h) => two(h).plus(none(h)).above(1), 'a none not in the inventory'),
    notKnown('a reading', (h) => h.iowait.above(0.1), 'a iowait not measured'),
    notKnown(
      'neither this nor the other',
      (h) => odd(h).orElse(none(h)).above(1),
      'a odd not in the inventory',
      'a none not in the inventory',
    ),
    notKnown(
      'only what is not known, though something else is missing beside',
      (h) => odd(h).orElse(7).above(none(h)),
      'a none not in the inventory',
    ),
    notKnown(
      'a calculation that would not mind',
      (h, { calculate }) => calculate('one', 'count', [odd(h)], () => 1).above(0),
      'a odd not in the inventory',
    ),
    notKnown('a share of nothing', (h) => two(h).dividedBy(0).above(1), 'a two / 0 not measured'),
    notKnown('a share of nothing on the right', (h) => two(h).above(two(h).dividedBy(0)), 'a two / 0 not measured'),
    notKnown(
      'a number’s share of nothing',
      (_, { amount }) => amount(1, 'count').above(amount(2, 'count').dividedBy(0)),
      'the cluster 2 / 0 not measured',
    ),
    notKnown(
      'more than a number can be',
      (h) => two(h).times(1e308).times(10).above(1),
      'a two × 1e+308 × 10 not measured',
    ),
    notKnown(
      'what the chosen one lacks',
      (h, { choose }) => choose(h.cpu.above(0.4), odd(h), two(h)).above(1),
      'a odd not in the inventory',
    ),
    notKnown(
      'which is to be chosen',
      (h, { choose }) => choose(h.iowait.above(0.4).and(h.cpu.above(0)), two(h), two(h)).above(1),
      'a iowait not measured',
    ),
    notKnown(
      'what a calculation starts from',
      (h, { calculate }) => calculate('both', 'count', [two(h), odd(h)], (a, b) => a + b).above(2),
      'a odd not in the inventory',
    ),
    notKnown(
      'what a calculation does not give',
      (h, { calculate }) => calculate('no', 'count', [two(h)], () => undefined).above(2),
      'a no not measured',
    ),
    notKnown(
      'what a calculation makes NaN',
      (h, { calculate }) => calculate('no', 'count', [two(h)], () => Number.NaN).above(2),
      'a no not measured',
    ),
  ])('%s', check);
});

describe('a comparison as data', () => {
  const firstReason = (ask: Ask): Reason | undefined => {
    const probe = movesIf(ask);
    return probe.plan(siteFor(probe, { a: site.hosts.a, b: {} }, { web: { on: 'a' } })).moves[0]?.because[0];
  };

  test('a reading has the age of its sample', () => {
    expect(firstReason((h) => h.cpu.above(0.2))).toMatchObject({ measure: 'cpu', unit: 'fraction', age: 0 });
  });

  test('what was not sampled has no age', () => {
    expect(firstReason((h) => two(h).above(1))).toStrictEqual({
      kind: 'compared',
      rule: 'probe',
      subject: { kind: 'host', id: 'a' },
      measure: 'two',
      value: 2,
      relation: 'above',
      limit: 1,
      unit: 'count',
      holds: true,
    });
  });
});

test('a policy watches what any part of a quantity reads', () => {
  const watched = (ask: Ask): readonly string[] => Object.keys(movesIf(ask).watch.host ?? {});
  const [cpu, iowait, steal] = ['level(cpu)', 'level(iowait)', 'level(steal)'];
  expect(watched((h) => h.cpu.above(h.iowait))).toEqual([cpu, iowait]);
  expect(watched((h) => h.cpu.plus(h.iowait).above(h.steal))).toEqual([cpu, iowait, steal]);
  expect(watched((h) => h.cpu.orElse(h.iowait).above(0))).toEqual([cpu, iowait]);
  expect(watched((h, { choose }) => choose(h.cpu.above(0.5), h.iowait, h.steal).above(0))).toEqual([
    cpu,
    iowait,
    steal,
  ]);
  expect(watched((h, { calculate }) => calculate('x', 'none', [h.cpu, h.iowait], (a) => a).above(0))).toEqual([
    cpu,
    iowait,
  ]);
});
