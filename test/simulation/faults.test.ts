import { expect, test } from 'vitest';
import { hours, type Inventory, minutes, type Reading, seconds } from '../../src/model/index.js';
import { busy, type FaultRates, type Fault, type SimulationOptions } from '../../src/simulation/index.js';
import { bare, endings, guest, host, move, order, record, samplesOf, seconds1GHz, small } from './small.js';

const MB = 1e6;
const two: SimulationOptions = {
  hosts: [host('a'), host('b')],
  guests: [guest('g', 'a', { memory: 1000 * MB }), guest('h', 'b')],
  workloads: { g: { used: 1000 * MB } },
  migration: bare,
};
const withFaults = (...scheduled: readonly Fault[]) => small({ ...two, faults: { scheduled } });

test('a host that falls silent delivers no samples, nor do its guests, and then goes on', () => {
  const world = withFaults({ kind: 'silence', host: 'a', at: seconds(15), lasting: seconds(20) });
  const readings = record(world);
  world.time.run(seconds(50));
  for (const id of ['a', 'g']) expect(samplesOf(readings, id).map(({ at }) => at / 1000)).toEqual([10, 40, 50]);
  for (const id of ['b', 'h']) expect(samplesOf(readings, id)).toHaveLength(5);
});

test('a crashed host takes its guests along; jobs are lost; both come back', () => {
  const world = small({
    ...two,
    workloads: { g: { jobs: [seconds1GHz(30)] } },
    faults: { scheduled: [{ kind: 'crash', host: 'a', at: seconds(12), lasting: seconds(20) }] },
  });
  const readings = record(world);
  const states: (string | undefined)[] = [];
  world.cluster.inventory().subscribe(({ hosts }) => states.push(hosts.find(({ id }) => id === 'a')?.state));
  world.time.run(seconds(60));
  expect(world.cluster.jobs()[0]).toMatchObject({ outcome: 'lost', finishedAt: seconds(12) });
  expect(samplesOf(readings, 'g').map(({ at }) => at / 1000)).toEqual([10, 40, 50, 60]);
  expect(states).toEqual(['active', 'off', 'active']);
  expect(world.cluster.meter().guests.get('g')?.dead).toBe(seconds(20));
});

test('a crash of the destination breaks a migration off, and the guest goes on at the source', () => {
  const world = withFaults({ kind: 'crash', host: 'b', at: seconds(5) });
  const moved = move(world, order('g', 'a', 'b'));
  world.time.run(seconds(60));
  expect(moved.error()).toMatchObject({ kind: 'unreachable', retryable: true });
  expect(world.cluster.meter().guests.get('g')?.dead).toBe(0);
  expect(world.cluster.meter().migrations).toMatchObject({ failed: 1 });
});

test('a crash of the source breaks a migration off, and the guest is dead', () => {
  const world = withFaults({ kind: 'crash', host: 'a', at: seconds(5) });
  const moved = move(world, order('g', 'a', 'b'));
  world.time.run(seconds(60));
  expect(moved.error()).toMatchObject({ kind: 'unreachable' });
  expect(world.cluster.meter().guests.get('g')?.dead).toBe(seconds(55));
  expect(move(world, order('g', 'a', 'b', 'again')).error()?.kind).toBe('unreachable');
});

test('a crash of the source after the switch to post-copy tears the guest apart', () => {
  const world = withFaults({ kind: 'crash', host: 'a', at: seconds(5) });
  const moved = move(world, order('g', 'a', 'b', 'm'));
  world.time.run(seconds(4));
  world.cluster.steer('m', { kind: 'post-copy' }).subscribe();
  world.time.run(seconds(60));
  expect(moved.error()).toMatchObject({ kind: 'post-copy broken', retryable: false });
  expect(world.cluster.meter().guests.get('g')?.dead).toBe(seconds(55));
});

test('a dead guest can be started elsewhere', () => {
  const world = withFaults({ kind: 'crash', host: 'a', at: seconds(5) });
  world.time.run(seconds(10));
  world.cluster.change({ kind: 'restart guest', guest: 'g', host: 'b' });
  world.cluster.change({ kind: 'start job', guest: 'g', job: seconds1GHz(3) });
  world.time.run(seconds(60));
  expect(endings(world)['work']).toBe(13);
});

test('a slow link slows a migration for as long as it lasts', () => {
  const world = withFaults({
    kind: 'slow link',
    host: 'b',
    link: 'eth1',
    factor: 0.1,
    at: seconds(2),
    lasting: seconds(5),
  });
  const moved = move(world, order('g', 'a', 'b'));
  world.time.run(seconds(60));
  // 2 s and the rest at 100 MB/s, 5 s at 10 MB/s.
  expect(moved.done()?.at).toBeCloseTo(seconds(14.5), 6);
});

test('a dead link stalls a migration, and it goes on when the link does', () => {
  const world = withFaults({ kind: 'slow link', host: 'a', factor: 0, at: seconds(2), lasting: seconds(30) });
  const moved = move(world, order('g', 'a', 'b'));
  world.time.run(seconds(60));
  expect(moved.done()?.at).toBeCloseTo(seconds(40), 6);
});

test('slow spells that overlap end as they began', () => {
  const world = withFaults(
    { kind: 'slow link', host: 'a', factor: 0.5, at: seconds(0), lasting: seconds(4) },
    { kind: 'slow link', host: 'a', factor: 0.5, at: seconds(2), lasting: seconds(4) },
  );
  const moved = move(world, order('g', 'a', 'b'));
  world.time.run(seconds(60));
  // 2 s at 50, 2 s at 25, 2 s at 50 MB/s, the rest at 100.
  expect(moved.done()?.at).toBeCloseTo(seconds(6 + 7.5), 6);
});

test('a migration that fails midway errors, and the guest stays', () => {
  const world = withFaults({ kind: 'migration fails', guest: 'g', at: seconds(5) });
  const moved = move(world, order('g', 'a', 'b'));
  world.time.run(seconds(60));
  expect(moved.error()).toMatchObject({ kind: 'protocol', retryable: true });
  expect(move(world, order('g', 'a', 'b')).error()).toBeUndefined();
});

test('while the driver cannot be reached its streams error, and the migration goes on', () => {
  const world = withFaults({ kind: 'outage', at: seconds(5), lasting: seconds(2) });
  const errors: string[] = [];
  const note = { error: ({ kind }: { kind: string }) => errors.push(kind) };
  world.cluster.samples().subscribe(note);
  world.cluster.inventory().subscribe(note);
  const moved = move(world, order('g', 'a', 'b', 'm'));
  world.time.run(seconds(6));
  expect(moved.error()).toMatchObject({ kind: 'unreachable', retryable: true });
  world.cluster.inFlight().subscribe(note);
  world.cluster.steer('m', { kind: 'abort' }).subscribe(note);
  expect(errors).toEqual(['unreachable', 'unreachable', 'unreachable', 'unreachable']);
  world.time.run(seconds(8));
  const kinds: string[] = [];
  world.cluster.follow('m').subscribe(({ kind }) => kinds.push(kind));
  world.time.run(seconds(60));
  expect(kinds.at(-1)).toBe('done');
});

test('garbage is a typed bad input, or a sample that says NaN, and the stream lives on', () => {
  const world = withFaults(
    { kind: 'garbage', subject: { kind: 'host', id: 'a' }, as: 'bad input', at: seconds(1) },
    { kind: 'garbage', subject: { kind: 'guest', id: 'g' }, as: 'NaN', at: seconds(1) },
  );
  const readings = record(world);
  world.time.run(seconds(20));
  expect(readings.filter(({ kind }) => kind === 'bad-input')).toMatchObject([
    { source: 'simulated', place: 'host a', problem: 'malformed' },
  ]);
  expect(samplesOf(readings, 'g').map(({ cpu }) => cpu?.used)).toEqual([NaN, 0]);
  expect(samplesOf(readings, 'a')).toHaveLength(1);
});

const drawn = (rates: FaultRates, seed = 1): { readings: Reading[]; arrivals: number[] } => {
  const world = small({ ...two, seed, faults: { rates } });
  const readings: Reading[] = [];
  const arrivals: number[] = [];
  world.cluster.samples().subscribe((reading) => {
    readings.push(reading);
    arrivals.push(world.time.now());
  });
  world.time.run(hours(1));
  return { readings, arrivals };
};

test('lost samples are as many as the rate says, and the same for one seed', () => {
  const { readings } = drawn({ loss: 0.25 });
  expect(readings.length / (4 * 360)).toBeCloseTo(0.75, 1);
  expect(drawn({ loss: 0.25 }).readings).toEqual(readings);
  expect(drawn({ loss: 0.25 }, 2).readings).not.toEqual(readings);
});

test('duplicated samples arrive twice', () => {
  const { readings } = drawn({ duplication: 0.1 });
  expect(readings.length / (4 * 360)).toBeCloseTo(1.1, 1);
});

test('delayed samples arrive late and out of order', () => {
  const { readings, arrivals } = drawn({ delay: { share: 0.2, by: seconds(60) } });
  const late = samplesOf(readings, 'g').filter(({ at }, i, all) => at < (all[i - 1]?.at ?? 0));
  expect(late.length).toBeGreaterThan(10);
  readings.forEach((reading, i) => {
    if (reading.kind !== 'bad-input') expect((arrivals[i] ?? 0) - reading.at).toBeLessThanOrEqual(seconds(60));
  });
});

test('one kind of fault does not shift another: the same samples are lost with and without duplication', () => {
  const times = (rates: FaultRates): number[] => [
    ...new Set(samplesOf(drawn(rates).readings, 'g').map(({ at }) => at)),
  ];
  expect(times({ loss: 0.3, duplication: 0.5 })).toEqual(times({ loss: 0.3 }));
});

test('silence, crashes, slow links and outages recur at times drawn from the seed', () => {
  const run = (seed: number) => {
    const recurring = { every: minutes(20), lasting: minutes(1) };
    const world = small({
      ...two,
      seed,
      workloads: { g: { jobs: [busy()] } },
      faults: { rates: { silence: recurring, crash: recurring, slowLink: { ...recurring, factor: 0.5 } } },
    });
    const readings = record(world);
    const inventories: Inventory[] = [];
    world.cluster.inventory().subscribe((inventory) => inventories.push(inventory));
    world.time.run(hours(3));
    return { readings, inventories, meter: [...world.cluster.meter().guests] };
  };
  const first = run(1);
  expect(first.inventories.length).toBeGreaterThan(4);
  expect(first.readings.length).toBeLessThan(4 * 3 * 360);
  expect(run(1)).toEqual(first);
  expect(run(2).meter).not.toEqual(first.meter);
});

test('a share of migrations fails, drawn from the seed by the name of the migration', () => {
  const outcomes = (seed: number) =>
    Array.from({ length: 20 }, (_, i) => {
      const world = small({
        ...two,
        seed,
        faults: { rates: { migrationFailure: { share: 0.5, within: seconds(10) } } },
      });
      const moved = move(world, order('g', 'a', 'b', `m${i}`));
      world.time.run(seconds(60));
      return moved.error()?.kind ?? 'done';
    });
  const first = outcomes(1);
  expect(new Set(first)).toEqual(new Set(['protocol', 'done']));
  expect(outcomes(1)).toEqual(first);
});
