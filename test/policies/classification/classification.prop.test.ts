/** Classifiers hold for any usage: total, sure between nothing and all, and deaf to what contention does. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldSignal } from '../../../src/metrics/index.js';
import { type GuestSample, guestSubject, relates } from '../../../src/model/index.js';
import {
  classified,
  demandRule,
  thesisRule,
  type Usage,
  usage,
  usageOf,
} from '../../../src/policies/classification/index.js';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const rate = fc.double({ min: 0, max: 1e10, noNaN: true });
// Records with fields left out are of the optional kind.
const usages = fc.record(
  {
    span: fc.constant(20_000),
    used: share,
    user: share,
    system: share,
    iowait: share,
    steal: share,
    runQueueWait: share,
    cpuPressure: share,
    ioPressure: share,
    memoryPressure: share,
    diskSleep: share,
    diskTraffic: rate,
    networkTraffic: rate,
    memoryUsed: share,
    swapping: rate,
    swapGrowth: fc.double({ min: -1, max: 1, noNaN: true }),
  },
  { requiredKeys: ['span'] },
) as fc.Arbitrary<Usage>;

const context = { subject: guestSubject('g'), processors: 2, bandwidth: 1e8 };
const rules = [demandRule(), thesisRule()];

test.each(rules)('$name is total, its confidence a share, and its reasons true to their values', (rule) => {
  fc.assert(
    fc.property(usages, (used) => {
      const { class: found, confidence, reasons } = rule.classify(used, context);
      expect(confidence).toBeGreaterThanOrEqual(0);
      expect(confidence).toBeLessThanOrEqual(1);
      expect(confidence === 0).toBe(found === 'unknown');
      for (const reason of reasons)
        if (reason.kind === 'compared') {
          expect(Number.isFinite(reason.value)).toBe(true);
          expect(reason.holds).toBe(relates(reason.value, reason.relation, reason.limit));
        }
    }),
  );
});

test('one program, on a free host and on a contended one, is of one class, as long as the rest of it can be seen', () => {
  const program = fc
    .record({ user: share, system: share, stall: share, traffic: rate })
    .filter(({ user, system, stall }) => user + system + stall > 0);
  fc.assert(
    fc.property(program, fc.double({ min: 0.3, max: 1, noNaN: true }), ({ user, system, stall, traffic }, slowed) => {
      const whole = user + system + stall;
      const at = (pace: number): Usage => ({
        span: 20_000,
        used: (pace * (user + system)) / whole,
        user: (pace * user) / whole,
        system: (pace * system) / whole,
        ioPressure: (pace * stall) / whole,
        runQueueWait: 1 - pace,
        cpuPressure: 1 - pace,
        memoryPressure: 0,
        diskTraffic: pace * traffic,
      });
      const free = demandRule().classify(at(1), { subject: guestSubject('g') });
      // At a limit the last bit of a quotient decides; there either class is right.
      fc.pre(free.confidence > 0.5001);
      expect(demandRule().classify(at(slowed), { subject: guestSubject('g') }).class).toBe(free.class);
    }),
  );
});

const samples = fc
  .array(
    fc.record({ after: fc.integer({ min: 1, max: 3000 }), used: share, io: fc.option(share, { nil: undefined }) }),
    { minLength: 1, maxLength: 60 },
  )
  .map((steps) => {
    let at = 0;
    return steps.map(({ after, used, io }): GuestSample => ({
      kind: 'guest',
      id: 'g',
      at: (at += after),
      cpu: { used },
      ...(io === undefined ? {} : { pressure: { io: { some: io } } }),
    }));
  });

test('a window of which nothing was forgotten holds what an array of the same samples holds', () => {
  fc.assert(
    fc.property(samples, (list) => {
      const folded = foldSignal(usage({ over: 1e7 }), list);
      const whole = usageOf(list);
      // The window is longer than the samples last, so it is never half full: its state is read instead.
      expect(folded).toBeUndefined();
      const long = usage({ over: 2 * Math.max(1, (list.at(-1)?.at ?? 0) - (list[0]?.at ?? 0)) });
      const value = foldSignal(long, list);
      if (value === undefined) return;
      expect(value.used).toBeCloseTo(whole?.used ?? Number.NaN);
      expect(value.span).toBe(whole?.span);
    }),
  );
});

test('the signal says what the classifier says of the window', () => {
  fc.assert(
    fc.property(samples, (list) => {
      const used = foldSignal(usage(), list);
      const found = foldSignal(classified(demandRule()), list);
      expect(found).toEqual(used && demandRule().classify(used, { subject: guestSubject('g') }));
    }),
  );
});
