/** The XAPI driver against a server that follows the public documentation: conformance, failures by code, and metrics. */
import * as fc from 'fast-check';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type Driver, xapi } from '../../../../src/drivers/index.js';
import { parseRrd } from '../../../../src/drivers/xen/xapi/rrd.js';
import { gibibytes, kibibytes, megahertz, seconds } from '../../../../src/model/index.js';
import { virtualTime } from '../../../../src/simulation/index.js';
import { driverConformance, type DriverWorld } from '../../../../src/testing/index.js';
import { cuts, sound } from '../captures.js';
import { type FakePool, fakePool, uuids, XapiError } from './fake-pool.js';

const rrd = JSON.stringify({
  meta: {
    legend: [
      `AVERAGE:host:${uuids.a}:cpu_avg`,
      `AVERAGE:host:${uuids.a}:memory_total_kib`,
      `AVERAGE:host:${uuids.a}:memory_free_kib`,
      `AVERAGE:host:${uuids.a}:pif_eth0_rx`,
      `AVERAGE:host:${uuids.a}:pif_eth0_tx`,
      `AVERAGE:host:${uuids.a}:pif_aggr_rx`,
      `AVERAGE:vm:${uuids.web}:cpu0`,
      `AVERAGE:vm:${uuids.web}:cpu1`,
      `AVERAGE:vm:${uuids.web}:vbd_xvda_read`,
      `AVERAGE:vm:${uuids.web}:vbd_xvda_write`,
      'AVERAGE:vm:99999999-0000-4000-8000-000000000000:cpu0',
    ],
  },
  data: [
    { t: 'NOW', values: [0.25, 16000, 4000, 10, 20, 999, 0.5, 0.3, 100, 'NAN', 1] },
    { t: 5, values: [0.9, 16000, 4000, 10, 20, 999, 0.5, 0.3, 100, 50, 1] },
  ],
})
  .replace('"NOW"', 'NOW')
  .replace('"NAN"', 'NaN');
const names = new Map<string, string>([
  [uuids.a, 'host-a'],
  [uuids.web, 'web'],
]);
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const setUp = (): { readonly pool: FakePool; readonly world: DriverWorld } => {
  const time = virtualTime();
  const pool = fakePool(time.now, seconds(4));
  pool.rrd = rrd;
  const driver = (): Driver =>
    xapi({
      connection: pool.connection,
      scheduler: time.scheduler,
      every: seconds(2),
      sampling: seconds(1),
      migration: { poll: 500 },
    });
  const world: DriverWorld = {
    driver: driver(),
    order: { id: 'move-1', guest: 'web', from: 'host-a', to: 'host-b' },
    restart: driver,
    pass: async (span) => {
      time.run(time.now() + span);
      await settled();
    },
    close: () => undefined,
  };
  return { pool, world };
};

describe('conformance', () => {
  for (const { name, skipped, run } of driverConformance({
    open: () => setUp().world,
    patience: seconds(60),
    actions: [{ kind: 'continue' }, { kind: 'abort' }],
  }))
    test.skipIf(skipped !== undefined)(name, run);
});

test('hosts and guests are told with what XAPI says of them', async () => {
  const { world } = setUp();
  const told = firstValueFrom(world.driver.inventory());
  await world.pass(1);
  const { hosts, guests } = await told;
  expect(hosts[0]).toMatchObject({
    id: 'host-a',
    state: 'active',
    cpu: { cores: 4, threads: 8, clock: megahertz(2400) },
    memory: { total: gibibytes(16), reserved: gibibytes(4) },
  });
  expect(guests).toMatchObject([{ id: 'web', host: 'host-a', vcpus: 2, memory: gibibytes(2), migratable: true }]);
});

const failing = async (method: string, error: Error): Promise<unknown> => {
  const { pool, world } = setUp();
  pool.failing.set(method, error);
  try {
    await lastValueFrom(world.driver.migrate(world.order));
  } catch (thrown) {
    return thrown;
  }
  return undefined;
};

test.each([
  ['HOST_NOT_ENOUGH_FREE_MEMORY', 'insufficient memory', true],
  ['VM_REQUIRES_SR', 'refused as unsafe', false],
  ['VM_HAS_PCI_ATTACHED', 'unsupported', false],
  ['HOST_OFFLINE', 'unreachable', true],
  ['OTHER_OPERATION_IN_PROGRESS', 'conflict', true],
  ['SESSION_INVALID', 'unreachable', true],
  ['ECONNREFUSED', 'unreachable', true],
  ['SOMETHING_NEW', 'protocol', false],
] as const)('%s is %s', async (code, kind, retryable) => {
  expect(await failing('VM.assert_can_boot_here', new XapiError(code, 'what'))).toMatchObject({ kind, retryable });
});

test('a session never enters a message', async () => {
  expect(await failing('VM.assert_can_boot_here', new XapiError('SESSION_INVALID', 'OpaqueRef:secret'))).toMatchObject({
    message: 'XAPI: SESSION_INVALID',
  });
});

test('a task that failed says why', async () => {
  const { pool, world } = setUp();
  pool.ending = 'failure';
  const ended = lastValueFrom(world.driver.migrate(world.order)).catch((thrown: unknown) => thrown);
  for (let i = 0; i < 60; i += 1) await world.pass(100);
  expect(await ended).toMatchObject({ kind: 'insufficient memory' });
  expect(pool.called).toContain('task.destroy');
});

test('an answer that is no record is a breach of protocol', async () => {
  const { world } = setUp();
  const broken = xapi({ connection: { call: () => Promise.resolve({ a: 5 }) } });
  await expect(firstValueFrom(broken.inventory())).rejects.toMatchObject({ kind: 'protocol' });
  expect(() => xapi({ connection: {} as never })).toThrow('xapi.connection');
  expect(world.order.id).toBe('move-1');
});

test('a server that accepts and says nothing is timed out', async () => {
  const silent = xapi({ connection: { call: () => new Promise(() => undefined) }, deadline: 5 });
  await expect(firstValueFrom(silent.inventory())).rejects.toMatchObject({ kind: 'timed out', retryable: true });
});

test('the newest row becomes samples; what is no number is not known, and aggregates are not counted twice', () => {
  const read = parseRrd(rrd.replace('NOW', '1000'), names);
  expect(read.ok && read.value).toEqual([
    {
      kind: 'host',
      id: 'host-a',
      at: seconds(1000),
      cpu: { used: 0.25 },
      memory: { total: kibibytes(16000), available: kibibytes(4000), used: kibibytes(12000) },
      network: { received: 10, sent: 20 },
    },
    { kind: 'guest', id: 'web', at: seconds(1000), cpu: { used: 0.4 } },
  ]);
});

test('metrics cut anywhere, and any text, give a typed result', () => {
  const recorded = rrd.replace('NOW', '1000');
  for (const length of cuts(recorded)) expect(parseRrd(recorded.slice(0, length), names).ok).toBe(false);
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const read = parseRrd(text, names);
      return read.ok ? sound(read.value) : read.error.message !== '';
    }),
  );
});
