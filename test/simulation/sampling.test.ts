import { expect, test } from 'vitest';
import { minutes, sampleSchema, seconds } from '../../src/model/index.js';
import { busy, clusterOf, simulatedCluster, traceDemand, virtualTime } from '../../src/simulation/index.js';
import { guest, host, record, samplesOf, small } from './small.js';

test('every host and guest is read at the interval, for as long as somebody is subscribed', () => {
  const world = small({ hosts: [host('a'), host('b')], guests: [guest('g', 'a')], sampling: { every: seconds(5) } });
  const readings: string[] = [];
  const subscription = world.cluster.samples().subscribe((reading) => {
    if (reading.kind !== 'bad-input') readings.push(`${reading.id}@${reading.at / 1000}`);
  });
  world.time.run(seconds(12));
  subscription.unsubscribe();
  world.time.run(seconds(100));
  expect(readings).toEqual(['a@5', 'b@5', 'g@5', 'a@10', 'b@10', 'g@10']);
});

test('nothing is scheduled before somebody subscribes, and nothing after the last unsubscribed', () => {
  const time = virtualTime();
  let scheduled = 0;
  const scheduler = {
    now: () => time.now(),
    schedule: ((...args: Parameters<typeof time.scheduler.schedule>) => {
      scheduled += 1;
      return time.scheduler.schedule(...args);
    }) as typeof time.scheduler.schedule,
  };
  const cluster = simulatedCluster({ ...clusterOf({ hosts: 2, guests: 4 }), scheduler });
  time.run(minutes(10));
  expect(scheduled).toBe(0);
  const subscription = cluster.samples().subscribe();
  time.run(minutes(20));
  subscription.unsubscribe();
  const then = scheduled;
  time.run(minutes(60));
  expect(scheduled).toBe(then);
});

test('every sample satisfies the schema of samples', () => {
  const { hosts, guests } = clusterOf({ hosts: 2, guests: 6, seed: 3 });
  const world = small({
    hosts,
    guests,
    workloads: Object.fromEntries(
      guests.map(({ id }, i) => [id, i % 2 === 0 ? { jobs: [busy(3)] } : { demand: traceDemand([0.1 * i, 0.9]) }]),
    ),
  });
  const readings = record(world);
  world.time.run(minutes(11));
  expect(readings.length).toBe(8 * 66);
  for (const reading of readings) expect(sampleSchema.parse(reading)).toEqual(reading);
});

test('the dirty reading counts unique pages over its window, so that a longer window reads lower', () => {
  const read = (dirtyWindow: number) => {
    const world = small({
      hosts: [host('a')],
      guests: [guest('g', 'a')],
      workloads: { g: { background: { rate: 100e6, workingSet: 50e6, pattern: 'sweep' } } },
      sampling: { dirtyWindow },
    });
    const readings = record(world);
    world.time.run(seconds(10));
    return samplesOf(readings, 'g')[0]?.dirty;
  };
  expect(read(250)).toEqual({ rate: 100e6, window: 250 });
  expect(read(1000)).toEqual({ rate: 50e6, window: 1000 });
  expect(read(2000)).toEqual({ rate: 25e6, window: 2000 });
});

test('measurement noise is drawn from the seed, and there is none by default', () => {
  const read = (seed: number, cpu: number) => {
    const world = small({
      hosts: [host('a')],
      guests: [guest('g', 'a')],
      workloads: { g: { demand: traceDemand([0.5]) } },
      sampling: { noise: { cpu } },
      seed,
    });
    const readings = record(world);
    world.time.run(seconds(500));
    return samplesOf(readings, 'g').map((sample) => sample.cpu?.used ?? NaN);
  };
  expect(new Set(read(1, 0))).toEqual(new Set([0.5]));
  const noisy = read(1, 0.1);
  expect(read(1, 0.1)).toEqual(noisy);
  expect(read(2, 0.1)).not.toEqual(noisy);
  const mean = noisy.reduce((a, b) => a + b, 0) / noisy.length;
  expect(mean).toBeCloseTo(0.5, 1);
  expect(Math.max(...noisy)).toBeGreaterThan(0.55);
});

test('a guest that comes later is read since it came', () => {
  const world = small({ hosts: [host('a')], guests: [] });
  const readings = record(world);
  world.time.run(seconds(15));
  world.cluster.change({ kind: 'add guest', guest: guest('g', 'a'), workload: { jobs: [busy()] } });
  world.time.run(seconds(20));
  expect(samplesOf(readings, 'g').map(({ at, cpu }) => [at, cpu?.used])).toEqual([[seconds(20), 1]]);
});

test('being watched does not change what happens, to the bit', () => {
  const { hosts, guests } = clusterOf({ hosts: 3, guests: 9, seed: 5 });
  const run = (watch: boolean) => {
    const world = small({
      hosts,
      guests,
      workloads: Object.fromEntries(
        guests.map(({ id }, i) => [id, { demand: traceDemand([0.1 * i, 1, 0.33]), jobs: [busy(1 + (i % 3))] }]),
      ),
    });
    if (watch) {
      record(world);
      world.cluster.inventory().subscribe();
      for (const at of world.time.slices(minutes(30), 7777)) void world.cluster.meter().at.toFixed(at % 3);
    }
    world.time.run(minutes(30));
    const { guests: read, hosts: ofHosts } = world.cluster.meter();
    return { guests: [...read], hosts: [...ofHosts] };
  };
  expect(run(true)).toEqual(run(false));
});
