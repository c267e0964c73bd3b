/** Parsers of kernel text: what each reads of recorded files, of older and newer kernels, and of text that is none. */
import { describe, expect, test } from 'vitest';
import {
  parseCpuinfo,
  type Parsed,
  parseDiskstats,
  parseLoadavg,
  parseMeminfo,
  parseNetDev,
  parsePressure,
  parseProcessStat,
  parseSchedstat,
  parseStat,
  parseUptime,
  parseVmstat,
} from '../../../src/metrics/sources/linux/index.js';
import { gibibytes, kibibytes, megahertz } from '../../../src/model/index.js';
import { fixture } from './fixture.js';

const valueOf = <Value>(parsed: Parsed<Value>): Value => {
  if (!parsed.ok) throw new Error(`${parsed.error.source} ${parsed.error.place}: ${parsed.error.message}`);
  return parsed.value;
};

describe('/proc/stat', () => {
  test('M9: processor times of all processors together, in ticks', () => {
    expect(valueOf(parseStat(fixture('stat.txt')))).toEqual({
      cpu: {
        user: 230510,
        nice: 95910,
        system: 45294,
        idle: 125856,
        iowait: 630,
        irq: 0,
        softirq: 781,
        steal: 2134,
        guest: 0,
        guestNice: 6,
      },
      processors: 2,
      running: 26,
      blocked: 0,
    });
  });

  test('a kernel of four columns leaves the others absent', () => {
    expect(valueOf(parseStat('cpu  10 2 3 100\ncpu0 10 2 3 100\n'))).toEqual({
      cpu: { user: 10, nice: 2, system: 3, idle: 100 },
      processors: 1,
    });
  });

  test('columns of a kernel to come are passed over', () => {
    expect(valueOf(parseStat('cpu  1 2 3 4 5 6 7 8 9 10 11 12\n')).cpu.guestNice).toBe(10);
  });

  test('a wrong value is told with its file, line and text', () => {
    expect(parseStat('intr 1\ncpu  1 2 -3 4\n')).toMatchObject({
      ok: false,
      error: { kind: 'bad-input', source: '/proc/stat', place: 'line 2', problem: 'malformed', value: 'cpu  1 2 -3 4' },
    });
  });

  test.each(['', '\n', 'cpu 1 2\n', 'intr 1 2 3 4\n', 'cpu  1 2 3 4', 'cpu  1 2 3 NaN\n', 'procs_running x\n'])(
    'refuses %j',
    (text) => expect(parseStat(text).ok).toBe(false),
  );
});

describe('/proc/loadavg', () => {
  test('M9: three load averages', () => {
    expect(valueOf(parseLoadavg(fixture('loadavg.txt')))).toEqual({ one: 25.31, five: 25.48, fifteen: 18.84 });
  });
  test('refuses two', () => expect(parseLoadavg('0.1 0.2\n').ok).toBe(false));
});

describe('/proc/meminfo', () => {
  test('M9: memory, swap and dirty pages in bytes', () => {
    expect(valueOf(parseMeminfo(fixture('meminfo.txt')))).toEqual({
      total: kibibytes(24684092),
      free: kibibytes(11764360),
      available: kibibytes(19400640),
      swapTotal: 0,
      swapFree: 0,
      dirty: kibibytes(16332),
    });
  });
  test('before Linux 3.14 what is available is free, buffers and page cache together', () => {
    const text = 'MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 20 kB\nCached: 300 kB\n';
    expect(valueOf(parseMeminfo(text)).available).toBe(kibibytes(420));
  });
  test('a unit that is not known is refused', () =>
    expect(parseMeminfo('MemTotal: 1000 MB\n')).toMatchObject({ ok: false, error: { place: 'line 1' } }));
});

describe('/proc/vmstat', () => {
  test('M23: pages swapped in and out', () =>
    expect(valueOf(parseVmstat(fixture('vmstat.txt')))).toEqual({ swappedIn: 0, swappedOut: 0 }));
  test('a kernel without swap has no such lines', () => expect(valueOf(parseVmstat('nr_free_pages 1\n'))).toEqual({}));
});

describe('/proc/diskstats', () => {
  test('whole disks alone: neither loop devices nor compressed memory', () => {
    expect(valueOf(parseDiskstats(fixture('diskstats.txt')))).toEqual({
      vda: { read: 5157634 * 512, written: 21279008 * 512, busy: 19592 },
    });
  });

  const row = (name: string, columns = 17): string =>
    `8 0 ${name} ${Array.from({ length: columns }, (_, i) => String(i + 1)).join(' ')}\n`;

  test('partitions, mappings and arrays do not count their disks twice', () => {
    const text = ['sda', 'sda1', 'sda15', 'nvme0n1', 'nvme0n1p1', 'dm-0', 'md127', 'xvda1']
      .map((name) => row(name))
      .join('');
    // xvda1 stands without a xvda: some clouds attach partitions as disks.
    expect(Object.keys(valueOf(parseDiskstats(text))).sort()).toEqual(['nvme0n1', 'sda', 'xvda1']);
  });

  test.each([11, 15, 17, 20])('a kernel of %i counters', (columns) =>
    expect(valueOf(parseDiskstats(row('sda', columns)))['sda']).toEqual({ read: 3 * 512, written: 7 * 512, busy: 10 }),
  );
  test('partitions of old kernels with four counters are passed over', () =>
    expect(valueOf(parseDiskstats(row('hda') + row('hda1', 4)))).toHaveProperty('hda'));
  test('a machine without disks', () => expect(valueOf(parseDiskstats(''))).toEqual({}));
  test('too few counters are refused', () =>
    expect(parseDiskstats(row('sda', 8))).toMatchObject({ ok: false, error: { place: 'line 1' } }));
});

describe('/proc/net/dev', () => {
  test('M9: interfaces that lead out, the loopback left out', () =>
    expect(valueOf(parseNetDev(fixture('net-dev.txt')))).toEqual({ eth0: { received: 703385091, sent: 2143888 } }));
  test('guests, bridges, bonds and VLANs count no traffic twice', () => {
    const names = ['lo', 'eth0', 'eth0.100', 'bond0', 'vnet3', 'br0', 'docker0', 'enp3s0f1', 'veth12ab'];
    const text = names.map((name) => `${name}:1 0 0 0 0 0 0 0 2 0 0 0 0 0 0 0\n`).join('');
    expect(Object.keys(valueOf(parseNetDev(text)))).toEqual(['eth0', 'enp3s0f1']);
  });
  test('which interfaces count can be said', () =>
    expect(Object.keys(valueOf(parseNetDev(fixture('net-dev.txt'), 'net', (name) => name === 'lo')))).toEqual(['lo']));
  test('too few counters are refused', () => expect(parseNetDev('eth0: 1 2 3\n').ok).toBe(false));
});

describe('/proc/pressure', () => {
  test('totals of some and full, in microseconds', () =>
    expect(valueOf(parsePressure(fixture('pressure-io.txt'), 'io'))).toEqual({ some: 8989115, full: 3854439 }));
  test('before Linux 5.13 processors have no full', () =>
    expect(valueOf(parsePressure('some avg10=0.00 avg60=0.00 avg300=0.00 total=7\n', 'cpu'))).toEqual({ some: 7 }));
  test('a line without a total is refused', () => expect(parsePressure('some avg10=1.00\n', 'cpu').ok).toBe(false));
});

describe('/proc/schedstat', () => {
  const text = (version: number): string =>
    `version ${version}\ntimestamp 4295\ncpu0 0 0 9 8 7 6 1000 250 5\ndomain0 03 1 2 3\ncpu1 0 0 9 8 7 6 3000 750 5\n`;
  test.each([14, 15, 16, 17])('version %i: time run and time waited of all processors', (version) =>
    expect(valueOf(parseSchedstat(text(version)))).toEqual({ ran: 4000, waited: 1000 }),
  );
  test('a version that is not known is refused as such', () =>
    expect(parseSchedstat(text(99))).toMatchObject({ ok: false, error: { problem: 'unsupported version' } }));
});

describe('/proc/[pid]/stat', () => {
  const fields = (comm: string, state = 'S'): string =>
    `42 (${comm}) ${state} 1 42 42 0 -1 4194304 100 0 0 0 30 12 7 7 20 0 1 0 5000 1000000 250 1844674407370955 1 1\n`;
  test('M9: name, state, processor time, start and memory', () =>
    expect(valueOf(parseProcessStat(fields('bash'), '/proc/42/stat'))).toEqual({
      pid: 42,
      name: 'bash',
      state: 'sleeping',
      cpu: 42,
      began: 5000,
      pages: 250,
    }));
  test.each(['Web Content', 'a) R 1 2', '((', ')', 'tmux: server', ''])('a process called %j', (comm) =>
    expect(valueOf(parseProcessStat(fields(comm, 'D'), 'x'))).toMatchObject({
      name: comm,
      state: 'uninterruptible',
      cpu: 42,
    }),
  );
  test('a recorded one', () =>
    expect(valueOf(parseProcessStat(fixture('self-stat.txt'), 'x'))).toMatchObject({ name: 'cat', pages: 410 }));
  test.each(['42 bash S 1\n', '42 (bash\n', '42 (bash) S 1 2 3\n', 'x (bash) S\n', '42 (b) ? 1\n'])(
    'refuses %j',
    (text) =>
      expect(parseProcessStat(text, '/proc/42/stat')).toMatchObject({ ok: false, error: { source: '/proc/42/stat' } }),
  );
});

test('/proc/uptime in milliseconds', () => expect(valueOf(parseUptime(fixture('uptime.txt')))).toBe(2_507_500));

describe('/proc/cpuinfo', () => {
  const x86 = (processor: number, core: number): string =>
    `processor\t: ${processor}\nmodel name\t: Intel(R) Core(TM) i7 CPU @ 3.33GHz\ncpu MHz\t\t: 1596.000\ncache size\t: 12288 KB\nphysical id\t: 0\ncore id\t\t: ${core}\nflags\t\t: fpu sse2\n\n`;
  test('M8: two threads on each of two cores', () =>
    expect(valueOf(parseCpuinfo([x86(0, 0), x86(1, 1), x86(2, 0), x86(3, 1)].join('')))).toEqual({
      threads: 4,
      cores: 2,
      model: 'Intel(R) Core(TM) i7 CPU @ 3.33GHz',
      currentClock: megahertz(1596),
      cache: kibibytes(12288),
      flags: ['fpu', 'sse2'],
    }));
  test('ARM tells neither cores nor a clock', () =>
    expect(
      valueOf(parseCpuinfo('processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd\nCPU part\t: 0xd0c\n\n')),
    ).toEqual({
      threads: 1,
      model: '0xd0c',
      flags: ['fp', 'asimd'],
    }));
  test('POWER', () =>
    expect(valueOf(parseCpuinfo('processor\t: 0\ncpu\t\t: POWER9\nclock\t\t: 3800.000000MHz\n\n'))).toMatchObject({
      model: 'POWER9',
      currentClock: megahertz(3800),
    }));
  test('s390 numbers its processors on lines of their own', () =>
    expect(
      valueOf(parseCpuinfo('vendor_id : IBM/S390\nprocessor 0: version = FF\nprocessor 1: version = FF\n')),
    ).toMatchObject({
      threads: 2,
      model: 'IBM/S390',
    }));
  test('no processor at all is refused', () => expect(parseCpuinfo('flags : x\n').ok).toBe(false));
});

test('sanity: the recorded machine has some 23.5 GiB', () =>
  expect(valueOf(parseMeminfo(fixture('meminfo.txt'))).total).toBeGreaterThan(gibibytes(23)));
