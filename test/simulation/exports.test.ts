import { describe, expect, test } from 'vitest';
import { protocol } from '../../src/engine/index.js';
import { type Host, type Inventory, mebibytes, seconds } from '../../src/model/index.js';
import { type SimulationOptions } from '../../src/simulation/index.js';
import { bare, endings, guest, host, move, order, type Small, small, work } from './small.js';

const MB = 1e6;
/** The laptop has the image in its own disk, of 50 MB/s; nobody has set up a way to it from the desktop. */
const laptop = host('laptop', { storage: [{ id: 'disk', access: 'local', score: 50 * MB }] });
const at = (exports: SimulationOptions['exports'], rest: Partial<SimulationOptions> = {}): Small =>
  small({
    hosts: [laptop, host('desktop')],
    guests: [guest('g', 'laptop', { home: 'laptop', image: { storage: 'disk' } })],
    migration: bare,
    ...(exports && { exports }),
    ...rest,
  });
const overNfs = { access: 'nfs', score: 20 * MB } as const;

const inventoryOf = ({ cluster }: Small): Inventory => {
  const seen: Inventory[] = [];
  cluster
    .inventory()
    .subscribe((one) => seen.push(one))
    .unsubscribe();
  return seen[0] ?? { hosts: [], guests: [] };
};

/** Reads 100 MB now, and gives the seconds that it took. */
const reading = (world: Small, name: string): number => {
  const started = world.time.now();
  world.cluster.change({ kind: 'start job', guest: 'g', job: work(name, { kind: 'read', bytes: 100 * MB }) });
  world.time.run(started + seconds(60));
  return (endings(world)[name] ?? NaN) - started / 1000;
};
const moveTo = (world: Small, from: string, to: string): void => {
  const moved = move(world, order('g', from, to));
  world.time.run(world.time.now() + seconds(60));
  expect(moved.completed()).toBe(true);
};
const access = ({ cluster }: Small) => cluster.images().get('g')?.access;

/** At home, away, and back: how the image is reached, and how long 100 MB take. */
const journey = (exports: SimulationOptions['exports']) => {
  const world = at(exports);
  const stages = [];
  stages.push([access(world), reading(world, 'home')]);
  moveTo(world, 'laptop', 'desktop');
  stages.push([access(world), reading(world, 'away')]);
  moveTo(world, 'desktop', 'laptop');
  stages.push([access(world), reading(world, 'back')]);
  return stages;
};
const about = (n: number): unknown => expect.closeTo(n, 6);

describe('an image whose access is switched on migration', () => {
  test.each(['nfs', 'iscsi'] as const)(
    'M47 local while home, over %s when the guest left, local again when it returned',
    (by) => {
      expect(journey({ ...overNfs, access: by })).toEqual([
        ['local', about(2)],
        [by, about(5)],
        ['local', about(2)],
      ]);
    },
  );

  test('M47 where it is not switched, the export is in the way at home too', () => {
    expect(journey({ ...overNfs, when: 'always' })).toEqual([
      ['nfs', about(5)],
      ['nfs', about(5)],
      ['nfs', about(5)],
    ]);
  });

  test('M47 it is switched in the moment in which the migration ends, in the middle of a transfer', () => {
    const world = at(overNfs);
    world.cluster.change({ kind: 'start job', guest: 'g', job: work('read', { kind: 'read', bytes: 1000 * MB }) });
    const moved = move(world, order('g', 'laptop', 'desktop'));
    world.time.run(seconds(1));
    expect([moved.done(), access(world)]).toEqual([undefined, 'local']);
    world.time.run(seconds(100));
    const until = (moved.done()?.at ?? NaN) / 1000;
    expect(access(world)).toBe('nfs');
    // 50 MB/s while it was local, 20 MB/s after that; the guest stands still for no time.
    expect(endings(world)['read']).toBeCloseTo(until + (1000 - 50 * until) / 20, 6);
  });

  test('M47 a migration that fails switches nothing', () => {
    const world = at(overNfs);
    const moved = move(world, order('g', 'laptop', 'desktop'));
    world.time.run(seconds(1));
    moved.cancel();
    world.time.run(seconds(2));
    expect([access(world), reading(world, 'read')]).toEqual(['local', about(2)]);
  });

  test('M47 the inventory lists the way before the guest takes it, as the protocol would switch its parameters', () => {
    const world = at(overNfs);
    const { hosts } = inventoryOf(world);
    const desktop = hosts.find(({ id }) => id === 'desktop') as Host;
    expect(desktop.storage).toEqual([{ id: 'disk', access: 'nfs', score: 20 * MB }]);
    const parameters: protocol.LaunchParameters = {
      memory: mebibytes(1000),
      vcpus: 1,
      disks: [{ storage: 'disk', image: 'g.img', access: 'local' }],
      networks: [],
      peripherals: [],
      arguments: [],
    };
    const away = protocol.switchStorage(parameters, desktop);
    moveTo(world, 'laptop', 'desktop');
    expect(away.ok && away.value.disks[0]?.access).toBe(access(world));
    const back = away.ok ? protocol.switchStorage(away.value, laptop) : away;
    moveTo(world, 'desktop', 'laptop');
    expect(back.ok && back.value.disks[0]?.access).toBe(access(world));
  });

  test('M47 M30 without exports the desktop does not reach the image, and the guest cannot go there', () => {
    const world = at(undefined);
    expect(move(world, order('g', 'laptop', 'desktop')).error()?.kind).toBe('refused as unsafe');
  });

  test('M47 a way that somebody set up is left as it is', () => {
    const own = host('desktop', { storage: [{ id: 'disk', access: 'iscsi', score: 25 * MB }] });
    const world = at(overNfs, { hosts: [laptop, own] });
    moveTo(world, 'laptop', 'desktop');
    expect([access(world), reading(world, 'read')]).toEqual(['iscsi', about(4)]);
  });

  test('M47 M40 the export ends with the host that has the disk, and the guest waits for it', () => {
    const world = at(overNfs, {
      faults: { scheduled: [{ kind: 'crash', host: 'laptop', at: seconds(61), lasting: seconds(5) }] },
    });
    moveTo(world, 'laptop', 'desktop');
    expect(reading(world, 'read')).toBeCloseTo(10, 6);
  });

  test('M47 a wrong setting is refused at once with its path', () => {
    expect(() => at({ access: 'nfs', score: -1 })).toThrow('simulation.exports.score');
  });
});
