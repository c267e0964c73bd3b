/** Failover: where the guests of hosts that are lost would be restarted, and why. */
import { describe, expect, test } from 'vitest';
import { type Cluster, gibibytes, minutes, sayReason } from '../../../src/model/index.js';
import { failover, type FailoverSettings, SettingsError } from '../../../src/policies/index.js';
import { cluster, guest, host, migration } from '../build.js';
import { tellReason, toldPassed } from '../told.js';

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

  test('each restart and each refusal says by which rule', () => {
    const state = cluster(
      [dead('a'), host('b'), host('c'), host('s', { knowledge: { kind: 'unseen' } })],
      [orphan('x', 1, { vcpus: 2 }), orphan('y', 1, { migratable: false, pins: ['a'] })],
    );
    const { restarts: made, passedOver } = failover(state, ['a', 'nobody', 'a']);
    expect(made.map(({ guest: id, lost, on, because }) => [id, lost, on, because.map(tellReason)])).toEqual([
      [
        'x',
        'a',
        'b',
        [
          '[failover] a lost host a',
          '[evacuate.cpu] b cpu afterwards 50 % at most 95 %',
          '[architecture] b architecture x86_64',
          '[cores] b cores 4 at least 2',
          '[image] b storage shared',
          '[memory] b memory 16.0 GiB free, 1.0 GiB needed',
        ],
      ],
    ]);
    expect(toldPassed({ passedOver })).toEqual([
      'guest x not to s: ✗ [known] s samples never seen',
      'guest x not to c: ✗ [evacuate.fit] c memory to spare afterwards 93.8 % not below 93.8 %',
      'guest y not to b: ✗ [pins] y pinned host b, not a',
      'guest y not to c: ✗ [pins] y pinned host c, not a',
      'guest y not to s: ✗ [known] s samples never seen',
      'guest y not to s: ✗ [pins] y pinned host s, not a',
      'guest y: ✗ [failover] a hosts that can take it 0 not at least 1',
      'host nobody: ✗ [failover] nobody host not in the inventory',
    ]);
  });

  test('of a pair of which one was on its way, the other is restarted', () => {
    const pair = { together: ['pair'] };
    const state = cluster([dead('a'), host('b')], [orphan('x', 1, pair), orphan('y', 1, pair)], {
      migrations: [migration('x', 'a', 'b')],
    });
    expect(restarts(state, 'a')).toEqual(['y a→b']);
    expect(toldPassed(failover(state, ['a']))).toEqual([
      'guest x: ✗ [failover] x whether it runs on b, where it was on its way to, not measured',
    ]);
  });

  test('an image on a storage that is local to the lost host is found nowhere, that of another storage is', () => {
    const both = {
      storage: [
        { id: 'disk', access: 'local' as const },
        { id: 'shared', access: 'nfs' as const },
      ],
    };
    const state = cluster(
      [host('a', { ...both, knowledge: { kind: 'unseen' } }), host('b', both)],
      [orphan('x'), orphan('y', 1, { image: { storage: 'disk' } })],
    );
    expect(restarts(state, 'a')).toEqual(['x a→b']);
    expect(toldPassed(failover(state, ['a']))[0]).toBe(
      'guest y not to b: ✗ [failover.image] y storage that outlives its host disk, not shared',
    );
  });

  test('hosts are taken in the order of their names, and guests of the first find room first', () => {
    const small = host('c', { memory: { total: gibibytes(1), reserved: 0 } });
    const state = cluster([dead('b'), dead('a'), small], [guest('x', 'b', 0.1), orphan('y')]);
    expect(restarts(state, 'b', 'a')).toEqual(['y a→c']);
  });

  test.each<[unknown, string]>([
    [{ cpu: 1.01 }, 'failover.cpu: Too big: expected number to be <=1'],
    [{ cpu: -0.01 }, 'failover.cpu: Too small: expected number to be >=0'],
    [
      { constraints: [null, 1] },
      'failover.constraints[0]: must be a constraint\nfailover.constraints[1]: must be a constraint',
    ],
    [{ within: 1 }, 'failover.within: no such setting'],
  ])('settings that are wrong are refused by their path: %j', (settings, message) => {
    let said = '';
    try {
      // Settings from outside have no type.
      failover(cluster([], []), [], settings as FailoverSettings);
    } catch (error) {
      said = error instanceof Error ? error.message : '';
    }
    expect(said).toBe(message);
  });
});
