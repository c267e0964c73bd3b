import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  geometric,
  precopy,
  qemuTiming,
  replayQemu,
  xenPrecopy,
  type LoopInput,
  type LoopResult,
  type MoveFacts,
  type Writing,
} from '../../src/estimators/index.js';
import { mebibytes, type Estimate } from '../../src/model/index.js';

/** Hundredths between two bounds, evenly: doubles would crowd near zero. */
const hundredths = (least: number, most: number): fc.Arbitrary<number> =>
  fc.integer({ min: Math.round(least * 100), max: Math.round(most * 100) }).map((n) => n / 100);

interface Case {
  readonly memory: number;
  readonly nonZero: number;
  readonly workingSet: number;
  /** Write rate over bandwidth. */
  readonly ratio: number;
  readonly bandwidth: number;
  /** Line over bandwidth. */
  readonly line: number;
  readonly pattern: 'sweep' | 'random';
  readonly limit: number;
  /** How much cheaper the other case is. */
  readonly times: number;
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    mib: fc.integer({ min: 128, max: 65_536 }),
    share: hundredths(0.05, 1),
    set: hundredths(0, 1),
    ratio: hundredths(0, 2),
    rate: fc.integer({ min: 8, max: 1200 }),
    line: fc.constantFrom(1, 2, 10),
    pattern: fc.constantFrom('random' as const, 'sweep' as const),
    limit: fc.constantFrom(30, 300, 1000),
    times: hundredths(1, 3),
  })
  .map(({ mib, share, set, rate, ...rest }) => ({
    ...rest,
    memory: mebibytes(mib),
    nonZero: mebibytes(mib) * share,
    workingSet: mebibytes(mib) * share * set,
    bandwidth: mebibytes(rate) / 1000,
  }));

const loop = (one: Case): LoopInput => ({
  memory: one.memory,
  nonZero: one.nonZero,
  bandwidth: one.bandwidth,
  line: one.bandwidth * one.line,
  compressed: 1,
  downtimeLimit: one.limit,
  autoConverge: undefined,
  postCopyAfter: Infinity,
  giveUp: Infinity,
  timing: qemuTiming,
});

const writing = (one: Case): Writing => ({
  rate: one.ratio * one.bandwidth,
  workingSet: one.workingSet,
  pattern: one.pattern,
  phases: [],
  boundBy: 'cpu',
  luck: 1,
});

/** One round of the working set and two windows: the grain of the loop. */
const grain = (one: Case): number => 2 * qemuTiming.window + one.workingSet / one.bandwidth;

const settled = (result: LoopResult): boolean => result.end !== 'given up';

const facts = (one: Case, grade: 'known' | 'sampled'): MoveFacts => ({
  memory: one.memory,
  nonZero: one.nonZero,
  bandwidth: one.bandwidth * 1000,
  line: one.bandwidth * 1000 * one.line,
  demand:
    grade === 'known'
      ? { kind: 'known', writeRate: one.ratio * one.bandwidth * 1000, workingSet: one.workingSet, pattern: one.pattern }
      : { kind: 'sampled', rate: Math.min(one.ratio * one.bandwidth * 1000, one.workingSet), window: 1000 },
});

const estimators = [
  ['precopy', precopy()],
  ['geometric', geometric()],
  ['xen', xenPrecopy()],
] as const;

const numbers = (value: unknown): readonly number[] =>
  typeof value === 'number'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(numbers)
      : [];

describe('of every estimate', () => {
  test.each(estimators)('%s: no figure is negative or NaN, and infinite only where it says never', (_, estimator) => {
    fc.assert(
      fc.property(cases, fc.constantFrom('known' as const, 'sampled' as const), (one, grade) => {
        const estimate: Estimate = estimator(facts(one, grade));
        expect(numbers(estimate).every((figure) => figure >= 0 && figure < Infinity)).toBe(true);
        if ('duration' in estimate) {
          expect(estimate.interval.low).toBeLessThanOrEqual(estimate.duration);
          expect(estimate.interval.high).toBeGreaterThanOrEqual(estimate.duration);
          expect(estimate.downtime).toBeLessThanOrEqual(estimate.duration + 2000);
        }
      }),
    );
  });

  test.each(estimators)('%s: the same facts give the same estimate', (_, estimator) => {
    fc.assert(
      fc.property(cases, (one) => {
        expect(estimator(facts(one, 'sampled'))).toEqual(estimator(facts(one, 'sampled')));
      }),
    );
  });
});

describe('Akoush’s bounds', () => {
  test('classic Xen takes V/L at least and (5V - 1 page)/L at most, and stands still for V/L at most, beside the overheads', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const suspended = 0;
        const stop = 0;
        const estimate = xenPrecopy({ version: 'classic', stop, suspended })(facts(one, 'known'));
        if (!('duration' in estimate)) throw new Error('Xen always ends');
        const once = one.memory / one.bandwidth;
        expect(estimate.duration).toBeGreaterThanOrEqual(once * (1 - 1e-9));
        // The guest's kernel may dirty its own 85 pages in each of 29 rounds.
        expect(estimate.duration).toBeLessThanOrEqual(5 * once + (30 * mebibytes(0.34)) / one.bandwidth);
        expect(estimate.downtime).toBeLessThanOrEqual(once + mebibytes(0.34) / one.bandwidth);
      }),
    );
  });

  test('QEMU sends all that is not zero at least, and no faster than the bandwidth but for the last budgets', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const result = replayQemu(loop(one), writing(one));
        fc.pre(settled(result));
        expect(result.bytes).toBeGreaterThanOrEqual(one.nonZero);
        const uncapped = 2 * qemuTiming.window + one.limit;
        expect(result.duration + uncapped).toBeGreaterThanOrEqual(one.nonZero / one.bandwidth);
      }),
    );
  });
});

describe('what costs more never looks cheaper, up to one round or two budgets', () => {
  const cheaper = (name: string, change: (one: Case) => Case): void => {
    test(name, () => {
      fc.assert(
        fc.property(cases, (one) => {
          const other = change(one);
          const dear = replayQemu(loop(one), writing(one));
          const cheap = replayQemu(loop(other), writing(other));
          fc.pre(settled(dear) && settled(cheap));
          expect(cheap.duration).toBeLessThanOrEqual(dear.duration + grain(one));
        }),
        { numRuns: 400 },
      );
    });
  };

  cheaper('more bandwidth is not slower', (one) => ({
    ...one,
    bandwidth: one.bandwidth * one.times,
    ratio: one.ratio / one.times,
    line: Math.max(1, one.line / one.times),
  }));
  cheaper('a lower dirty rate is not slower', (one) => ({ ...one, ratio: one.ratio / one.times }));
  cheaper('more downtime allowed is not slower', (one) => ({
    ...one,
    limit: one.limit * one.times,
    memory: one.nonZero,
  }));

  test('less memory is not slower, up to what the same working set takes', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const less = Math.max(one.workingSet, one.nonZero / one.times);
        const small = { ...one, nonZero: less, memory: one.memory * (less / one.nonZero) };
        const dear = replayQemu(loop(one), writing(one));
        const cheap = replayQemu(loop(small), writing(small));
        fc.pre(settled(dear) && settled(cheap));
        expect(cheap.duration).toBeLessThanOrEqual(dear.duration + 6 * grain(one));
      }),
      { numRuns: 400 },
    );
  });

  test('what converges converges at any higher bandwidth', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const line = one.bandwidth * one.line * 3;
        const slow = replayQemu({ ...loop(one), line }, writing(one));
        const fast = replayQemu({ ...loop(one), bandwidth: one.bandwidth * one.times, line }, writing(one));
        fc.pre(settled(slow));
        expect(settled(fast)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test('cost is continuous where physics is: a thousandth more to send takes a thousandth longer, up to the grain', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const calm = { ...one, ratio: Math.min(one.ratio, 0.5) };
        const more = { ...calm, nonZero: Math.min(calm.memory, calm.nonZero * 1.001) };
        const a = replayQemu(loop(calm), writing(calm));
        const b = replayQemu(loop(more), writing(more));
        expect(Math.abs(b.duration - a.duration)).toBeLessThanOrEqual(0.003 * a.duration + grain(calm));
      }),
    );
  });
});
