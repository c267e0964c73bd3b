/** The kit under node's own test runner. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { relieve } from '../../../src/policies/index.js';
import { expectLawful, simulateLawful } from '../../../src/testing/index.js';
import { firstCome } from '../wrong-policies/first-come.js';

void test('relieve keeps the laws of a plan', () => {
  const lessDataNoMoreMoves = 'a host that falls silent leaves its room to several small guests';
  expectLawful(relieve({ above: 0.8, fillTo: 0.7 }), { runs: 10, seed: 1, except: { lessDataNoMoreMoves } });
});

void test('relieve keeps the laws over time', () => {
  simulateLawful(relieve({ above: 0.8, fillTo: 0.7 }), { runs: 2, seed: 1, lasting: 300_000 });
});

void test('a policy that depends on the order of hosts does not', () => {
  assert.throws(() => expectLawful(firstCome, { seed: 1 }), /first-come breaks orderIndependent: [^]*host-\w/);
});
