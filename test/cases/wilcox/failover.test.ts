/** Evacuation, maintenance and failover: hosts that are left in good time, and hosts that are lost. */
import { describe, expect, test } from 'vitest';
import { type Cluster, gibibytes, hours, minutes, sayReason } from '../../../src/model/index.js';
import { allOf, evacuate, failover, relieve, SettingsError } from '../../../src/policies/index.js';
import { traceDemand } from '../../../src/simulation/index.js';
import { cluster, guest, host, migration } from '../../policies/build.js';
import { bareGuest, bareHost, play } from './arms.js';

const restarts = (state: Cluster, ...lost: readonly string[]): readonly string[] =>
  failover(state, lost).restarts.map((one) => `${one.guest} ${one.lost}→${one.on}`);
const said = (state: Cluster, id: string, ...lost: readonly string[]): readonly string[] =>
  failover(state, lost)
    .passedOver.filter(({ subject }) => subject.kind !== 'cluster' && subject.id === id)
    .flatMap(({ because, to }) => because.map((reason) => `${to === undefined ? '' : `${to}: `}${sayReason(reason)}`));

const dead = (id: string): ReturnType<typeof host> => host(id, { knowledge: { kind: 'unseen' } });
/** A guest of the dead host: nobody hears of it any more. */
const orphan = (id: string, memory = 1, changes: Parameters<typeof guest>[3] = {}): ReturnType<typeof guest> =>
  guest(id, 'a', undefined, {
    memory: gibibytes(memory),
    knowledge: { kind: 'stale', at: 0, age: minutes(5) },
    signals: { cpu: 0.01 },
    ...changes,
  });

describe('W19: failover', () => {
  test('W19: guests of a lost host are restarted elsewhere, those of most memory first, with reasons', () => {
    const state = cluster([dead('a'), host('b'), host('c')], [orphan('x', 2), orphan('y', 4), guest('z', 'b', 0.1)]);
    expect(restarts(state, 'a')).toEqual(['y a→b', 'x a→b']);
    const { because } = failover(state, ['a']).restarts[0] ?? { because: [] };
    expect(because.map((reason) => sayReason(reason))).toEqual(
      expect.arrayContaining(['a lost host a', 'b memory 15.0 GiB free, 4.0 GiB needed']),
    );
  });

  test('W19: what a guest said before its host was lost is not believed: it counts as wanting all that it has', () => {
    const big = { vcpus: 4 };
    const state = cluster([dead('a'), host('b'), host('c')], [orphan('x', 1, big), orphan('y', 1, big)]);
    expect(restarts(state, 'a')).toEqual(['x a→b', 'y a→c']);
  });

  test('W19: those that must stand together are restarted together, those that must not are not', () => {
    const state = cluster(
      [dead('a'), host('b', { memory: { total: gibibytes(5), reserved: 0 } }), host('c')],
      [
        orphan('p', 4, { together: ['pair'] }),
        orphan('q', 4, { together: ['pair'] }),
        orphan('r', 1, { apart: ['db'] }),
        guest('s', 'b', 0.1, { apart: ['db'] }),
      ],
    );
    expect(restarts(state, 'a')).toEqual(['p a→c', 'q a→c', 'r a→c']);
  });

  test('W19: a guest whose image was local to the lost host has none, and this is said', () => {
    const local = { storage: [{ id: 'disk', access: 'local' as const }] };
    const state = cluster(
      [host('a', { ...local, knowledge: { kind: 'unseen' } }), host('b', { storage: [{ id: 'disk', access: 'nfs' }] })],
      [orphan('x', 1, { image: { storage: 'disk' } })],
    );
    expect(restarts(state, 'a')).toEqual([]);
    expect(said(state, 'x', 'a')[0]).toBe('b: x storage that outlives its host disk, of which there is none');
  });

  test('W19: a guest that was on its way may run at the other end, so it is not started a second time', () => {
    const state = cluster([dead('a'), host('b'), host('c')], [orphan('x'), orphan('y')], {
      migrations: [migration('x', 'a', 'c')],
    });
    expect(restarts(state, 'a')).toEqual(['y a→c']);
    expect(said(state, 'x', 'a')).toEqual(['x whether it runs on c, where it was on its way to, not measured']);
  });

  test('W19: what fits nowhere is named with the reason, two hosts may be lost at once, and one that nobody knows is said', () => {
    const state = cluster(
      [dead('a'), host('b'), host('c')],
      [orphan('x', 40), guest('y', 'b', 0.1), guest('z', 'c', 0.1)],
    );
    expect(restarts(state, 'a', 'b')).toEqual(['y b→c']);
    expect(said(state, 'x', 'a')).toContain('a hosts that can take it 0 not at least 1');
    expect(said(state, 'nobody', 'nobody')).toEqual(['nobody host not in the inventory']);
  });

  test('W19: a guest that may not be migrated may be restarted', () => {
    expect(restarts(cluster([dead('a'), host('b')], [orphan('x', 1, { migratable: false })]), 'a')).toEqual(['x a→b']);
  });

  test('W19: silent hosts take nobody, and settings that are wrong are refused', () => {
    const state = cluster([dead('a'), host('b', { knowledge: { kind: 'stale', at: 0, age: 1 } })], [orphan('x')]);
    expect(restarts(state, 'a')).toEqual([]);
    expect(() => failover(state, ['a'], { cpu: 2 })).toThrow(SettingsError);
  });
});

test('W19: maintenance: a host that is drained while it works is empty soon, and takes nobody back', () => {
  const guests = [0, 1, 2, 3, 4, 5].map((i) => bareGuest(`g${i}`, `h${i % 3}`, 4));
  const { places, moves } = play({
    hosts: ['h0', 'h1', 'h2'].map(bareHost),
    guests,
    workloads: Object.fromEntries(guests.map(({ id }) => [id, { demand: traceDemand([0.2], { step: hours(1) }) }])),
    policy: allOf(evacuate(), relieve({ above: 0.8 })),
    script: [{ at: minutes(10), change: { kind: 'host state', host: 'h1', state: 'draining' } }],
    length: minutes(30),
  });
  expect(moves).toHaveLength(2);
  expect([...places.values()]).not.toContain('h1');
});
