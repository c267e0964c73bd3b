import { expect, test } from 'vitest';
import { gibibytes, gigahertz, hours, mbps, mebibytes, seconds } from '../../src/model/index.js';
import {
  clarkRule,
  type MigrationModel,
  oldQemuRule,
  oldXenRule,
  qemuRule,
  type SteadyWrites,
  xenRule,
} from '../../src/simulation/index.js';
import {
  bare,
  endings,
  guest,
  host,
  move,
  type Moved,
  order,
  record,
  samplesOf,
  seconds1GHz,
  small,
  type Small,
  work,
} from './small.js';

const MB = 1e6;
const line = 100 * MB;

/** A guest of 1000 MB, all of it in use, that writes by itself, moved over a link of 100 MB/s. */
const migrate = (
  background: SteadyWrites | undefined,
  model: Partial<MigrationModel> = {},
  until = hours(1),
): { world: Small; moved: Moved } => {
  const world = small({
    hosts: [host('a'), host('b')],
    guests: [guest('g', 'a', { memory: 1000 * MB })],
    workloads: { g: { used: 1000 * MB, ...(background && { background }) } },
    migration: { ...bare, ...model },
  });
  const moved = move(world, order('g', 'a', 'b'));
  world.time.run(until);
  return { world, moved };
};

const sweep = (rate: number, workingSet: number): SteadyWrites => ({ rate, workingSet, pattern: 'sweep' });

test('a guest that writes nothing is moved in one pass of its memory', () => {
  const { moved } = migrate(undefined);
  expect(moved.done()).toMatchObject({ at: seconds(10), downtime: 0, sent: 1000 * MB });
  expect(moved.completed()).toBe(true);
});

test('the first pass sends what is not zero, and nine bytes for each page of zeros', () => {
  const world = small({
    hosts: [host('a'), host('b')],
    guests: [guest('g', 'a', { memory: gibibytes(1) })],
    workloads: { g: { used: mebibytes(100), nonZero: mebibytes(300) } },
    migration: bare,
  });
  const moved = move(world, order('g', 'a', 'b'));
  world.time.run(hours(1));
  expect(moved.done()?.sent).toBeCloseTo(mebibytes(300) + (mebibytes(724) / 4096) * 9, 3);
});

test('memory that was used once is not zero any more', () => {
  const world = small({
    hosts: [host('a'), host('b')],
    guests: [guest('g', 'a', { memory: 1000 * MB })],
    workloads: { g: { used: 100 * MB, jobs: [{ ...seconds1GHz(5), memory: 300 * MB }] } },
    migration: bare,
  });
  world.time.run(seconds(10));
  const moved = move(world, order('g', 'a', 'b'));
  world.time.run(hours(1));
  expect(moved.done()?.sent).toBeGreaterThan(400 * MB);
  expect(moved.done()?.sent).toBeLessThan(403 * MB);
});

test('with a steady dirty rate and a large working set the rounds are the geometric series', () => {
  // Rounds are done in full here, so that the closed form holds: V·λⁱ, λ = 0.4.
  const rounds = 6;
  const { moved } = migrate(sweep(0.4 * line, 1000 * MB), { stopRule: { kind: 'rounds', rounds, pages: 0 } });
  const lambda = 0.4;
  const sum = (1 - lambda ** (rounds + 1)) / (1 - lambda);
  expect(moved.done()?.sent).toBeCloseTo(1000 * MB * sum, 0);
  expect(moved.done()?.at).toBeCloseTo(10_000 * sum, 6);
  expect(moved.done()?.downtime).toBeCloseTo(10_000 * lambda ** rounds, 6);
});

test('a small working set saturates: no round sends more than it', () => {
  const { moved } = migrate(sweep(0.9 * line, 50 * MB), { stopRule: { kind: 'rounds', rounds: 3, pages: 0 } });
  expect(moved.done()?.sent).toBeCloseTo(1000 * MB + 50 * MB + 45 * MB + 40.5 * MB, 0);
});

test('a page that is still queued and is dirtied again is sent once: a set that fits the limit ends', () => {
  const { moved } = migrate(sweep(200 * MB, 500 * MB), { stopRule: qemuRule(seconds(6)) });
  // 600 MB are left of the first pass, half of them dirtied again: 800 MB. 600 MB are left of those, 400 MB dirtied of 500.
  expect(moved.progress().find(({ round }) => round === 2)?.remaining).toBeCloseTo(800 * MB, -5);
  expect(moved.done()?.downtime).toBeCloseTo(seconds(5.2), 0);
});

test('random writes saturate along the exponential', () => {
  const ws = 200 * MB;
  const { moved } = migrate(
    { rate: 40 * MB, workingSet: ws, pattern: 'random' },
    { stopRule: { kind: 'rounds', rounds: 1, pages: 0 } },
  );
  expect(moved.done()?.sent).toBeCloseTo(1000 * MB + ws * (1 - Math.exp(-400 / 200)), 0);
});

test('where the link is the bottleneck QEMU stops an idle guest too as soon as the rest fits the limit', () => {
  const { moved } = migrate(undefined, { stopRule: qemuRule() });
  expect(moved.done()).toMatchObject({ at: seconds(10), downtime: 300 });
});

test('with a ceiling below the line, the pause is shorter than the limit, as the rest goes at line speed', () => {
  const { moved } = migrate(undefined, { stopRule: qemuRule(), ceiling: line / 10 });
  expect(moved.done()?.downtime).toBeCloseTo(30, 6);
  expect(
    migrate(undefined, { stopRule: qemuRule(), ceiling: line / 10, ceilingWhenStopped: true }).moved.done()?.downtime,
  ).toBeCloseTo(300, 6);
});

test('QEMU stops the guest when what is left fits the allowed downtime, and keeps to it', () => {
  for (const rule of [qemuRule(), oldQemuRule(), qemuRule(50)]) {
    const limit = rule.kind === 'downtime' ? rule.limit : NaN;
    const { moved } = migrate(sweep(0.6 * line, 1000 * MB), { stopRule: rule });
    expect(moved.done()?.downtime).toBeLessThanOrEqual(limit + 1e-6);
    expect(moved.done()?.downtime).toBeGreaterThan(0);
  }
});

test('M35: the steps of a live migration are told in order', () => {
  const { moved } = migrate(sweep(0.6 * line, 1000 * MB), {
    preparation: seconds(2),
    handover: 50,
    stopRule: oldQemuRule(),
  });
  const phases = moved.progress().map(({ phase }) => phase);
  expect([...new Set(phases)]).toEqual(['preparing', 'copying', 'stopped']);
  const rounds = moved.progress().flatMap(({ round }) => (round === undefined ? [] : [round]));
  expect(rounds.toSorted((a, b) => a - b)).toEqual(rounds);
  expect(moved.events.at(-1)?.kind).toBe('done');
});

test('the dirty rate is absent before dirty pages were first looked up, and measured from then on', () => {
  const { moved } = migrate(sweep(0.4 * line, 1000 * MB), { stopRule: oldQemuRule() });
  for (const { round, dirtyRate } of moved.progress())
    if (round === undefined || round === 1) expect(dirtyRate).toBeUndefined();
    else expect(dirtyRate).toBeCloseTo(0.4 * line, 0);
});

test('M36: under QEMU a guest that dirties faster than the link carries is never done', () => {
  const { moved } = migrate(sweep(1.2 * line, 500 * MB), { stopRule: oldQemuRule() }, hours(2));
  expect(moved.done()).toBeUndefined();
  expect(moved.progress().at(-1)?.phase).toBe('copying');
});

test('M36: it is done when the job that dirties is', () => {
  const world = small({
    hosts: [host('a'), host('b')],
    guests: [guest('g', 'a', { memory: 1000 * MB })],
    workloads: {
      g: {
        used: 1000 * MB,
        jobs: [
          work('hot', {
            kind: 'compute',
            cycles: 60e9,
            writes: { amount: 60 * 1.2 * line, workingSet: 500 * MB, pattern: 'sweep' },
          }),
        ],
      },
    },
    migration: { ...bare, stopRule: oldQemuRule() },
  });
  const moved = move(world, order('g', 'a', 'b'));
  world.time.run(hours(1));
  const ended = endings(world)['hot'] ?? NaN;
  expect(ended).toBeCloseTo(60, 6);
  // What is dirty when it ends is at most its working set: 5 s of the link.
  expect(moved.done()?.at).toBeGreaterThan(seconds(60));
  expect(moved.done()?.at).toBeLessThan(seconds(60 + 2 * 5));
});

test('M36: Xen ends it by its limits of rounds or volume, with a longer pause', () => {
  const hot = sweep(1.2 * line, 500 * MB);
  const old = migrate(hot, { stopRule: oldXenRule() }).moved;
  expect(old.done()?.downtime).toBeCloseTo(5000, 0);
  expect(old.done()?.sent).toBeGreaterThan(3000 * MB);
  expect(old.done()?.sent).toBeLessThan(4100 * MB);
  const today = migrate(hot, { stopRule: xenRule() }).moved;
  expect(Math.max(...today.progress().map(({ round = 0 }) => round))).toBe(5);
  expect(today.done()?.downtime).toBeCloseTo(5000, 0);
});

test('Xen stops when fewer than 50 pages were dirtied in a round', () => {
  const { moved } = migrate(sweep(4096 * 4, 100 * MB), { stopRule: oldXenRule() });
  // 10 s dirty 40 pages.
  expect(Math.max(...moved.progress().map(({ round = 0 }) => round))).toBe(1);
});

test('Clark paces each round 50 Mbit/s above the last dirty rate', () => {
  const { moved } = migrate(sweep(10 * MB, 1000 * MB), { stopRule: clarkRule(mbps(400)) });
  const rates = new Map(
    moved
      .progress()
      .flatMap(({ round, bandwidth, phase }) =>
        bandwidth !== undefined && round !== undefined && phase === 'copying' ? [[round, bandwidth]] : [],
      ),
  );
  expect(rates.get(1)).toBeCloseTo(mbps(100), 0);
  expect(rates.get(2)).toBeCloseTo(10 * MB + mbps(50), 0);
  expect(moved.done()).toBeDefined();
});

test('M37: a ceiling of 300 Mbit/s keeps a guest that dirties 352 Mbit/s from converging, 700 Mbit/s do not', () => {
  const dirty = sweep(mbps(352), 500 * MB);
  const ceiling = { ceiling: mbps(300), stopRule: oldQemuRule() };
  expect(migrate(dirty, ceiling).moved.done()).toBeUndefined();
  expect(migrate(dirty, { stopRule: oldQemuRule() }).moved.done()).toBeDefined();
  expect(migrate(undefined, { ceiling: mbps(300) }).moved.done()?.at).toBeCloseTo((1000 * MB) / mbps(0.3), 6);
});

test('M16: 1024 MB over 937, 700, 300 and 75.5 Mbit/s take 8.7, 11.7, 27.3 and 108.5 s', () => {
  for (const [rate, time] of [
    [937, 8.7],
    [700, 11.7],
    [300, 27.3],
    [75.5, 108.5],
  ] as const) {
    const world = small({
      hosts: ['a', 'b'].map((id) =>
        host(id, { networks: [{ role: 'migration', link: 'eth0', bandwidth: mbps(rate) }] }),
      ),
      guests: [guest('g', 'a', { memory: 1024 * MB })],
      workloads: { g: { used: 1024 * MB } },
      migration: bare,
    });
    const moved = move(world, order('g', 'a', 'b'));
    world.time.run(seconds(200));
    expect((moved.done()?.at ?? 0) / 1000).toBeCloseTo(time, 1);
  }
});

test('migrations share a link evenly', () => {
  const world = small({
    hosts: [host('a'), host('b'), host('c')],
    guests: [guest('g1', 'a', { memory: 1000 * MB }), guest('g2', 'a', { memory: 2000 * MB })],
    workloads: { g1: { used: 1000 * MB }, g2: { used: 2000 * MB } },
    migration: bare,
  });
  const [one, two] = [move(world, order('g1', 'a', 'b')), move(world, order('g2', 'a', 'c'))];
  world.time.run(seconds(100));
  expect(one.done()?.at).toBeCloseTo(20_000, 6);
  expect(two.done()?.at).toBeCloseTo(30_000, 6);
});

test('the guest runs at the source until it is stopped, and at the destination from then on', () => {
  const world = small({
    hosts: [host('a'), host('b', { cpu: { clock: gigahertz(2), cores: 2, threads: 2, architecture: 'x86_64' } })],
    guests: [guest('g', 'a', { memory: 1000 * MB })],
    workloads: { g: { used: 1000 * MB, jobs: [seconds1GHz(20)] } },
    migration: { ...bare, handover: 1000 },
  });
  const moved = move(world, order('g', 'a', 'b'));
  world.time.run(seconds(100));
  expect(moved.done()).toMatchObject({ at: 11_000, downtime: 1000 });
  // 10 s at 1 GHz, 1 s of standing still, 10e9 cycles at 2 GHz.
  expect(endings(world)['work']).toBeCloseTo(16, 6);
  expect(world.cluster.meter().guests.get('g')?.downtime).toBeCloseTo(1000, 6);
});

test('a guest is slower while its memory is copied, 10 % by default', () => {
  const world = small({
    hosts: [host('a'), host('b')],
    guests: [guest('g', 'a', { memory: 1000 * MB })],
    workloads: { g: { used: 1000 * MB, jobs: [seconds1GHz(20)] } },
    migration: { preparation: 0, handover: 0, cyclesPerByte: 0, stopRule: qemuRule(0) },
  });
  move(world, order('g', 'a', 'b'));
  world.time.run(seconds(100));
  expect(endings(world)['work']).toBeCloseTo(21, 6);
});

test('sending and receiving cost processor time on both hosts', () => {
  const world = small({
    hosts: [host('a'), host('b')],
    guests: [guest('g', 'a', { memory: 4000 * MB }), guest('n', 'b')],
    workloads: { g: { used: 4000 * MB } },
    migration: { ...bare, cyclesPerByte: 4 },
  });
  const readings = record(world);
  move(world, order('g', 'a', 'b'));
  world.time.run(seconds(10));
  // 100 MB/s at 4 cycles a byte is 0.4 GHz of 2.
  for (const id of ['a', 'b']) expect(samplesOf(readings, id)[0]?.cpu?.used).toBeCloseTo(0.2, 9);
  expect(samplesOf(readings, 'a')[0]?.network?.sent).toBeCloseTo(line, 0);
  expect(samplesOf(readings, 'b')[0]?.network?.received).toBeCloseTo(line, 0);
});

test('a guest that gets less processor time dirties less, and a starved one converges', () => {
  const hot = {
    demand: undefined,
    used: 1000 * MB,
    jobs: [
      work('hot', {
        kind: 'compute',
        cycles: 1e13,
        writes: { amount: 1e4 * 1.2 * line, workingSet: 500 * MB, pattern: 'sweep' },
      }),
    ],
  } as const;
  const run = (rivals: number) => {
    const ids = Array.from({ length: rivals }, (_, i) => `r${i}`);
    const world = small({
      hosts: [host('a', { cpu: { clock: gigahertz(1), cores: 1, threads: 1, architecture: 'x86_64' } }), host('b')],
      guests: [guest('g', 'a', { memory: 1000 * MB }), ...ids.map((id) => guest(id, 'a'))],
      workloads: {
        g: { used: hot.used, jobs: hot.jobs },
        ...Object.fromEntries(ids.map((id) => [id, { jobs: [seconds1GHz(1e6)] }])),
      },
      migration: { ...bare, stopRule: oldQemuRule() },
    });
    const moved = move(world, order('g', 'a', 'b'));
    world.time.run(seconds(300));
    return moved.done();
  };
  expect(run(0)).toBeUndefined();
  expect(run(1)).toBeDefined();
});

test('memory is held on both hosts while a guest moves', () => {
  const world = small({
    hosts: [host('a'), host('b', { memory: { total: 1500 * MB, reserved: 0 } })],
    guests: [guest('g', 'a', { memory: 1000 * MB }), guest('h', 'a', { memory: 1000 * MB })],
    workloads: { g: { used: 1000 * MB } },
    migration: bare,
  });
  const readings = record(world);
  move(world, order('g', 'a', 'b'));
  const second = move(world, order('h', 'a', 'b'));
  expect(second.error()).toMatchObject({ kind: 'insufficient memory', retryable: true });
  world.time.run(seconds(10));
  expect(samplesOf(readings, 'b')[0]?.memory?.used).toBe(1000 * MB);
  world.time.run(seconds(20));
  expect(samplesOf(readings, 'a')[1]?.memory?.used).toBe(1000 * MB);
});

test('Muda, Table 7.6 without slow-down: the two-rate model of an encoder that is moved after 60 s', () => {
  // 241.1 s of work at the source, 186.86 s at the destination, 38 s of migration.
  const rate = 1e9;
  const cpu = { cores: 1, threads: 1, architecture: 'x86_64' };
  const world = small({
    hosts: [
      host('desktop-2', { cpu: { ...cpu, clock: rate } }),
      host('desktop-1', { cpu: { ...cpu, clock: (rate * 241.1) / 186.86 } }),
    ],
    guests: [guest('g', 'desktop-2', { memory: 3800 * MB })],
    workloads: { g: { used: 3800 * MB, jobs: [seconds1GHz(241.1, 'encode')] } },
    migration: bare,
  });
  world.time.run(seconds(60));
  const moved = move(world, order('g', 'desktop-2', 'desktop-1'));
  world.time.run(seconds(300));
  expect(moved.done()?.at).toBeCloseTo(seconds(98), 6);
  expect(endings(world)['encode']).toBeCloseTo(98 + (1 - 98 / 241.1) * 186.86, 6);
});
