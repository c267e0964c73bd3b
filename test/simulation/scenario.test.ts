import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { inventorySchema } from '../../src/model/index.js';
import { clusterOf, simulatedCluster } from '../../src/simulation/index.js';

test('a cluster is made from a seed, and a sane one of any size', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 0, max: 20 }),
      fc.integer(),
      fc.constantFrom('equal', 'mixed'),
      (hosts, guests, seed, kinds) => {
        const made = clusterOf({ hosts, guests: Math.min(guests, hosts * 4), seed, kinds });
        expect(inventorySchema.parse(made)).toEqual(made);
        expect(clusterOf({ hosts, guests: Math.min(guests, hosts * 4), seed, kinds })).toEqual(made);
        expect(() => simulatedCluster(made)).not.toThrow();
      },
    ),
    { numRuns: 30 },
  );
});

test('mixed clusters have hosts of different clocks, cores and memory', () => {
  const { hosts } = clusterOf({ hosts: 20, guests: 0, kinds: 'mixed' });
  expect(new Set(hosts.map(({ cpu }) => cpu.clock)).size).toBe(3);
});

test('networks are separate, or shared by storage and migration', () => {
  const links = (networks: 'separate' | 'shared') =>
    clusterOf({ hosts: 1, guests: 0, networks })
      .hosts[0]?.networks.filter(({ role }) => role !== 'guest')
      .map(({ link }) => link);
  expect(links('separate')).toEqual(['eth0', 'eth1']);
  expect(links('shared')).toEqual(['eth0', 'eth0']);
});

test('names sort as they count', () => {
  const { guests } = clusterOf({ hosts: 10, guests: 120 });
  const ids = guests.map(({ id }) => id);
  expect(ids.toSorted()).toEqual(ids);
});

test('more guests than the hosts can hold are refused', () => {
  expect(() => clusterOf({ hosts: 1, guests: 500 })).toThrow(RangeError);
});
