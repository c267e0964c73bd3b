import { describe, expect, test } from 'vitest';
import { type Cluster, gibibytes, type ObservedGuest, type ObservedHost } from '../../../src/model/index.js';
import { feasibility, feasible } from '../../../src/policies/index.js';
import { cluster, guest, host } from '../build.js';
import { tellReason } from '../told.js';

const sized = (id: string, memory: number, changes: Parameters<typeof host>[1] = {}): ObservedHost =>
  host(id, { memory: { total: gibibytes(memory), reserved: 0 }, ...changes });
const gib = (id: string, on: string, memory: number, changes: Parameters<typeof guest>[3] = {}): ObservedGuest =>
  guest(id, on, 0.1, { memory: gibibytes(memory), ...changes });

describe('the rules that clash, in words', () => {
  const said = (state: Cluster): readonly string[] => feasible().judge(state).map(tellReason);
  const none = (rules: string): readonly string[] => [
    `✗ [feasible] the cluster placements that keep all of: ${rules}; 0 not at least 1`,
  ];
  const draining = { state: 'draining' } as const;

  test.each<[string, Cluster, string]>([
    [
      'members of a group apart, and a host that carries none',
      cluster(
        [host('b'), host('a', draining)],
        [gib('y', 'b', 1, { apart: ['db'] }), gib('x', 'a', 1, { apart: ['db', 'alone'] })],
      ),
      'x, y apart (db); a draining',
    ],
    [
      'a guest that may not move',
      cluster([host('a', draining), host('b')], [gib('x', 'a', 1, { migratable: false })]),
      'x not to be moved from a; a draining',
    ],
    [
      'pins, and a group together',
      cluster(
        [host('a'), host('b'), host('c')],
        [
          gib('x', 'a', 1, { pins: ['a', 'b'], together: ['app'] }),
          gib('y', 'c', 1, { pins: ['c'], together: ['app'] }),
        ],
      ),
      'x, y together (app); x only on a, b; y only on c',
    ],
    [
      'memory, of all guests and all hosts',
      cluster([sized('a', 2), sized('b', 2)], [gib('x', 'a', 1.5), gib('y', 'b', 1.5), gib('z', 'b', 0.75)]),
      'memory (3840 MiB wanted of 4096 MiB in all, host by host)',
    ],
    [
      'a device that only a failing host has',
      cluster([host('a', { state: 'failing', devices: ['gpu'] }), host('b')], [gib('x', 'a', 1, { devices: ['gpu'] })]),
      'x not on b (devices); a failing',
    ],
  ])('%s', (_, state, rules) => {
    expect(said(state)).toEqual(none(rules));
  });

  test('a gate says nothing where there is a placement, and that nobody knows where the search was given up', () => {
    const state = cluster([host('a')], [gib('x', 'a', 1)]);
    expect(said(state)).toEqual([]);
    expect(feasible({ steps: 0 }).judge(state).map(tellReason)).toEqual([
      '✗ [feasible] the cluster whether any placement keeps all rules not measured',
    ]);
    expect([feasible().name, feasible().watch]).toEqual(['feasible', {}]);
  });
});

describe('which rules clash', () => {
  test('none of them could be left out: rules that play no part are not named', () => {
    const state = cluster(
      [host('a', { state: 'off' }), host('b')],
      [
        gib('x', 'b', 1, { pins: ['a'] }),
        gib('w', 'b', 1, { pins: ['b'] }),
        gib('y', 'b', 1, { migratable: false, apart: ['db'] }),
        gib('z', 'b', 1, { apart: ['web'], together: ['app'] }),
      ],
    );
    expect(feasibility(state)).toEqual({
      kind: 'infeasible',
      clashing: [
        { kind: 'pins', guest: 'x', hosts: ['a'] },
        { kind: 'state', host: 'a', state: 'off' },
      ],
      least: true,
    });
  });

  test('of two clashes one is named: that of groups and memory before that of single guests', () => {
    const state = cluster(
      [host('a', { state: 'off' }), host('b'), host('c')],
      [
        gib('p', 'b', 1, { pins: ['a'] }),
        ...['x', 'y', 'z'].map((id) => gib(id, 'b', 1, { apart: ['db'], devices: id === 'x' ? ['gpu'] : [] })),
      ],
    );
    expect(feasibility(state)).toMatchObject({ clashing: [{ kind: 'apart' }, { kind: 'state' }] });
  });

  test('whether each is needed is not known where a search for it was given up', () => {
    const state = cluster(
      [sized('a', 1), sized('b', 1)],
      ['x', 'y', 'z'].map((id) => gib(id, 'a', 1, { apart: ['db'] })),
    );
    // More memory than there is shows at once; without that rule it takes more than two places to try.
    const verdict = feasibility(state, { steps: 2 });
    expect(verdict).toMatchObject({ kind: 'infeasible', least: false });
    expect(feasibility(state)).toMatchObject({ kind: 'infeasible', least: true });
  });

  test('a group of one, a device that every host has, and a cluster of nothing bind nobody', () => {
    expect(feasibility(cluster([], []))).toEqual({ kind: 'feasible' });
    expect(feasibility(cluster([host('a')], [gib('x', 'a', 1, { apart: ['db'], together: ['app'] })]))).toEqual({
      kind: 'feasible',
    });
    expect(feasibility(cluster([], [gib('x', 'gone', 1)]))).toMatchObject({ kind: 'infeasible' });
  });

  test('a guest whose host nobody knows may go where its pins allow', () => {
    const stray = gib('x', 'gone', 1, { pins: ['b'], devices: ['gpu'] });
    expect(feasibility(cluster([host('a'), host('b')], [stray]))).toEqual({ kind: 'feasible' });
  });
});
