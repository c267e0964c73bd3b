/** Demand: what a guest asks of processors and disks, from what it was granted and what it was kept from. */
import { describe, expect, test } from 'vitest';
import { demandOf, type Usage } from '../../../src/policies/classification/index.js';

type Figures = Omit<Usage, 'span'>;

describe('what a guest asks for', () => {
  const asked = (usage: Figures, processors = 1): ReturnType<typeof demandOf> =>
    demandOf({ span: 1, ...usage }, processors);

  test('is what it ran and what it waited for, in processors', () => {
    expect(asked({ used: 0.5, runQueueWait: 0.25 }, 4)).toMatchObject({ processors: 3, waiting: true });
    expect(asked({ used: 0.5, cpuPressure: 0.25 }, 4)).toMatchObject({ processors: 2.25, waiting: true });
    expect(asked({ used: 0.5, runQueueWait: 0.25, cpuPressure: 1 }, 4)).toMatchObject({ processors: 3 });
    expect(asked({ used: 0.5, steal: 0.25 }, 4)).toMatchObject({ processors: 2, waiting: true });
    expect(asked({ used: 0.5, steal: 0.25, runQueueWait: 0.25 }, 4)).toMatchObject({ processors: 3 });
    expect(asked({ used: 0.5 }, 4)).toMatchObject({ processors: 2, waiting: false });
    expect(asked({ used: 0.1, steal: 0.25 }, 1)).toMatchObject({ processors: 0.25 });
    expect(asked({ ioPressure: 1 })).toBeUndefined();
  });

  test('waits for disks as pressure tells, else the states of processes or I/O wait, whichever is more', () => {
    const without = { used: 0.5, diskSleep: 0.3, iowait: 0.2 };
    expect(asked({ ...without, ioPressure: 0.1 })).toMatchObject({ stall: 0.1, stallSeenBy: 'pressure' });
    expect(asked(without)).toMatchObject({ stall: 0.3, stallSeenBy: 'processes' });
    expect(asked(without, 2)).toMatchObject({ stall: 0.4, stallSeenBy: 'processes' });
    expect(asked({ used: 0.5, diskSleep: 0.3 })).toMatchObject({ stall: 0.3, stallSeenBy: 'processes' });
    expect(asked({ used: 0.5, iowait: 0.2 }, 2)).toMatchObject({ stall: 0.4, stallSeenBy: 'iowait' });
    expect(asked({ used: 0.5, iowait: 0.2 }, 8)).toMatchObject({ stall: 1, stallSeenBy: 'iowait' });
    expect(asked({ used: 0.5 })).toMatchObject({ stall: undefined, stallSeenBy: 'nothing' });
  });

  test('is of user time and of waiting, in the time of one stream of work', () => {
    expect(asked({ used: 0.5, user: 0.375, system: 0.125, ioPressure: 0.5 }, 2)).toMatchObject({
      mix: { computing: 0.5, disk: 1 / 3 },
      active: 1.5,
      split: true,
    });
    expect(asked({ used: 0.4, user: 0.3, ioPressure: 0.4 })).toMatchObject({
      mix: { computing: 0.5, disk: 0.5 },
      split: false,
    });
    expect(asked({ used: 0.4, system: 0.3, ioPressure: 0.4 })).toMatchObject({ mix: { computing: 0.5 }, split: false });
    expect(asked({ used: 0.4, user: 0, system: 0, ioPressure: 0.4 })).toMatchObject({ mix: { computing: 0.5 } });
    expect(asked({ used: 0.4 })).toMatchObject({ mix: { computing: 1, disk: undefined }, active: 0.4 });
    expect(asked({ used: 0, ioPressure: 0 })).toMatchObject({
      mix: { computing: undefined, disk: undefined },
      active: 0,
      split: true,
    });
  });

  test('of a disk at the pace that it would have without its queue', () => {
    expect(asked({ used: 0.3, ioPressure: 0.2, runQueueWait: 0.5, diskTraffic: 100 })?.diskTraffic).toBeCloseTo(200);
    expect(asked({ used: 0.3, ioPressure: 0.2, diskTraffic: 100 })?.diskTraffic).toBe(100);
    expect(asked({ used: 0.5, runQueueWait: 3, diskTraffic: 100 })?.diskTraffic).toBe(300);
    expect(asked({ used: 0.001, runQueueWait: 0.5, diskTraffic: 100 })?.diskTraffic).toBe(5100);
    expect(asked({ used: 0.5, runQueueWait: 0.5 })?.diskTraffic).toBeUndefined();
  });
});
