import { expect, test } from 'vitest';
import type { ConvergenceAction, Inventory } from '../../src/model/index.js';
import { gigahertz, hours, seconds } from '../../src/model/index.js';
import { type MigrationModel, oldQemuRule, oldXenRule, type SimulationOptions } from '../../src/simulation/index.js';
import { bare, endings, guest, host, move, order, seconds1GHz, small, type Small, work } from './small.js';

const MB = 1e6;
const hot = work('hot', {
  kind: 'compute',
  cycles: 1e12,
  writes: { amount: 1000 * 120 * MB, workingSet: 500 * MB, pattern: 'sweep' },
});

/** A guest that dirties 120 MB/s, on its way over a link of 100 MB/s. */
const stuck = (model: Partial<MigrationModel> = {}, rest: Partial<SimulationOptions> = {}) => {
  const world = small({
    hosts: [host('a'), host('b')],
    guests: [guest('g', 'a', { memory: 1000 * MB })],
    workloads: { g: { used: 1000 * MB, jobs: [hot] } },
    migration: { ...bare, stopRule: oldQemuRule(), ...model },
    ...rest,
  });
  const moved = move(world, order('g', 'a', 'b', 'm'));
  world.time.run(seconds(20));
  return { world, moved };
};

const steer = ({ cluster }: Small, action: ConvergenceAction, id = 'm') => {
  let answer: 'taken' | { kind: string } | undefined;
  cluster.steer(id, action).subscribe({
    error: (thrown: { kind: string }) => {
      answer = thrown;
    },
    complete: () => {
      answer = 'taken';
    },
  });
  return answer;
};

const whereIs = ({ cluster }: Small, id: string): string | undefined => {
  let inventory: Inventory | undefined;
  cluster
    .inventory()
    .subscribe((latest) => (inventory = latest))
    .unsubscribe();
  return inventory?.guests.find((one) => one.id === id)?.host;
};

test('continue leaves a migration as it is', () => {
  const { world, moved } = stuck();
  expect(steer(world, { kind: 'continue' })).toBe('taken');
  world.time.run(seconds(200));
  expect(moved.done()).toBeUndefined();
});

test('raising the downtime limit ends a migration that does not converge', () => {
  const { world, moved } = stuck();
  expect(steer(world, { kind: 'raise downtime', limit: 6000 })).toBe('taken');
  world.time.run(seconds(60));
  expect(moved.progress().at(-1)?.downtimeLimit).toBe(6000);
  expect(moved.done()?.downtime).toBeLessThanOrEqual(6000);
  expect(moved.done()?.downtime).toBeGreaterThan(4000);
});

test('a stop rule without a downtime limit cannot have it raised', () => {
  const { world } = stuck({ stopRule: { ...oldXenRule(), kind: 'rounds', rounds: 1000, pages: 0, volume: 1000 } });
  expect(steer(world, { kind: 'raise downtime', limit: 6000 })).toMatchObject({ kind: 'unsupported' });
});

test('throttling the guest makes it dirty less, so that it converges, and is told', () => {
  const { world, moved } = stuck();
  expect(steer(world, { kind: 'throttle', share: 0.8 })).toBe('taken');
  world.time.run(seconds(80));
  expect(moved.done()).toBeDefined();
  expect(moved.progress().some(({ throttle }) => throttle === 0.8)).toBe(true);
});

test('a throttle ends with its migration', () => {
  const { world } = stuck({}, { workloads: { g: { used: 1000 * MB, jobs: [hot, seconds1GHz(200)] } } });
  steer(world, { kind: 'throttle', share: 0.9 });
  world.time.run(hours(1));
  const before = world.cluster.meter().guests.get('g')?.served ?? NaN;
  const { time } = world;
  time.run(time.now() + seconds(1));
  // Both jobs are over by then or run at full speed; the meter shows no throttled rate.
  const rate = (world.cluster.meter().guests.get('g')?.served ?? NaN) - before;
  expect([0, gigahertz(1)]).toContainEqual(Math.round(rate));
});

test('M42d: pausing the guest ends the rounds, and the pause counts as downtime', () => {
  const { world, moved } = stuck();
  expect(steer(world, { kind: 'pause' })).toBe('taken');
  world.time.run(seconds(60));
  // At most what was pending and the working set were left.
  expect(moved.done()?.at).toBeLessThan(seconds(20 + 10));
  expect(moved.done()?.downtime).toBe((moved.done()?.at ?? NaN) - seconds(20));
});

test('post-copy moves the guest at once, and pulls the rest', () => {
  const { world, moved } = stuck({ handover: 100 });
  expect(steer(world, { kind: 'post-copy' })).toBe('taken');
  expect(whereIs(world, 'g')).toBe('b');
  expect(moved.done()).toBeUndefined();
  world.time.run(seconds(60));
  expect(moved.progress().some(({ phase }) => phase === 'post-copy')).toBe(true);
  expect(moved.done()?.downtime).toBeCloseTo(100, 6);
  expect(moved.done()?.at).toBeLessThan(seconds(30));
});

test('in post-copy a guest is slower by the share of the options', () => {
  const world = small({
    hosts: [host('a'), host('b')],
    guests: [guest('g', 'a', { memory: 1000 * MB })],
    workloads: { g: { used: 1000 * MB, jobs: [seconds1GHz(10)] } },
    migration: { ...bare, postCopySlowdown: 0.5 },
  });
  move(world, order('g', 'a', 'b', 'm'));
  world.time.run(seconds(6));
  steer(world, { kind: 'post-copy' });
  world.time.run(seconds(100));
  // 6 s at full speed, 4 s of pulling at half speed, 2e9 cycles left.
  expect(endings(world)['work']).toBeCloseTo(12, 6);
});

test('past the switch to post-copy there is no abort, and unsubscribing lets it go on', () => {
  const { world, moved } = stuck();
  steer(world, { kind: 'post-copy' });
  expect(steer(world, { kind: 'abort' })).toMatchObject({ kind: 'conflict' });
  moved.cancel();
  world.time.run(seconds(60));
  expect(whereIs(world, 'g')).toBe('b');
  expect(world.cluster.meter().migrations).toMatchObject({ done: 1, cancelled: 0 });
});

test('abort ends a migration, and the guest goes on at the source', () => {
  const { world, moved } = stuck();
  expect(steer(world, { kind: 'abort' })).toBe('taken');
  expect(moved.error()).toMatchObject({ kind: 'cancelled' });
  expect(whereIs(world, 'g')).toBe('a');
  expect(world.cluster.meter().migrations).toMatchObject({ started: 1, done: 0, cancelled: 1 });
  expect(world.cluster.meter().migrations.bytes).toBeCloseTo(2000 * MB, 0);
});

test('unsubscribing cancels: the guest goes on at the source, as fast as before', () => {
  const world = small({
    hosts: [host('a'), host('b')],
    guests: [guest('g', 'a', { memory: 1000 * MB })],
    workloads: { g: { used: 1000 * MB, jobs: [seconds1GHz(20)] } },
    migration: { ...bare, slowdown: 0.5 },
  });
  const moved = move(world, order('g', 'a', 'b'));
  world.time.run(seconds(4));
  moved.cancel();
  world.time.run(seconds(100));
  expect(moved.done()).toBeUndefined();
  expect(moved.error()).toBeUndefined();
  expect(whereIs(world, 'g')).toBe('a');
  expect(endings(world)['work']).toBeCloseTo(22, 6);
  // The memory at the destination is free again.
  expect(move(world, order('g', 'a', 'b', 'again')).error()).toBeUndefined();
});

test('nothing can be asked of a migration that does not exist', () => {
  const { world } = stuck();
  expect(steer(world, { kind: 'abort' }, 'other')).toMatchObject({ kind: 'not found' });
});

test('what is in flight is found again, and can be followed and left alone', () => {
  const { world } = stuck({ stopRule: oldXenRule() });
  const found: unknown[] = [];
  world.cluster.inFlight().subscribe((moves) => found.push(...moves));
  expect(found).toEqual([
    expect.objectContaining({
      id: 'm',
      guest: 'g',
      from: 'a',
      to: 'b',
      startedAt: 0,
      progress: expect.objectContaining({ phase: 'copying', bandwidth: 100 * MB }) as unknown,
    }),
  ]);
  const kinds: string[] = [];
  world.cluster.follow('m').subscribe(({ kind }) => kinds.push(kind));
  world.cluster.follow('m').subscribe().unsubscribe();
  world.time.run(seconds(100));
  expect(kinds[0]).toBe('progress');
  expect(kinds.at(-1)).toBe('done');
});

test('a migration that does not exist cannot be followed', () => {
  let kind: string | undefined;
  stuck()
    .world.cluster.follow('other')
    .subscribe({ error: (thrown: { kind: string }) => (kind = thrown.kind) });
  expect(kind).toBe('not found');
});
