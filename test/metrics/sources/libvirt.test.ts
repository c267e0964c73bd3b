/** The libvirt source: what virsh printed of a real guest and host becomes rates that can be, and what it did not measure stays unknown. */
import { expect, test } from 'vitest';
import {
  type DomainCounters,
  domainRates,
  nodeRates,
  parseDomstats,
  parseNodeCpuStats,
  parseNodeMemoryStats,
} from '../../../src/metrics/index.js';
import { kibibytes, mebibytesPerSecond, seconds } from '../../../src/model/index.js';
import { virshSaid } from './captures.js';

const one = (text: string): DomainCounters => {
  const read = parseDomstats(text);
  if (!read.ok || !read.value[0]) throw new Error('no guest');
  return read.value[0];
};
const value = <V>(read: { ok: true; value: V } | { ok: false; error: unknown }): V => {
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
};
const recorded = one(virshSaid('14-domstats-raw-allgroups.stdout.txt'));
const told = seconds(1795293680);

/** Ten readings of a second each, of guest and host. */
const series = virshSaid('14-domstats-raw-series.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { t: number; stdout: string })
  .map(({ t, stdout }) => {
    const from = stdout.indexOf('user:');
    return { at: t * 1000, guest: one(stdout.slice(0, from)), host: value(parseNodeCpuStats(stdout.slice(from))) };
  });

test('every group of statistics is read', () => {
  expect(recorded).toEqual({
    name: 'vm1',
    state: { state: 1, reason: 1 },
    cpuTime: 11735015000,
    vcpus: 2,
    processors: [
      { ran: 6030000000, waited: 16735618024 },
      { ran: 5020000000, waited: 13932083709 },
    ],
    balloon: { total: 157840, available: 96508, unused: 91940, swapped: 0, at: seconds(1795293679) },
    disks: { vda: { read: 5542400, written: 5505024 } },
    network: { vnet0: { received: 1016, sent: 656 } },
    dirty: { startedAt: 1233, period: 1, rate: 0, mode: 'page-sampling' },
  });
});

test('a host without guests prints nothing', () => {
  expect(parseDomstats('')).toEqual({ ok: true, value: [] });
});

test('the form for people is refused as soon as a counter is none', () => {
  expect(parseDomstats("Domain: 'vm1'\n  cpu.time=11.7s\n").ok).toBe(false);
});

test('a guest may be called with a quotation mark, and a disk __proto__', () => {
  const odd = one("Domain: 'it's --help'\n  block.0.name=__proto__\n  block.0.rd.bytes=1\n  block.0.wr.bytes=2\n");
  expect(odd.name).toBe("it's --help");
  expect(Object.entries(odd.disks)).toEqual([['__proto__', { read: 1, written: 2 }]]);
});

test('time in which virtual processors waited for one of the host is stolen, and counts as used', () => {
  const rates = series.slice(1).map((now, i) => {
    const before = series[i];
    return before && domainRates(before.guest, now.guest, now.at - before.at, now.at);
  });
  // In two of the nine, commands were held up for so long that more seems to have been waited than can be.
  expect(rates.filter((rate) => rate?.cpu?.steal !== undefined).length).toBeGreaterThanOrEqual(7);
  for (const rate of rates) {
    expect(rate?.cpu?.used).toBeGreaterThanOrEqual(rate?.cpu?.steal ?? 0);
    expect(rate?.cpu?.used).toBeLessThanOrEqual(1);
    expect(rate?.runQueueWait).toBe(rate?.cpu?.steal);
  }
});

test('disk and network are bytes per second', () => {
  const [before, now] = [series[0], series[5]];
  if (!before || !now) throw new Error('too few');
  const rates = domainRates(before.guest, now.guest, now.at - before.at, now.at);
  const read = (now.guest.disks['vda']?.read ?? 0) - (before.guest.disks['vda']?.read ?? 0);
  expect(rates?.disk?.read).toBeCloseTo((read / (now.at - before.at)) * 1000);
  expect(rates?.network?.received).toBeGreaterThanOrEqual(0);
});

test('memory is that inside the guest, as its balloon tells it', () => {
  expect(domainRates(recorded, recorded, 1000, told)?.memory).toEqual({
    total: kibibytes(157840),
    available: kibibytes(96508),
    used: kibibytes(157840 - 96508),
    swapping: 0,
  });
});

test('a balloon that has not told for a minute tells nothing, and one that never told neither', () => {
  expect(domainRates(recorded, recorded, 1000, told + seconds(120))?.memory).toBeUndefined();
  expect(
    one("Domain: 'a'\n  balloon.current=1\n  balloon.usable=5\n  balloon.last-update=0\n").balloon,
  ).toBeUndefined();
});

test('a dirty rate of zero by page sampling is not a measurement', () => {
  expect(domainRates({ ...recorded, name: 'vm1' }, recorded, 1000, told)?.dirty).toBeUndefined();
});

test('a dirty rate is told once, when it is new', () => {
  const measured = { ...recorded, dirty: { startedAt: 1300, period: 1, rate: 8, mode: 'page-sampling' } };
  expect(domainRates(recorded, measured, 1000, told)?.dirty).toEqual({ rate: mebibytesPerSecond(8), window: 1000 });
  expect(domainRates(measured, measured, 1000, told)?.dirty).toBeUndefined();
});

test('a measurement that is not finished has no rate', () => {
  expect(
    one("Domain: 'a'\n  dirtyrate.calc_status=1\n  dirtyrate.calc_start_time=5\n  dirtyrate.calc_period=1\n").dirty,
  ).toBeUndefined();
});

test('counters that went backwards, as after a move, give nothing', () => {
  const rates = domainRates(
    recorded,
    { ...recorded, processors: [{ ran: 1 }, { ran: 1 }], disks: { vda: { read: 0, written: 0 } } },
    1000,
    0,
  );
  expect(rates?.cpu).toBeUndefined();
  expect(rates?.disk).toBeUndefined();
});

test('more processor time than can have passed is not believed', () => {
  const later = { ...recorded, processors: recorded.processors.map(({ ran }) => ({ ran: ran + 9e9 })) };
  expect(domainRates(recorded, later, 1000, told)?.cpu).toBeUndefined();
});

test('no time, no rates', () => {
  expect(domainRates(recorded, recorded, 0, told)).toBeUndefined();
  expect(domainRates(recorded, recorded, Number.NaN, told)).toBeUndefined();
});

test('a host is used for all that is neither idle nor waiting for a disk', () => {
  const [before, now] = [series[0], series[9]];
  const cpu = nodeRates(before?.host, now?.host, undefined)?.cpu;
  expect(cpu?.used).toBeCloseTo((cpu?.user ?? 0) + (cpu?.system ?? 0));
  expect((cpu?.used ?? 0) + (cpu?.idle ?? 0) + (cpu?.iowait ?? 0)).toBeCloseTo(1);
});

test('memory of a host is that of nodememstats, in which nodeinfo leaves out what was added later', () => {
  const memory = value(parseNodeMemoryStats(virshSaid('04-nodememstats.stdout.txt')));
  expect(memory.total).toBe(kibibytes(24684092));
  expect(nodeRates(undefined, undefined, memory)).toEqual({
    memory: {
      total: kibibytes(24684092),
      available: kibibytes(16774092 + 315184 + 5657808),
      used: kibibytes(24684092 - 16774092 - 315184 - 5657808),
    },
  });
});

test('percentages are no counters', () => {
  expect(parseNodeCpuStats(virshSaid('03-nodecpustats-percent.stdout.txt')).ok).toBe(false);
});

test('another language is refused, not misread', () => {
  expect(parseNodeCpuStats('Benutzer: 12\nSystem: 5\n').ok).toBe(false);
  expect(parseNodeMemoryStats('total  :  24684092 Ko\nfree : 1 Ko\n').ok).toBe(false);
});
