/** Entries of recordings, generated for the tests of this room. */
import * as fc from 'fast-check';
import type { RecordingEntry } from '../../src/metrics/index.js';
import type { Estimate, Inventory, Outcome, Plan, Reason } from '../../src/model/index.js';
import { amount, anyReadings, guest, guestSample, host, hostSample } from './samples.js';

const time = fc.integer({ min: 0, max: 2_000_000_000_000 });
const name = fc.constantFrom('web', 'db', 'høst-ß', '虚拟机', 'a "quoted" name');
/** A figure that an estimate may hold: infinite as a value, but never NaN. */
const figure = fc.oneof(amount, fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY));

const inventory: fc.Arbitrary<Inventory> = fc
  .tuple(fc.uniqueArray(name, { minLength: 1 }), fc.uniqueArray(name), fc.dictionary(name, fc.string()))
  .map(([hosts, guests, labels]) => ({
    hosts: hosts.map((id) => host(id, { labels })),
    guests: guests.map((id, i) => guest(id, hosts[i % hosts.length] ?? '', { labels })),
  }));

const estimate: fc.Arbitrary<Estimate> = fc.oneof(
  fc.record({
    convergence: fc.constantFrom('converges' as const, 'uncertain' as const),
    duration: figure,
    interval: fc.record({ low: figure, high: figure }),
    downtime: figure,
    bytes: figure,
    rounds: figure,
  }),
  fc.constant({ convergence: 'never' as const }),
  fc.record({ convergence: fc.constant('unknown' as const), missing: fc.array(fc.string()) }),
);

const subject = fc.oneof(
  fc.record({ kind: fc.constantFrom('host' as const, 'guest' as const), id: name }),
  fc.constant({ kind: 'cluster' as const }),
);

const reason: fc.Arbitrary<Reason> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('compared' as const),
      rule: fc.string(),
      subject,
      measure: fc.string(),
      value: figure,
      relation: fc.constantFrom('above' as const, 'at most' as const),
      limit: figure,
      unit: fc.constantFrom('bytes' as const, 'fraction' as const),
      holds: fc.boolean(),
      held: amount,
    },
    { requiredKeys: ['kind', 'rule', 'subject', 'measure', 'value', 'relation', 'limit', 'unit', 'holds'] },
  ),
  fc.record({
    kind: fc.constant('listed' as const),
    rule: fc.string(),
    subject,
    measure: fc.string(),
    value: fc.string(),
    among: fc.array(fc.string()),
    holds: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('unknown' as const),
    rule: fc.string(),
    subject,
    measure: fc.string(),
    why: fc.constantFrom('stale' as const, 'not in the inventory' as const),
  }),
  fc.record({
    kind: fc.constant('weighed' as const),
    rule: fc.string(),
    subject,
    to: name,
    estimate,
    gain: figure,
    cost: figure,
    holds: fc.boolean(),
  }),
);
const because = fc.array(reason, { maxLength: 2 });
const plan: fc.Arbitrary<Plan> = fc.record({
  moves: fc.array(fc.record({ guest: name, from: name, to: name, because }), { maxLength: 2 }),
  passedOver: fc.array(fc.record({ subject, because }), { maxLength: 2 }),
});

const order = { id: name, guest: name, from: name, to: name, startedAt: time };
const ending: fc.Arbitrary<Outcome['ending']> = fc.oneof(
  fc.record({ result: fc.constant('done' as const), downtime: amount, sent: amount }),
  fc.record({
    result: fc.constant('failed' as const),
    failure: fc.record({
      kind: fc.constantFrom('timed out' as const, 'not converging' as const),
      retryable: fc.boolean(),
      message: fc.string(),
    }),
  }),
);

/** Any entry that may be recorded. */
export const anyEntry: fc.Arbitrary<RecordingEntry> = fc.oneof(
  fc.record({ kind: fc.constant('inventory' as const), at: time, inventory }),
  fc.record({
    kind: fc.constant('sample' as const),
    at: time,
    sample: fc
      .tuple(fc.constantFrom(hostSample, guestSample), name, time, anyReadings)
      .map(([made, id, at, readings]) => made(id, at, readings)),
  }),
  fc.record({
    kind: fc.constant('refused' as const),
    at: time,
    input: fc.record({
      kind: fc.constant('bad-input' as const),
      source: fc.string(),
      place: fc.string(),
      problem: fc.constantFrom('malformed' as const, 'out of order' as const, 'broken signal' as const),
      message: fc.string(),
      value: fc.string(),
    }),
  }),
  fc.record({
    kind: fc.constant('migration' as const),
    at: time,
    migration: fc.record({
      ...order,
      progress: fc.record({ at: time, phase: fc.constantFrom('copying' as const, 'post-copy' as const), sent: amount }),
    }),
  }),
  fc.record({
    kind: fc.constant('outcome' as const),
    at: time,
    outcome: fc.record({ ...order, endedAt: time, ending }),
  }),
  fc.record({ kind: fc.constant('decision' as const), at: time, policy: fc.string(), plan }),
);
