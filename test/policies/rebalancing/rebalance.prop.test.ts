/** Properties of the policy that rebalances, over arbitrary clusters. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { gbps, lookup, seconds, transferTime } from '../../../src/model/index.js';
import { cpuCycles, evaluateLoads } from '../../../src/policies/index.js';
import { rebalance, type RebalanceSettings } from '../../../src/policies/rebalancing/index.js';
import { applied, clusters, expectLawful } from '../../../src/testing/index.js';

const costOf = ({ memory }: { readonly memory: number }): number => transferTime(memory, gbps(1));
const all: readonly RebalanceSettings[] = [
  { moves: 2, by: 'greedy' },
  { moves: 2, by: 'partition' },
  { moves: 3 },
  { cost: seconds(60), costOf },
];

test.each(all)('the policy keeps every law, with %j (W23)', (settings) => {
  const policy = rebalance(settings);
  fc.assert(
    fc.property(clusters({ watch: policy.watch }), (cluster) =>
      expectLawful(policy, cluster, {
        lessDataNoMoreMoves: 'with one large guest silent it takes several small ones to gain anything',
      }),
    ),
    { numRuns: 60 },
  );
});

test('never more than k moves, never more than the budget, and no prefix of a plan is worse than the start (W23)', () => {
  fc.assert(
    fc.property(clusters({ watch: rebalance({ moves: 1 }).watch }), (cluster) => {
      const largest = (state: typeof cluster): number =>
        Math.max(
          0,
          ...evaluateLoads(state, cpuCycles, ({ signals }) =>
            typeof signals['cpu'] === 'number' ? signals['cpu'] : undefined,
          ).map((load) => (load.kind === 'known' && load.host.state === 'active' ? load.share : 0)),
        );
      for (const settings of all) {
        const { moves } = rebalance(settings).plan(cluster);
        if (settings.moves !== undefined) expect(moves.length).toBeLessThanOrEqual(settings.moves);
        else {
          const cost = moves.reduce((sum, { guest }) => sum + costOf(lookup(cluster).guest(guest) ?? { memory: 0 }), 0);
          expect(cost).toBeLessThanOrEqual(settings.cost);
        }
        if (cluster.hosts.some(({ cpu }) => cpu.cores !== cluster.hosts[0]?.cpu.cores)) continue;
        for (let n = 1; n <= moves.length; n++)
          expect(largest(applied(cluster, { moves: moves.slice(0, n), passedOver: [] }))).toBeLessThanOrEqual(
            largest(cluster) + 1e-6,
          );
      }
    }),
    { numRuns: 60 },
  );
});
