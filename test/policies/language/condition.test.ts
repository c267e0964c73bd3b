/** How conditions are joined by Kleene's logic, and which evidence decided. */
import { describe, expect, test } from 'vitest';
import type { Condition, HostTerm } from '../../../src/policies/index.js';
import { type Ask, checkedOn, type Row } from './answer.js';
import { movesIf } from './site.js';

const site = { hosts: { a: { labels: { t: '2', u: '3' } } } };
/** True of t and u, false of them, and not known of v and w. */
const yes = (h: HostTerm, key: 't' | 'u'): Condition => h.amount(key, 'count').above(1);
const no = (h: HostTerm, key: 't' | 'u'): Condition => h.amount(key, 'count').below(1);
const dim = (h: HostTerm, key: 'v' | 'w'): Condition => h.amount(key, 'count').above(1);

const [t, u] = ['a t 2 above 1', 'a u 3 above 1'];
const [notT, notU] = ['a t 2 not at most 1', 'a u 3 not at most 1'];
const [t0, u0] = ['a t 2 not below 1', 'a u 3 not below 1'];
const [notT0, notU0] = ['a t 2 at least 1', 'a u 3 at least 1'];
const [v, w] = ['a v not in the inventory', 'a w not in the inventory'];

describe('all of several', () => {
  test.each<Row>([
    ['hold by the evidence of each', (h) => yes(h, 't').and(yes(h, 'u')), true, [t, u], [notT, notU]],
    [
      'fail by the evidence of what fails; the first of them is enough to know',
      (h) => yes(h, 't').and(no(h, 't'), no(h, 'u')),
      false,
      [t0, u0],
      [notT0],
    ],
    ['fail even if some are not known', (h) => dim(h, 'v').and(no(h, 't')), false, [t0], [notT0]],
    [
      'are not known by the evidence of those in doubt',
      (h) => yes(h, 't').and(dim(h, 'v'), dim(h, 'w')),
      undefined,
      [v, w],
      [v, w],
    ],
    ['of none hold', (_, { and }) => and(), true, [], []],
  ])('%s', checkedOn(site));
});

describe('any of several', () => {
  test.each<Row>([
    ['holds by the first that holds', (h) => no(h, 't').or(yes(h, 't'), yes(h, 'u')), true, [t], [notT, notU]],
    ['fails by the evidence of each', (h) => no(h, 't').or(no(h, 'u')), false, [t0, u0], [notT0, notU0]],
    ['holds even if some are not known', (h) => dim(h, 'v').or(yes(h, 'u')), true, [u], [notU]],
    [
      'is not known by the evidence of those in doubt',
      (h) => no(h, 't').or(dim(h, 'v'), dim(h, 'w')),
      undefined,
      [v, w],
      [v, w],
    ],
    ['of none fails', (_, { or }) => or(), false, [], []],
  ])('%s', checkedOn(site));
});

describe('the opposite', () => {
  test.each<Row>([
    ['turns the verdict and the question', (h) => yes(h, 't').not(), false, [notT], [t]],
    ['of the opposite is the same', (h) => yes(h, 't').not().not(), true, [t], [notT]],
    ['of what is not known is not known', (h, { not }) => not(dim(h, 'v')), undefined, [v], [v]],
    ['is what unless asks for beside', (h) => yes(h, 't').unless(no(h, 'u')), true, [t, notU0], [notT, u0]],
    ['of both is either of the opposites', (h) => yes(h, 't').and(no(h, 'u')).not(), true, [notU0], [u0]],
  ])('%s', checkedOn(site));
});

test('a policy watches what any of the parts reads', () => {
  const watched = (ask: Ask): readonly string[] => Object.keys(movesIf(ask).watch.host ?? {});
  expect(watched((h) => h.cpu.above(0).and(h.iowait.above(0)))).toEqual(['level(cpu)', 'level(iowait)']);
  expect(watched((h) => h.cpu.above(0).or(h.iowait.above(0).not()))).toEqual(['level(cpu)', 'level(iowait)']);
});
