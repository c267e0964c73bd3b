/** Rates are sound for any two readings: samples that the schema takes, whatever the counters did in between. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Counters, rates } from '../../../src/metrics/sources/linux/index.js';
import { sampleSchema } from '../../../src/model/index.js';

const amount = fc.oneof(fc.nat(), fc.constantFrom(0, 2 ** 32, 2 ** 53, 1.8e19));
const times = fc.record(
  {
    user: amount,
    nice: amount,
    system: amount,
    idle: amount,
    iowait: amount,
    irq: amount,
    softirq: amount,
    steal: amount,
    guest: amount,
    guestNice: amount,
  },
  { requiredKeys: ['user', 'nice', 'system', 'idle'] },
);
const stalled = fc.record({ some: amount, full: amount }, { requiredKeys: ['some'] });
const counters = fc.record(
  {
    stat: fc.record({ cpu: times, processors: fc.integer({ min: 1, max: 512 }) }),
    meminfo: fc.record(
      { total: amount, free: amount, available: amount, swapTotal: amount, swapFree: amount, dirty: amount },
      { requiredKeys: [] },
    ),
    vmstat: fc.record({ swappedIn: amount, swappedOut: amount }, { requiredKeys: [] }),
    disks: fc.dictionary(
      fc.constantFrom('sda', 'sdb', '__proto__'),
      fc.record({ read: amount, written: amount, busy: amount }),
    ),
    network: fc.dictionary(fc.constantFrom('eth0', 'eth1'), fc.record({ received: amount, sent: amount })),
    pressure: fc.record({ cpu: stalled, memory: stalled, io: stalled }, { requiredKeys: [] }),
    schedstat: fc.record({ ran: amount, waited: amount }),
    processes: fc.array(
      fc.record({
        pid: fc.nat(5),
        name: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('utf8')),
        state: fc.constantFrom('runnable' as const, 'uninterruptible' as const),
        cpu: amount,
        began: fc.nat(2),
        pages: amount,
      }),
    ),
    uptime: amount,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Counters>; // Records with fields left out are of the optional kind.

test('two readings of any counters give a sample that the schema takes, never NaN, negative, or above a whole', () => {
  fc.assert(
    fc.property(counters, counters, fc.double({ min: -1e6, max: 1e9 }), (before, after, elapsed) => {
      const read = rates(before, after, elapsed, { pageSize: 4096 });
      if (read === undefined) return;
      const parsed = sampleSchema.safeParse({ kind: 'host', id: 'h', at: 0, ...read });
      expect(parsed.error?.issues).toBeUndefined();
    }),
  );
});

test('equal readings show a machine that did nothing, or nothing at all', () => {
  fc.assert(
    fc.property(counters, (reading) => {
      const { cpu, disk, network } = rates(reading, reading, 1000) ?? {};
      expect(cpu).toBeUndefined();
      expect((disk?.read ?? 0) + (network?.sent ?? 0)).toBe(0);
    }),
  );
});
