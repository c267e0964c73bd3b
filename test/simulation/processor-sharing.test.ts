import { expect, test } from 'vitest';
import { gigahertz, seconds } from '../../src/model/index.js';
import { busy, traceDemand } from '../../src/simulation/index.js';
import { endings, guest, host, record, samplesOf, seconds1GHz, small, work } from './small.js';

const names = ['g1', 'g2', 'g3', 'g4', 'g5', 'g6'];

test('processor sharing: n equal jobs on c cores take n/c times as long as one alone', () => {
  for (const n of [1, 2, 3, 6]) {
    const world = small({
      hosts: [host('a')],
      guests: names.slice(0, n).map((id) => guest(id, 'a')),
      workloads: Object.fromEntries(names.slice(0, n).map((id) => [id, { jobs: [seconds1GHz(10, id)] }])),
    });
    world.time.run(seconds(100));
    for (const end of Object.values(endings(world))) expect(end).toBeCloseTo(10 * Math.max(1, n / 2), 9);
  }
});

test('processor sharing: a short job leaves, and the long ones go faster from then on', () => {
  // One core, works of 1, 2 and 3 s: all share until 3 s, two until 5 s, then one.
  const world = small({
    hosts: [host('a', { cpu: { clock: gigahertz(1), cores: 1, threads: 1, architecture: 'x86_64' } })],
    guests: ['g1', 'g2', 'g3'].map((id) => guest(id, 'a')),
    workloads: Object.fromEntries([1, 2, 3].map((n) => [`g${n}`, { jobs: [seconds1GHz(n, `g${n}`)] }])),
  });
  world.time.run(seconds(100));
  const { g1, g2, g3 } = endings(world);
  expect(g1).toBeCloseTo(3, 9);
  expect(g2).toBeCloseTo(5, 9);
  expect(g3).toBeCloseTo(6, 9);
});

test('a process never runs faster than one core, and a guest never faster than its vCPUs', () => {
  const world = small({
    hosts: [host('a', { cpu: { clock: gigahertz(1), cores: 8, threads: 8, architecture: 'x86_64' } })],
    guests: [guest('g', 'a', { vcpus: 2 })],
    workloads: { g: { jobs: [{ ...seconds1GHz(10), processes: 4 }] } },
  });
  world.time.run(seconds(100));
  expect(endings(world)['work']).toBeCloseTo(20, 9);
});

test('hosts of different clocks take different times for the same work', () => {
  const fast = { clock: gigahertz(2), cores: 1, threads: 1, architecture: 'x86_64' };
  const world = small({
    hosts: [host('a'), host('b', { cpu: fast })],
    guests: [guest('g1', 'a'), guest('g2', 'b')],
    workloads: { g1: { jobs: [seconds1GHz(10, 'slow')] }, g2: { jobs: [seconds1GHz(10, 'fast')] } },
  });
  world.time.run(seconds(100));
  expect(endings(world)).toEqual({ slow: 10, fast: 5 });
});

test('shares go by vCPUs: of three processes, the one in a guest of its own gets no more than its vCPU', () => {
  const world = small({
    hosts: [host('a', { cpu: { clock: gigahertz(1), cores: 1, threads: 1, architecture: 'x86_64' } })],
    guests: [guest('one', 'a'), guest('two', 'a', { vcpus: 2 })],
    workloads: { one: { jobs: [busy(1)] }, two: { jobs: [busy(2)] } },
  });
  const readings = record(world);
  world.time.run(seconds(10));
  const [one] = samplesOf(readings, 'one');
  expect((one?.cpu?.user ?? 0) + (one?.cpu?.system ?? 0)).toBeCloseTo(1 / 3, 9);
});

test('a guest that wants a processor and does not get it reads steal', () => {
  const world = small({
    hosts: [host('a')],
    guests: names.slice(0, 4).map((id) => guest(id, 'a')),
    workloads: Object.fromEntries(names.slice(0, 4).map((id) => [id, { jobs: [busy()] }])),
  });
  const readings = record(world);
  world.time.run(seconds(10));
  const [sample] = samplesOf(readings, 'g1');
  expect(sample?.cpu).toEqual({ used: 1, user: 0.5, system: 0, iowait: 0, steal: 0.5, idle: 0 });
  const [ofHost] = samplesOf(readings, 'a');
  expect(ofHost?.cpu?.used).toBeCloseTo(1, 12);
  expect(ofHost?.runQueueWait).toBeCloseTo(0.5, 12);
  expect(ofHost?.pressure?.cpu?.some).toBe(1);
});

test('more tasks than vCPUs wait in the run queue of the guest', () => {
  const world = small({ hosts: [host('a')], guests: [guest('g', 'a')], workloads: { g: { jobs: [busy(4)] } } });
  const readings = record(world);
  world.time.run(seconds(10));
  const [sample] = samplesOf(readings, 'g');
  expect(sample?.runQueueWait).toBeCloseTo(0.75, 12);
  expect(sample?.pressure?.cpu?.some).toBe(1);
  expect(sample?.processes?.map(({ cpu }) => cpu)).toEqual([0.25, 0.25, 0.25, 0.25]);
});

test('user and system time are told apart, M22', () => {
  const world = small({
    hosts: [host('a')],
    guests: [guest('g', 'a')],
    workloads: { g: { jobs: [work('copy', { kind: 'compute', cycles: 20e9, system: 0.75 })] } },
  });
  const readings = record(world);
  world.time.run(seconds(10));
  expect(samplesOf(readings, 'g')[0]?.cpu).toMatchObject({ used: 1, user: 0.25, system: 0.75 });
});

test('with two threads a core, one busy vCPU reads as a share of the threads, M29', () => {
  const cpu = { clock: gigahertz(1), cores: 2, threads: 4, architecture: 'x86_64' };
  const world = small({ hosts: [host('a', { cpu })], guests: [guest('g', 'a')], workloads: { g: { jobs: [busy()] } } });
  const readings = record(world);
  world.time.run(seconds(10));
  expect(samplesOf(readings, 'a')[0]?.cpu?.used).toBeCloseTo(0.25, 12);
});

test('threads beyond the cores bring no cycles: four vCPUs on two cores run at half speed, without steal', () => {
  const cpu = { clock: gigahertz(1), cores: 2, threads: 4, architecture: 'x86_64' };
  const world = small({
    hosts: [host('a', { cpu })],
    guests: names.slice(0, 4).map((id) => guest(id, 'a')),
    workloads: Object.fromEntries(names.slice(0, 4).map((id) => [id, { jobs: [seconds1GHz(10, id)] }])),
  });
  const readings = record(world);
  world.time.run(seconds(30));
  expect(endings(world)['g1']).toBeCloseTo(20, 9);
  expect(samplesOf(readings, 'g1')[0]?.cpu?.steal).toBeCloseTo(0, 12);
});

test('the hypervisor takes its share of a host first, and its surcharge on each cycle of a guest', () => {
  const one = { clock: gigahertz(1), cores: 1, threads: 1, architecture: 'x86_64' };
  const world = small({
    hosts: [host('a', { cpu: one })],
    guests: [guest('g', 'a')],
    workloads: { g: { jobs: [seconds1GHz(8)] } },
    overhead: { host: 0.2, guest: 0.25 },
  });
  world.time.run(seconds(100));
  // 0.8 GHz are left, of which each cycle costs 1.25.
  expect(endings(world)['work']).toBeCloseTo(8 / 0.64, 9);
});

test('a job and a trace share the vCPUs of their guest', () => {
  const world = small({
    hosts: [host('a')],
    guests: [guest('g', 'a')],
    workloads: { g: { demand: traceDemand([0.25]), jobs: [seconds1GHz(10)] } },
  });
  world.time.run(seconds(100));
  expect(endings(world)['work']).toBeCloseTo(10 / 0.75, 9);
});

test('a job loops, and counts its loops', () => {
  const world = small({
    hosts: [host('a')],
    guests: [guest('g', 'a')],
    workloads: { g: { jobs: [{ ...seconds1GHz(2), loops: 5 }] } },
  });
  world.time.run(seconds(5));
  expect(world.cluster.jobs()[0]).toMatchObject({ outcome: 'running', loopsDone: 2 });
  world.time.run(seconds(20));
  expect(world.cluster.jobs()[0]).toMatchObject({ outcome: 'done', loopsDone: 5, finishedAt: seconds(10) });
});

test('stages follow one another, and a sleeping process uses nothing', () => {
  const world = small({
    hosts: [host('a')],
    guests: [guest('g', 'a')],
    workloads: {
      g: {
        jobs: [
          {
            name: 'think',
            stages: [
              {
                activities: [
                  { kind: 'compute', cycles: 2e9 },
                  { kind: 'sleep', time: seconds(4) },
                ],
                turns: 2,
              },
              { activities: [{ kind: 'compute', cycles: 1e9 }] },
            ],
          },
        ],
      },
    },
  });
  const readings = record(world);
  world.time.run(seconds(10));
  expect(endings(world)['think']).toBeCloseTo(7, 9);
  expect(samplesOf(readings, 'g')[0]?.cpu?.used).toBeCloseTo(0.3, 9);
});
