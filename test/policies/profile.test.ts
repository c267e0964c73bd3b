import { describe, expect, test } from 'vitest';
import { sayReason, unknown } from '../../src/model/index.js';
import { cpuCycles, groupOfSeveral, guestPlaces, memoryGranted } from '../../src/policies/index.js';
import { joined } from '../../src/policies/joined.js';
import { leavingUnits } from '../../src/policies/leaving.js';
import { profilesOf } from '../../src/policies/phases/profile.js';
import { cluster, guest, host, migration, whole } from './build.js';
import { toldPassed } from './told.js';

describe('the profile of hosts by several resources', () => {
  test('what is taken of each, in all and by each guest; hosts that are off are left out', () => {
    const state = cluster(
      [host('a'), host('off', { state: 'off' }), host('b', { state: 'draining' })],
      [whole('x', 'a', 0.5), whole('y', 'a', 0.25)],
      { migrations: [migration('y', 'a', 'b')] },
    );
    const { known, passedOver } = profilesOf('test', state, [cpuCycles, memoryGranted]);
    expect(known.map(({ host: { id }, shares, guests }) => [id, shares, guests.map((one) => one.guest.id)])).toEqual([
      ['a', [0.5, 0.0625], ['x']],
      ['b', [0.25, 0.0625], []],
    ]);
    expect(passedOver).toEqual([]);
  });

  test('a host that offers nothing of one of them is not known', () => {
    const none = { ...memoryGranted, name: 'disk', capacity: () => 0 };
    const { known, passedOver } = profilesOf('test', cluster([host('a')], [whole('x', 'a', 0.5)]), [cpuCycles, none]);
    expect(known).toEqual([]);
    expect(toldPassed({ passedOver })).toEqual(['host a: ✗ [test] a what it offers of each resource not measured']);
  });

  test('a reading that is no number is none', () => {
    const odd = cluster([host('a')], [whole('x', 'a', undefined, { signals: { cpu: '0.5' } })]);
    expect(toldPassed(profilesOf('test', odd, [cpuCycles]))).toEqual([
      'host a: ✗ [load evaluation] x cpu not measured',
    ]);
  });

  test('places are of every host, or of each', () => {
    const state = cluster([host('a'), host('b')], [whole('x', 'a'), whole('y', 'a')]);
    const shares = (places: Parameters<typeof guestPlaces>[0]): readonly (readonly number[])[] =>
      profilesOf('test', state, [guestPlaces(places)]).known.map((profile) => profile.shares);
    expect(shares(4)).toEqual([[0.5], [0]]);
    expect(shares(({ id }) => (id === 'a' ? 8 : 1))).toEqual([[0.25], [0]]);
    expect(guestPlaces(4).name).toBe('guests');
  });
});

describe('the group by several resources', () => {
  const bounds = { light: 0.2, heavy: 0.5 };
  test.each([
    [[0.1, 0.6], 'heavy'],
    [[undefined, 0.6], 'heavy'],
    [[0.1, 0.1], 'light'],
    [[0.1, 0.3], 'moderate'],
    [[0.1, undefined], undefined],
    [[], undefined],
    // Of a third resource without bounds nothing is too little or too much.
    [[0.1, 0.1, 99], 'moderate'],
  ])('%j is %s', (values, group) => {
    expect(groupOfSeveral(values, [bounds, bounds])).toBe(group);
  });
});

test('units leave in the order of their names, however guests are listed', () => {
  const pair = { together: ['pair'] };
  const guests = [guest('z', 'a'), guest('y', 'a', 0, pair), guest('b', 'a', 0, pair), guest('c', 'a')];
  expect(leavingUnits(cluster([host('a')], guests), guests).map((unit) => unit.map(({ id }) => id))).toEqual([
    ['b', 'y'],
    ['c'],
    ['z'],
  ]);
});

test('a plan says of a guest that moves where it does not go, but not that it stays; hosts of its name are others', () => {
  const because = [unknown({ rule: 'r', subject: { kind: 'guest', id: 'x' }, measure: 'm', why: 'stale' as const })];
  const stays = { subject: { kind: 'guest' as const, id: 'x' }, because };
  const elsewhere = { ...stays, to: 'c' };
  const named = { subject: { kind: 'host' as const, id: 'x' }, because };
  const other = { subject: { kind: 'guest' as const, id: 'y' }, because };
  const moves = [{ guest: 'x', from: 'a', to: 'b', because: [] }];
  expect(joined(moves, [stays, elsewhere, named, other]).passedOver).toEqual([elsewhere, named, other]);
  expect(because.map((reason) => sayReason(reason))).toEqual(['x m stale']);
});
