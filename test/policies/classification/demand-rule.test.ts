/** The demand rule: what a guest asks for, granted or not, and how it does without what was not measured. */
import { describe, expect, test } from 'vitest';
import { guestSubject, holds, mbps, mebibytesPerSecond, type Reason } from '../../../src/model/index.js';
import {
  type Classification,
  demandOf,
  demandRule,
  type DemandRuleSettings,
  thesisRule,
  type Usage,
} from '../../../src/policies/classification/index.js';

const subject = guestSubject('g');
type Figures = Omit<Usage, 'span'>;
const classify = (usage: Figures, settings: DemandRuleSettings = {}, context: object = {}): Classification =>
  demandRule(settings).classify({ span: 20_000, ...usage }, { subject, ...context });
const classOf = (...given: Parameters<typeof classify>): string => classify(...given).class;

/** A guest of one vCPU on a free host, with everything measured. */
const measured = { runQueueWait: 0, cpuPressure: 0, ioPressure: 0, memoryPressure: 0, diskTraffic: 0 };
const busyLoop: Figures = { ...measured, used: 1, user: 0.98, system: 0.02 };
const copying: Figures = {
  ...measured,
  used: 0.4,
  user: 0,
  system: 0.4,
  ioPressure: 0.45,
  diskTraffic: mebibytesPerSecond(500),
};

describe('on a free host', () => {
  test('M20: computing alone is CPU-bound', () => expect(classOf(busyLoop)).toBe('cpu'));
  test('M20: copying is I/O-bound, though it takes the kernel much time', () => expect(classOf(copying)).toBe('io'));
  test('M20: asking for neither is idle', () =>
    expect(classOf({ ...measured, used: 0.01, user: 0.01, system: 0 })).toBe('idle'));
  test('M21: computing and waiting for a disk is balanced', () =>
    expect(classOf({ ...measured, used: 0.6, user: 0.5, system: 0.1, ioPressure: 0.4 })).toBe('balanced'));
  test('M21: computing while writing behind, without waiting, is balanced too', () =>
    expect(classOf({ ...busyLoop, diskTraffic: mebibytesPerSecond(30) })).toBe('balanced'));
  test('M22: system time counts where no disk matters', () =>
    expect(classOf({ ...measured, used: 0.9, user: 0, system: 0.9 })).toBe('cpu'));
});

describe('on a contended host', () => {
  test('an I/O-bound guest that queues for a processor after each request is not called CPU-bound', () => {
    const starved: Figures = {
      ...measured,
      used: 0.1,
      user: 0.005,
      system: 0.095,
      iowait: 0,
      cpuPressure: 0.7,
      runQueueWait: 0.7,
      ioPressure: 0.08,
    };
    expect(classOf(starved)).toBe('io');
    expect(thesisRule().classify({ span: 1, ...starved }, { subject }).class).toBe('idle');
  });
  test('a CPU-bound guest that gets a tenth of a processor is still CPU-bound', () => {
    const starved: Figures = {
      ...measured,
      used: 0.1,
      user: 0.1,
      system: 0,
      runQueueWait: 0.9,
      cpuPressure: 0.9,
      iowait: 0,
    };
    expect(classOf(starved)).toBe('cpu');
    expect(thesisRule().classify({ span: 1, ...starved }, { subject }).class).toBe('idle');
  });
  test('a guest that gets little and asks for no more is idle', () =>
    expect(classOf({ ...measured, used: 0.02, user: 0.02, system: 0 })).toBe('idle'));
  test('a guest that gets little and waits for more is not idle', () =>
    expect(classOf({ ...measured, used: 0.02, user: 0.02, system: 0, runQueueWait: 0.5 })).toBe('cpu'));
  test('stolen time is asked for, and is not computing', () => {
    expect(demandOf({ span: 1, used: 0.9, user: 0.1, system: 0, steal: 0.8 }, 1)).toMatchObject({ processors: 0.9 });
    expect(classOf({ used: 0.9, user: 0.02, system: 0.08, steal: 0.8, ioPressure: 0.3 })).toBe('io');
  });
  test('M21: a build that is let run a fifth of the time still writes what it computes', () => {
    const build = { ...measured, used: 0.9, user: 0.85, system: 0.05, diskTraffic: mebibytesPerSecond(30) };
    const starved = { ...measured, used: 0.18, user: 0.17, system: 0.01, diskTraffic: mebibytesPerSecond(6) };
    expect(classOf(build)).toBe('balanced');
    expect(classOf({ ...starved, cpuPressure: 0.8, runQueueWait: 0.8 })).toBe('balanced');
    expect(classOf(starved)).toBe('cpu');
  });
  test('contention stretches a program and leaves the mix of its time alike', () => {
    const free = demandOf({ span: 1, used: 0.4, user: 0.1, system: 0.3, ioPressure: 0.6, runQueueWait: 0 }, 1);
    const half = demandOf({ span: 1, used: 0.2, user: 0.05, system: 0.15, ioPressure: 0.3, runQueueWait: 0.5 }, 1);
    expect(half?.mix.computing).toBeCloseTo(free?.mix.computing ?? 0);
    expect(half?.mix.disk).toBeCloseTo(free?.mix.disk ?? 0);
  });
});

describe('M23: paging', () => {
  test('waiting for memory', () => expect(classOf({ ...busyLoop, memoryPressure: 0.2 })).toBe('paging'));
  test('swap traffic that the storage feels', () =>
    expect(classOf({ ...busyLoop, swapping: mbps(80) })).toBe('paging'));
  test('memory full of what is not asked for is no paging where nobody waits for it', () =>
    expect(classOf({ ...busyLoop, memoryUsed: 0.97 })).toBe('cpu'));
  test('where nobody measured the waiting, memory nearly full has to do', () =>
    expect(classOf({ used: 1, memoryUsed: 0.97 })).toBe('paging'));
});

test('M24: a guest that serves the network, in the system for the most part', () => {
  const serving = { ...measured, used: 0.3, user: 0.05, system: 0.25, networkTraffic: mbps(600) };
  expect(classOf(serving, {}, { bandwidth: mbps(1000) })).toBe('network');
  expect(classOf(serving)).toBe('cpu');
  expect(classOf({ ...busyLoop, networkTraffic: mbps(600) }, {}, { bandwidth: mbps(1000) })).toBe('cpu');
});

describe('several processors', () => {
  test('one busy thread of a guest of eight is CPU-bound', () =>
    expect(classOf({ ...measured, used: 1 / 8, user: 1 / 8, system: 0 }, {}, { processors: 8 })).toBe('cpu'));
  test('one copying thread of a guest of eight is I/O-bound', () =>
    expect(classOf({ ...copying, used: 0.05, system: 0.05 }, {}, { processors: 8 })).toBe('io'));
});

describe('what was not measured', () => {
  test('without pressure the states of processes tell of waiting for disks', () =>
    expect(classOf({ used: 0.2, user: 0, system: 0.2, diskSleep: 0.6 })).toBe('io'));
  test('without them I/O wait has to do', () =>
    expect(classOf({ used: 0.2, user: 0, system: 0.2, iowait: 0.4 })).toBe('io'));
  test('without any of them traffic may still tell', () =>
    expect(classOf({ used: 0.2, user: 0, system: 0.2, diskTraffic: mebibytesPerSecond(200) })).toBe('io'));
  test('without the parts of processor time, a busy guest is CPU-bound', () =>
    expect(classOf({ used: 0.9 })).toBe('cpu'));
  test('each gap lessens the confidence', () => {
    const { confidence } = classify(busyLoop);
    const without = (...fields: readonly (keyof Figures)[]): Figures =>
      // Leaving optional fields out leaves the kind as it is.
      Object.fromEntries(Object.entries(busyLoop).filter(([name]) => !fields.includes(name as keyof Figures)));
    for (const less of [without('ioPressure'), without('user'), without('runQueueWait', 'cpuPressure')])
      expect(classify(less).confidence).toBeLessThan(confidence);
  });
  test('without processor use it is unknown, and the reason says so', () =>
    expect(classify({ ioPressure: 0.9 })).toMatchObject({
      class: 'unknown',
      confidence: 0,
      reasons: [{ kind: 'unknown', why: 'not measured' }],
    }));
});

describe('reasons', () => {
  test('they quote what was compared, and one speaks for the class', () => {
    const { reasons } = classify(copying);
    const waiting = reasons.find(
      (reason: Reason) => reason.kind === 'compared' && reason.measure === 'waiting for a disk of active time',
    );
    expect(waiting).toMatchObject({ rule: 'demandRule', subject, limit: 0.1, holds: true });
    expect(reasons.some(holds)).toBe(true);
  });
  test('near a limit the confidence is one half', () =>
    expect(classify({ ...measured, used: 0.1, user: 0.1, system: 0 }).confidence).toBeCloseTo(0.5));
});

describe('settings', () => {
  test('what the storage carries can be said for all, or for one', () => {
    const writing = { ...busyLoop, diskTraffic: mebibytesPerSecond(30) };
    expect(classOf(writing, { storage: mebibytesPerSecond(2000) })).toBe('cpu');
    expect(classOf(writing, {}, { storage: mebibytesPerSecond(2000) })).toBe('cpu');
  });
  test('a setting out of its range is refused by its path', () => {
    expect(() => demandRule({ io: 2 })).toThrow('demandRule.io');
    // @ts-expect-error [ts2353] there is no such setting
    expect(() => demandRule({ threshold: 0.1 })).toThrow('demandRule.threshold: no such setting');
  });
});
