/** More hosts, more resources, other loads, noise: the future work of Wilcox. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { precopy } from '../../../src/estimators/index.js';
import { average, cpu, parseTraces } from '../../../src/metrics/index.js';
import {
  type Cluster,
  gbps,
  gibibytes,
  hours,
  mebibytes,
  mebibytesPerSecond,
  minutes,
  percent,
} from '../../../src/model/index.js';
import {
  complementary,
  cpuCycles,
  cslb,
  damped,
  diskThroughput,
  even,
  groupOf,
  held,
  limited,
  memoryGranted,
  paysOff,
  type Policy,
  relieve,
  simple,
  stay,
} from '../../../src/policies/index.js';
import { traceDemand, type Workload } from '../../../src/simulation/index.js';
import { applied } from '../../../src/testing/index.js';
import { cluster, type guest, host, whole } from '../../policies/build.js';
import { decided } from '../ways.js';
import { bareGuest, bareHost, play } from './arms.js';

const bounds = { light: percent(40), heavy: percent(70) };
const guards = { noSwap: true, smallestGain: percent(2), keepBelowHeavy: true };

const writes = { rate: mebibytesPerSecond(20), workingSet: mebibytes(50), pattern: 'random' as const };
const constant = (share: number): Workload => ({ demand: traceDemand([share], { step: hours(1), writes }) });

describe('W38: more than two hosts', () => {
  const several = (loads: readonly number[]): Cluster =>
    cluster(
      loads.map((_, i) => host(`h${i}`)),
      loads.flatMap((load, i) => [0, 1, 2].map((part) => whole(`g${i}${part}`, `h${i}`, load / 3))),
    );

  test('W38: several pairs in one plan, the heaviest with the lightest', () => {
    const moves = decided(cslb({ ...bounds, guards }), several([0.9, 0.1, 0.75, 0.2, 0.5]));
    expect(moves).toEqual(['g00 h0→h1', 'g20 h2→h3']);
  });

  test('W38: on any number of hosts, heavy hosts give and light ones take', () => {
    const policy = cslb({ ...bounds, guards });
    fc.assert(
      fc.property(
        fc.array(
          fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
          { minLength: 3, maxLength: 12 },
        ),
        (loads) => {
          const of = (id: string): number => loads[Number(id.slice(1))] ?? NaN;
          for (const { from, to } of policy.plan(several(loads)).moves) {
            expect(groupOf(of(from), bounds)).toBe('heavy');
            expect(groupOf(of(to), bounds)).toBe('light');
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('W38: twelve hosts, all load on one: spread in a few plans by each of the policies', () => {
    const state = cluster(
      Array.from({ length: 12 }, (_, i) => host(`h${String(i).padStart(2, '0')}`)),
      Array.from({ length: 12 }, (_, i) => whole(`g${String(i).padStart(2, '0')}`, 'h00', 0.08)),
    );
    for (const policy of [even({ above: 0.001 }), relieve({ above: 0.1 })]) {
      const end = applied(state, policy.plan(state));
      expect(new Set(end.guests.map((one) => one.host)).size).toBe(12);
    }
  });
});

describe('W40: several resources together', () => {
  const mixed = (id: string, on: string, used: number, disk: number, memory = 1): ReturnType<typeof guest> =>
    whole(id, on, used, { memory: gibibytes(memory), signals: { cpu: used, disk: mebibytesPerSecond(disk) } });
  const disks = diskThroughput(mebibytesPerSecond(100));
  const state = cluster(
    ['a', 'b', 'c'].map((id) => host(id)),
    [
      mixed('cpu1', 'a', 0.5, 0),
      mixed('cpu2', 'a', 0.4, 0),
      mixed('disk1', 'b', 0.05, 50),
      mixed('cpu3', 'c', 0.35, 5),
    ],
  );

  test('W40: guests that want different resources come to stand together', () => {
    expect(decided(complementary({ resources: [cpuCycles, disks] }), state)).toEqual(['cpu1 a→b']);
  });

  test('W40: relief by processor fills no host beyond its mark of disk or memory', () => {
    const policy = (fillTo: number): Policy =>
      relieve({
        above: percent(80),
        also: [
          { resource: disks, above: 0.9, fillTo },
          { resource: memoryGranted, above: 0.9 },
        ],
      });
    expect(decided(policy(0.9), state)).toEqual(['cpu1 a→b']);
    // Now what b has on its disks is too much for it to take anything.
    expect(decided(policy(0.4), state)).toEqual(['cpu2 a→c']);
  });

  test('W40: evenness of a load that is made of several resources', () => {
    const of = [{ resource: cpuCycles }, { resource: disks }];
    expect(decided(limited(even({ above: 0.05, of }), { moves: 1 }), state)[0]).toMatch(/^cpu/);
    const onlyDisk = even({ above: 0.05, of: [{ resource: disks }] });
    // One guest has nearly all the traffic, and wherever it is it has it.
    expect(decided(onlyDisk, state)).toEqual([]);
  });

  test('W40: a host of which one of the resources is not known takes no part', () => {
    const blind = cluster(state.hosts, [
      ...state.guests.slice(0, 2),
      whole('disk1', 'b', 0.05),
      ...state.guests.slice(3),
    ]);
    for (const policy of [
      complementary({ resources: [cpuCycles, disks] }),
      relieve({ above: percent(80), also: [{ resource: disks, above: 0.9 }] }),
    ])
      expect(decided(policy, blind).some((move) => move.endsWith('b'))).toBe(false);
  });
});

describe('W41: loads of a data centre', () => {
  const meanOf = (values: readonly (number | undefined)[]): number =>
    values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / values.length;
  /** Machines of the recorded day over two and a half hours, the busiest first: as they stand, the busiest stand together. */
  const day = parseTraces(
    gunzipSync(readFileSync(new URL('../../../examples/data/gcd-day/cpu.csv.gz', import.meta.url))).toString('utf8'),
    { source: 'gcd-day' },
  )
    .traces.slice(0, 25)
    .map(({ values }) => values.slice(120, 150))
    .sort((a, b) => meanOf(b) - meanOf(a));
  const hosts = Array.from({ length: 5 }, (_, i) => bareHost(`h${i}`));
  const guests = Array.from({ length: 25 }, (_, i) =>
    bareGuest(`g${String(i).padStart(2, '0')}`, `h${Math.floor(i / 5)}`, 4),
  );
  const workloads = Object.fromEntries(
    guests.map(({ id }, i) => [id, { demand: traceDemand(day[i] ?? [], { step: minutes(5), writes }) }]),
  );

  test('W41: on a recorded day’s machines, moving guests serves more than leaving them, by each of the policies', () => {
    const arm = (policy: Policy): number => play({ hosts, guests, workloads, policy, length: hours(2) }).unserved;
    const left = arm(stay());
    expect(left).toBeGreaterThan(0.01);
    for (const policy of [cslb({ ...bounds, guards }), even({ above: percent(10) }), relieve({ above: percent(80) })])
      expect(arm(policy)).toBeLessThan(left);
  });
});

describe('W42: how a guest writes decides what its move costs', () => {
  const dirtying = (id: string, rate: number): ReturnType<typeof guest> =>
    whole(id, 'a', 0.45, {
      memory: gibibytes(4),
      signals: { cpu: 0.45, dirty: { rate: mebibytesPerSecond(rate), window: 1000 }, used: gibibytes(4) },
    });
  const site = (...rates: readonly number[]): Cluster =>
    cluster(
      [
        host('a', { signals: { cpu: 0.9, busy: { holds: true, held: minutes(30), value: 0.9 } } }),
        host('b', { signals: { cpu: 0 } }),
      ],
      rates.map((rate, i) => dirtying(`g${i}`, rate)),
    );
  const policy = paysOff(relieve({ above: percent(80) }), precopy());

  test('W42: the guest that writes little is moved where it pays, the one that writes fast is not', () => {
    expect(decided(policy, site(1, 1))).toEqual(['g0 a→b']);
    expect(decided(policy, site(400, 400))).toEqual([]);
  });

  test('W42: at the same rate of writes, a small working set that is swept sends less than a large one written at random', () => {
    const bytes = (workingSet: number, pattern: 'sweep' | 'random'): number => {
      const guests = ['g0', 'g1'].map((id) => bareGuest(id, 'h0', 4));
      const busy = (): Workload => ({
        demand: traceDemand([0.5], { step: hours(1), writes: { rate: mebibytesPerSecond(100), workingSet, pattern } }),
        used: mebibytes(900),
      });
      const { moves, bytes: sent } = play({
        hosts: ['h0', 'h1'].map((id) => ({
          ...bareHost(id),
          networks: [{ role: 'migration' as const, link: id, bandwidth: gbps(1) }],
        })),
        guests,
        workloads: { g0: busy(), g1: busy() },
        policy: relieve({ above: percent(80) }),
        length: minutes(10),
      });
      expect(moves).toHaveLength(1);
      return sent;
    };
    expect(bytes(mebibytes(20), 'sweep')).toBeLessThan(bytes(mebibytes(600), 'random'));
  });
});

describe('W43: policies that resist noise', () => {
  const hosts = ['h0', 'h1'].map((id) => bareHost(id));
  const guests = [0, 1, 2, 3].map((i) => bareGuest(`g${i}`, `h${i % 2}`, 2));
  const base = { light: percent(60), heavy: percent(66), guards: { noSwap: true } };
  const plain = cslb(base);
  const compositions: Readonly<Record<string, Policy>> = {
    averaged: cslb({ ...base, signal: average(cpu, { of: 10 }) }),
    held: held(plain, { rounds: 4 }),
    damped: damped(plain, { guest: minutes(60), host: minutes(60) }),
    'held and damped': damped(held(plain, { rounds: 4 }), { guest: minutes(60), host: minutes(60) }),
  };
  /** An equal load on all guests that only looks different from reading to reading. */
  const noisy = (policy: Policy): number =>
    play({
      hosts,
      guests,
      workloads: Object.fromEntries(guests.map(({ id }) => [id, constant(0.63)])),
      policy,
      noise: 0.25,
      length: hours(3),
    }).moves.length;

  test.each(Object.keys(compositions))(
    'W43: of readings that are noise, cslb %s makes fewer moves than plain',
    (name) => {
      const policy = compositions[name];
      if (!policy) throw new Error(name);
      expect(noisy(policy)).toBeLessThan(noisy(plain));
    },
  );

  test.each(['plain', ...Object.keys(compositions)])('W43: what lasts is acted upon by cslb %s', (name) => {
    const loads = [0.8, 0.1, 0.8, 0.1];
    const { moves } = play({
      hosts,
      guests,
      workloads: Object.fromEntries(guests.map(({ id }, i) => [id, constant(loads[i] ?? 0)])),
      policy: compositions[name] ?? plain,
      length: minutes(20),
    });
    expect(moves).toHaveLength(1);
  });
});

test('W39: Simple and the others share hosts, constraints and reasons, so they can be set side by side', () => {
  const state = cluster(
    ['a', 'b', 'c'].map((id) => host(id)),
    [whole('x', 'a', 0.5), whole('y', 'a', 0.4), whole('z', 'b', 0.3)],
  );
  const plans = [simple(), cslb({ ...bounds, guards }), relieve({ above: percent(80) }), even({ above: 0.1 })].map(
    (policy) => decided(policy, state),
  );
  expect(plans.every((moves) => moves.every((move) => move.endsWith('a→c')))).toBe(true);
});
