/** Properties of P-loss over arbitrary clusters, and its choice against every move there is. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Cluster, cpuCapacity } from '../../../src/model/index.js';
import { cpuCycles, evaluateLoads } from '../../../src/policies/index.js';
import { productivityLoss } from '../../../src/policies/productivity-loss/productivity-loss.js';
import type { ProductivityLossSettings } from '../../../src/policies/productivity-loss/settings.js';
import { applied, clusters, expectLawful } from '../../../src/testing/index.js';

const all: readonly ProductivityLossSettings[] = [
  {},
  { demand: 'spread' },
  { demand: 'spread', moves: 3, cost: () => 0 },
];

test.each(all)('P-loss keeps every law, with %j (W22)', (settings) => {
  const policy = productivityLoss(settings);
  fc.assert(
    fc.property(clusters({ watch: policy.watch, guestsPerHost: 7 }), (cluster) =>
      expectLawful(
        policy,
        cluster,
        settings.moves === undefined
          ? {}
          : { lessDataNoMoreMoves: 'with the best destination silent it takes two moves to two others' },
      ),
    ),
    { numRuns: 60 },
  );
});

/** Σ max(0, wanted − given) where each guest is given its share of what there is. */
const lossOf = (state: Cluster): number =>
  evaluateLoads(state, cpuCycles, ({ signals }) => Number(signals['wanted'])).reduce((sum, load) => {
    if (load.kind === 'unknown' || load.taken === 0) return sum;
    const given = Math.min(1, cpuCapacity(load.host) / load.taken);
    return sum + load.guests.reduce((lost, { taken }) => lost + Math.max(0, taken - taken * given), 0);
  }, 0);

test('no single move loses less than the one that is chosen, nor does staying (W22)', () => {
  const policy = productivityLoss({ cost: () => 0, constraints: [] });
  fc.assert(
    fc.property(clusters({ watch: policy.watch, hostile: false, guestsPerHost: 7 }), (cluster) => {
      // In processors of one clock, as cycles that a guest wants are those of the host where it was read.
      const even: Cluster = {
        ...cluster,
        hosts: cluster.hosts.map((host) => ({ ...host, cpu: { ...host.cpu, clock: 2e9 } })),
      };
      fc.pre(
        evaluateLoads(even, cpuCycles, ({ signals }) => Number(signals['wanted'])).every(
          ({ kind }) => kind === 'known',
        ),
      );
      const { moves, passedOver } = policy.plan(even);
      const chosen = lossOf(applied(even, { moves, passedOver }));
      expect(chosen).toBeLessThanOrEqual(lossOf(even));
      for (const guest of even.guests)
        for (const { id: to } of even.hosts.filter((host) => host.id !== guest.host))
          expect(chosen).toBeLessThanOrEqual(
            lossOf(applied(even, { moves: [{ guest: guest.id, from: guest.host, to, because: [] }], passedOver: [] })) +
              1,
          );
    }),
    { numRuns: 60 },
  );
});
