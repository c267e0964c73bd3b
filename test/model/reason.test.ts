import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compare,
  guestSubject,
  holds,
  hostSubject,
  lookFor,
  type Relation,
  relates,
  unknown,
} from '../../src/model/index.js';

const relations: readonly Relation[] = ['above', 'at least', 'below', 'at most', 'equal to'];

describe('relates', () => {
  test.each([
    [2, 'above', 1, true],
    [1, 'above', 1, false],
    [1, 'at least', 1, true],
    [0, 'at least', 1, false],
    [0, 'below', 1, true],
    [1, 'below', 1, false],
    [1, 'at most', 1, true],
    [2, 'at most', 1, false],
    [1, 'equal to', 1, true],
    [1, 'equal to', 2, false],
  ] as const)('%d %s %d is %s', (value, relation, limit, truth) => {
    expect(relates(value, relation, limit)).toBe(truth);
  });

  test('NaN stands in no relation to anything', () => {
    for (const relation of relations) {
      expect(relates(NaN, relation, 0)).toBe(false);
      expect(relates(0, relation, NaN)).toBe(false);
      expect(relates(NaN, relation, NaN)).toBe(false);
    }
  });

  test('of two numbers, above and at most exclude each other, and so do below and at least', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
        expect(relates(a, 'above', b)).toBe(!relates(a, 'at most', b));
        expect(relates(a, 'below', b)).toBe(!relates(a, 'at least', b));
        expect(relates(a, 'equal to', b)).toBe(relates(a, 'at most', b) && relates(a, 'at least', b));
      }),
    );
  });
});

test('compare keeps what was compared, and the truth of it', () => {
  const comparison = {
    rule: 'cslb.heavy',
    subject: hostSubject('a'),
    measure: 'cpu',
    value: 0.93,
    relation: 'above',
    limit: 0.8,
    unit: 'fraction',
    held: 34_000,
  } as const;
  expect(compare(comparison)).toEqual({ kind: 'compared', ...comparison, holds: true });
  expect(holds(compare({ ...comparison, value: NaN }))).toBe(false);
});

test('lookFor keeps what was looked for, where, and whether it was found', () => {
  const search = { rule: 'pins', subject: guestSubject('x'), measure: 'pinned host', value: 'b', among: ['a', 'b'] };
  expect(lookFor(search)).toEqual({ kind: 'listed', ...search, holds: true });
  expect(holds(lookFor({ ...search, among: [] }))).toBe(false);
});

test('what is unknown never holds', () => {
  expect(holds(unknown({ rule: 'load', subject: guestSubject('x'), measure: 'cpu', why: 'stale' }))).toBe(false);
});

test('reasons survive JSON, so that a verdict can be come to again', () => {
  const reasons = [
    compare({
      rule: 'r',
      subject: hostSubject('a'),
      measure: 'cpu',
      value: 1,
      relation: 'above',
      limit: 0,
      unit: 'none',
    }),
    lookFor({ rule: 'r', subject: hostSubject('a'), measure: 'state', value: 'off', among: ['active'] }),
    unknown({ rule: 'r', subject: hostSubject('a'), measure: 'cpu', why: 'unseen' }),
  ];
  expect(JSON.parse(JSON.stringify(reasons))).toEqual(reasons);
});
