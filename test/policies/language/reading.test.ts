/** Readings in the rule language: levels, spells and trends, what is said of them, and what becomes of a silent subject. */
import { describe, expect, test } from 'vitest';
import { cpu, level } from '../../../src/metrics/index.js';
import { mebibytesPerSecond, minutes, seconds } from '../../../src/model/index.js';
import type { HostTerm } from '../../../src/policies/index.js';
import { now } from '../build.js';
import { type Ask, checkedOn, notKnown, type Row, type Site } from './answer.js';
import { type History, movesIf, siteFor, used } from './site.js';

const on = (readings: History): Site => ({ hosts: { a: { readings } } });

describe('a spell', () => {
  const spell =
    (length: number): Ask =>
    (h) =>
      h.cpu.above(0.8).for(length);
  test.each<Row>([
    [
      'that has lasted is told by the reading, for how long, and by the time',
      spell(seconds(10)),
      true,
      ['a cpu 90 % above 80 % (held 10.0 s)', 'a time with cpu above 80 % 10.0 s at least 10.0 s'],
      ['a time with cpu above 80 % 10.0 s not below 10.0 s'],
    ],
    [
      'that has not lasted is told by its time',
      spell(seconds(11)),
      false,
      ['a time with cpu above 80 % 10.0 s not at least 11.0 s'],
      ['a time with cpu above 80 % 10.0 s below 11.0 s'],
    ],
    [
      'that needs no time is told by both',
      spell(0),
      true,
      ['a cpu 90 % above 80 % (held 10.0 s)', 'a time with cpu above 80 % 10.0 s at least 0.0 s'],
      ['a time with cpu above 80 % 10.0 s not below 0.0 s'],
    ],
  ])('%s', checkedOn(on(used(0.9, 0.9, 0.9))));

  test.each<Row>([
    [
      'with a contrary sample that is forgiven is told by its time alone',
      spell(seconds(5)),
      true,
      ['a time with cpu above 80 % 5.0 s at least 5.0 s'],
      ['a time with cpu above 80 % 5.0 s not below 5.0 s'],
    ],
    [
      'ends with a contrary sample where none is forgiven',
      (h) => h.cpu.above(0.8).for(seconds(5), { forgiving: 0 }),
      false,
      ['a time with cpu above 80 % 0.0 s not at least 5.0 s'],
      ['a time with cpu above 80 % 0.0 s below 5.0 s'],
    ],
  ])('%s', checkedOn(on(used(0.9, 0.9, 0.1))));

  test.each<Row>([
    ['above', (h) => h.cpu.above(0.8).for(0), false, ['a cpu 50 % not above 80 %'], ['a cpu 50 % at most 80 %']],
    ['at least', (h) => h.cpu.atLeast(0.8).for(0), false, ['a cpu 50 % not at least 80 %'], ['a cpu 50 % below 80 %']],
    ['below', (h) => h.cpu.below(0.2).for(0), false, ['a cpu 50 % not below 20 %'], ['a cpu 50 % at least 20 %']],
    ['at most', (h) => h.cpu.atMost(0.2).for(0), false, ['a cpu 50 % not at most 20 %'], ['a cpu 50 % above 20 %']],
    notKnown('of what was never measured', (h) => h.iowait.above(0.2).for(0), 'a iowait not measured'),
  ])('that need not last and is none is told by the reading: %s', checkedOn(on(used(0.5))));

  test('forgives three contrary samples, if nothing else is said', () => {
    const watched = (ask: Ask): readonly string[] => Object.keys(movesIf(ask).watch.host ?? {});
    expect(watched((h) => h.cpu.above(0.8).for(seconds(5)))).toEqual(
      watched((h) => h.cpu.above(0.8).for(seconds(5), { forgiving: 3 })),
    );
  });

  test('has the age of the latest sample, on the reading and on the time', () => {
    const probe = movesIf(spell(seconds(10)));
    const site = siteFor(
      probe,
      { a: { readings: used(0.9, 0.9, 0.9), knowledge: { kind: 'fresh', at: now - 2000 } }, b: {} },
      { web: { on: 'a' } },
    );
    expect(probe.plan(site).moves[0]?.because.slice(0, 2)).toMatchObject([
      { measure: 'cpu', value: 0.9, relation: 'above', limit: 0.8, unit: 'fraction', held: 10_000, age: 2000 },
      { value: 10_000, limit: 10_000, unit: 'milliseconds', age: 2000 },
    ]);
  });

  test('against something that moves is refused', () => {
    expect(() => movesIf((h) => h.cpu.above(h.iowait).for(seconds(5)))).toThrow(
      /^probe: for: cpu can be followed over time against a plain number only$/,
    );
  });
});

describe('a trend', () => {
  test.each<Row>([
    [
      'rises',
      (h) => h.cpu.rising(),
      true,
      ['a trend of cpu rising'],
      ['a trend of cpu rising, not one of falling, level'],
    ],
    [
      'does not fall',
      (h) => h.cpu.falling(),
      false,
      ['a trend of cpu rising, not falling'],
      ['a trend of cpu rising among rising, level'],
    ],
    notKnown('of what was never measured', (h) => h.iowait.rising(), 'a trend of iowait not measured'),
  ])('%s', checkedOn(on(used(0.25, 0.5, 0.75))));

  test.each<Row>([
    [
      'falls',
      (h) => h.cpu.falling(),
      true,
      ['a trend of cpu falling'],
      ['a trend of cpu falling, not one of rising, level'],
    ],
    [
      'does not rise',
      (h) => h.cpu.rising(),
      false,
      ['a trend of cpu falling, not rising'],
      ['a trend of cpu falling among falling, level'],
    ],
  ])('%s', checkedOn(on(used(0.75, 0.6, 0.5, 0.3, 0.2))));
});

describe('a mean', () => {
  test.each<Row>([
    [
      'smoothed',
      (h) => h.cpu.smoothed(minutes(1)).above(0.2),
      true,
      ['a cpu, smoothed over 60.0 s, 50 % above 20 %'],
      ['a cpu, smoothed over 60.0 s, 50 % not at most 20 %'],
    ],
    [
      'averaged',
      (h) => h.cpu.averaged(2).above(0.2),
      true,
      ['a mean of the last 2 readings of cpu 50 % above 20 %'],
      ['a mean of the last 2 readings of cpu 50 % not at most 20 %'],
    ],
    notKnown(
      'of what was never measured',
      (h) => h.iowait.averaged(2).above(0),
      'a mean of the last 2 readings of iowait not measured',
    ),
    [
      'a signal of one’s own',
      (h) => h.signal({ measure: 'own', unit: 'count', signal: level(cpu) }).above(0),
      true,
      ['a own 0.50 above 0.00'],
      ['a own 0.50 not at most 0.00'],
    ],
    notKnown(
      'a signal that gives no number',
      (h) =>
        h
          .signal({ measure: 'own', unit: 'count', signal: { ...level(cpu), name: 'odd', value: () => Number.NaN } })
          .above(0),
      'a own not measured',
    ),
  ])('%s', checkedOn(on(used(0.5, 0.5))));
});

describe('every reading has its own measure and unit', () => {
  const all: History = [
    {
      cpu: { used: 0.5, iowait: 0.1, steal: 0.2 },
      load: { one: 3, five: 1, fifteen: 1 },
      memory: { total: 100, used: 40, swapTotal: 100, swapUsed: 30, swapping: mebibytesPerSecond(1) },
      disk: { read: mebibytesPerSecond(1), written: mebibytesPerSecond(2) },
      network: { received: mebibytesPerSecond(2), sent: mebibytesPerSecond(3) },
      pressure: { cpu: { some: 0.11 }, memory: { some: 0.12 }, io: { some: 0.13 } },
      runQueueWait: 0.14,
    },
  ];
  const zero =
    (read: (h: HostTerm) => HostTerm['cpu'] | HostTerm['loadAverage'] | HostTerm['swapping']): Ask =>
    (h) =>
      read(h).above(0);
  test.each<Row>([
    ['cpu', zero((h) => h.cpu), true, ['a cpu 50 % above 0 %'], ['a cpu 50 % not at most 0 %']],
    ['iowait', zero((h) => h.iowait), true, ['a iowait 10 % above 0 %'], ['a iowait 10 % not at most 0 %']],
    ['steal', zero((h) => h.steal), true, ['a steal 20 % above 0 %'], ['a steal 20 % not at most 0 %']],
    ['load', zero((h) => h.loadAverage), true, ['a load one 3 above 0'], ['a load one 3 not at most 0']],
    [
      'run queue',
      zero((h) => h.runQueueWait),
      true,
      ['a run-queue wait 14 % above 0 %'],
      ['a run-queue wait 14 % not at most 0 %'],
    ],
    [
      'cpu pressure',
      zero((h) => h.cpuPressure),
      true,
      ['a cpu pressure 11 % above 0 %'],
      ['a cpu pressure 11 % not at most 0 %'],
    ],
    [
      'memory pressure',
      zero((h) => h.memoryPressure),
      true,
      ['a memory pressure 12 % above 0 %'],
      ['a memory pressure 12 % not at most 0 %'],
    ],
    [
      'io pressure',
      zero((h) => h.ioPressure),
      true,
      ['a io pressure 13 % above 0 %'],
      ['a io pressure 13 % not at most 0 %'],
    ],
    [
      'memory',
      zero((h) => h.memoryUsed),
      true,
      ['a memory used 40 % above 0 %'],
      ['a memory used 40 % not at most 0 %'],
    ],
    ['swap', zero((h) => h.swapUsed), true, ['a swap used 30 % above 0 %'], ['a swap used 30 % not at most 0 %']],
    [
      'swapping',
      zero((h) => h.swapping),
      true,
      ['a swapping 1.0 MiB/s above 0.0 MiB/s'],
      ['a swapping 1.0 MiB/s not at most 0.0 MiB/s'],
    ],
    [
      'disk',
      zero((h) => h.diskTraffic),
      true,
      ['a disk traffic 3.0 MiB/s above 0.0 MiB/s'],
      ['a disk traffic 3.0 MiB/s not at most 0.0 MiB/s'],
    ],
    [
      'network',
      zero((h) => h.networkTraffic),
      true,
      ['a network traffic 5.0 MiB/s above 0.0 MiB/s'],
      ['a network traffic 5.0 MiB/s not at most 0.0 MiB/s'],
    ],
  ])('%s', checkedOn(on(all)));
});

describe('of a host that is not freshly known, no reading is known', () => {
  test.each<[string, Extract<NonNullable<Site['hosts']>[string]['knowledge'], object>, string]>([
    ['stale', { kind: 'stale', at: 0, age: 90_000 }, 'a cpu stale'],
    ['partly known', { kind: 'partial', at: 0, missing: ['web'] }, 'a cpu known only in part'],
    ['never seen', { kind: 'unseen' }, 'a cpu never seen'],
  ])('%s', (_, knowledge, said) => {
    const site = { hosts: { a: { readings: used(0.9, 0.9), knowledge } } };
    checkedOn(site)(...notKnown('level', (h) => h.cpu.above(0.1), said));
    checkedOn(site)(...notKnown('spell', (h) => h.cpu.above(0.1).for(0), said));
    checkedOn(site)(...notKnown('trend', (h) => h.cpu.rising(), said.replace('cpu', 'trend of cpu')));
  });

  test('a host that is none has no reading', () => {
    checkedOn({})(
      ...notKnown(
        'none',
        (_, { hosts }) =>
          hosts
            .select((h) => h.name.is('nobody'))
            .first()
            .it.cpu.above(0),
        'the cluster cpu not in the inventory',
      ),
    );
  });
});
