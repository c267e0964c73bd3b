/** Maintenance: a host that is left in good time. */
import { expect, test } from 'vitest';
import { hours, minutes } from '../../../src/model/index.js';
import { allOf, evacuate, relieve } from '../../../src/policies/index.js';
import { traceDemand } from '../../../src/simulation/index.js';
import { bareGuest, bareHost, play } from './arms.js';

test('W19: maintenance: a host that is drained while it works is empty soon, and takes nobody back', () => {
  const guests = [0, 1, 2, 3, 4, 5].map((i) => bareGuest(`g${i}`, `h${i % 3}`, 4));
  const { places, moves } = play({
    hosts: ['h0', 'h1', 'h2'].map(bareHost),
    guests,
    workloads: Object.fromEntries(guests.map(({ id }) => [id, { demand: traceDemand([0.2], { step: hours(1) }) }])),
    policy: allOf(evacuate(), relieve({ above: 0.8 })),
    script: [{ at: minutes(10), change: { kind: 'host state', host: 'h1', state: 'draining' } }],
    length: minutes(30),
  });
  expect(moves).toHaveLength(2);
  expect([...places.values()]).not.toContain('h1');
});
