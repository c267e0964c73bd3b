/** Laws of the combinators themselves: what leaves a policy as it is, what may be said twice, what may be said in any order. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { minutes, percent } from '../../src/model/index.js';
import {
  allOf,
  constrained,
  cslb,
  damped,
  evacuate,
  firstOf,
  isMigratable,
  limited,
  type Policy,
  standardConstraints,
  stay,
  takesGuests,
  withinPins,
} from '../../src/policies/index.js';
import { clusters } from '../../src/testing/index.js';

const balance = cslb({ light: percent(40), heavy: percent(60), guards: { noSwap: true } });
const leave = evacuate();
/** Proposes without asking any constraint, so that there is something to refuse. */
const rash = cslb({ light: percent(40), heavy: percent(60), pairing: 're-evaluated', constraints: [] });

const same = (a: Policy, b: Policy, of: (policy: Policy) => (cluster: never) => unknown = ({ plan }) => plan): void => {
  fc.assert(
    fc.property(clusters({ watch: balance.watch }), (cluster) => {
      // Both policies read the same snapshot, whatever of it is compared.
      expect(of(a)(cluster as never)).toEqual(of(b)(cluster as never));
    }),
    { numRuns: 60 },
  );
};

const movesOf =
  ({ plan }: Policy) =>
  (cluster: never): unknown =>
    plan(cluster).moves.map(({ guest, from, to }) => [guest, from, to]);

test('firstOf and allOf of one policy are that policy (identity)', () => {
  same(firstOf(balance), balance);
  same(allOf(balance), balance, movesOf);
  same(allOf(leave), leave, movesOf);
});

test('stay is the neutral element of both', () => {
  same(firstOf(stay(), balance), balance);
  same(firstOf(balance, stay()), balance);
  same(allOf(stay(), balance, stay()), allOf(balance));
});

test('firstOf and allOf may be grouped as one likes (associativity)', () => {
  same(firstOf(leave, firstOf(stay(), balance)), firstOf(firstOf(leave, stay()), balance));
  same(allOf(leave, allOf(rash, balance)), allOf(allOf(leave, rash), balance), movesOf);
});

test('saying it twice says no more (idempotence)', () => {
  same(firstOf(balance, balance), balance, movesOf);
  same(allOf(leave, leave), allOf(leave), movesOf);
  const within = constrained(rash, standardConstraints);
  same(constrained(within, standardConstraints), within);
  const calm = damped(rash, { guest: minutes(30) });
  same(damped(calm, { guest: minutes(30) }), calm);
  const few = limited(rash, { moves: 1 });
  same(limited(few, { moves: 1 }), few);
});

test('vetoes that look at one move at a time may come in any order', () => {
  const vetoes: readonly ((policy: Policy) => Policy)[] = [
    (policy) => damped(policy, { guest: minutes(30), host: minutes(10) }),
    (policy) => constrained(policy, [withinPins]),
    (policy) => constrained(policy, [isMigratable, takesGuests]),
  ];
  for (const first of vetoes) for (const second of vetoes) same(first(second(rash)), second(first(rash)), movesOf);
});

test('of two limits the smaller one counts', () => {
  same(limited(limited(rash, { moves: 3 }), { moves: 1 }), limited(rash, { moves: 1 }), movesOf);
  same(limited(limited(rash, { moves: 1 }), { moves: 3 }), limited(rash, { moves: 1 }), movesOf);
});

test('a veto never adds a move', () => {
  fc.assert(
    fc.property(clusters({ watch: rash.watch }), (cluster) => {
      const plain = new Set(rash.plan(cluster).moves.map((move) => JSON.stringify([move.guest, move.to])));
      for (const policy of [
        constrained(rash, standardConstraints),
        damped(rash, { guest: minutes(30) }),
        limited(rash, { moves: 2 }),
      ])
        for (const move of policy.plan(cluster).moves) expect(plain).toContain(JSON.stringify([move.guest, move.to]));
    }),
  );
});
