/** The sadf source: records of several versions as samples, and what is no record. */
import { firstValueFrom, from, NEVER, take, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { parseSadf, sadf, sampleOfRecord } from '../../../src/metrics/sources/sadf/index.js';
import { kibibytes, type Reading, type Sample, sampleSchema, seconds } from '../../../src/model/index.js';
import { fixture } from './fixture.js';

const recorded = fixture('sadf.json');
const stamp = { date: '2026-11-21', time: '21:02:16', utc: 1, interval: 1 };

const sampleFrom = (record: object): Sample => {
  const sample = sampleOfRecord({ timestamp: stamp, ...record }, 'a', 'record 1');
  if (!sample.ok) throw new Error(sample.error.message);
  return sample.value;
};

const host = (node: string, records: readonly object[]): string =>
  `{"nodename": "${node}", "number-of-cpus": 2, "statistics": [${records.map((record) => JSON.stringify(record)).join(',')}], "restarts": []}`;
const report = (...hosts: readonly string[]): string => `{"sysstat": {"hosts": [${hosts.join(',')}]}}`;

describe('a recorded report of sysstat 12.6', () => {
  const readings = parseSadf(recorded);

  test('M9: every record is a sample that the schema takes', () => {
    expect(readings).toHaveLength(2);
    for (const reading of readings) expect(sampleSchema.safeParse(reading).error).toBeUndefined();
  });

  test('M9: time, processor, load, pressure, memory and disk', () => {
    const [sample] = readings as readonly Sample[];
    expect(sample).toMatchObject({
      kind: 'host',
      id: 'vm',
      at: Date.UTC(2026, 10, 21, 21, 2, 16),
      cpu: { used: 1, system: 0.1117, iowait: 0, idle: 0 },
      load: { one: 25.32, five: 25.48, fifteen: 18.74 },
      pressure: { cpu: { some: 0.7881 }, io: { some: 0.0001, full: 0 } },
      memory: { available: kibibytes(20210976), dirty: kibibytes(16144), swapUsed: 0 },
      network: { received: 0, sent: 0 },
    });
    expect(sample?.disk?.written).toBeCloseTo(82.35 * 1024);
    expect((sample?.memory?.total ?? 0) / kibibytes(24684092)).toBeCloseTo(1, 2);
  });
});

describe('versions', () => {
  test('-u names its columns user, system and steal', () => {
    const { cpu } = sampleFrom({
      'cpu-load': [
        { cpu: '0', user: 99, nice: 0, system: 0, iowait: 0, steal: 0, idle: 1 },
        { cpu: 'all', user: 20, nice: 5, system: 10, iowait: 15, steal: 2, idle: 48 },
      ],
    });
    expect(cpu?.used).toBeCloseTo(0.37);
    expect(cpu).toMatchObject({ user: 0.25, system: 0.1, iowait: 0.15, steal: 0.02, idle: 0.48 });
  });

  test('older ones call the section of -u ALL cpu-load-all', () =>
    expect(
      sampleFrom({
        'cpu-load-all': [
          { cpu: 'all', usr: 10, nice: 0, sys: 5, iowait: 0, steal: 0, irq: 1, soft: 4, guest: 20, gnice: 0, idle: 60 },
        ],
      }).cpu,
    ).toMatchObject({ used: 0.4, user: expect.closeTo(0.3) as number, system: expect.closeTo(0.1) as number }));

  test('older ones tell sectors of 512 bytes, not kilobytes', () =>
    expect(
      sampleFrom({ disk: [{ 'disk-device': 'sda', tps: 1, rd_sec: 10, wr_sec: 20, 'util-percent': 50 }] }).disk,
    ).toEqual({
      read: 5120,
      written: 10_240,
      busy: 0.5,
    }));

  test('without the disks the sum of -b stands in', () =>
    expect(
      sampleFrom({ io: { tps: 1, 'io-reads': { rtps: 1, bread: 2 }, 'io-writes': { wtps: 0, bwrtn: 4 } } }).disk,
    ).toEqual({
      read: 1024,
      written: 2048,
    }));

  test('mappings and partitions do not count their disks twice, nor bridges their interfaces', () => {
    const disk = ['sda', 'sda1', 'dm-0'].map((name) => ({ 'disk-device': name, rkB: 1, wkB: 0 }));
    const network = { 'net-dev': ['lo', 'eth0', 'br0'].map((iface) => ({ iface, rxkB: 1, txkB: 2 })) };
    expect(sampleFrom({ disk, network })).toMatchObject({
      disk: { read: 1024 },
      network: { received: 1024, sent: 2048 },
    });
  });

  test('M23: swap traffic in pages of 4 KiB', () =>
    expect(sampleFrom({ 'swap-pages': { pswpin: 1, pswpout: 2 } }).memory?.swapping).toBe(3 * 4096));

  test('sections that are missing are absent', () =>
    expect(sampleFrom({})).toEqual({ kind: 'host', id: 'a', at: Date.UTC(2026, 10, 21, 21, 2, 16) }));

  test('a figure that cannot be is not known', () =>
    expect(sampleFrom({ memory: { avail: -5, memused: 10, 'memused-percent': 0 } })).not.toHaveProperty('memory'));
});

describe('bad input', () => {
  test('local time is refused unless it is said how far ahead of UTC it is', () => {
    const local = { timestamp: { ...stamp, utc: 0 } };
    expect(sampleOfRecord(local, 'a', 'record 1')).toMatchObject({
      ok: false,
      error: { kind: 'bad-input', place: 'record 1: timestamp' },
    });
    expect(sampleOfRecord(local, 'a', 'record 1', { offset: seconds(3600) })).toMatchObject({
      ok: true,
      value: { at: Date.UTC(2026, 10, 21, 20, 2, 16) },
    });
  });

  test('a record that is none is told, and the others are read', () => {
    const text = report(host('a', [{ timestamp: stamp }, { timestamp: 5 }, { timestamp: stamp }]));
    expect(parseSadf(text).map(({ kind }) => kind)).toEqual(['host', 'bad-input', 'host']);
    expect(parseSadf(text)[1]).toMatchObject({ source: 'sadf a', place: 'record 2: timestamp' });
  });

  test('a text that ends within a record is told', () =>
    expect(parseSadf(recorded.slice(0, -2500)).at(-1)).toMatchObject({
      kind: 'bad-input',
      message: 'the text ends within it: it was cut',
    }));

  test.each(['', '{}', 'sadf: command not found', '[]'])('%j has no statistics', (text) =>
    expect(parseSadf(text)).toMatchObject([{ kind: 'bad-input', message: 'no statistics in it' }]),
  );

  test('a record too long to be one is told, is not held, and the next is read', () => {
    const long = { timestamp: stamp, filler: 'x'.repeat(1 << 21) };
    expect(parseSadf(report(host('a', [long, { timestamp: stamp }]))).map(({ kind }) => kind)).toEqual([
      'bad-input',
      'host',
    ]);
  });

  test('brackets and quotes within texts do not mislead', () => {
    const tricky = { timestamp: stamp, comment: '}]{"statistics": [ \\" {' };
    expect(parseSadf(report(host('a', [tricky, { timestamp: stamp }])))).toHaveLength(2);
  });
});

describe('as a stream', () => {
  test('the hosts of a report by their names, as guests where so told', () => {
    const text = report(host('a', [{ timestamp: stamp }]), host('b', [{ timestamp: stamp }]));
    expect(parseSadf(text, { subject: (node) => ({ kind: 'guest', id: `g-${node}` }) })).toMatchObject([
      { kind: 'guest', id: 'g-a' },
      { kind: 'guest', id: 'g-b' },
    ]);
  });

  test('a sample comes as soon as its record is complete', async () => {
    const end = recorded.indexOf('"timestamp"', recorded.indexOf('"timestamp"') + 1);
    const first = await firstValueFrom(sadf(from([recorded.slice(0, end)])));
    expect(first.kind).toBe('host');
    expect(await firstValueFrom(sadf(NEVER).pipe(take(0), toArray()))).toEqual([]);
  });

  test('pieces of any size give the same readings', async () => {
    for (const size of [1, 7, 1000]) {
      const pieces = Array.from({ length: Math.ceil(recorded.length / size) }, (_, i) =>
        recorded.slice(i * size, (i + 1) * size),
      );
      const readings: readonly Reading[] = await firstValueFrom(sadf(from(pieces)).pipe(toArray()));
      expect(readings).toEqual(parseSadf(recorded));
    }
  });
});
