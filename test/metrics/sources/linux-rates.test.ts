/** Rates: what two readings of the kernel's counters say of the time in between. */
import { describe, expect, test } from 'vitest';
import { type Counters, cpuShares, type CpuTimes, rates } from '../../../src/metrics/sources/linux/index.js';
import { mebibytes } from '../../../src/model/index.js';

const idle: CpuTimes = {
  user: 0,
  nice: 0,
  system: 0,
  idle: 0,
  iowait: 0,
  irq: 0,
  softirq: 0,
  steal: 0,
  guest: 0,
  guestNice: 0,
};
const stat = (cpu: Partial<CpuTimes>, processors = 1): Counters => ({ stat: { cpu: { ...idle, ...cpu }, processors } });

describe('processor shares', () => {
  test('M9, M22: used is user, nice, system, irq, softirq and steal together', () => {
    const shares = cpuShares(idle, {
      ...idle,
      user: 20,
      nice: 10,
      system: 5,
      irq: 1,
      softirq: 4,
      steal: 10,
      iowait: 20,
      idle: 30,
    });
    expect(shares?.used).toBeCloseTo(0.5);
    expect(shares?.user).toBeCloseTo(0.3);
    expect(shares?.system).toBeCloseTo(0.1);
    expect(shares).toMatchObject({ iowait: 0.2, steal: 0.1, idle: 0.3 });
  });

  test('guest time is part of user time and is not counted again', () => {
    const shares = cpuShares(idle, { ...idle, user: 40, guest: 40, nice: 10, guestNice: 10, idle: 50 });
    expect(shares).toMatchObject({ used: 0.5, user: 0.5, idle: 0.5 });
  });

  test('iowait that decreases counts as none, and the rest stands', () =>
    expect(cpuShares({ ...idle, iowait: 90 }, { ...idle, iowait: 80, user: 25, idle: 75 })).toMatchObject({
      used: 0.25,
      iowait: 0,
      idle: 0.75,
    }));

  test('idle that decreases, as when a processor is unplugged, counts as none', () =>
    expect(cpuShares({ ...idle, idle: 1000 }, { ...idle, idle: 500, user: 10 })?.used).toBe(1));

  test('a counter of work that decreases means that counting began anew: nothing is known', () =>
    expect(cpuShares({ ...idle, user: 100 }, { ...idle, user: 5, idle: 95 })).toBeUndefined());

  test('no time passed: nothing is known', () => expect(cpuShares(idle, idle)).toBeUndefined());

  test('a column that the kernel does not have is absent, not zero', () => {
    const shares = cpuShares({ user: 0, nice: 0, system: 0, idle: 0 }, { user: 1, nice: 0, system: 0, idle: 3 });
    expect(shares).toEqual({ used: 0.25, user: 0.25, system: 0, idle: 0.75 });
  });

  test('steal that leaps, as after a migration of the machine itself, is not taken for load', () => {
    const leap = rates(stat({}), stat({ steal: 1e6, idle: 100 }), 1000);
    expect(leap).toBeDefined();
    expect(leap?.cpu).toBeUndefined();
  });
});

describe('other rates', () => {
  test('disk traffic of all disks, busy of the busiest', () => {
    const before: Counters = { disks: { a: { read: 0, written: 0, busy: 0 }, b: { read: 100, written: 0, busy: 0 } } };
    const after: Counters = {
      disks: { a: { read: 1000, written: 500, busy: 100 }, b: { read: 1100, written: 0, busy: 900 } },
    };
    expect(rates(before, after, 2000)?.disk).toEqual({ read: 1000, written: 250, busy: 0.45 });
  });

  test('a disk that was plugged in says nothing until its next reading', () => {
    const after: Counters = {
      disks: { a: { read: 10, written: 0, busy: 1 }, fresh: { read: 1e9, written: 1e9, busy: 9 } },
    };
    expect(rates({ disks: { a: { read: 0, written: 0, busy: 0 } } }, after, 1000)?.disk?.read).toBe(10);
  });

  test('a counter that went backwards makes the sum unknown, not negative', () => {
    const one = (received: number): Counters => ({ network: { eth0: { received, sent: 5 } } });
    expect(rates(one(4_294_967_000), one(200), 1000)?.network).toBeUndefined();
  });

  test('pressure is stalled time of the time that passed, at most all of it', () => {
    const stalled = (some: number): Counters => ({ pressure: { io: { some, full: 0 } } });
    expect(rates(stalled(0), stalled(250_000), 1000)?.pressure).toEqual({ io: { some: 0.25, full: 0 } });
    expect(rates(stalled(0), stalled(1_004_000), 1000)?.pressure?.io?.some).toBe(1);
  });

  test('run-queue wait is a share of all processors', () => {
    const waited = (nanoseconds: number): Counters => ({
      ...stat({ idle: nanoseconds / 1e7 }, 2),
      schedstat: { ran: 0, waited: nanoseconds },
    });
    expect(rates(waited(0), waited(1e9), 1000)?.runQueueWait).toBe(0.5);
  });

  test('M23: swap traffic needs the size of a page', () => {
    const swapped = (pages: number): Counters => ({ vmstat: { swappedIn: pages, swappedOut: pages } });
    expect(rates(swapped(0), swapped(50), 1000)?.memory).toBeUndefined();
    expect(rates(swapped(0), swapped(50), 1000, { pageSize: 4096 })?.memory).toEqual({ swapping: 409_600 });
  });

  test('memory used is what is not available', () =>
    expect(
      rates(
        {},
        { meminfo: { total: mebibytes(100), available: mebibytes(30), swapTotal: 10, swapFree: 4, dirty: 7 } },
        1000,
      )?.memory,
    ).toEqual({
      total: mebibytes(100),
      available: mebibytes(30),
      used: mebibytes(70),
      swapTotal: 10,
      swapUsed: 6,
      dirty: 7,
    }));

  test('a clock that was set in between is not believed against the uptime', () => {
    const at = (uptime: number, read: number): Counters => ({ uptime, disks: { a: { read, written: 0, busy: 0 } } });
    expect(rates(at(1000, 0), at(2000, 500), 3_600_000)?.disk?.read).toBe(500);
    expect(rates(at(1000, 0), at(2000, 500), -5)?.disk?.read).toBe(500);
  });

  test('no time passed: no sample', () => {
    expect(rates({}, {}, 0)).toBeUndefined();
    expect(rates({}, {}, Number.NaN)).toBeUndefined();
  });
});

describe('processes', () => {
  const process = (pid: number, cpu: number, began = 1, name = 'job'): NonNullable<Counters['processes']>[number] => ({
    pid,
    name,
    state: 'runnable',
    cpu,
    began,
    pages: 10,
  });
  const read = (before: Counters['processes'], after: Counters['processes'], most = 16): ReturnType<typeof rates> =>
    rates({ processes: before ?? [] }, { processes: after ?? [] }, 1000, { pageSize: 4096, processes: most });

  test('M9, M13: share of one processor, memory and state of each, the busiest first', () =>
    expect(read([process(1, 100), process(2, 0)], [process(1, 110), process(2, 70)])?.processes).toEqual([
      { name: 'job', pid: 2, cpu: 0.7, memory: 40_960, state: 'runnable' },
      { name: 'job', pid: 1, cpu: 0.1, memory: 40_960, state: 'runnable' },
    ]));
  test('a new process of an old number starts at nothing', () =>
    expect(read([process(1, 100, 1)], [process(1, 20, 9)])?.processes?.[0]?.cpu).toBe(0.2));
  test('no more than asked for', () =>
    expect(read([], [process(1, 1), process(2, 2), process(3, 3)], 2)?.processes).toHaveLength(2));
  test('any name becomes one that a sample may carry', () =>
    expect(read([], [process(7, 0, 1, ''), process(8, 0, 1, 'a\nb')])?.processes?.map(({ name }) => name)).toEqual([
      'process 7',
      'a?b',
    ]));
});
