import { describe, expect, test } from 'vitest';
import { gibibytes, holds, minutes, type ObservedGuest, type ObservedHost, sayReason } from '../../src/model/index.js';
import {
  companions,
  type Constraint,
  devicesPresent,
  enoughCores,
  enoughMemory,
  enoughStorage,
  goesElsewhere,
  imageReachable,
  isKnown,
  isMigratable,
  isSettled,
  keptApart,
  keptTogether,
  planned,
  refusals,
  rested,
  sameArchitecture,
  sameCpuModel,
  standardConstraints,
  takesGuests,
  withinPins,
} from '../../src/policies/index.js';
import { cluster, guest, host, migration, now, outcome } from './build.js';

interface Scene {
  readonly guest?: ObservedGuest;
  readonly from?: ObservedHost;
  readonly to?: ObservedHost;
  readonly others?: readonly ObservedGuest[];
  readonly rest?: Parameters<typeof cluster>[2];
}

/** What a constraint says against moving `web` from a to b; nothing where it allows it. */
const against = (
  constraint: Constraint,
  { guest: moved = guest('web', 'a', 0.5), from = host('a'), to = host('b'), others = [], rest = {} }: Scene,
): readonly string[] =>
  refusals([constraint], { guest: moved, from, to }, cluster([from, to, host('c')], [moved, ...others], rest)).map(
    (reason) => sayReason(reason),
  );

test('an ordinary move is allowed by all standard constraints', () => {
  expect(standardConstraints.flatMap((constraint) => against(constraint, {}))).toEqual([]);
});

describe('memory', () => {
  const big = (id: string, on: string): ObservedGuest => guest(id, on, 0, { memory: gibibytes(8) });

  test('what is free must be at least what the guest has', () => {
    const full = [big('x', 'b'), guest('y', 'b', 0, { memory: gibibytes(7.5) })];
    expect(against(enoughMemory, { others: full })).toEqual(['b memory 0.5 GiB free, 1.0 GiB needed']);
  });

  test('exactly as much as is needed is enough', () => {
    expect(against(enoughMemory, { guest: big('web', 'a'), others: [big('x', 'b')] })).toEqual([]);
  });

  test('moves in flight towards the destination count as arrived (memory incl. moves in flight)', () => {
    const rest = { migrations: [migration('x', 'c', 'b')] };
    const others = [guest('x', 'c', 0, { memory: gibibytes(15.5) })];
    expect(against(enoughMemory, { others, rest })).toEqual(['b memory 0.5 GiB free, 1.0 GiB needed']);
  });

  test('moves in flight away from the destination have not left yet', () => {
    const rest = { migrations: [migration('x', 'b', 'c')] };
    const others = [guest('x', 'b', 0, { memory: gibibytes(15.5) })];
    expect(against(enoughMemory, { others, rest })).toHaveLength(1);
  });

  test('an arriving guest that the inventory does not know takes nobody knows how much', () => {
    expect(against(enoughMemory, { rest: { migrations: [migration('stranger', 'c', 'b')] } })).toEqual([
      'b memory of stranger, arriving not in the inventory',
    ]);
  });

  test('moves planned before count as in flight', () => {
    const [a, b] = [host('a'), host('b')];
    const [one, two] = [big('one', 'a'), guest('two', 'a', 0, { memory: gibibytes(9) })];
    const before = cluster([a, b], [one, two]);
    const after = planned(before, [{ guest: 'one', from: 'a', to: 'b' }]);
    expect(refusals([enoughMemory], { guest: two, from: a, to: b }, before)).toEqual([]);
    expect(refusals([enoughMemory], { guest: two, from: a, to: b }, after)).toHaveLength(1);
  });
});

describe('processor', () => {
  const cpu = host('x').cpu;

  test('the architecture must be that of the source (CPU architecture)', () => {
    expect(against(sameArchitecture, { to: host('b', { cpu: { ...cpu, architecture: 'aarch64' } }) })).toEqual([
      'b architecture aarch64, not x86_64',
    ]);
  });

  const through = guest('web', 'a', 0.5, { cpuModel: 'Skylake' });

  test('a guest started with its host’s CPU needs the same model', () => {
    expect(against(sameCpuModel, { guest: through, to: host('b', { cpu: { ...cpu, model: 'EPYC' } }) })).toEqual([
      'b CPU model EPYC, not Skylake',
    ]);
    expect(against(sameCpuModel, { guest: through, to: host('b', { cpu: { ...cpu, model: 'Skylake' } }) })).toEqual([]);
  });

  test('a model that is not known is a refusal', () => {
    expect(against(sameCpuModel, { guest: through })).toEqual(['b CPU model not measured']);
  });

  test('it needs the flags of its source, and their absence from the inventory is a refusal too', () => {
    const from = host('a', { cpu: { ...cpu, model: 'Skylake', flags: ['avx', 'avx512f'] } });
    const fewer = host('b', { cpu: { ...cpu, model: 'Skylake', flags: ['avx'] } });
    const silent = host('b', { cpu: { ...cpu, model: 'Skylake' } });
    expect(against(sameCpuModel, { guest: through, from, to: fewer })).toEqual(['b CPU flag avx512f, not avx']);
    expect(against(sameCpuModel, { guest: through, from, to: silent })).toHaveLength(2);
  });

  test('a guest of the hypervisor’s own CPU type does not care (M28)', () => {
    expect(against(sameCpuModel, { to: host('b', { cpu: { ...cpu, model: 'EPYC' } }) })).toEqual([]);
  });

  test('cores are at least as many as vCPUs (M28)', () => {
    expect(against(enoughCores, { guest: guest('web', 'a', 0.5, { vcpus: 5 }) })).toEqual(['b cores 4 not at least 5']);
    expect(against(enoughCores, { guest: guest('web', 'a', 0.5, { vcpus: 4 }) })).toEqual([]);
  });
});

describe('place', () => {
  test('a pinned guest goes only where it is pinned to (pins)', () => {
    expect(against(withinPins, { guest: guest('web', 'a', 0.5, { pins: ['a', 'c'] }) })).toEqual([
      'web pinned host b, not one of a, c',
    ]);
    expect(against(withinPins, { guest: guest('web', 'a', 0.5, { pins: ['a', 'b'] }) })).toEqual([]);
  });

  test.each(['draining', 'failing', 'off'] as const)('a host that is %s takes no guests (draining hosts)', (state) => {
    expect(against(takesGuests, { to: host('b', { state }) })).toEqual([`b state ${state}, not active`]);
  });

  test('the destination reaches the storage of the image (image reachable; M30)', () => {
    expect(against(imageReachable, { to: host('b', { storage: [] }) })).toEqual([
      'b storage shared, of which there is none',
    ]);
  });

  const local = (id: string, free?: number): ObservedHost =>
    host(id, { storage: [{ id: 'disk', access: 'local', ...(free === undefined ? {} : { free }) }] });
  const onDisk = guest('web', 'a', 0.5, { image: { storage: 'disk', size: gibibytes(100) } });

  test('a storage that is local to both hosts is two storages of one name', () => {
    expect(against(imageReachable, { guest: onDisk, from: local('a'), to: local('b') })).toHaveLength(1);
  });

  test('a local storage that is exported to the destination is reached', () => {
    const to = host('b', { storage: [{ id: 'disk', access: 'nfs' }] });
    expect(against(imageReachable, { guest: onDisk, from: local('a'), to })).toEqual([]);
  });

  test('an image that would have to be copied needs room (storage free)', () => {
    expect(against(enoughStorage, { guest: onDisk, from: local('a'), to: local('b', gibibytes(50)) })).toEqual([
      'b storage on disk 50.0 GiB free, 100.0 GiB needed',
    ]);
    expect(against(enoughStorage, { guest: onDisk, from: local('a'), to: local('b', gibibytes(100)) })).toEqual([]);
  });

  test('room that is not known is none', () => {
    expect(against(enoughStorage, { guest: onDisk, from: local('a'), to: local('b') })).toEqual([
      'b free storage on disk not measured',
    ]);
  });

  test('a shared image needs no room', () => {
    expect(against(enoughStorage, {})).toEqual([]);
  });

  test('devices that the guest needs are there (M45)', () => {
    const needs = guest('web', 'a', 0.5, { devices: ['gpu', 'sound'] });
    expect(against(devicesPresent, { guest: needs, to: host('b', { devices: ['gpu'] }) })).toEqual([
      'b device sound, not gpu',
    ]);
  });

  test('not to where it is, and not from where it is not', () => {
    expect(against(goesElsewhere, { to: host('a') })).toHaveLength(1);
    expect(against(goesElsewhere, { from: host('c') })).toEqual(['web source c, not a']);
  });
});

describe('the guest', () => {
  test('one that must not be moved stays', () => {
    expect(against(isMigratable, { guest: guest('web', 'a', 0.5, { migratable: false }) })).toEqual([
      'web migration forbidden, not allowed',
    ]);
  });

  test('one that is on its way already stays', () => {
    expect(against(isSettled, { rest: { migrations: [migration('web', 'a', 'c')] } })).toEqual([
      'web state moving to c, not at rest',
    ]);
  });

  const stale = { knowledge: { kind: 'stale', at: 0, age: now } } as const;

  test('guest, source and destination are freshly known', () => {
    expect(against(isKnown, { guest: guest('web', 'a', 0.5, stale) })).toEqual(['web samples stale']);
    expect(against(isKnown, { from: host('a', stale) })).toEqual(['a samples stale']);
    expect(against(isKnown, { to: host('b', { knowledge: { kind: 'unseen' } }) })).toEqual(['b samples never seen']);
    expect(against(isKnown, { to: host('b', { knowledge: { kind: 'partial', at: now, missing: ['x'] } }) })).toEqual([
      'b samples known only in part',
    ]);
  });

  test.each(['draining', 'failing'] as const)('a source that is %s need not be freshly known', (state) => {
    expect(against(isKnown, { from: host('a', { ...stale, state }) })).toEqual([]);
  });
});

describe('groups (affinity and anti-affinity)', () => {
  const rival = (id: string, on: string): ObservedGuest => guest(id, on, 0.5, { apart: ['db'] });

  test('not beside a guest that it must be kept apart from', () => {
    expect(against(keptApart, { guest: rival('web', 'a'), others: [rival('db-2', 'b')] })).toEqual([
      'b guests of the apart-group db (db-2) 1 not at most 0',
    ]);
  });

  test('nor where one arrives, nor where one is just leaving: a move is at both ends', () => {
    const arriving = { others: [rival('db-2', 'c')], rest: { migrations: [migration('db-2', 'c', 'b')] } };
    const leaving = { others: [rival('db-2', 'b')], rest: { migrations: [migration('db-2', 'b', 'c')] } };
    expect(against(keptApart, { guest: rival('web', 'a'), ...arriving })).toHaveLength(1);
    expect(against(keptApart, { guest: rival('web', 'a'), ...leaving })).toHaveLength(1);
  });

  test('other groups do not matter', () => {
    expect(
      against(keptApart, { guest: rival('web', 'a'), others: [guest('x', 'b', 0, { apart: ['other'] })] }),
    ).toEqual([]);
  });

  const friend = (id: string, on: string): ObservedGuest => guest(id, on, 0.5, { together: ['shop'] });

  test('a guest does not leave those that it must stand with', () => {
    expect(against(keptTogether, { guest: friend('web', 'a'), others: [friend('shop-2', 'a')] })).toEqual([
      'web guests of the together-group shop at b, against those left at a 0 not at least 1',
    ]);
  });

  test('it leaves with them: the others are in flight to the same host', () => {
    const rest = { migrations: [migration('shop-2', 'a', 'b')] };
    expect(against(keptTogether, { guest: friend('web', 'a'), others: [friend('shop-2', 'a')], rest })).toEqual([]);
  });

  test('members in flight count where they go, and those that stay where they are', () => {
    const rest = { migrations: [migration('shop-2', 'a', 'b')] };
    const third = [friend('shop-2', 'a'), friend('shop-3', 'c')];
    expect(against(keptTogether, { guest: friend('web', 'a'), to: host('c'), others: third, rest })).toEqual([]);
    expect(
      against(keptTogether, { guest: friend('web', 'a'), others: [friend('shop-3', 'a')], rest: {} }),
    ).toHaveLength(1);
  });

  test('a group that is torn already may come together', () => {
    expect(against(keptTogether, { guest: friend('web', 'a'), others: [friend('shop-2', 'b')] })).toEqual([]);
  });

  test('companions are found through all groups that bind them', () => {
    const chain = [
      guest('a1', 'a', 0, { together: ['x'] }),
      guest('a2', 'a', 0, { together: ['x', 'y'] }),
      guest('a3', 'a', 0, { together: ['y'] }),
      guest('a4', 'b', 0, { together: ['y'] }),
      guest('a5', 'a', 0),
    ];
    const found = chain.slice(2, 3).flatMap((third) => companions(third, cluster([host('a'), host('b')], chain)));
    expect(found.map(({ id }) => id)).toEqual(['a1', 'a2', 'a3']);
  });
});

describe('rest after a move (W16, W17)', () => {
  const half = rested({ guest: minutes(30), host: minutes(10) });

  test('a guest that moved five minutes ago is left alone for thirty', () => {
    const past = [outcome('web', 'c', 'a', now - minutes(12)), outcome('web', 'a', 'c', now - minutes(20))];
    expect(against(half, { rest: { past } })).toEqual(['web time since its last move 12.0 min not at least 30.0 min']);
  });

  test('after that it may move', () => {
    expect(against(half, { rest: { past: [outcome('web', 'c', 'a', now - minutes(30))] } })).toEqual([]);
  });

  test('a host that took part in a move rests for a time of its own', () => {
    expect(against(half, { rest: { past: [outcome('x', 'b', 'c', now - minutes(5))] } })).toEqual([
      'b time since its last move 5.0 min not at least 10.0 min',
    ]);
  });

  test('while a move is in flight neither its guest nor its hosts are at rest', () => {
    expect(against(half, { rest: { migrations: [migration('web', 'a', 'b')] } })).toHaveLength(3);
  });

  test('guests and hosts without a past are at rest', () => {
    expect(against(half, {})).toEqual([]);
  });
});

test('every reason of a constraint that allows a move holds and says something', () => {
  const [a, b] = [host('a'), host('b')];
  const moved = guest('web', 'a', 0.5);
  const reasons = standardConstraints.flatMap(({ judge }) =>
    judge({ guest: moved, from: a, to: b }, cluster([a, b], [moved])),
  );
  expect(reasons.map((reason) => sayReason(reason))).toEqual([
    'b architecture x86_64',
    'b cores 4 at least 1',
    'b storage shared',
    'b memory 16.0 GiB free, 1.0 GiB needed',
  ]);
  expect(reasons.every(holds)).toBe(true);
});
