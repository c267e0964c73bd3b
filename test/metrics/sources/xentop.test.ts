/** The Xen source: what xentop and xl printed of a real domain becomes rates that can be. */
import { expect, test } from 'vitest';
import { parseVcpuList, parseXentop, type XenCounters, xenRates } from '../../../src/metrics/index.js';
import { kibibytes } from '../../../src/model/index.js';
import { xenSaid } from './captures.js';

const value = <V>(read: { ok: true; value: V } | { ok: false; error: unknown }): V => {
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
};
const passes = value(parseXentop(xenSaid('xentop-batch.stdout.txt')));

test('each pass of xentop begins with the headings', () => {
  expect(passes.map((pass) => pass.map(({ name }) => name))).toEqual(Array(3).fill(['Domain-0', 'domu1']));
});

test('the 0.0 of the first pass is not a measurement', () => {
  expect(passes.map((pass) => pass[1]?.cpu)).toEqual([undefined, 0.136, 0.114]);
});

test('a domain of xentop has its memory, processors, traffic and sectors', () => {
  expect(passes[2]?.[1]).toEqual({
    name: 'domu1',
    cpu: 0.114,
    memory: kibibytes(98304),
    vcpus: 1,
    network: { received: 0, sent: 0 },
    disk: { read: 0, written: 0 },
  });
});

test('`no limit` is one word, and a name may hold spaces', () => {
  const heading = xenSaid('xentop-batch.stdout.txt').split('\n')[0];
  const text = `${heading}\n  my own guest --b---  292 1.0 98304 9.4 no limit n/a 2 0 7 9 0 0 0 0 4 8 0\n`;
  expect(value(parseXentop(text))[0]?.[0]).toMatchObject({
    name: 'my own guest',
    vcpus: 2,
    network: { received: 9 * 1024, sent: 7 * 1024 },
    disk: { read: 4 * 512, written: 8 * 512 },
  });
});

test('xl vcpu-list adds up the processors of a domain and leaves out those that are off line', () => {
  const text = [
    'Name                                ID  VCPU   CPU State   Time(s) Affinity (Hard / Soft)',
    'a b                                  3     0    1   -b-      10.1  all / all',
    'a b                                  3     1    0   r--       0.4  0-1 / all',
    'a b                                  3     2    -   --p       9.9  all / all',
    '',
  ].join('\n');
  expect(value(parseVcpuList(text))).toEqual([{ name: 'a b', domain: 3, vcpus: 2, ran: 10_500 }]);
  expect(value(parseVcpuList(xenSaid('xl-vcpu-list.stdout.txt')))).toHaveLength(2);
});

const counters = (ran: number, domain = 1, disk = 0): XenCounters => ({
  vcpus: { name: 'a', domain, vcpus: 2, ran },
  xentop: { name: 'a', cpu: 0.5, vcpus: 2, disk: { read: disk, written: 0 }, network: { received: disk, sent: 0 } },
});

test('processor time between two readings is shared by the virtual processors', () => {
  expect(xenRates(counters(0), counters(10_000), 10_000)?.cpu).toEqual({ used: 0.5 });
});

test('another number of the domain is another life of it: then only xentop is believed', () => {
  expect(xenRates(counters(0, 1), counters(10_000, 2), 10_000)?.cpu).toEqual({ used: 0.25 });
});

test('more than can be is not believed, and counters that went backwards give nothing', () => {
  expect(xenRates({}, { xentop: { name: 'a', cpu: 7, vcpus: 2 } }, 1000)).toBeUndefined();
  const rates = xenRates(counters(0, 1, 100), counters(10_000, 1, 50), 10_000);
  expect(rates?.disk).toBeUndefined();
  expect(rates?.network).toBeUndefined();
  expect(xenRates(counters(0), counters(1), 0)).toBeUndefined();
});
