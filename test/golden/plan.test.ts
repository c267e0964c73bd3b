/** A whole plan, printed, against a text that shows in review what a change does to decisions and to what is said of them. */
import { expect, test } from 'vitest';
import { precopy } from '../../src/estimators/index.js';
import {
  explainPlan,
  gibibytes,
  mebibytes,
  mebibytesPerSecond,
  minutes,
  percent,
  seconds,
} from '../../src/model/index.js';
import { cslb, damped, evacuate, firstOf, allOf, limited, paysOff } from '../../src/policies/index.js';
import { cluster, guest, host, migration, now, outcome } from '../policies/build.js';

const busy = { holds: true, held: minutes(20), value: 0.97 };
const idle = { holds: false, held: 0, value: 0.1 };
const writes = (rate: number) => ({ rate: mebibytesPerSecond(rate), window: seconds(1) });

const site = cluster(
  [
    host('host-a', { signals: { cpu: 0.97, busy } }),
    host('host-b', { signals: { cpu: 0.12, busy: idle }, memory: { total: gibibytes(8), reserved: gibibytes(1) } }),
    host('host-c', { signals: { cpu: 0.2, busy: idle } }),
    host('host-d', { state: 'draining', signals: { cpu: 0.05, busy: idle } }),
    host('host-e', { signals: { cpu: 0.5, busy: idle } }),
    host('host-f', { knowledge: { kind: 'stale', at: now - minutes(3), age: minutes(3) } }),
  ],
  [
    guest('web-1', 'host-a', 1, { memory: gibibytes(4), vcpus: 2, signals: { cpu: 1, dirty: writes(20), used: gibibytes(3) } }),
    guest('web-2', 'host-a', 0.9, { memory: gibibytes(2), signals: { cpu: 0.9, dirty: writes(8), used: gibibytes(1) } }),
    guest('web-3', 'host-a', 0.8, { memory: gibibytes(3), signals: { cpu: 0.8, dirty: writes(12), used: gibibytes(1.3) } }),
    guest('db-1', 'host-a', 0.7, { apart: ['db'], signals: { cpu: 0.7, dirty: writes(40), used: mebibytes(900) } }),
    guest('db-2', 'host-b', 0.4, { memory: gibibytes(5), apart: ['db'], signals: { cpu: 0.4 } }),
    guest('mail', 'host-c', 0.5, { signals: { cpu: 0.5 } }),
    guest('old-1', 'host-d', 0.1, { memory: gibibytes(2), signals: { cpu: 0.1 } }),
    guest('old-2', 'host-d', 0.1, { pins: ['host-d'], signals: { cpu: 0.1 } }),
    guest('batch', 'host-e', 0.9, { vcpus: 2, signals: { cpu: 0.9 } }),
    guest('logs', 'host-e', 0.2, { signals: { cpu: 0.2 } }),
  ],
  {
    migrations: [migration('logs', 'host-e', 'host-c')],
    past: [outcome('web-2', 'host-c', 'host-a', now - minutes(10))],
  },
);

const balance = cslb({ light: percent(30), heavy: percent(80), guards: { noSwap: true } });

const policies = {
  'one after the other': firstOf(evacuate(), balance),
  'only if it pays': paysOff(balance, precopy()),
  'all together, at most two': limited(allOf(evacuate(), paysOff(balance, precopy())), { moves: 2 }),
  'balance, with a cool-down': damped(balance, { guest: minutes(30) }),
};

test('a site of six hosts: what moves, what does not, and why', async () => {
  const text = Object.entries(policies).map(
    ([name, policy]) => `# ${name}: ${policy.name}\n\n${explainPlan(policy.plan(site))}\n`,
  );
  await expect(text.join('\n')).toMatchFileSnapshot('plan.txt');
});
