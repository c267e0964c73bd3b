import { expect, test } from 'vitest';
import { fairShare, shareLinks } from '../../src/simulation/index.js';

const claims = (...limits: readonly number[]) => limits.map((limit) => ({ limit, weight: 1 }));

test('everybody gets what they ask for while it suffices', () => {
  expect(fairShare(10, claims(1, 2, 3))).toEqual([1, 2, 3]);
});

test('equal claims that exceed the capacity get equal shares', () => {
  expect(fairShare(2, claims(1, 1, 1, 1))).toEqual([0.5, 0.5, 0.5, 0.5]);
});

test('what a small claim leaves goes to the others', () => {
  expect(fairShare(10, claims(1, 20, 20))).toEqual([1, 4.5, 4.5]);
});

test('shares follow weights until a limit is met', () => {
  expect(
    fairShare(12, [
      { limit: 100, weight: 1 },
      { limit: 100, weight: 2 },
      { limit: 3, weight: 3 },
    ]),
  ).toEqual([3, 6, 3]);
});

test('a claim to nothing that counts for nothing does not keep what a small claim leaves from the others', () => {
  const small = { limit: 1, weight: 1 };
  const nothing = { limit: 0, weight: 0 };
  expect(fairShare(10, [...claims(20, 20), nothing, small])).toEqual([4.5, 4.5, 0, 1]);
});

test('nothing is shared where there is nothing', () => {
  expect(fairShare(0, claims(1, 2))).toEqual([0, 0]);
});

const transfer = (limit: number, ...passages: readonly { capacity: number }[]) => ({ limit, passages });

test('transfers through one link share it evenly', () => {
  const link = { capacity: 90 };
  expect(shareLinks([transfer(Infinity, link), transfer(Infinity, link), transfer(Infinity, link)])).toEqual([
    30, 30, 30,
  ]);
});

test('what a slow transfer leaves of a link goes to the others', () => {
  const link = { capacity: 90 };
  expect(shareLinks([transfer(10, link), transfer(Infinity, link)])).toEqual([10, 80]);
});

test('the textbook line of links: the long transfer gets the share of the tightest link', () => {
  // Bertsekas and Gallager: a through both links, b on the first, c and d on the second.
  const [first, second] = [{ capacity: 10 }, { capacity: 9 }];
  expect(
    shareLinks([
      transfer(Infinity, first, second),
      transfer(Infinity, first),
      transfer(Infinity, second),
      transfer(Infinity, second),
    ]),
  ).toEqual([3, 7, 3, 3]);
});

test('a link without capacity carries nothing, and others go on', () => {
  const [dead, live] = [{ capacity: 0 }, { capacity: 5 }];
  expect(shareLinks([transfer(Infinity, dead, live), transfer(Infinity, live)])).toEqual([0, 5]);
});
