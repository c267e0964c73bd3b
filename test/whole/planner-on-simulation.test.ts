/** The planner on a running engine, with what users may hand it: preferences and reluctance that are no numbers, or throw. */
import { describe, expect, test } from 'vitest';
import { engine, type EngineEvent } from '../../src/engine/index.js';
import { minutes, seconds } from '../../src/model/index.js';
import { planner, type PlannerSettings } from '../../src/policies/index.js';
import { clusterOf, simulatedCluster, traceDemand, virtualTime } from '../../src/simulation/index.js';

/** Five minutes of four hosts of which one is hot. */
const events = (settings: Partial<PlannerSettings>): readonly EngineEvent[] => {
  const { hosts, guests } = clusterOf({ hosts: 4, guests: 40, seed: 3 });
  const busy = guests.filter(({ host }) => host === 'host-1');
  const time = virtualTime();
  const driver = simulatedCluster({
    hosts: hosts.map((host) => ({ ...host, cpu: { ...host.cpu, cores: 10, threads: 10 } })),
    guests,
    workloads: Object.fromEntries(busy.map(({ id }) => [id, { demand: traceDemand([0.6]) }])),
    scheduler: time.scheduler,
  });
  const seen: EngineEvent[] = [];
  const policy = planner({ goal: { balance: {} }, ...settings });
  const running = engine({ driver, every: seconds(10), scheduler: time.scheduler, policy }).subscribe((event) =>
    seen.push(event),
  );
  time.run(minutes(5));
  running.unsubscribe();
  return seen;
};
const moved = (seen: readonly EngineEvent[]): readonly unknown[] =>
  seen.flatMap((event) => (event.kind === 'admitted' ? [[event.at, event.order.guest, event.order.to]] : []));
const boom = (): never => {
  throw new Error('boom');
};

describe('a preference', () => {
  test.each([
    ['NaN', () => NaN],
    ['infinite', () => Infinity],
    ['below zero', () => -5],
  ])('that is %s counts for nothing', (_, amiss) => {
    const plain = moved(events({}));
    expect(plain).not.toEqual([]);
    expect(moved(events({ preferences: [{ name: 'odd', weight: 0.1, amiss }] }))).toEqual(plain);
  });

  test('that throws moves nothing, and is told by name of policy and message', () => {
    const seen = events({ preferences: [{ name: 'odd', weight: 0.1, amiss: boom }] });
    expect(moved(seen)).toEqual([]);
    expect(seen).toContainEqual(
      expect.objectContaining({ kind: 'policy-failed', policy: 'planner', problem: 'threw', message: 'boom' }),
    );
  });
});

describe('reluctance', () => {
  test.each([
    ['NaN', () => NaN],
    ['infinite', () => Infinity],
    ['below zero', () => -1],
    ['an error that is thrown', boom],
  ])('of %s keeps every guest where it is', (_, reluctance) => {
    expect(moved(events({ reluctance }))).toEqual([]);
  });
});
