import { describe, expect, test } from 'vitest';
import { engine, type EngineEvent } from '../../src/engine/index.js';
import { hours, minutes, percent, seconds } from '../../src/model/index.js';
import {
  consolidate,
  constrained,
  cslb,
  evacuate,
  firstOf,
  type Policy,
  stay,
  withinPins,
} from '../../src/policies/index.js';
import { type SimulatedCluster, simulatedCluster, virtualTime } from '../../src/simulation/index.js';
import { guest as machine, host as server, seconds1GHz } from '../simulation/small.js';
import { cluster, host, movesOf, whole } from './build.js';

const balance = cslb({ light: percent(50), heavy: percent(70), guards: { noSwap: true } });

describe('the uses that policies are put to (W5)', () => {
  const uneven = [whole('x', 'a', 0.6), whole('y', 'a', 0.3)];

  test('to balance load', () => {
    expect(movesOf(balance.plan(cluster([host('a'), host('b')], uneven)))).toEqual(['x a→b']);
  });

  test.each(['failing', 'draining'] as const)('to leave a host that is %s, before anything is balanced', (state) => {
    const hosts = [host('a', { state }), host('b'), host('c')];
    const { moves } = firstOf(evacuate(), balance).plan(cluster(hosts, uneven));
    expect(moves.map(({ guest, from }) => [guest, from])).toEqual([
      ['x', 'a'],
      ['y', 'a'],
    ]);
  });

  test('to place a guest where it alone may be', () => {
    const pinned = [whole('x', 'a', 0.6, { pins: ['c'] }), whole('y', 'a', 0.3, { pins: ['a'] })];
    const special = constrained(balance, [withinPins]);
    expect(movesOf(special.plan(cluster([host('a'), host('b'), host('c')], pinned)))).toEqual(['x a→c']);
  });

  test('to consolidate and save power', () => {
    const quiet = (id: string) =>
      host(id, {
        signals: { low: { holds: true, held: hours(1), value: 0.3 }, high: { holds: false, held: 0, value: 0 } },
      });
    const state = cluster([quiet('a'), quiet('b')], [whole('x', 'a', 0.1), whole('y', 'b', 0.3)]);
    expect(movesOf(consolidate().plan(state))).toEqual(['x a→b']);
  });
});

interface Measured {
  readonly done: number;
  readonly moves: number;
  /** Mean time from the start to the end of a job, in seconds. */
  readonly response: number;
  readonly wasted: number;
}

/** Four jobs of a minute each on a host of two cores, and a host of two idle cores beside it. */
const run = (
  policy: Policy | undefined,
  jobs = 4,
  length = minutes(12),
): Measured & { readonly cluster: SimulatedCluster } => {
  const time = virtualTime();
  const cluster = simulatedCluster({
    hosts: [server('a'), server('b')],
    guests: Array.from({ length: jobs }, (_, i) => machine(`g${i}`, 'a')),
    workloads: Object.fromEntries(
      Array.from({ length: jobs }, (_, i) => [`g${i}`, { jobs: [seconds1GHz(300, `job-${i}`)] }]),
    ),
    scheduler: time.scheduler,
  });
  const events: EngineEvent[] = [];
  const running =
    policy &&
    engine({ driver: cluster, policy, every: seconds(10), scheduler: time.scheduler }).subscribe((event) =>
      events.push(event),
    );
  time.run(length);
  running?.unsubscribe();
  const ends = cluster.jobs().flatMap(({ finishedAt }) => (finishedAt === undefined ? [] : [finishedAt / 1000]));
  return {
    cluster,
    done: ends.length,
    moves: events.filter(({ kind }) => kind === 'ended').length,
    response: ends.reduce((sum, end) => sum + end, 0) / ends.length,
    wasted: cluster.meter().migrations.started,
  };
};

describe('static and dynamic mappings of jobs to hosts (W7)', () => {
  test('static: without an engine, or with one that stays, the mapping of the start is the mapping of the end', () => {
    for (const policy of [undefined, stay()]) {
      const { cluster, moves } = run(policy);
      expect(moves).toBe(0);
      cluster
        .inventory()
        .subscribe(({ guests }) => expect(new Set(guests.map((one) => one.host))).toEqual(new Set(['a'])));
    }
  });

  test('dynamic and preemptive: jobs that run already are moved, and go on where they were', () => {
    const { moves, done } = run(balance);
    expect(moves).toBeGreaterThan(0);
    expect(done).toBe(4);
  });

  test('dynamic, but never while a job runs: what is allowed to move only before it starts stays', () => {
    const busyGuests = constrained(balance, [
      {
        name: 'non-preemptive',
        judge: ({ guest: { id } }) => [
          { kind: 'unknown', rule: 'non-preemptive', subject: { kind: 'guest', id }, measure: 'start', why: 'partial' },
        ],
      },
    ]);
    expect(run(busyGuests).moves).toBe(0);
  });
});

describe('the goals that schedulers are measured by (W10)', () => {
  test('load is imbalanced where one host lacks a resource that is free on another: throughput and response time suffer', () => {
    const [fixed, balanced] = [undefined, balance].map((policy) => run(policy));
    expect(balanced?.response).toBeLessThan(fixed?.response ?? 0);
    const [early, late] = [balance, undefined].map((policy) => run(policy, 4, minutes(9)).done);
    expect([early, late]).toEqual([4, 0]);
  });

  test('overhead: where nothing is to be gained an engine orders nothing', () => {
    expect(run(balance, 1)).toMatchObject({ moves: 0, wasted: 0, done: 1 });
  });
});
