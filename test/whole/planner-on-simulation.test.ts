/**
 * The planner on a running engine: plans of several waves where memory is tight, guests that must stand together, and what users may hand
 * it: preferences and reluctance that are no numbers, or throw.
 */
import { describe, expect, test } from 'vitest';
import { engine, type EngineEvent } from '../../src/engine/index.js';
import { gibibytes, type Guest, minutes, seconds } from '../../src/model/index.js';
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

describe('with tight memory', () => {
  /** What is admitted in ten minutes on hosts of 64 GB, of guests by host, memory and load of their one processor of two. */
  const lived = (
    settings: PlannerSettings,
    guests: readonly (readonly [host: string, memory: number, load: number, change?: Partial<Guest>])[],
  ): readonly string[] => {
    const names = ['a', 'b', 'c'];
    const model = clusterOf({ hosts: 3, guests: 3, seed: 1 });
    const [host, guest] = [model.hosts[0], model.guests[0]];
    if (!host || !guest) throw new Error('no model');
    const time = virtualTime();
    const driver = simulatedCluster({
      hosts: names.map((id) => ({
        ...host,
        id,
        cpu: { ...host.cpu, cores: 2, threads: 2 },
        memory: { total: gibibytes(65), reserved: gibibytes(1) },
        networks: [{ role: 'migration', link: `link-${id}`, bandwidth: 1.25e9 }],
      })),
      guests: guests.map(([on, memory, , change], i) => ({
        ...guest,
        id: `${on}${i}`,
        host: on,
        vcpus: 1,
        memory: gibibytes(memory),
        ...change,
      })),
      workloads: Object.fromEntries(
        guests.map(([on, , load], i) => [`${on}${i}`, { demand: traceDemand([load]) }] as const),
      ),
      scheduler: time.scheduler,
    });
    const seen: EngineEvent[] = [];
    const running = engine({
      driver,
      every: seconds(10),
      scheduler: time.scheduler,
      policy: planner(settings),
    }).subscribe((event) => seen.push(event));
    time.run(minutes(10));
    running.unsubscribe();
    return seen.flatMap((event) => (event.kind === 'admitted' ? [`${event.order.guest} ${event.order.to}`] : []));
  };

  test('one guest makes room, and then the one that is too much leaves; and that is all', () => {
    const moves = lived({ goal: { relieve: { mark: 0.8 } } }, [
      ['a', 30, 0.98],
      ['a', 30, 0.9],
      ['b', 40, 0.1],
      ['b', 10, 0.1],
      ['c', 30, 0.1],
      ['c', 10, 0.1],
    ]);
    expect(moves.length).toBe(2);
    expect(moves[0]).toMatch(/^[bc]\d [cb]$/);
    expect(moves[1]).toMatch(/^a\d [bc]$/);
  });

  test('two that must stand together leave the hot host together', () => {
    const moves = lived({ goal: { relieve: { mark: 0.8, minimise: 'memory' } } }, [
      ['a', 50, 0.9],
      ['a', 4, 0.4, { together: ['pair'] }],
      ['a', 4, 0.4, { together: ['pair'] }],
      ['b', 50, 0.1],
      ['c', 40, 0.1],
    ]);
    expect(moves).toEqual(['a1 b', 'a2 b']);
  });
});
