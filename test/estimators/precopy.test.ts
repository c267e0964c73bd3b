import { describe, expect, test } from 'vitest';
import { precopy, qemuTiming, type MoveFacts, type PrecopyOptions } from '../../src/estimators/index.js';
import { gibibytes, mebibytes, mebibytesPerSecond, seconds, type EstimateFigures } from '../../src/model/index.js';
import { knownDemand, moveFacts, sampledDemand } from './facts.js';

const figures = (facts: MoveFacts, options: PrecopyOptions = {}): EstimateFigures => {
  const estimate = precopy(options)(facts);
  if (!('duration' in estimate)) throw new Error(`no figures: ${JSON.stringify(estimate)}`);
  return estimate;
};

const idle = knownDemand({ writeRate: 0, workingSet: 0 });
/** A cap well below the line, as `max-bandwidth` sets it. */
const capped = (change: Partial<MoveFacts> = {}): MoveFacts =>
  moveFacts({ bandwidth: mebibytesPerSecond(64), line: mebibytesPerSecond(1400), ...change });

describe('the hypervisor’s own loop', () => {
  test('zero pages are nearly free: the first pass is non-zero memory over bandwidth', () => {
    const { duration } = figures(capped({ memory: gibibytes(4), nonZero: mebibytes(640), demand: idle }));
    expect(duration).toBeGreaterThan(9_700);
    expect(duration).toBeLessThan(10_700);
  });

  test('finding zero pages takes the time of memory, which shows in a large empty guest', () => {
    const small = figures(capped({ nonZero: mebibytes(640), demand: idle })).duration;
    const large = figures(capped({ memory: gibibytes(256), nonZero: mebibytes(640), demand: idle })).duration;
    expect(large - small).toBeGreaterThan(seconds(20));
  });

  test('a set that is smaller than what the downtime limit allows converges at any rate', () => {
    const demand = knownDemand({ writeRate: mebibytesPerSecond(6400), workingSet: mebibytes(15) });
    expect(precopy()(capped({ demand })).convergence).toBe('converges');
  });

  test('what fits into one budget of 100 ms goes at line speed, so such a set converges far above the cap', () => {
    const demand = knownDemand({ writeRate: mebibytesPerSecond(90), workingSet: mebibytes(6), pattern: 'sweep' });
    expect(precopy({ downtimeLimit: 30 })(capped({ demand })).convergence).toBe('converges');
    expect(precopy({ downtimeLimit: 30 })(moveFacts({ bandwidth: mebibytesPerSecond(64), demand })).convergence).toBe(
      'never',
    );
  });

  test('a large set written faster than the link carries never settles', () => {
    const demand = knownDemand({ writeRate: mebibytesPerSecond(90), workingSet: mebibytes(400), pattern: 'sweep' });
    expect(precopy()(capped({ demand })).convergence).toBe('never');
  });

  test('near ratio 1 the outcome is uncertain', () => {
    const at = (ratio: number): string =>
      precopy()(
        capped({
          demand: knownDemand({
            writeRate: mebibytesPerSecond(64 * ratio),
            workingSet: mebibytes(400),
            pattern: 'sweep',
          }),
        }),
      ).convergence;
    const seen = Array.from({ length: 31 }, (_, index) => at(0.8 + index / 100));
    expect([...new Set(seen)]).toEqual(['converges', 'uncertain', 'never']);
  });

  test('more downtime allowed makes a settled move shorter, and the stop longer', () => {
    const demand = knownDemand({ writeRate: mebibytesPerSecond(40), workingSet: mebibytes(300) });
    const short = figures(capped({ demand }), { downtimeLimit: 30 });
    const long = figures(capped({ demand }), { downtimeLimit: 300 });
    expect(long.duration).toBeLessThan(short.duration);
    expect(long.downtime).toBeGreaterThan(short.downtime);
  });

  test('the stop phase is not capped: it takes milliseconds where the limit allows 300', () => {
    expect(figures(capped()).downtime).toBeLessThan(40);
  });

  test('the stop grows with memory', () => {
    const { downtime } = figures(capped({ memory: gibibytes(64), demand: idle }));
    expect(downtime - figures(capped({ memory: gibibytes(1), demand: idle })).downtime).toBeCloseTo(63 * 4.3, -1);
  });

  test('on a link that is itself the bottleneck, socket buffers and its queue add to the stop', () => {
    const facts = moveFacts({ bandwidth: mebibytesPerSecond(16), demand: idle, nonZero: mebibytes(100) });
    const timing = { socketBuffer: 0, linkQueue: 0 };
    const drain = figures(facts).downtime - figures(facts, { timing }).downtime;
    expect(drain).toBeCloseTo(qemuTiming.linkQueue + 1000 / (16 * qemuTiming.goodput), 0);
  });
});

describe('options', () => {
  const hot = capped({ demand: knownDemand({ writeRate: mebibytesPerSecond(80), workingSet: mebibytes(300) }) });

  test('post-copy ends what pre-copy does not: at its start, and what is left at line speed', () => {
    const { duration, downtime } = figures(hot, { postCopyAfter: seconds(20) });
    expect(duration).toBeGreaterThan(seconds(20));
    expect(duration).toBeLessThan(seconds(21));
    expect(downtime).toBe(qemuTiming.postCopyStop);
  });

  test('post-copy that would begin after the end changes nothing', () => {
    const facts = capped({ demand: idle });
    expect(figures(facts, { postCopyAfter: seconds(60) })).toEqual(figures(facts));
  });

  test('multifd under a cap changes nothing in time', () => {
    expect(figures(capped(), { multifd: 4 }).duration).toBe(figures(capped()).duration);
  });

  test('compression to half the bytes takes about half the time', () => {
    const ratio =
      figures(capped({ demand: idle }), { compression: 0.5 }).duration / figures(capped({ demand: idle })).duration;
    expect(ratio).toBeGreaterThan(0.47);
    expect(ratio).toBeLessThan(0.53);
  });

  test('two moves that share a link take as one at half the bandwidth', () => {
    const facts = moveFacts();
    expect(figures(facts, { concurrent: 2 })).toEqual(
      expect.objectContaining({ duration: figures({ ...facts, bandwidth: facts.bandwidth / 2 }).duration }),
    );
  });

  test('the fixed part is added to the duration and its bounds, and not to the stop', () => {
    const plain = figures(moveFacts());
    const slow = figures(moveFacts(), { fixed: seconds(7) });
    expect(slow.duration - plain.duration).toBeCloseTo(7000);
    expect(slow.interval.low - plain.interval.low).toBeCloseTo(7000);
    expect(slow.downtime).toBe(plain.downtime);
  });

  test('a move that has not settled when it is called off counts as never', () => {
    expect(precopy({ giveUpAfter: seconds(5) })(moveFacts()).convergence).toBe('never');
    expect(precopy({ giveUpAfter: seconds(60) })(moveFacts()).convergence).toBe('converges');
  });
});

describe('demand that ends or changes', () => {
  const hot = knownDemand({ writeRate: mebibytesPerSecond(90), workingSet: mebibytes(200) });

  test('a burst that could not converge ends, and the move soon after it', () => {
    const phases = [
      { length: seconds(30), share: 1 },
      { length: seconds(60), share: 0 },
    ];
    const { duration } = figures(capped({ demand: { ...hot, phases } }));
    expect(duration).toBeGreaterThan(seconds(30));
    expect(duration).toBeLessThan(seconds(34));
  });

  test('a migration that cannot settle ends when the job does, where its end is known', () => {
    expect(precopy()(capped({ demand: hot })).convergence).toBe('never');
    const { duration } = figures(capped({ demand: hot, life: { kind: 'known', left: seconds(40) } }));
    expect(duration).toBeGreaterThan(seconds(40));
    expect(duration).toBeLessThan(seconds(44));
  });

  test('a job of unknown length is looked at over its survival law, and the interval is as wide as that', () => {
    const { duration, interval } = figures(capped({ demand: hot, life: { kind: 'aged', age: seconds(60) } }));
    expect(duration).toBeGreaterThan(seconds(30));
    expect(duration).toBeLessThan(seconds(120));
    expect(interval.high).toBeGreaterThan(2 * interval.low);
  });
});

describe('what is not known', () => {
  test('a dirty rate that nobody measured is unknown, not clean', () => {
    expect(precopy()(moveFacts({ demand: { kind: 'unknown' } }))).toEqual({
      convergence: 'unknown',
      missing: ['dirty rate'],
    });
  });

  test('a rate of 0 over a window of 0 was never measured: libvirt and QEMU report that before the first sync', () => {
    expect(precopy()(moveFacts({ demand: sampledDemand({ rate: 0, window: 0 }) }))).toEqual({
      convergence: 'unknown',
      missing: ['dirty rate'],
    });
  });

  test('a rate of 0 that was measured is clean', () => {
    expect(precopy()(moveFacts({ demand: sampledDemand({ rate: 0, window: 1000 }) })).convergence).toBe('converges');
  });

  test.each<[string, Partial<MoveFacts>, string]>([
    ['memory in MiB', { memory: 1024, nonZero: 600, demand: knownDemand({ workingSet: 200 }) }, 'memory'],
    ['non-zero memory above memory', { nonZero: gibibytes(600) }, 'non-zero memory'],
    ['bandwidth in Mbit/s', { bandwidth: 700 }, 'bandwidth'],
    ['a line of zero', { line: 0 }, 'line'],
    ['a window in seconds', { demand: sampledDemand({ window: 1 }) }, 'dirty rate'],
    [
      'more dirtied than there is',
      { demand: sampledDemand({ rate: mebibytesPerSecond(12_288), window: 1000 }) },
      'dirty rate',
    ],
    ['a working set above memory', { demand: knownDemand({ workingSet: gibibytes(3) }) }, 'working set'],
    ['a write rate that is no number', { demand: knownDemand({ writeRate: NaN }) }, 'write rate'],
    ['a phase of negative length', { demand: knownDemand({ phases: [{ length: -1, share: 1 }] }) }, 'phases'],
  ])('a unit mistake is caught: %s', (_, change, missing) => {
    expect(precopy()(moveFacts(change))).toEqual({ convergence: 'unknown', missing: [missing] });
  });

  test('the longer window decides where both are given, for it is the better reading', () => {
    const demand = sampledDemand({
      window: 1000,
      sampledPages: 128,
      further: [{ rate: mebibytesPerSecond(12), window: 2000, sampledPages: 4096 }],
    });
    const odd = { ...demand, rate: mebibytesPerSecond(30) };
    const plain = figures(capped({ demand })).duration;
    expect(Math.abs(figures(capped({ demand: odd })).duration / plain - 1)).toBeLessThan(0.15);
  });

  test('a small sample gives a wider interval than a large one', () => {
    const width = (sampledPages: number): number => {
      const { interval } = figures(
        capped({ demand: sampledDemand({ rate: mebibytesPerSecond(25), window: 2000, sampledPages }) }),
      );
      return interval.high - interval.low;
    };
    expect(width(128)).toBeGreaterThan(width(16384));
  });
});

describe('settings that are wrong throw at construction', () => {
  test.each<[string, PrecopyOptions]>([
    ['precopy.downtimeLimit', { downtimeLimit: NaN }],
    ['precopy.concurrent', { concurrent: -1 }],
    ['precopy.compression', { compression: 0 }],
    ['precopy.fixed', { fixed: -7 }],
  ])('%s', (name, options) => {
    expect(() => precopy(options)).toThrow(name);
  });

  test('a downtime limit of 0 and a timing without an idle set still come to an end', () => {
    const hot = knownDemand({ writeRate: mebibytesPerSecond(90), workingSet: mebibytes(400) });
    expect(precopy({ downtimeLimit: 0 })(capped({ demand: hot })).convergence).toBe('never');
    expect(precopy({ downtimeLimit: 0, timing: { idleSet: 0 } })(capped({ demand: idle })).convergence).toBe(
      'converges',
    );
  });
});

describe('what an estimate carries', () => {
  test('the six outputs of Jo et al.: duration, downtime, bytes, slow-down, processor and memory of the hosts', () => {
    const estimate = figures(moveFacts());
    expect(estimate.bytes).toBeGreaterThan(mebibytes(600));
    expect(estimate.slowdown).toBeGreaterThan(0);
    expect(estimate.hosts?.cpu).toBeGreaterThan(0);
    expect(estimate.hosts?.memory).toBe(gibibytes(1));
    expect(estimate.rounds).toBeGreaterThan(1);
  });

  test('its reasons: what it used, and what it had to assume', () => {
    const { memory, bandwidth, demand } = moveFacts();
    expect(precopy()({ memory, bandwidth, demand }).because).toContainEqual({
      rule: 'precopy',
      measure: 'non-zero memory',
      value: gibibytes(1),
      unit: 'bytes',
      origin: 'assumed',
    });
    expect(precopy()(moveFacts()).because?.map(({ measure }) => measure)).toEqual([
      'non-zero memory',
      'bandwidth',
      'write rate',
      'working set',
      'chance to settle',
    ]);
  });

  test('the interval holds the duration', () => {
    const { duration, interval } = figures(moveFacts());
    expect(interval.low).toBeLessThan(duration);
    expect(interval.high).toBeGreaterThan(duration);
  });
});
