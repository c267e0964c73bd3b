import { describe, expect, test } from 'vitest';
import { rulesOf } from '../../../src/policies/feasibility/rules.js';
import { sayRule } from '../../../src/policies/index.js';
import { cluster, guest, host } from '../build.js';

describe('the rules that bind the guests of a cluster', () => {
  test('of every kind, groups by name, then guests, then hosts', () => {
    const state = cluster(
      [
        host('a', { devices: ['gpu'] }),
        host('b', { state: 'draining' }),
        host('c', { cpu: { clock: 2e9, cores: 1, threads: 1, architecture: 'x86_64' } }),
      ],
      [
        guest('x', 'a', 0.1, { apart: ['web', 'db'], devices: ['gpu'] }),
        guest('y', 'b', 0.1, { apart: ['db', 'web'], together: ['app'], pins: ['a', 'b'], vcpus: 2 }),
        guest('z', 'c', 0.1, { together: ['app'], apart: ['alone'], migratable: false }),
      ],
    );
    const rules = rulesOf(state);
    expect(rules).toEqual([
      { kind: 'together', group: 'app', guests: ['y', 'z'] },
      { kind: 'apart', group: 'db', guests: ['x', 'y'] },
      { kind: 'apart', group: 'web', guests: ['x', 'y'] },
      { kind: 'needs', name: 'devices', guest: 'x', without: ['b', 'c'] },
      { kind: 'pins', guest: 'y', hosts: ['a', 'b'] },
      { kind: 'needs', name: 'cores', guest: 'y', without: ['c'] },
      { kind: 'fixed', guest: 'z', host: 'c' },
      { kind: 'state', host: 'b', state: 'draining' },
      { kind: 'memory' },
    ]);
    expect(rules.map((rule) => sayRule(rule, state))).toEqual([
      'y, z together (app)',
      'x, y apart (db)',
      'x, y apart (web)',
      'x not on b, c (devices)',
      'y only on a, b',
      'y not on c (cores)',
      'z not to be moved from c',
      'b draining',
      'memory (3072 MiB wanted of 49152 MiB in all, host by host)',
    ]);
  });

  test('what a guest lacks where it stands is no rule, for it runs there', () => {
    expect(rulesOf(cluster([host('a'), host('b')], [guest('x', 'a', 0.1, { vcpus: 64 })]))).toEqual([
      { kind: 'needs', name: 'cores', guest: 'x', without: ['b'] },
      { kind: 'memory' },
    ]);
  });

  test('what a guest needs is not known where nobody knows its host', () => {
    expect(rulesOf(cluster([host('a')], [guest('x', 'gone', 0.1, { devices: ['gpu'] })]))).toEqual([
      { kind: 'memory' },
    ]);
  });

  test('of no guests there are none', () => {
    expect(rulesOf(cluster([host('a')], []))).toEqual([]);
  });
});
