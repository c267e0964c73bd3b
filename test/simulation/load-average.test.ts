import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { seconds } from '../../src/model/index.js';
import { busy, loadAverage } from '../../src/simulation/index.js';
import { guest, host, record, samplesOf, small } from './small.js';

const after = (tasks: number, time: number) => {
  const load = loadAverage();
  load.count(0, tasks);
  return load.at(time);
};

test('load averages are taken every 5 s and damped exponentially', () => {
  expect(after(2, seconds(4.9)).one).toBe(0);
  for (const time of [5, 10, 60, 300])
    expect(after(2, seconds(time)).one).toBeCloseTo(2 * (1 - Math.exp(-time / 60)), 12);
  expect(after(2, seconds(300)).five).toBeCloseTo(2 * (1 - Math.exp(-1)), 12);
  expect(after(2, seconds(900)).fifteen).toBeCloseTo(2 * (1 - Math.exp(-1)), 12);
});

test('M12: one busy process never brings the load average past 1', () => {
  expect(after(1, seconds(24 * 3600)).one).toBeLessThanOrEqual(1);
  expect(after(1, seconds(600)).one).toBeGreaterThan(0.999);
});

test('M12: two busy processes pass 1 at 41.6 s, which is seen at the count of 45 s', () => {
  expect(60 * Math.log(2)).toBeCloseTo(41.6, 1);
  expect(after(2, seconds(40)).one).toBeLessThan(1);
  expect(after(2, seconds(45)).one).toBeGreaterThan(1);
});

test('M12: n busy processes pass 1 at the first count after 60·ln(n/(n−1)) s', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 40 }), (n) => {
      const due = Math.ceil((60 * Math.log(n / (n - 1))) / 5) * 5;
      expect(after(n, seconds(due - 5)).one).toBeLessThan(1);
      expect(after(n, seconds(due)).one).toBeGreaterThan(1);
    }),
  );
});

test('reading the load in between does not change a bit of it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(20_000), fc.nat(5)), { maxLength: 10 }), (changes) => {
      const [read, unread] = [loadAverage(), loadAverage()];
      let time = 0;
      for (const [wait, tasks] of changes) {
        time += wait;
        read.at(time - wait / 2);
        read.count(time, tasks);
        unread.count(time, tasks);
      }
      expect(read.at(time + 12_345)).toEqual(unread.at(time + 12_345));
    }),
  );
});

test('a guest with two busy processes on one vCPU is seen with that load average, and so is its host', () => {
  const world = small({
    hosts: [host('a')],
    guests: [guest('g', 'a')],
    workloads: { g: { jobs: [busy(2)] } },
    sampling: { every: seconds(5) },
  });
  const readings = record(world);
  world.time.run(seconds(60));
  expect(samplesOf(readings, 'g').at(-1)?.load?.one).toBeCloseTo(2 * (1 - Math.exp(-1)), 9);
  // The host sees one vCPU that wants to run.
  expect(samplesOf(readings, 'a').at(-1)?.load?.one).toBeCloseTo(1 - Math.exp(-1), 9);
});
