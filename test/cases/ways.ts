/** The same case told in other ways: listed in another order, and under other names. */
import { expect } from 'vitest';
import type { Cluster } from '../../src/model/index.js';
import type { Policy } from '../../src/policies/index.js';
import { movesOf } from '../policies/build.js';

const listed = (cluster: Cluster, order: <Item>(list: readonly Item[]) => readonly Item[]): Cluster => ({
  ...cluster,
  hosts: order(cluster.hosts),
  guests: order(cluster.guests),
});

const shuffled = <Item>(list: readonly Item[]): readonly Item[] => [
  ...list.filter((_, i) => i % 2 === 1).reverse(),
  ...list.filter((_, i) => i % 2 === 0),
];

/** Other names, in the same order: of equals the first by name is taken, so another order may be another plan. */
const renamed = (cluster: Cluster): Cluster => ({
  ...cluster,
  hosts: cluster.hosts.map((host) => ({ ...host, id: `site/${host.id}` })),
  guests: cluster.guests.map((guest) => ({
    ...guest,
    id: `site/${guest.id}`,
    host: `site/${guest.host}`,
    pins: guest.pins.map((id) => `site/${id}`),
  })),
});

/** The moves that a policy plans, as short texts, after it was seen that order and names of the case do not matter. */
export const decided = (policy: Policy, cluster: Cluster): readonly string[] => {
  const moves = movesOf(policy.plan(cluster));
  expect(movesOf(policy.plan(listed(cluster, (list) => list.toReversed())))).toEqual(moves);
  expect(movesOf(policy.plan(listed(cluster, shuffled)))).toEqual(moves);
  expect(movesOf(policy.plan(renamed(cluster)))).toEqual(
    moves.map((move) => move.replace(/^(\S+) (\S+)→(\S+)$/, 'site/$1 site/$2→site/$3')),
  );
  return moves;
};
