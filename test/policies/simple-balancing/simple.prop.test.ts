/** Properties of Simple balancing over arbitrary clusters. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { percent } from '../../../src/model/index.js';
import { simple } from '../../../src/policies/simple-balancing/simple.js';
import { clusters, expectLawful } from '../../../src/testing/index.js';

const bounds = { heavy: percent(60), light: percent(40) };
const calm = simple({ ...bounds, noSwap: true });

test('with its guard Simple balancing keeps every law but one (W21)', () => {
  fc.assert(
    fc.property(clusters({ watch: calm.watch }), (cluster) =>
      expectLawful(calm, cluster, {
        lessDataNoMoreMoves:
          'where the host that a sender prefers falls silent, another one leaves room for two senders',
      }),
    ),
    { numRuns: 120 },
  );
});

test('as printed it keeps every law but rest (W21)', () => {
  const printed = simple(bounds);
  fc.assert(
    fc.property(clusters({ watch: printed.watch }), (cluster) =>
      expectLawful(printed, cluster, {
        comesToRest: 'one large guest goes to and fro',
        lessDataNoMoreMoves:
          'where the host that a sender prefers falls silent, another one leaves room for two senders',
      }),
    ),
    { numRuns: 80 },
  );
});

test('an engine on each host sends from that host alone, and all that one engine for all would send first (W21)', () => {
  fc.assert(
    fc.property(clusters({ watch: calm.watch }), (cluster) => {
      const [first] = calm.plan(cluster).moves;
      for (const { id } of cluster.hosts) {
        const own = simple({ ...bounds, noSwap: true, own: id });
        expectLawful(own, cluster, { namesDoNotMatter: 'it sends from a host that its settings name' });
        const { moves } = own.plan(cluster);
        expect(moves.length).toBeLessThanOrEqual(1);
        expect(moves.every(({ from }) => from === id)).toBe(true);
        if (first?.from === id) expect(moves[0]).toEqual(first);
      }
    }),
    { numRuns: 60 },
  );
});
