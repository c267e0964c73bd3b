import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cluster, Proposal } from '../../../src/model/index.js';
import { cslb, type CslbSettings, planned } from '../../../src/policies/index.js';
import { clusters, expectLawful } from '../../../src/testing/index.js';

const settings: readonly CslbSettings[] = [
  { light: 0.4, heavy: 0.5, guards: { noSwap: true } },
  { moving: {}, guards: { noSwap: true, keepBelowHeavy: true } },
  { moving: { below: 0.1, above: 0.1 }, middle: 'median', guards: { noSwap: true } },
  { light: 3, heavy: 4, unit: 'cpu', guards: { noSwap: true } },
];

/** The moves of a policy that evaluates all loads anew before each: its first move, then its first with that in flight, ... */
const stepByStep = (plan: (cluster: Cluster) => readonly Proposal[], cluster: Cluster): readonly Proposal[] => {
  const moves: Proposal[] = [];
  for (;;) {
    const [next] = plan(planned(cluster, moves));
    if (!next) return moves;
    moves.push(next);
  }
};

test('loads that follow the planned moves give the same plan as loads that are evaluated anew after each', () => {
  let compared = 0;
  for (const one of settings) {
    const policy = cslb({ ...one, pairing: 're-evaluated' });
    fc.assert(
      fc.property(clusters({ watch: policy.watch }), (cluster) => {
        const { moves } = policy.plan(cluster);
        expect(moves).toEqual(stepByStep((state) => policy.plan(state).moves, cluster));
        compared += moves.length;
      }),
      { numRuns: 60 },
    );
  }
  expect(compared).toBeGreaterThan(30);
});

test('the original CSLB, by whose own word hosts are grouped, keeps the laws of policies (W11)', () => {
  const policy = cslb({ moving: {}, classifiedBy: 'host', guards: { noSwap: true } });
  const lessDataNoMoreMoves = 'the average of fewer hosts is another one';
  const word = fc.constantFrom('light', 'moderate', 'heavy', undefined);
  const withWords = fc
    .tuple(clusters({ watch: policy.watch }), fc.array(word, { minLength: 1 }))
    .map(([cluster, words]): Cluster => ({
      ...cluster,
      hosts: cluster.hosts.map((host, i) => ({
        ...host,
        signals: { ...host.signals, group: words[i % words.length] },
      })),
    }));
  // What hosts say stands still here whatever is moved, so only the laws of a single plan are asked.
  const comesToRest = 'the words of hosts do not follow the moves here';
  fc.assert(
    fc.property(withWords, (cluster) => expectLawful(policy, cluster, { lessDataNoMoreMoves, comesToRest })),
    { numRuns: 100 },
  );
});
