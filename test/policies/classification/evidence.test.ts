/** What both rules say of one use of resources: the class, how sure that is, and every comparison, word for word. */
import { describe, expect, test } from 'vitest';
import { guestSubject, mbps, mebibytesPerSecond, sayReason } from '../../../src/model/index.js';
import {
  type Classifier,
  type ClassifierContext,
  demandRule,
  type DemandRuleSettings,
  thesisRule,
  type ThesisRuleSettings,
  type Usage,
} from '../../../src/policies/classification/index.js';
import { refused } from '../build.js';

type Figures = Omit<Usage, 'span'>;
type Context = Omit<ClassifierContext, 'subject'>;

/** Class and confidence on the first line, then what was compared. */
const told = (rule: Classifier, usage: Figures, context: Context = {}): readonly string[] => {
  const {
    class: found,
    confidence,
    reasons,
  } = rule.classify({ span: 20_000, ...usage }, { subject: guestSubject('g'), ...context });
  return [`${found} ${confidence.toFixed(3)}`, ...reasons.map((reason) => sayReason(reason).replace(/^g /, ''))];
};

const gigabit = { bandwidth: mbps(1000) };

describe('the demand rule', () => {
  const measured = { runQueueWait: 0, cpuPressure: 0, ioPressure: 0, memoryPressure: 0, diskTraffic: 0 };
  const noDisk = ['waiting for a disk 0 % not at least 10 %', 'disk traffic of storage 0 % not at least 10 %'];

  test.each<[string, Figures, readonly string[]]>([
    [
      'computing',
      { ...measured, used: 0.8, user: 0.78, system: 0.02 },
      [
        'cpu 0.938',
        'asked of a processor 80 % at least 10 %',
        'waiting for a disk of active time 0 % not at least 10 %',
        'disk traffic of storage 0 % not at least 10 %',
      ],
    ],
    [
      'reading',
      { ...measured, used: 0.4, user: 0.1, system: 0.3, ioPressure: 0.4, diskTraffic: mebibytesPerSecond(50) },
      [
        'io 0.813',
        'waiting for a disk of active time 50 % at least 10 %',
        'disk traffic of storage 59.9 % at least 10.0 %',
        'asked of a processor 40 % at least 10 %',
        'computing of active time 12.5 % not at least 33.3 %',
      ],
    ],
    [
      'both',
      { ...measured, used: 0.6, user: 0.5, system: 0.1, ioPressure: 0.4 },
      [
        'balanced 0.667',
        'waiting for a disk of active time 40 % at least 10 %',
        'disk traffic of storage 0 % not at least 10 %',
        'asked of a processor 60 % at least 10 %',
        'computing of active time 50.0 % at least 33.3 %',
      ],
    ],
    [
      'nothing',
      { ...measured, used: 0.04, user: 0.02, system: 0.02 },
      ['idle 0.800', 'asked of a processor 4 % not at least 10 %', ...noDisk],
    ],
    [
      'serving',
      { ...measured, used: 0.3, user: 0.05, system: 0.25, networkTraffic: mbps(600) },
      ['network 0.583', 'network 60 % at least 50 %', 'computing of active time 16.7 % not at least 33.3 %', ...noDisk],
    ],
    [
      'waiting for memory',
      { ...measured, used: 0.3, memoryPressure: 0.25, swapping: mbps(35) },
      ['paging 0.800', 'waiting for memory 25 % at least 10 %', 'swap traffic of storage 5 % not at least 10 %'],
    ],
    ['filling memory', { used: 0.3, memoryUsed: 0.96 }, ['paging 0.531', 'memory 96 % at least 90 %']],
    ['something unseen', {}, ['unknown 0.000', 'asked of a processor not measured']],
    [
      'computing, of which no more was seen',
      { used: 0.5 },
      [
        'cpu 0.216',
        'asked of a processor 50 % at least 10 %',
        'waiting for a disk of active time not measured',
        'disk traffic of storage not measured',
      ],
    ],
    [
      'reading, as I/O wait tells',
      { used: 0.2, user: 0.1, system: 0.1, iowait: 0.3 },
      [
        'io 0.504',
        'waiting for a disk of active time 60 % at least 10 %',
        'disk traffic of storage not measured',
        'asked of a processor 20 % at least 10 %',
        'computing of active time 20.0 % not at least 33.3 %',
      ],
    ],
    [
      'computing for the twentieth part that it is let',
      { ...measured, used: 0.05, user: 0.05, system: 0, runQueueWait: 0.5 },
      [
        'cpu 0.727',
        'asked of a processor 55 % at least 10 %',
        'waiting for a disk of active time 0 % not at least 10 %',
        'disk traffic of storage 0 % not at least 10 %',
      ],
    ],
  ])('on a guest that is %s', (_, usage, expected) => {
    expect(told(demandRule(), usage, gigabit)).toEqual(expected);
  });

  test('every threshold is a parameter, and each is reached at it', () => {
    const found = (settings: DemandRuleSettings, usage: Figures, context: Context = {}): string | undefined =>
      told(demandRule(settings), { ...measured, ...usage }, context)[0]?.split(' ')[0];
    const quarter = { used: 0.25, user: 0.25, system: 0 };
    expect(found({ idle: 0.25 }, quarter)).toBe('cpu');
    expect(found({ idle: 0.26 }, quarter)).toBe('idle');
    expect(found({ io: 0.5 }, { ...quarter, ioPressure: 0.25 })).toBe('balanced');
    expect(found({ io: 0.51 }, { ...quarter, ioPressure: 0.25 })).toBe('cpu');
    expect(found({ computing: 0.5 }, { ...quarter, ioPressure: 0.25 })).toBe('balanced');
    expect(found({ computing: 0.51 }, { ...quarter, ioPressure: 0.25 })).toBe('io');
    expect(found({ storage: 100 }, { ...quarter, diskTraffic: 10 })).toBe('balanced');
    expect(found({ storage: 101 }, { ...quarter, diskTraffic: 10 })).toBe('cpu');
    expect(found({ paging: 0.25 }, { ...quarter, memoryPressure: 0.25 })).toBe('paging');
    expect(found({ paging: 0.26 }, { ...quarter, memoryPressure: 0.25 })).toBe('cpu');
    const serving = { used: 0.2, user: 0, system: 0.2, networkTraffic: 25 };
    expect(found({ network: 0.25 }, serving, { bandwidth: 100 })).toBe('network');
    expect(found({ network: 0.26 }, serving, { bandwidth: 100 })).toBe('cpu');
    expect(found({}, serving, { bandwidth: 0 })).toBe('cpu');
  });

  test('memory nearly full tells nothing where waiting or swap traffic was measured, either of them', () => {
    const full = { used: 0.9, user: 0.9, system: 0, memoryUsed: 0.95 };
    expect(told(demandRule(), full)[0]).toMatch(/^paging/);
    expect(told(demandRule({ occupied: 0.96 }), full)[0]).toMatch(/^cpu/);
    expect(told(demandRule(), { ...full, memoryPressure: 0 })[0]).toMatch(/^cpu/);
    expect(told(demandRule(), { ...full, swapping: 0 })[0]).toMatch(/^cpu/);
  });

  test('a guest that carries much and waits for a disk, writes, or computes is no network one', () => {
    const serving = { ...measured, used: 0.3, user: 0.05, system: 0.25, networkTraffic: mbps(600) };
    expect(told(demandRule(), { ...serving, ioPressure: 0.1 }, gigabit)[0]).toMatch(/^io/);
    expect(told(demandRule(), { ...serving, diskTraffic: mbps(300) }, gigabit)[0]).toMatch(/^io/);
    expect(told(demandRule(), { ...serving, user: 0.25, system: 0.05 }, gigabit)[0]).toMatch(/^cpu/);
  });

  test('a guest that computes in what little it does, and reads, is one that reads', () => {
    const little = { ...measured, used: 0.09, user: 0.09, system: 0, ioPressure: 0.1 };
    expect(told(demandRule(), little)[0]).toMatch(/^io/);
    expect(told(demandRule(), { ...little, used: 0.1, user: 0.1 })[0]).toMatch(/^balanced/);
  });

  test('each thing that was not measured takes its part of the confidence', () => {
    const sure = (usage: Figures): number => Number(told(demandRule(), { diskTraffic: 0, ...usage })[0]?.split(' ')[1]);
    const ran = { used: 0.8, user: 0.8, system: 0 };
    const unseen = { ...ran, runQueueWait: 0 };
    const unqueued = { ...ran, ioPressure: 0 };
    const all = { ...unseen, ...unqueued };
    expect(sure(all)).toBe(0.938);
    expect(sure({ ...unseen, diskSleep: 0 })).toBe(0.75);
    expect(sure({ ...unseen, iowait: 0 })).toBe(0.75);
    expect(sure(unseen)).toBe(0.563);
    expect(sure({ used: 0.8, system: 0, runQueueWait: 0, ioPressure: 0 })).toBe(0.75);
    expect(sure(unqueued)).toBe(0.844);
    expect(sure({ ...unqueued, steal: 0 })).toBe(0.938);
    expect(sure({ ...unqueued, cpuPressure: 0 })).toBe(0.938);
    // Of a guest that is seen for less than a tenth of the time, and waits, the mix may be chance.
    expect(sure({ ...all, used: 0.09, user: 0.09, runQueueWait: 0.9 })).toBe(0.76);
    expect(sure({ ...all, used: 0.1, user: 0.1, runQueueWait: 0.9 })).toBe(0.95);
  });

  test('a class that two things make is as sure as the less sure of them', () => {
    const usage = { ...measured, used: 0.12, user: 0.12, system: 0, ioPressure: 0.12 };
    expect(told(demandRule(), usage)[0]).toBe('balanced 0.583');
    expect(told(demandRule(), { ...usage, user: 0.09, system: 0.03 })[0]).toBe('balanced 0.556');
  });

  test('nothing against a limit of nothing is no more than a guess', () => {
    expect(told(demandRule({ idle: 0 }), { ...measured, used: 0, user: 0, system: 0 })[0]).toBe('cpu 0.500');
  });

  test('is named by its settings', () => {
    expect(demandRule({ idle: 0.2 }).name).toBe(
      'demandRule({"idle":0.2,"io":0.1,"computing":0.3333333333333333,"storage":87500000,"paging":0.1,"occupied":0.9,"network":0.5})',
    );
  });

  test.each([
    [{ idle: -0.1 }, 'demandRule.idle: Too small: expected number to be >=0'],
    [{ computing: 1.1 }, 'demandRule.computing: Too big: expected number to be <=1'],
    [{ storage: 0 }, 'demandRule.storage: Too small: expected number to be >0'],
  ])('refuses %j', (settings, message) => {
    expect(refused(() => demandRule(settings))).toBe(message);
  });
});

describe('the thesis’ rule', () => {
  test.each<[string, Figures, readonly string[]]>([
    [
      'CPU-bound',
      { used: 0.9, iowait: 0.05, memoryUsed: 0.5, swapGrowth: 0, networkTraffic: mbps(100) },
      ['cpu 0.824', 'cpu 90 % at least 70 %', 'iowait 5 % not at least 10 %', '|cpu - iowait| 85 % at least 30 %'],
    ],
    [
      'I/O-bound',
      { used: 0.1, iowait: 0.6 },
      ['io 0.700', 'cpu 10 % not at least 70 %', 'iowait 60 % at least 10 %', '|cpu - iowait| 50 % at least 30 %'],
    ],
    [
      'balanced',
      { used: 0.5, iowait: 0.3 },
      [
        'balanced 0.667',
        'cpu 50 % not at least 70 %',
        'iowait 30 % at least 10 %',
        '|cpu - iowait| 20 % not at least 30 %',
      ],
    ],
    [
      'idle',
      { used: 0.35, iowait: 0.05, networkTraffic: mbps(100) },
      ['idle 0.750', 'cpu 35 % not at least 70 %', 'iowait 5 % not at least 10 %', 'network 10 % not at least 50 %'],
    ],
    [
      'serving the network',
      { used: 0.35, iowait: 0.05, networkTraffic: mbps(500) },
      ['network 0.750', 'cpu 35 % not at least 70 %', 'iowait 5 % not at least 10 %', 'network 50 % at least 50 %'],
    ],
    [
      'full',
      { used: 0.35, iowait: 0.05, memoryUsed: 0.95 },
      ['paging 0.526', 'memory 95 % at least 90 %', 'growth of swap not measured'],
    ],
    [
      'swapping more and more',
      { used: 0.35, iowait: 0.05, swapGrowth: 0.1 },
      ['paging 1.000', 'memory not measured', 'growth of swap 10 % above 0 %'],
    ],
    [
      'full and swapping',
      { memoryUsed: 0.95, swapGrowth: 0.1 },
      ['paging 0.526', 'memory 95 % at least 90 %', 'growth of swap 10 % above 0 %'],
    ],
    ['half seen', { used: 0.35 }, ['unknown 0.000', 'cpu 35 % not at least 70 %', 'iowait not measured']],
    ['seen by halves', { iowait: 0.35 }, ['unknown 0.000', 'cpu not measured', 'iowait 35 % at least 10 %']],
  ])('on a guest that is %s', (_, usage, expected) => {
    expect(told(thesisRule(), usage, gigabit)).toEqual(expected);
  });

  test('the share of processor time: user and system together where both are known, of one processor at most all', () => {
    const share = (usage: Figures, settings: ThesisRuleSettings = {}, processors = 1): string | undefined =>
      told(thesisRule(settings), { iowait: 0.9, ...usage }, { processors })[1];
    expect(share({ used: 0.8, user: 0.2, system: 0.1 })).toBe('cpu 30 % not at least 70 %');
    expect(share({ used: 0.8, user: 0.2 })).toBe('cpu 80 % at least 70 %');
    expect(share({ used: 0.8, system: 0.2 })).toBe('cpu 80 % at least 70 %');
    expect(share({ used: 0.8, user: 0.2, system: 0.1 }, { counts: 'user' })).toBe('cpu 20 % not at least 70 %');
    expect(share({ used: 0.3 }, {}, 2)).toBe('cpu 60 % not at least 70 %');
    expect(share({ used: 0.8 }, {}, 2)).toBe('cpu 100 % at least 70 %');
    expect(share({ used: 0.3 }, { of: 'all' }, 2)).toBe('cpu 30 % not at least 70 %');
  });

  test('without a bandwidth, or of none, the network is not known', () => {
    const usage = { used: 0.1, iowait: 0, networkTraffic: 1 };
    expect(told(thesisRule(), usage)[3]).toBe('network not measured');
    expect(told(thesisRule(), usage, { bandwidth: 0 })[3]).toBe('network not measured');
    expect(told(thesisRule(), { used: 0.1, iowait: 0 }, gigabit)[3]).toBe('network not measured');
  });

  test('as much computing as waiting is balanced at any difference but none, where it is called I/O-bound', () => {
    expect(told(thesisRule(), { used: 0.8, iowait: 0.8 })[0]).toBe('balanced 1.000');
    expect(told(thesisRule({ dramatic: 0 }), { used: 0.8, iowait: 0.8 })[0]).toBe('io 0.500');
  });

  test('is named by its settings', () => {
    expect(thesisRule({ cpu: 0.8 }).name).toBe(
      'thesisRule({"counts":"user+system","of":"one","cpu":0.8,"iowait":0.1,"dramatic":0.3,"occupied":0.9,"network":0.5})',
    );
  });

  test('refuses a bound of 70', () => {
    expect(refused(() => thesisRule({ cpu: 70 }))).toBe('thesisRule.cpu: Too big: expected number to be <=1');
  });
});
