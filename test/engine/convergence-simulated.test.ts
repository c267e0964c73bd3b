import { expect, test } from 'vitest';
import {
  atBestMoment,
  type ConvergencePolicy,
  engine,
  type EngineEvent,
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
import { type Outcome, seconds } from '../../src/model/index.js';
import { definePolicy } from '../../src/policies/index.js';
import { oldQemuRule, simulatedCluster, virtualTime } from '../../src/simulation/index.js';
import { bare, guest, host, work } from '../simulation/small.js';

const MB = 1e6;
const writes = { amount: 1000 * 120 * MB, pattern: 'sweep' } as const;
const gToB = definePolicy({
  name: 'g to b',
  watch: {},
  plan: () => ({ moves: [{ guest: 'g', from: 'a', to: 'b', because: [] }], passedOver: [] }),
});

/** A guest of 1000 MB that dirties a part of it again and again at 120 MB/s, ordered at 10 s over a link of 100 MB/s. */
const run = (convergence: ConvergencePolicy, workingSet = 500 * MB) => {
  const hot = work('hot', { kind: 'compute', cycles: 1e12, writes: { ...writes, workingSet } });
  const time = virtualTime();
  const { scheduler } = time;
  const cluster = simulatedCluster({
    hosts: [host('a'), host('b')],
    guests: [guest('g', 'a', { memory: 1000 * MB })],
    workloads: { g: { used: 1000 * MB, jobs: [hot] } },
    migration: { ...bare, stopRule: oldQemuRule() },
    scheduler,
  });
  const events: EngineEvent[] = [];
  // A guest whose move was given up waits longer than is looked at here.
  const backOff = { first: seconds(1000), factor: 1, longest: seconds(1000) };
  engine({ driver: cluster, every: seconds(10), policy: gToB, backOff, convergence, scheduler }).subscribe((event) =>
    events.push(event),
  );
  time.run(seconds(100));
  let place: string | undefined;
  cluster.inventory().subscribe(({ guests }) => (place = guests[0]?.host));
  const actions = events.flatMap((event) => (event.kind === 'steered' ? [event.action.kind] : []));
  const failed = events.filter(({ kind }) => kind === 'driver-failed' || kind === 'policy-failed');
  const outcomes = events.flatMap((event): Outcome[] =>
    event.kind === 'ended' || event.kind === 'failed' ? [event.outcome] : [],
  );
  const [outcome] = outcomes;
  const downtime = outcome?.ending.result === 'done' ? outcome.ending.downtime : undefined;
  return { place, actions, failed, outcomes, ended: (outcome?.endedAt ?? NaN) / 1000, downtime };
};

test("M36: left to QEMU's own rule it does not end", () => {
  expect(run(leaveAlone)).toMatchObject({ place: 'a', actions: [], failed: [], outcomes: [] });
});

test.each([
  // Rounds of 10, then 5 s; five of them are over at 40 s.
  ["M36: the newer Xen's limit", xenLimits(newerXen), ['pause'], 45],
  // 3000 MB are sent at 40 s; the rest of that round and what it dirtied take less than 6 s more.
  ["M36: the older Xen's limits", xenLimits(olderXen), ['pause'], 47],
  ["M42d, M48: the thesis' pause", pauseAfter({ patience: seconds(30) }), ['pause'], 47],
  ['M48: post-copy on a stall', whenStalled({ rounds: 3, then: 'post-copy' }), ['post-copy'], 47],
  ['M48: a pause on a stall', whenStalled({ rounds: 3, then: 'pause' }), ['pause'], 47],
  ['M48: a throttle on a stall', whenStalled({ rounds: 2, then: { kind: 'throttle', share: 0.8 } }), ['throttle'], 47],
  [
    'M48: the best moment',
    atBestMoment({ timeBudget: seconds(60), downtimeBudget: 5500, then: 'abort' }),
    ['pause'],
    31,
  ],
  [
    'M48: post-copy where there is no good moment',
    atBestMoment({ timeBudget: seconds(30), downtimeBudget: 300, then: 'post-copy' }),
    ['post-copy'],
    47,
  ],
  [
    'M48: a longer downtime, then post-copy',
    settleWithin({ patience: seconds(15), raiseTo: 1000, then: 'post-copy' }),
    ['raise downtime', 'post-copy'],
    47,
  ],
  [
    'M48: the first to act',
    firstToAct(pauseAfter({ patience: seconds(30) }), whenStalled({ rounds: 50, then: 'abort' })),
    ['pause'],
    47,
  ],
])('%s ends the migration of a hot guest at its destination', (_, convergence, actions, before) => {
  const result = run(convergence);
  expect(result).toMatchObject({ place: 'b', actions, failed: [], outcomes: [{ ending: { result: 'done' } }] });
  expect(result.ended).toBeLessThanOrEqual(before);
});

test('M48: the stepwise downtime ends it once the limit is long enough', () => {
  const policy = stepwiseDowntime({ from: 100, factor: 2, longest: 3000, every: seconds(10) });
  const { place, actions, failed, downtime } = run(policy, 100 * MB);
  expect({ place, failed }).toEqual({ place: 'b', failed: [] });
  expect(actions.length).toBeGreaterThan(2);
  expect(new Set(actions)).toEqual(new Set(['raise downtime']));
  expect(downtime).toBeGreaterThan(0);
  expect(downtime).toBeLessThanOrEqual(3000);
});

test('M48: the pause at the best moment keeps to the downtime budget', () => {
  const { downtime } = run(atBestMoment({ timeBudget: seconds(60), downtimeBudget: 5500, then: 'abort' }));
  expect(downtime).toBeGreaterThan(0);
  expect(downtime).toBeLessThanOrEqual(5500);
});

test.each([
  ['a stall', whenStalled({ rounds: 3, then: 'abort' })],
  ['the end of its time', atBestMoment({ timeBudget: seconds(30), downtimeBudget: 300, then: 'abort' })],
  ['the end of patience', settleWithin({ patience: seconds(30), then: 'abort' })],
])('M48: given up on %s, the guest stays where it was', (_, convergence) => {
  expect(run(convergence)).toMatchObject({
    place: 'a',
    actions: ['abort'],
    failed: [],
    outcomes: [{ ending: { result: 'failed', failure: { kind: 'cancelled' } } }],
  });
});
