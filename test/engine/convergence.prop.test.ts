import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  atBestMoment,
  type ConvergencePolicy,
  firstToAct,
  leaveAlone,
  newerXen,
  olderXen,
  pauseAfter,
  settleWithin,
  stepwiseDowntime,
  whenStalled,
  xenLimits,
} from '../../src/engine/index.js';
import type { Progress } from '../../src/model/index.js';

const migration = { id: 'm', guest: 'web', from: 'a', to: 'b', startedAt: 0 };
const late = 1e6;
/** Those that judge readings. */
const judging: Record<string, ConvergencePolicy> = {
  leaveAlone,
  newerXen: xenLimits(newerXen),
  olderXen: xenLimits(olderXen),
  stepwiseDowntime: stepwiseDowntime({ from: 50, factor: 1.5, longest: 2000, every: 1000 }),
  whenStalled: whenStalled({ rounds: 2, then: 'post-copy' }),
  'whenStalled with a throttle': whenStalled({ rounds: 1, then: { kind: 'throttle', share: 0.5 } }),
  'atBestMoment in time': atBestMoment({ timeBudget: late, downtimeBudget: 5000, then: 'abort' }),
};
/** Those that judge the time too. */
const all: Record<string, ConvergencePolicy> = {
  ...judging,
  atBestMoment: atBestMoment({ timeBudget: 20_000, downtimeBudget: 5000, then: 'post-copy' }),
  pauseAfter: pauseAfter({ patience: 20_000 }),
  settleWithin: settleWithin({ patience: 9000, raiseTo: 900, then: 'abort' }),
  firstToAct: firstToAct(...Object.values(judging), pauseAfter({ patience: 20_000 })),
};

const nothingLike = fc.constantFrom(NaN, Infinity, -Infinity, -1, 0);
const amount = fc.oneof(
  { weight: 4, arbitrary: fc.double({ min: 1, max: 1e10, noNaN: true }) },
  { weight: 1, arbitrary: nothingLike },
);
const phase = fc.constantFrom('preparing', 'copying', 'copying', 'copying', 'stopped', 'post-copy');
const time = fc.oneof({ weight: 9, arbitrary: fc.nat(60_000) }, { weight: 1, arbitrary: nothingLike });
const reading = (value: fc.Arbitrary<number>): Record<string, fc.Arbitrary<unknown>> => ({
  remaining: value,
  dirtyRate: value,
  bandwidth: value,
  downtimeLimit: value,
  throttle: value,
});
const report = fc.record(
  { at: time, phase, sent: amount, round: fc.oneof(fc.nat(40), nothingLike), ...reading(amount) },
  { requiredKeys: ['at', 'phase', 'sent'] },
) as fc.Arbitrary<Progress>; // the fields of `reading` are those of Progress
const history = fc.array(report, { maxLength: 12 });
const cases = Object.entries(all).map(([name, policy]) => ({ name, policy }));

describe.each(cases)('$name', ({ policy }) => {
  test('answers whatever it is told with an action that can be carried out, twice the same, and changes nothing', () => {
    fc.assert(
      fc.property(history, (reports) => {
        const frozen = Object.freeze(reports.map((one) => Object.freeze(one)));
        const action = policy(frozen, Object.freeze(migration));
        expect(policy(frozen, migration)).toEqual(action);
        if (action.kind === 'raise downtime') expect(action.limit > 0 && action.limit < Infinity).toBe(true);
        if (action.kind === 'throttle') expect(action.share).toBe(0.5);
      }),
    );
  });

  test('asks for nothing before the first report, and once the guest was stopped or runs at its destination', () => {
    expect(policy([], migration)).toEqual({ kind: 'continue' });
    fc.assert(
      fc.property(history, report, fc.constantFrom('stopped', 'post-copy'), (before, last, over) => {
        expect(policy([...before, { ...last, phase: over }], migration)).toEqual({ kind: 'continue' });
      }),
    );
  });
});

test.each(Object.entries(judging))('%s never acts on readings that are missing, zero or no numbers', (_, policy) => {
  const bare = fc.record(
    {
      at: fc.nat(60_000),
      phase,
      sent: amount,
      round: fc.constantFrom(NaN, 0, Infinity),
      ...reading(nothingLike),
    },
    { requiredKeys: ['at', 'phase', 'sent'] },
  ) as fc.Arbitrary<Progress>; // as above
  fc.assert(
    fc.property(fc.array(bare, { maxLength: 12 }), (reports) => {
      expect(policy(reports, migration)).toEqual({ kind: 'continue' });
    }),
  );
});

test('M48: stepwise limits only rise, and stay within the longest, in whatever order reports come', () => {
  const policy = stepwiseDowntime({ from: 50, factor: 1.5, longest: 2000, every: 1000 });
  const timed = fc.record({ at: fc.nat(60_000), downtimeLimit: fc.nat(3000) });
  fc.assert(
    fc.property(fc.array(timed, { maxLength: 20 }), (given) => {
      const reports = given.map((one): Progress => ({ ...one, phase: 'copying', sent: 1 }));
      let most = 0;
      reports.forEach(({ downtimeLimit = 0 }, i) => {
        most = Math.max(most, downtimeLimit);
        const action = policy(reports.slice(0, i + 1), migration);
        if (action.kind !== 'raise downtime') return;
        expect(action.limit).toBeGreaterThanOrEqual(most);
        expect(action.limit).toBeLessThanOrEqual(2000);
        most = action.limit;
      });
    }),
  );
});

test('M48: what remains and falls in every round is never taken for stalled', () => {
  const policy = whenStalled({ rounds: 1, then: 'abort' });
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 1e6 }), { minLength: 1, maxLength: 20 }), (sizes) => {
      const falling = [...sizes].sort((a, b) => b - a);
      const reports = (order: readonly number[]): Progress[] =>
        order.map((remaining, i) => ({ at: i, phase: 'copying', sent: i, round: i + 1, remaining, dirtyRate: 1e6 }));
      expect(policy(reports(falling), migration)).toEqual({ kind: 'continue' });
      const rising = reports([...falling].reverse());
      expect(policy(rising, migration)).toEqual({ kind: sizes.length > 1 ? 'abort' : 'continue' });
    }),
  );
});
