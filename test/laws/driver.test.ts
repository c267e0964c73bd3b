/** Every driver is held to the conformance suite; a new one is added by one line. */
import { describe, test } from 'vitest';
import { gibibytes, mebibytesPerSecond, mebibytes, seconds } from '../../src/model/index.js';
import { simulatedCluster, traceDemand, virtualTime } from '../../src/simulation/index.js';
import { type DriverHarness, driverConformance } from '../../src/testing/index.js';
import { guest, host } from '../simulation/small.js';

const writes = { rate: mebibytesPerSecond(20), workingSet: mebibytes(100), pattern: 'random' } as const;

const simulated: DriverHarness = {
  open: () => {
    const time = virtualTime();
    const driver = simulatedCluster({
      hosts: [host('a'), host('b')],
      guests: [guest('web', 'a', { memory: gibibytes(1) })],
      workloads: { web: { demand: traceDemand([0.5], { writes }) } },
      scheduler: time.scheduler,
    });
    return {
      driver,
      order: { id: 'm', guest: 'web', from: 'a', to: 'b' },
      // The world is the driver: there is nothing that could be killed.
      restart: () => driver,
      pass: (length) => time.run(time.now() + length),
      close: () => undefined,
    };
  },
  patience: seconds(120),
  actions: [
    { kind: 'raise downtime', limit: seconds(1) },
    { kind: 'throttle', share: 0.5 },
    { kind: 'post-copy' },
    { kind: 'pause' },
  ],
};

const harnesses: readonly [name: string, harness: DriverHarness][] = [['the simulated cluster', simulated]];

describe.each(harnesses)('%s', (_, harness) => {
  for (const { name, skipped, run } of driverConformance(harness))
    test.skipIf(skipped !== undefined)(skipped === undefined ? name : `${name}: ${skipped}`, run);
});
