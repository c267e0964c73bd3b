import { expect, test } from 'vitest';
import { type Host, type HostNetwork, mbps, mebibytes, mebibytesPerSecond, seconds } from '../../src/model/index.js';
import { type Activity, job } from '../../src/simulation/index.js';
import { bare, endings, guest, host, move, order, record, samplesOf, small, work } from './small.js';

const MB = 1e6;
const image = { image: { storage: 'disk' } };
/** The disk stands in `server` and does 50 MB/s; `client` reaches it over a storage network of 100 MB/s. */
const server = (rest: Partial<Host> = {}) =>
  host('server', { storage: [{ id: 'disk', access: 'local', score: 50 * MB }], ...rest });
const client = (rest: Partial<Host> = {}) => host('client', { storage: [{ id: 'disk', access: 'nfs' }], ...rest });

const read = (bytes: number): Activity => ({ kind: 'read', bytes });
const write = (bytes: number): Activity => ({ kind: 'write', bytes });

test('a local disk is read at its score, and shared evenly', () => {
  const world = small({
    hosts: [server()],
    guests: [guest('g1', 'server', image), guest('g2', 'server', image)],
    workloads: { g1: { jobs: [work('one', read(100 * MB))] }, g2: { jobs: [work('two', write(200 * MB))] } },
  });
  world.time.run(seconds(100));
  // Both at 25 MB/s until 4 s, then one at 50.
  expect(endings(world)).toEqual({ one: 4, two: 6 });
});

test('NFS goes over the storage network and the disk of its server, whichever is slower', () => {
  const run = (disk: number, path?: number) => {
    const world = small({
      hosts: [
        server({ storage: [{ id: 'disk', access: 'local', score: disk }] }),
        client({ storage: [{ id: 'disk', access: 'nfs', ...(path !== undefined && { score: path }) }] }),
      ],
      guests: [guest('g', 'client', image)],
      workloads: { g: { jobs: [work('read', read(200 * MB))] } },
      diskSpeed: 1e12,
    });
    world.time.run(seconds(100));
    return endings(world)['read'];
  };
  expect(run(50 * MB)).toBeCloseTo(4, 9);
  expect(run(1000 * MB)).toBeCloseTo(2, 9);
  expect(run(1000 * MB, 20 * MB)).toBeCloseTo(10, 9);
});

test('local and remote readers compete for the disk', () => {
  const world = small({
    hosts: [server(), client()],
    guests: [guest('g1', 'server', image), guest('g2', 'client', image)],
    workloads: { g1: { jobs: [work('local', read(100 * MB))] }, g2: { jobs: [work('remote', read(100 * MB))] } },
  });
  world.time.run(seconds(100));
  expect(endings(world)).toEqual({ local: 4, remote: 4 });
});

test('a process that waits for the disk with nothing else to run reads as iowait, counts in the load, and stalls for io', () => {
  const world = small({
    hosts: [server()],
    guests: [guest('g', 'server', image)],
    // Each second: half a second of computing, half a second of reading.
    workloads: { g: { jobs: [job('alternate', [{ kind: 'compute', cycles: 5e9 }, read(250 * MB)], { turns: 10 })] } },
  });
  const readings = record(world);
  world.time.run(seconds(10));
  const [sample] = samplesOf(readings, 'g');
  expect(sample?.cpu?.used).toBeCloseTo(0.5, 9);
  expect(sample?.cpu?.iowait).toBeCloseTo(0.5, 9);
  expect(sample?.pressure?.io?.some).toBeCloseTo(0.5, 9);
  expect(sample?.pressure?.io?.full).toBeCloseTo(0.5, 9);
  expect(sample?.disk?.read).toBeCloseTo(25 * MB, 3);
  expect(sample?.load?.one).toBeCloseTo(1 - Math.exp(-10 / 60), 9);
  const [ofHost] = samplesOf(readings, 'server');
  expect(ofHost?.disk).toMatchObject({ busy: expect.closeTo(0.5, 9) as number });
});

test('iowait vanishes while another process of the guest computes', () => {
  const world = small({
    hosts: [server()],
    guests: [guest('g', 'server', image)],
    workloads: { g: { jobs: [work('read', read(1000 * MB)), work('count', { kind: 'compute', cycles: 20e9 })] } },
  });
  const readings = record(world);
  world.time.run(seconds(10));
  const [sample] = samplesOf(readings, 'g');
  expect(sample?.cpu).toMatchObject({ used: 1, iowait: 0 });
  expect(sample?.pressure?.io).toEqual({ some: 1, full: 0 });
});

test('M40: a guest whose storage cannot be reached waits, and goes on when the server is back', () => {
  const world = small({
    hosts: [server(), client()],
    guests: [guest('g', 'client', image)],
    workloads: { g: { jobs: [work('read', read(100 * MB))] } },
    faults: { scheduled: [{ kind: 'crash', host: 'server', at: seconds(1), lasting: seconds(5) }] },
  });
  const readings = record(world);
  world.time.run(seconds(100));
  expect(endings(world)['read']).toBeCloseTo(7, 9);
  expect(samplesOf(readings, 'g')[0]?.cpu?.iowait).toBeCloseTo(0.7, 9);
});

test('a guest sends and receives over the link for guests', () => {
  const networks: HostNetwork[] = [{ role: 'guest', link: 'eth0', bandwidth: mbps(80) }];
  const world = small({
    hosts: [host('a', { networks })],
    guests: [guest('g', 'a')],
    workloads: { g: { jobs: [work('send', { kind: 'send', bytes: 50 * MB }, { kind: 'receive', bytes: 20 * MB })] } },
  });
  const readings = record(world);
  world.time.run(seconds(100));
  expect(endings(world)['send']).toBeCloseTo(7, 9);
  expect(samplesOf(readings, 'g')[0]?.network).toEqual({ received: 2 * MB, sent: 5 * MB });
  // Who waits for the network does not wait for storage.
  expect(samplesOf(readings, 'g')[0]?.cpu?.iowait).toBe(0);
});

/** A guest on the client writes to the server while it is migrated there. */
const copyWhileMigrating = (
  networks: readonly HostNetwork[],
  duplex: 'full' | 'half' = 'full',
  activity = write(800 * MB),
) => {
  const fast = { score: 1000 * MB };
  const world = small({
    hosts: [
      server({ storage: [{ id: 'disk', access: 'local', ...fast }], networks }),
      client({ storage: [{ id: 'disk', access: 'nfs', ...fast }], networks }),
    ],
    guests: [guest('g', 'client', { ...image, memory: mebibytes(1000) })],
    workloads: { g: { jobs: [work('copy', activity)], used: mebibytes(1000) } },
    migration: bare,
    duplex,
  });
  const moved = move(world, order('g', 'client', 'server'));
  world.time.run(seconds(100));
  return { migration: (moved.done()?.at ?? NaN) / 1000, copy: endings(world)['copy'] ?? NaN };
};
const shared: HostNetwork[] = [
  { role: 'migration', link: 'eth0', bandwidth: 100 * MB },
  { role: 'storage', link: 'eth0', bandwidth: 100 * MB },
];
const separate: HostNetwork[] = [
  { role: 'migration', link: 'eth1', bandwidth: 100 * MB },
  { role: 'storage', link: 'eth0', bandwidth: 100 * MB },
];

test('M38: NFS and a migration compete where they share a link (Muda, 7.3), not where each has its own (7.4)', () => {
  const memory = mebibytes(1000) / (100 * MB);
  const alone = copyWhileMigrating(separate);
  expect(alone.migration).toBeCloseTo(memory, 6);
  expect(alone.copy).toBeCloseTo(8, 6);
  // On one link each gets half while both go on: the copy of 800 MB takes 16 s, in which the migration sends 800 MB too.
  const together = copyWhileMigrating(shared);
  expect(together.copy).toBeCloseTo(16, 6);
  expect(together.migration).toBeCloseTo(16 + (mebibytes(1000) - 800 * MB) / (100 * MB), 6);
});

test('on a full-duplex link reading does not compete with a migration that leaves, on a half-duplex one it does', () => {
  expect(copyWhileMigrating(shared, 'full', read(800 * MB)).copy).toBeCloseTo(8, 6);
  expect(copyWhileMigrating(shared, 'half', read(800 * MB)).copy).toBeCloseTo(16, 6);
});

test('a transfer goes on over another path once its guest has moved', () => {
  const world = small({
    hosts: [
      server({ storage: [{ id: 'disk', access: 'local', score: 100 * MB }] }),
      client({ storage: [{ id: 'disk', access: 'nfs', score: 10 * MB }] }),
    ],
    guests: [guest('g', 'client', image)],
    workloads: { g: { jobs: [work('read', read(1000 * MB))], used: mebibytes(100) } },
    migration: bare,
  });
  const moved = move(world, order('g', 'client', 'server'));
  world.time.run(seconds(100));
  const until = (moved.done()?.at ?? NaN) / 1000;
  expect(endings(world)['read']).toBeCloseTo(until + (1000 - 10 * until) / 100, 1);
});

test('a disk without a score has the speed that the options give it', () => {
  const world = small({
    hosts: [host('a', { storage: [{ id: 'disk', access: 'local' }] })],
    guests: [guest('g', 'a')],
    workloads: { g: { jobs: [work('read', read(mebibytes(100)))] } },
    diskSpeed: mebibytesPerSecond(10),
  });
  world.time.run(seconds(100));
  expect(endings(world)['read']).toBeCloseTo(10, 9);
});
