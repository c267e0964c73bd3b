import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { minutes, percent, seconds } from '../../../src/model/index.js';
import { cslb, simple } from '../../../src/policies/index.js';
import { everywhere, hostsWith, play } from './site.js';

const names = ['a', 'b', 'c', 'd'];
const site = fc
  .tuple(...names.map(() => fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 7 })))
  .map((all) => hostsWith(Object.fromEntries(names.map((name, i) => [name, (all[i] ?? []).map((d) => d / 10)]))));

const rules = fc.constantFrom(
  { policy: cslb({ light: percent(50), heavy: percent(60) }) },
  { policy: cslb({ moving: {}, guards: { noSwap: true } }) },
  { policy: (own: string) => simple({ heavy: percent(50), own }) },
);

test('distributed engines never send one guest two ways, and never over-commit a destination (W37)', () => {
  let sent = 0;
  let refused = 0;
  fc.assert(
    fc.property(
      site,
      rules,
      fc.record({
        every: fc.constantFrom(seconds(5), seconds(30)),
        fanout: fc.integer({ min: 1, max: 3 }),
        latency: fc.constantFrom(0, 300, seconds(4)),
      }),
      fc.integer({ min: 1, max: 3 }),
      fc.boolean(),
      (simulation, { policy }, gossip, arrivals, fails) => {
        const faults = fails ? { rates: { loss: 0.1, migrationFailure: { share: 0.3, within: seconds(2) } } } : {};
        const played = play(
          { ...simulation, faults },
          everywhere({ policy, gossip, consent: { arrivals, load: 5 } }),
          minutes(3),
        );
        expect(played.wrongs).toEqual([]);
        sent += played.orders.length;
        refused += played.conflicts;
      },
    ),
    { numRuns: 15 },
  );
  // Else it would hold of engines that send nothing, or never meet.
  expect(sent).toBeGreaterThan(15);
  expect(refused).toBeGreaterThan(0);
});
