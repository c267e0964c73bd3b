import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cluster, gibibytes, type ObservedGuest, type ObservedHost } from '../../../src/model/index.js';
import { feasibility, type Feasibility } from '../../../src/policies/index.js';
import { cluster, guest, host } from '../build.js';

const sized = (id: string, memory: number, changes: Parameters<typeof host>[1] = {}): ObservedHost =>
  host(id, { memory: { total: gibibytes(memory), reserved: 0 }, ...changes });
const gib = (id: string, on: string, memory: number, changes: Parameters<typeof guest>[3] = {}): ObservedGuest =>
  guest(id, on, 0.1, { memory: gibibytes(memory), ...changes });
const verdict = (state: Cluster, steps?: number): Feasibility['kind'] =>
  feasibility(state, steps === undefined ? {} : { steps }).kind;

/** Every placement looked at in turn: whether one of them keeps all rules. */
const anyPlacement = ({ hosts, guests }: Cluster): boolean => {
  const placed = (so: readonly string[]): boolean => {
    const i = so.length;
    const one = guests[i];
    if (!one) {
      const at = (id: string): string | undefined => so[guests.findIndex((other) => other.id === id)];
      const pairs = guests.flatMap((a, k) => guests.slice(k + 1).map((b) => [a, b] as const));
      return (
        hosts.every(
          ({ id, memory }) =>
            guests.reduce((sum, { memory: size }, k) => sum + (so[k] === id ? size : 0), 0) <= memory.total,
        ) &&
        pairs.every(
          ([a, b]) =>
            !(a.apart.some((group) => b.apart.includes(group)) && at(a.id) === at(b.id)) &&
            !(a.together.some((group) => b.together.includes(group)) && at(a.id) !== at(b.id)),
        )
      );
    }
    return hosts.some(
      ({ id, state, devices }) =>
        state === 'active' &&
        (one.pins.length === 0 || one.pins.includes(id)) &&
        (one.migratable || one.host === id) &&
        (one.host === id || one.devices.every((device) => devices.includes(device))) &&
        placed([...so, id]),
    );
  };
  return placed([]);
};

const some = (names: readonly string[]): fc.Arbitrary<readonly string[]> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.subarray([...names]) });

const crowded: fc.Arbitrary<Cluster> = fc
  .record({
    hosts: fc.array(
      fc.record({ size: fc.integer({ min: 2, max: 7 }), devices: some(['gpu']), off: fc.nat(5).map((n) => n === 0) }),
      { minLength: 1, maxLength: 3 },
    ),
    guests: fc.array(
      fc.record({
        on: fc.nat(2),
        size: fc.integer({ min: 1, max: 4 }),
        apart: some(['red', 'blue']),
        together: some(['tea', 'milk']),
        pins: some(['h0', 'h1', 'h2']),
        devices: some(['gpu']),
        fixed: fc.nat(7).map((n) => n === 0),
      }),
      { maxLength: 5 },
    ),
  })
  .map(({ hosts, guests }) =>
    cluster(
      hosts.map(({ size, devices, off }, i) => sized(`h${i}`, size, { devices, state: off ? 'off' : 'active' })),
      guests.map(({ on, size, fixed, ...rest }, i) =>
        gib(`g${i}`, `h${on % hosts.length}`, size, { ...rest, migratable: !fixed }),
      ),
    ),
  );

describe('whether there is a placement', () => {
  test('it is found where looking at all placements finds one, and nowhere else', () => {
    fc.assert(
      fc.property(crowded, (state) => {
        expect(verdict(state)).toBe(anyPlacement(state) ? 'feasible' : 'infeasible');
      }),
      { numRuns: 400 },
    );
  });

  test('two of three and three of two fill two hosts of six, though they stand mixed', () => {
    const guests = [gib('t1', 'a', 3), gib('t2', 'b', 3), gib('u1', 'a', 2), gib('u2', 'b', 2), gib('u3', 'b', 2)];
    expect(verdict(cluster([sized('a', 6), sized('b', 6)], guests))).toBe('feasible');
    expect(verdict(cluster([sized('a', 7), sized('b', 5)], guests))).toBe('feasible');
    expect(verdict(cluster([sized('a', 11), sized('b', 1)], guests))).toBe('infeasible');
  });

  test('guests to keep apart are tried elsewhere, and give their places back', () => {
    const db = { apart: ['db'] };
    const hosts = ['a', 'b', 'c'].map((id) => sized(id, 4));
    const guests = [gib('x', 'a', 2, db), gib('y', 'a', 2, db), gib('z', 'a', 2, db), gib('w', 'b', 4)];
    expect(verdict(cluster(hosts, guests))).toBe('infeasible');
    expect(verdict(cluster([...hosts, sized('d', 4)], guests))).toBe('feasible');
  });

  test('groups that share a member come together as one, and clash where two of them must be apart', () => {
    const guests = [
      gib('x', 'a', 1, { together: ['p'] }),
      gib('y', 'b', 1, { together: ['p', 'q'] }),
      gib('z', 'c', 1, { together: ['q'] }),
    ];
    const hosts = [sized('a', 2), sized('b', 2), sized('c', 3)];
    expect(verdict(cluster(hosts, guests))).toBe('feasible');
    expect(verdict(cluster([sized('a', 2), sized('b', 2), sized('c', 2)], guests))).toBe('infeasible');
  });
});

describe('how soon a search comes to its end', () => {
  const steps = (state: Cluster): number => {
    for (let n = 0; n < 100; n++) if (verdict(state, n) !== 'undecided') return n;
    return Infinity;
  };

  test('where everything stands well it is one step for each guest, for it begins with where they stand', () => {
    const hosts = ['a', 'b', 'c'].map((id) => sized(id, 2));
    expect(
      steps(
        cluster(
          hosts,
          ['c', 'b', 'a'].flatMap((on) => [gib(`${on}1`, on, 1), gib(`${on}2`, on, 1)]),
        ),
      ),
    ).toBe(6);
  });

  test('those that have fewest places come first', () => {
    const hosts = ['a', 'b'].map((id) => sized(id, 2));
    // By name x would take the only place that z can have.
    const guests = [gib('x', 'a', 2), gib('z', 'b', 2, { pins: ['a'] })];
    expect(steps(cluster(hosts, guests))).toBe(2);
  });

  test('of those with as many places the largest come first', () => {
    const hosts = ['a', 'b'].map((id) => sized(id, 4));
    // The small ones first would fill both hosts half, and leave no room for the large one.
    const guests = [gib('s1', 'a', 2), gib('s2', 'b', 2), gib('t', 'a', 4)];
    expect(steps(cluster(hosts, guests))).toBe(3);
  });
});
