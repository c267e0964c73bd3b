import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fairShare, shareLinks } from '../../src/simulation/index.js';

const amount = fc.double({ min: 0, max: 1e3, noNaN: true });
const claim = fc.record({ limit: amount, weight: fc.double({ min: 0.1, max: 10, noNaN: true }) });
/** Claims, and such as want nothing and count for nothing. */
const anyClaim = fc.oneof({ weight: 3, arbitrary: claim }, fc.constant({ limit: 0, weight: 0 }));
const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);

test('shares never exceed limits or capacity, and nothing is left over while somebody wants it', () => {
  fc.assert(
    fc.property(amount, fc.array(anyClaim, { minLength: 1, maxLength: 12 }), (capacity, claims) => {
      const shares = fairShare(capacity, claims);
      shares.forEach((share, i) => expect(share).toBeLessThanOrEqual(claims[i]?.limit ?? 0));
      expect(sum(shares)).toBeCloseTo(Math.min(capacity, sum(claims.map(({ limit }) => limit))), 6);
    }),
  );
});

test('nobody below the limit gets less for the weight than somebody else', () => {
  fc.assert(
    fc.property(amount, fc.array(claim, { minLength: 2, maxLength: 12 }), (capacity, claims) => {
      const shares = fairShare(capacity, claims);
      const levels = shares.map((share, i) => share / (claims[i]?.weight ?? 1));
      shares.forEach((share, i) => {
        if (share < (claims[i]?.limit ?? 0) - 1e-6)
          for (const level of levels) expect(level).toBeLessThanOrEqual((levels[i] ?? 0) + 1e-6);
      });
    }),
  );
});

const network = fc.record({
  capacities: fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 4 }),
  transfers: fc.array(
    fc.record({
      limit: fc.double({ min: 0, max: 100, noNaN: true }),
      over: fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

test('shares of links never exceed capacity, and each transfer is held by its limit or a full link', () => {
  fc.assert(
    fc.property(network, ({ capacities, transfers }) => {
      const links = capacities.map((capacity) => ({ capacity }));
      const passing = transfers.map(({ limit, over }) => ({
        limit,
        passages: links.filter((_, i) => over.some((n) => n % links.length === i)),
      }));
      const rates = shareLinks(passing);
      const used = links.map((link) => sum(rates.filter((_, i) => passing[i]?.passages.includes(link))));
      used.forEach((load, i) => expect(load).toBeLessThanOrEqual((links[i]?.capacity ?? 0) + 1e-6));
      rates.forEach((rate, i) => {
        const { limit = 0, passages = [] } = passing[i] ?? {};
        const held = passages.some((link) => (used[links.indexOf(link)] ?? 0) >= link.capacity - 1e-6);
        expect(held || rate >= limit - 1e-6).toBe(true);
      });
    }),
  );
});
