import { expect, test } from 'vitest';
import { gigahertz, hours, minutes, seconds } from '../../src/model/index.js';
import { bare, guest, host, move, order, record, samplesOf, small } from './small.js';
import { traceDemand } from '../../src/simulation/index.js';

const near = (...values: readonly number[]) => values.map((value) => expect.closeTo(value, 9) as number);

const GHz = gigahertz(1);
const one = { clock: GHz, cores: 1, threads: 1, architecture: 'x86_64' };

test('trace-driven demand follows its series, step by step', () => {
  const world = small({
    hosts: [host('a')],
    guests: [guest('g', 'a')],
    workloads: { g: { demand: traceDemand([0.2, 0.8, 0.5], { step: seconds(10) }) } },
  });
  const readings = record(world);
  world.time.run(seconds(60));
  expect(samplesOf(readings, 'g').map(({ cpu }) => cpu?.used)).toEqual(near(0.2, 0.8, 0.5, 0.2, 0.8, 0.5));
});

test('a sample over a change of demand reads the mean', () => {
  const world = small({
    hosts: [host('a')],
    guests: [guest('g', 'a')],
    workloads: { g: { demand: traceDemand([0.2, 0.8], { step: seconds(4) }) } },
  });
  const readings = record(world);
  world.time.run(seconds(10));
  expect(samplesOf(readings, 'g')[0]?.cpu?.used).toBeCloseTo(0.6 * 0.2 + 0.4 * 0.8, 9);
});

test('a step that was not recorded goes on as the one before, and is not zero', () => {
  const world = small({
    hosts: [host('a')],
    guests: [guest('g', 'a')],
    workloads: { g: { demand: traceDemand([0.4, undefined, 0.6], { step: seconds(10) }) } },
  });
  const readings = record(world);
  world.time.run(seconds(30));
  expect(samplesOf(readings, 'g').map(({ cpu }) => cpu?.used)).toEqual(near(0.4, 0.4, 0.6));
});

test('what follows the last step is chosen: repeat, hold or nothing', () => {
  const end = (after: 'repeat' | 'hold' | 'nothing') => {
    const world = small({
      hosts: [host('a')],
      guests: [guest('g', 'a')],
      workloads: { g: { demand: traceDemand([0.2, 0.6], { step: seconds(10), after }) } },
    });
    const readings = record(world);
    world.time.run(seconds(30));
    return samplesOf(readings, 'g')[2]?.cpu?.used;
  };
  expect([end('repeat'), end('hold'), end('nothing')]).toEqual(near(0.2, 0.6, 0));
});

test('a share is of the vCPUs at the reference clock, so that it reads lower on a faster host', () => {
  const world = small({
    hosts: [host('a', { cpu: { ...one, clock: 2 * GHz } })],
    guests: [guest('g', 'a')],
    workloads: { g: { demand: traceDemand([0.5], { referenceClock: GHz }) } },
  });
  const readings = record(world);
  world.time.run(seconds(10));
  expect(samplesOf(readings, 'g')[0]?.cpu?.used).toBeCloseTo(0.25, 12);
});

test('without a reference clock it is that of the first host, wherever the guest goes', () => {
  const world = small({
    hosts: [host('a'), host('b', { cpu: { ...one, clock: 2 * GHz } })],
    guests: [guest('g', 'a')],
    workloads: { g: { demand: traceDemand([0.5]) } },
    migration: bare,
  });
  const readings = record(world);
  move(world, order('g', 'a', 'b'));
  world.time.run(seconds(30));
  expect(samplesOf(readings, 'g').at(-1)?.cpu?.used).toBeCloseTo(0.25, 12);
});

/** Two guests that want 0.8 cores each for 10 s, then 0.1, on one core. */
const crowded = (unserved: 'lost' | 'carried over') => {
  const demand = traceDemand([0.8, 0.1], { step: seconds(10), after: 'hold', unserved });
  const world = small({
    hosts: [
      host('a', {
        cpu: one,
        power: [
          { utilisation: 0, watts: 100 },
          { utilisation: 1, watts: 200 },
        ],
      }),
    ],
    guests: [guest('g', 'a'), guest('h', 'a')],
    workloads: { g: { demand }, h: { demand } },
    overloadMark: 0.9,
  });
  const readings = record(world);
  world.time.run(seconds(20));
  return { meter: world.cluster.meter(), readings, world };
};

test('unserved demand is lost, if so chosen', () => {
  const { meter } = crowded('lost');
  expect(meter.guests.get('g')).toMatchObject({ demanded: 9 * GHz, served: 6 * GHz, backlog: 0 });
});

test('unserved demand is carried over, if so chosen, and served when there is room', () => {
  const { meter, readings, world } = crowded('carried over');
  // 3e9 cycles each are in arrears after 10 s; they go at 0.4 GHz above the 0.1 that arrive.
  expect(meter.guests.get('g')?.served).toBeCloseTo(9 * GHz, 0);
  expect(meter.guests.get('g')?.backlog).toBe(0);
  expect(samplesOf(readings, 'a')[1]?.cpu?.used).toBeCloseTo(0.75 + 0.25 * 0.2, 9);
  world.time.run(seconds(30));
  expect(samplesOf(readings, 'g')[2]?.cpu?.used).toBeCloseTo(0.1, 9);
});

test('overload host-time is the time above the mark, as more is demanded than it allows', () => {
  const { meter } = crowded('lost');
  expect(meter.hosts.get('a')?.overloaded).toBe(seconds(10));
  expect(meter.total.overloaded).toBe(seconds(10));
});

test('energy follows the power curve', () => {
  expect(crowded('lost').meter.hosts.get('a')?.energy).toBeCloseTo(10 * 200 + 10 * 120, 6);
});

test('demand that is not served for a migration shows in the meter', () => {
  const world = small({
    hosts: [host('a'), host('b')],
    guests: [guest('g', 'a', { memory: 1e9 })],
    workloads: { g: { used: 1e9, demand: traceDemand([0.5]) } },
    migration: { ...bare, handover: 2000 },
  });
  move(world, order('g', 'a', 'b'));
  world.time.run(seconds(60));
  const meter = world.cluster.meter();
  expect(meter.guests.get('g')).toMatchObject({ downtime: 2000 });
  expect(meter.guests.get('g')?.demanded).toBeCloseTo(30 * GHz, 0);
  expect(meter.guests.get('g')?.served).toBeCloseTo(29 * GHz, 0);
  expect(meter.migrations).toMatchObject({ started: 1, done: 1, failed: 0, downtime: 2000 });
  expect(meter.migrations.bytes).toBeCloseTo(1e9, 0);
});

test('a memory series is read, and what was used once is migrated', () => {
  const world = small({
    hosts: [host('a'), host('b')],
    guests: [guest('g', 'a', { memory: 1e9 })],
    workloads: { g: { demand: traceDemand([0.1], { step: minutes(1), memory: [0.5, 0.9, 0.2], after: 'hold' }) } },
    migration: bare,
  });
  const readings = record(world);
  world.time.run(minutes(4));
  expect(samplesOf(readings, 'g').at(-1)?.memory).toMatchObject({ total: 1e9, used: 0.2e9, swapTotal: 0, swapUsed: 0 });
  const moved = move(world, order('g', 'a', 'b'));
  world.time.run(hours(1));
  expect(moved.done()?.sent).toBeGreaterThan(0.9e9);
});

test('a trace dirties memory in proportion to the processor time it gets', () => {
  const world = small({
    hosts: [host('a')],
    guests: [guest('g', 'a')],
    workloads: { g: { demand: traceDemand([0.25], { writes: { rate: 40e6, workingSet: 500e6, pattern: 'sweep' } }) } },
  });
  const readings = record(world);
  world.time.run(seconds(10));
  expect(samplesOf(readings, 'g')[0]?.dirty?.rate).toBeCloseTo(10e6, 3);
});
