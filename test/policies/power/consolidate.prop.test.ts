/** Properties of consolidation over arbitrary clusters. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lookup } from '../../../src/model/index.js';
import { consolidate, type ConsolidateSettings, powerAdvice } from '../../../src/policies/power/index.js';
import { clusters, expectLawful } from '../../../src/testing/index.js';

/** Windows as short as the histories of arbitrary clusters. */
const eager = { low: 0.5, fill: 0.6, high: 0.7, down: 0, up: 0 };
const all: readonly ConsolidateSettings[] = [eager, { ...eager, atOnce: 3, spare: 1 }];

test.each(all)('consolidation keeps every law, with %j (W20)', (settings) => {
  const policy = consolidate(settings);
  fc.assert(
    fc.property(clusters({ watch: policy.watch }), (cluster) =>
      expectLawful(policy, cluster, {
        lessDataNoMoreMoves:
          'where the hot host falls silent another one may be emptied, and of a host to be emptied another one',
      }),
    ),
    { numRuns: 100 },
  );
});

test('a host is emptied whole or relieved, and only an empty one is said to be free to be switched off (W20)', () => {
  const policy = consolidate(eager);
  fc.assert(
    fc.property(clusters({ watch: policy.watch }), (cluster) => {
      const plan = policy.plan(cluster);
      const { guestsOn, arrivals, migrationOf, host } = lookup(cluster);
      for (const { from, because } of plan.moves)
        if (because[0]?.rule === 'consolidate.low') {
          const staying = guestsOn(from).filter(
            ({ id }) => !migrationOf(id) && !plan.moves.some(({ guest }) => guest === id),
          );
          expect(staying).toEqual([]);
        }
      const { off, on } = powerAdvice(plan);
      for (const id of off) expect([...guestsOn(id), ...arrivals(id)]).toEqual([]);
      for (const id of on) expect(host(id)?.state).toBe('off');
    }),
    { numRuns: 100 },
  );
});
