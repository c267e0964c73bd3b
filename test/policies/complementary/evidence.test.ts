/** What the complementary policy says of its moves and of all that stays, word for word, and of settings that it refuses. */
import { describe, expect, test } from 'vitest';
import { diskTraffic, level, smoothed } from '../../../src/metrics/index.js';
import { gbps, mebibytesPerSecond, seconds } from '../../../src/model/index.js';
import {
  clash,
  complementary,
  type ComplementarySettings,
  diskThroughput,
  networkThroughput,
} from '../../../src/policies/complementary/index.js';
import { cpuCount, cpuCycles } from '../../../src/policies/index.js';
import { cluster, host, refused, told, whole } from '../build.js';

const disk = diskThroughput(mebibytesPerSecond(100));
const both: ComplementarySettings = { resources: [cpuCycles, disk] };
const uses = (id: string, on: string, cpu?: number, share?: number, changes: Parameters<typeof whole>[3] = {}) =>
  whole(id, on, cpu, {
    signals: { cpu, disk: share === undefined ? undefined : mebibytesPerSecond(100 * share) },
    ...changes,
  });
const said = (settings: ComplementarySettings, ...state: Parameters<typeof cluster>): readonly string[] =>
  told(complementary(settings).plan(cluster(...state)));
const hosts = [host('a'), host('b'), host('c'), host('d', { state: 'draining' }), host('e')];

describe('the evidence (W18)', () => {
  test('of the guest that takes most of what is lacked, to where it clashes least', () => {
    const guests = [
      uses('w', 'a', 0.1, 0.3),
      uses('x', 'a', 0.1, 0.5),
      uses('y', 'a', 0.1, 0.4),
      uses('z', 'a', 0.3, 0),
      uses('b1', 'b', 0.6, 0),
      uses('c1', 'c', 0, 0.3),
      uses('e1', 'e'),
    ];
    expect(said(both, hosts, guests)).toEqual([
      'x a→b',
      'complementary.heavy: a disk 120 % above 80 %',
      'complementary.room: b cpu with x 70 % at most 80 %',
      'complementary.room: b disk with x 50 % at most 80 %',
      'architecture: b architecture x86_64',
      'cores: b cores 4 at least 4',
      'image: b storage shared',
      'memory: b memory 15.0 GiB free, 1.0 GiB needed',
      'e stays: load evaluation: e1 cpu not measured',
      'e stays: load evaluation: e1 disk not measured',
      'x stays off c: complementary.clash: x clash with what c carries 0.15 not below 0.06',
      'b stays: complementary.heavy: b cpu 70 % not above 80 %',
      'c stays: complementary.heavy: c disk 30 % not above 80 %',
      'd stays: complementary.heavy: d cpu 0 % not above 80 %',
    ]);
  });

  test('of what has no room anywhere, and of guests that take nothing of what is lacked', () => {
    const guests = [uses('x', 'a', 0.1, 0.9), uses('z', 'a', 0.3, 0), uses('b1', 'b', 0.6, 0.2)];
    expect(said(both, hosts.slice(0, 2), guests)).toEqual([
      'x stays off b: complementary.room: b disk with x 110 % not at most 80 %',
      'a stays: complementary: a guests that another host has room for 0 not at least 1',
      'b stays: complementary.heavy: b cpu 60 % not above 80 %',
    ]);
  });

  test('heavy hosts in turn, the heaviest by any resource first, each seeing what went before', () => {
    const guests = [
      uses('a1', 'a', 0.5, 0.1),
      uses('a2', 'a', 0.35, 0.1),
      uses('b1', 'b', 0.1, 0.5),
      uses('b2', 'b', 0.1, 0.5),
      uses('c1', 'c', 0.1, 0.1),
    ];
    expect(said(both, hosts.slice(0, 3), guests)).toEqual([
      'b1 b→c',
      'complementary.heavy: b disk 100 % above 80 %',
      'complementary.room: c cpu with b1 20 % at most 80 %',
      'complementary.room: c disk with b1 60 % at most 80 %',
      'architecture: c architecture x86_64',
      'cores: c cores 4 at least 4',
      'image: c storage shared',
      'memory: c memory 15.0 GiB free, 1.0 GiB needed',
      'a1 a→b',
      'complementary.heavy: a cpu 85 % above 80 %',
      'complementary.room: b cpu with a1 60 % at most 80 %',
      'complementary.room: b disk with a1 60 % at most 80 %',
      'architecture: b architecture x86_64',
      'cores: b cores 4 at least 4',
      'image: b storage shared',
      'memory: b memory 14.0 GiB free, 1.0 GiB needed',
      'b1 stays off a: complementary.clash: b1 clash with what a carries 0.18 not below 0.06',
      'a1 stays off c: complementary.clash: a1 clash with what c carries 0.16 not below 0.10',
      'c stays: complementary.heavy: c disk 60 % not above 80 %',
    ]);
  });

  test('of resources that are lacked alike the first is what it lacks', () => {
    const guests = [uses('x', 'a', 0.5, 0.5), uses('y', 'a', 0.4, 0.4)];
    expect(said(both, hosts.slice(0, 2), guests)[1]).toBe('complementary.heavy: a cpu 90 % above 80 %');
  });

  test('of equal guests and equal clashes the first by name', () => {
    const guests = [uses('y', 'a', 0.45, 0), uses('x', 'a', 0.45, 0)];
    expect(said(both, hosts.slice(0, 3), guests).filter((line) => line.includes('→'))).toEqual(['x a→b']);
  });
});

describe('settings', () => {
  test.each<[string, object, string]>([
    ['none', { resources: [] }, 'complementary.resources: Too small: expected array to have >=1 items'],
    ['two of a name', { resources: [disk, disk] }, 'complementary.resources[1]: another one is called disk'],
    ['a count', { resources: [cpuCount] }, 'complementary.resources[0]: cpu is no share of what a host offers'],
    [
      'a signal of no resource',
      { ...both, signals: { network: level(diskTraffic) } },
      'complementary.signals.network: no resource is called so',
    ],
    ['a name', { resources: ['cpu'] }, 'complementary.resources[0]: must be a resource'],
    ['a signal of nothing', { ...both, signals: { disk: null } }, 'complementary.signals.disk: must be a signal'],
    [
      'a constraint that is a name',
      { ...both, constraints: ['x'] },
      'complementary.constraints[0]: must be a constraint',
    ],
    ['two', { ...both, signals: { disk: level(diskTraffic) } }, 'taken'],
  ])('%s', (_, settings, message) => {
    // What JavaScript may pass.
    expect(refused(() => complementary(settings as ComplementarySettings))).toBe(message);
  });

  test('it watches each resource, or the signal given for it', () => {
    const signal = smoothed(diskTraffic, { over: seconds(60) });
    const { name, watch } = complementary({ ...both, signals: { disk: signal } });
    expect(name).toBe('complementary');
    expect(watch.guest?.['disk']).toBe(signal);
    expect(watch.guest?.['cpu']?.name).toBe('level(cpu)');
  });
});

describe('what resources are of', () => {
  test('a network for guests counts both ways, and one of another role does not', () => {
    const networks = [
      { role: 'guest', link: 'lan', bandwidth: gbps(1) },
      { role: 'guest', link: 'wan', bandwidth: gbps(2) },
      { role: 'migration', link: 'net', bandwidth: gbps(10) },
    ] as const;
    expect(networkThroughput().capacity(host('a', { networks }))).toBe(2 * gbps(3));
  });

  test('a resource that only one of two lists is none of the other’s', () => {
    expect(clash([0.5, 0.5], [0.4])).toBe(0.2);
  });
});
