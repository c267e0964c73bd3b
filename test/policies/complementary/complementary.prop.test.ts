/** Properties of the policy that pairs guests over arbitrary clusters. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryUsed } from '../../../src/metrics/index.js';
import type { HostId } from '../../../src/model/index.js';
import { cpuCycles, evaluateLoads, type Resource } from '../../../src/policies/index.js';
import { complementary } from '../../../src/policies/complementary/index.js';
import { applied, clusters, expectLawful } from '../../../src/testing/index.js';

/** Arbitrary samples know nothing of disks, so memory that is in use is the second resource. */
const memory: Resource = {
  name: 'memory',
  measure: memoryUsed,
  taken: (used) => used,
  capacity: () => 2.5,
  unit: 'fraction',
};
const resources: readonly Resource[] = [cpuCycles, memory];
const policy = complementary({ resources, heavy: 0.6 });

test('complementary keeps every law (W18)', () => {
  fc.assert(
    fc.property(clusters({ watch: policy.watch }), (cluster) =>
      expectLawful(policy, cluster, {
        lessDataNoMoreMoves: 'where the host that one prefers falls silent, another one leaves room for two',
      }),
    ),
    { numRuns: 120 },
  );
});

test('arbitrary clusters give it something to do', () => {
  const busy = fc
    .sample(clusters({ watch: policy.watch }), { numRuns: 100, seed: 1 })
    .filter((cluster) => policy.plan(cluster).moves.length > 0);
  expect(busy.length).toBeGreaterThan(3);
});

test('no host comes above the mark by it, in any resource (W18)', () => {
  fc.assert(
    fc.property(clusters({ watch: policy.watch, hostile: false }), (cluster) => {
      const heavy = (state: typeof cluster): ReadonlySet<HostId> =>
        new Set(
          resources.flatMap((resource) =>
            evaluateLoads(state, resource, ({ signals }) => Number(signals[resource.name]))
              .filter((load) => load.kind === 'known' && load.share > 0.6 + 1e-6)
              .map(({ host }) => host.id),
          ),
        );
      const before = heavy(cluster);
      const even = cluster.hosts.every(({ cpu }) => cpu.clock === cluster.hosts[0]?.cpu.clock);
      fc.pre(even);
      for (const id of heavy(applied(cluster, policy.plan(cluster)))) expect(before.has(id)).toBe(true);
    }),
    { numRuns: 80 },
  );
});
