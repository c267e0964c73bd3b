import { describe, expect, test } from 'vitest';
import { type Cluster, gbps, mebibytesPerSecond, type ObservedGuest, sayReason } from '../../../src/model/index.js';
import { cpuCycles, cslb, SettingsError } from '../../../src/policies/index.js';
import {
  clash,
  complementary,
  type ComplementarySettings,
  diskThroughput,
  networkThroughput,
} from '../../../src/policies/complementary/index.js';
import { applied } from '../../../src/testing/index.js';
import { cluster, host, migration, movesOf, whole } from '../build.js';

const disk = diskThroughput(mebibytesPerSecond(100));
const both = { resources: [cpuCycles, disk] };

/** A guest that takes a share of a host's processors and of its disks. */
const uses = (
  id: string,
  on: string,
  cpu: number | undefined,
  disks: number | undefined,
  changes: Partial<ObservedGuest> = {},
): ObservedGuest =>
  whole(id, on, cpu, {
    signals: { cpu, disk: disks === undefined ? undefined : mebibytesPerSecond(100 * disks) },
    ...changes,
  });

const moves = (state: Cluster, settings: ComplementarySettings = both): readonly string[] =>
  movesOf(complementary(settings).plan(state));

const said = (state: Cluster, id: string): readonly string[] =>
  complementary(both)
    .plan(state)
    .passedOver.filter(({ subject }) => subject.kind !== 'cluster' && subject.id === id)
    .flatMap(({ because, to }) => because.map((reason) => `${to === undefined ? '' : `${to}: `}${sayReason(reason)}`));

const three = ['a', 'b', 'c'].map((id) => host(id));

describe('complementary resources (W18)', () => {
  /** Disks of a are wanted too much; b computes much and c reads much. */
  const state = cluster(three, [
    uses('x', 'a', 0.1, 0.5),
    uses('y', 'a', 0.1, 0.4),
    uses('z', 'a', 0.3, 0),
    uses('b1', 'b', 0.6, 0),
    uses('c1', 'c', 0, 0.3),
  ]);

  test('the guest that uses the disk most goes to guests that use it little, however much these compute', () => {
    const { moves: found } = complementary(both).plan(state);
    expect(movesOf({ moves: found })).toEqual(['x a→b']);
    expect(found[0]?.because.slice(0, 3).map((reason) => sayReason(reason))).toEqual([
      'a disk 90 % above 80 %',
      'b cpu with x 70 % at most 80 %',
      'b disk with x 50 % at most 80 %',
    ]);
    expect(said(state, 'x')).toEqual([expect.stringMatching(/^c: x clash with what c carries .* not below /)]);
  });

  test('by the processor alone it would see no need', () => {
    expect(moves(state, { resources: [cpuCycles] })).toEqual([]);
  });

  test('then it rests', () => {
    expect(moves(applied(state, complementary(both).plan(state)))).toEqual([]);
  });

  test('of a host that lacks processors the guest that computes most goes to guests that compute little', () => {
    const busy = cluster(three, [
      uses('x', 'a', 0.5, 0.1),
      uses('y', 'a', 0.4, 0.6),
      uses('b1', 'b', 0.2, 0),
      uses('c1', 'c', 0, 0.6),
    ]);
    expect(moves(busy)).toEqual(['x a→c']);
  });

  test('heavy is above the mark in any resource; below it in all, or at it, nothing moves', () => {
    expect(moves(cluster(three, [uses('x', 'a', 0.8, 0.4), uses('y', 'a', 0, 0.4)]))).toEqual([]);
  });

  test('a destination must have room in every resource', () => {
    const tight = cluster(three, [
      uses('x', 'a', 0.3, 0.5),
      uses('y', 'a', 0.1, 0.4),
      uses('b1', 'b', 0.6, 0),
      uses('c1', 'c', 0.2, 0.3),
    ]);
    expect(moves(tight)).toEqual(['x a→c']);
    expect(said(tight, 'x')).toContain('b: b cpu with x 90 % not at most 80 %');
  });

  test('where the largest fits nowhere the next one goes, and where none does the host hears it', () => {
    const large = cluster(
      [host('a'), host('b')],
      [uses('x', 'a', 0, 0.7), uses('y', 'a', 0, 0.2), uses('b1', 'b', 0, 0.3)],
    );
    expect(moves(large)).toEqual(['y a→b']);
    const full = cluster([host('a'), host('b')], [uses('x', 'a', 0, 0.9), uses('b1', 'b', 0, 0.3)]);
    expect(moves(full)).toEqual([]);
    expect(said(full, 'a')).toEqual(['a guests that another host has room for 0 not at least 1']);
  });

  test('a host of which one resource is not known takes no part', () => {
    const silent = cluster([host('a'), host('b')], [uses('x', 'a', 0, 0.9), uses('b1', 'b', 0.1, undefined)]);
    expect(moves(silent)).toEqual([]);
    expect(said(silent, 'b')).toEqual(['b1 disk not measured']);
  });

  test('a guest in flight counts where it goes', () => {
    const guests = [uses('x', 'a', 0, 0.5), uses('y', 'a', 0, 0.4)];
    expect(moves(cluster(three, guests, { migrations: [migration('y', 'a', 'b')] }))).toEqual([]);
  });

  test('networks count as shares of the links for guests', () => {
    const linked = ['a', 'b'].map((id) =>
      host(id, { networks: [{ role: 'guest', link: `net-${id}`, bandwidth: gbps(1) }] }),
    );
    const talks = (id: string, share: number): ObservedGuest =>
      whole(id, 'a', 0.1, { signals: { network: 2 * gbps(1) * share } });
    const talking = cluster(linked, [talks('x', 0.5), talks('y', 0.4)]);
    expect(moves(talking, { resources: [networkThroughput()] })).toEqual(['x a→b']);
    expect(moves(cluster(three, [talks('x', 0.5)]), { resources: [networkThroughput()] })).toEqual([]);
  });

  test('a resource of its own takes the place of the processor in CSLB too', () => {
    const policy = cslb({ light: 0.3, heavy: 0.8, resource: disk });
    expect(movesOf(policy.plan(state))).toEqual(['x a→b']);
  });

  test('settings are checked', () => {
    expect(() => complementary({ resources: [disk, disk] })).toThrow(
      'complementary.resources[1]: another one is called disk',
    );
    expect(() => complementary({ resources: [] })).toThrow(SettingsError);
  });
});

test('what two want of different resources does not clash (W18)', () => {
  expect(clash([0.5, 0], [0, 0.9])).toBe(0);
  expect(clash([0.5, 0.1], [0.4, 0.9])).toBeCloseTo(0.29);
});
