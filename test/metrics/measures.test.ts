import { describe, expect, test } from 'vitest';
import * as metrics from '../../src/metrics/index.js';
import type { Readings } from '../../src/model/index.js';
import { guestSample } from './samples.js';

const full: Omit<Readings, 'at'> = {
  cpu: { used: 0.9, user: 0.5, system: 0.3, iowait: 0.05, steal: 0.1, idle: 0.04 },
  load: { one: 3, five: 2, fifteen: 1 },
  runQueueWait: 0.2,
  pressure: { cpu: { some: 0.3, full: 0.1 }, memory: { some: 0.02 }, io: { some: 0.4 } },
  memory: { total: 1000, used: 250, available: 700, swapTotal: 400, swapUsed: 100, swapping: 7 },
  disk: { read: 10, written: 20, busy: 0.6 },
  network: { received: 3, sent: 4 },
  processes: [
    { name: 'ld', cpu: 0.2, memory: 1 },
    { name: 'gcc', cpu: 1.5, memory: 1 },
  ],
};

describe('measures', () => {
  test.each([
    ['cpu', metrics.cpu, 0.9],
    ['cpu user', metrics.cpuUser, 0.5],
    ['cpu system', metrics.cpuSystem, 0.3],
    ['iowait', metrics.iowait, 0.05],
    ['steal', metrics.steal, 0.1],
    ['idle', metrics.idle, 0.04],
    ['load one', metrics.loadOne, 3],
    ['load five', metrics.loadFive, 2],
    ['load fifteen', metrics.loadFifteen, 1],
    ['run-queue wait', metrics.runQueueWait, 0.2],
    ['cpu pressure', metrics.cpuPressure, 0.3],
    ['memory pressure', metrics.memoryPressure, 0.02],
    ['io pressure', metrics.ioPressure, 0.4],
    ['memory used', metrics.memoryUsed, 0.25],
    ['swap used', metrics.swapUsed, 0.25],
    ['swapping', metrics.swapping, 7],
    ['disk read', metrics.diskRead, 10],
    ['disk written', metrics.diskWritten, 20],
    ['disk traffic', metrics.diskTraffic, 30],
    ['disk busy', metrics.diskBusy, 0.6],
    ['network received', metrics.networkReceived, 3],
    ['network sent', metrics.networkSent, 4],
    ['network traffic', metrics.networkTraffic, 7],
    ['busiest process', metrics.busiestProcess, 1.5],
  ])('%s reads its field, and nothing from a sample without it', (name, measure, value) => {
    expect(measure.name).toBe(name);
    expect(measure.of(guestSample('web', 0, full))).toBe(value);
    expect(measure.of(guestSample('web', 0))).toBeUndefined();
  });

  test('memory used is all that is not available, where nothing says what is used', () =>
    expect(metrics.memoryUsed.of(guestSample('web', 0, { memory: { total: 1000, available: 700 } }))).toBeCloseTo(0.3));
  test('memory used is not known where a total of zero only means that it was not measured', () =>
    expect(metrics.memoryUsed.of(guestSample('web', 0, { memory: { total: 0, used: 0 } }))).toBeUndefined());
  test('memory used is not known without a total', () =>
    expect(metrics.memoryUsed.of(guestSample('web', 0, { memory: { used: 5 } }))).toBeUndefined());
  test('the busiest process is not known from an empty list, which only means that none was measured', () =>
    expect(metrics.busiestProcess.of(guestSample('web', 0, { processes: [] }))).toBeUndefined());
  test.each([Number.NaN, Number.POSITIVE_INFINITY])('a reading of %d is none', (used) =>
    expect(metrics.cpu.of(guestSample('web', 0, { cpu: { used } }))).toBeUndefined(),
  );
});
