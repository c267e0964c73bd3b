import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Cluster,
  cpuCapacity,
  gibibytes,
  guestMemory,
  lookup,
  type Migration,
  withMigrations,
} from '../../src/model/index.js';
import { clusters } from '../../src/testing/index.js';
import { cluster, guest, host, migration } from '../policies/build.js';

const state = cluster(
  [host('a'), host('b')],
  [guest('x', 'a', 0, { memory: gibibytes(3) }), guest('y', 'a'), guest('z', 'b')],
  {
    migrations: [migration('x', 'a', 'b')],
  },
);

describe('lookup', () => {
  test('hosts and guests by name', () => {
    expect(lookup(state).host('a')).toBe(state.hosts[0]);
    expect(lookup(state).guest('z')).toBe(state.guests[2]);
    expect(lookup(state).host('nowhere')).toBeUndefined();
    expect(lookup(state).guest('nobody')).toBeUndefined();
  });

  test('guests stand where they still run, and are on their way', () => {
    expect(
      lookup(state)
        .guestsOn('a')
        .map(({ id }) => id),
    ).toEqual(['x', 'y']);
    expect(lookup(state).guestsOn('nowhere')).toEqual([]);
    expect(lookup(state).arrivals('b')).toEqual([migration('x', 'a', 'b')]);
    expect(lookup(state).arrivals('a')).toEqual([]);
    expect(lookup(state).migrationOf('x')?.to).toBe('b');
    expect(lookup(state).migrationOf('y')).toBeUndefined();
  });

  test('free memory counts arrivals as arrived, and departures as not yet left', () => {
    expect(lookup(state).freeMemory('b')).toBe(gibibytes(16 - 1 - 3));
    expect(lookup(state).freeMemory('a')).toBe(gibibytes(16 - 3 - 1));
    expect(lookup(state).freeMemory('nowhere')).toBe(0);
  });

  test('a guest that is listed at its destination already is not counted twice', () => {
    const landed = { ...state, guests: state.guests.map((one) => (one.id === 'x' ? { ...one, host: 'b' } : one)) };
    expect(lookup(landed).freeMemory('b')).toBe(gibibytes(16 - 1 - 3));
  });

  test('it is built once for a snapshot', () => {
    expect(lookup(state)).toBe(lookup(state));
    expect(lookup({ ...state })).not.toBe(lookup(state));
  });
});

test('memory for guests is what the hypervisor does not keep; capacity is cores times clock', () => {
  expect(guestMemory(host('a'))).toBe(gibibytes(16));
  expect(cpuCapacity(host('a'))).toBe(8e9);
});

test('a snapshot with more moves in flight answers as one that had them from the start', () => {
  const move = fc.record({ guest: fc.nat(20), to: fc.nat(20) });
  const added = (
    base: Cluster,
    picks: readonly { readonly guest: number; readonly to: number }[],
  ): readonly Migration[] =>
    picks.flatMap(({ guest: g, to: t }, i): readonly Migration[] => {
      const [moved, to] = [base.guests[g % Math.max(1, base.guests.length)], base.hosts[t % base.hosts.length]];
      return moved && to ? [{ id: `n${i}`, guest: moved.id, from: moved.host, to: to.id, startedAt: base.at }] : [];
    });
  fc.assert(
    fc.property(
      clusters(),
      fc.array(move, { maxLength: 4 }),
      fc.array(move, { maxLength: 3 }),
      (base, first, second) => {
        const [one, two] = [added(base, first), added(base, second)];
        const layered = lookup(withMigrations(withMigrations(base, one), two));
        const plain = lookup({ ...base, migrations: [...base.migrations, ...one, ...two] });
        for (const { id } of base.hosts) {
          expect(layered.freeMemory(id)).toBe(plain.freeMemory(id));
          expect(layered.arrivals(id)).toEqual(plain.arrivals(id));
          expect(layered.guestsOn(id)).toEqual(plain.guestsOn(id));
        }
        for (const { id } of base.guests) expect(layered.migrationOf(id)).toEqual(plain.migrationOf(id));
      },
    ),
  );
});
