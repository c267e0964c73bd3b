/** The kit catches ten deliberately wrong policies, and shows each on a cluster that a person takes in at a glance. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clusters, type Exceptions, expectLawful, lawful, type LawName } from '../../src/testing/index.js';
import { carefulPolicy } from './wrong-policies/careful.js';
import { wrongPolicies } from './wrong-policies/index.js';

const without = (names: readonly LawName[]): Exceptions =>
  Object.fromEntries(names.map((name) => [name, 'the fault breaks it too']));

test('there are ten of them', () => {
  expect(new Set(wrongPolicies.map(([, , policy]) => policy.name)).size).toBe(10);
});

test('what they are made from keeps all laws', () => {
  expectLawful(carefulPolicy(), { runs: 60 });
});

describe.each(wrongPolicies)('%s', (_, law, policy, also) => {
  test(`the search for breaches finds it, and names ${law}`, () => {
    expect(() => expectLawful(policy, { runs: 300, except: without(also) })).toThrow(`${policy.name} breaks ${law}: `);
  });

  test('nothing else is wrong with it', () => {
    expectLawful(policy, { runs: 40, except: without([law, ...also]) });
  });

  test('its counter-example has at most 3 hosts and 4 guests, and nothing odd about them', () => {
    const { counterexample } = fc.check(
      fc.property(clusters({ watch: policy.watch }), (cluster) => lawful[law](policy, cluster).length === 0),
      { numRuns: 3000 },
    );
    const [cluster] = counterexample ?? [];
    expect(cluster).toBeDefined();
    expect(cluster?.hosts.length).toBeLessThanOrEqual(3);
    expect(cluster?.guests.length).toBeLessThanOrEqual(4);
    expect(
      cluster?.guests.flatMap(({ together, apart, pins, devices }) => [...together, ...apart, ...pins, ...devices]),
    ).toEqual([]);
    expect(cluster?.past).toEqual([]);
  });
});
