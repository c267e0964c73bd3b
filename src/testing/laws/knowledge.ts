/** Laws of what is not known: nothing is decided from it, and there being less of it moves nothing more. */
import { type Cluster, lookup } from '../../model/index.js';
import type { Law } from '../law.js';

/**
 * Nothing is decided from a stale or half-known host or guest: no such guest moves, nothing moves to such a host, and from
 * one only if it is draining or failing.
 */
export const nothingFromUnknown: Law = (policy, cluster) => {
  const { guest: guestOf, host } = lookup(cluster);
  return policy.plan(cluster).moves.flatMap((move) => {
    const [from, to] = [host(move.from), host(move.to)];
    const guest = guestOf(move.guest);
    return [
      ...(guest && guest.knowledge.kind !== 'fresh' ? [`${guest.id} moves, but it is ${guest.knowledge.kind}`] : []),
      ...(to && to.knowledge.kind !== 'fresh'
        ? [`${move.guest} moves to ${to.id}, which is ${to.knowledge.kind}`]
        : []),
      ...(from?.state === 'active' && from.knowledge.kind !== 'fresh'
        ? [`${move.guest} moves from ${from.id}, which is ${from.knowledge.kind}`]
        : []),
    ];
  });
};

const nothingSaid = { knowledge: { kind: 'unseen' }, signals: {} } as const;

/** The snapshot without anything that a host and its guests said. */
const blinded = (cluster: Cluster, id: string): Cluster => ({
  ...cluster,
  hosts: cluster.hosts.map((host) => (host.id === id ? { ...host, ...nothingSaid } : host)),
  guests: cluster.guests.map((guest) => (guest.host === id ? { ...guest, ...nothingSaid } : guest)),
});

/** Less data never causes more moves: a host that falls silent with its guests makes no plan longer. */
export const lessDataNoMoreMoves: Law = (policy, cluster) => {
  const before = policy.plan(cluster).moves.length;
  return cluster.hosts.flatMap(({ id }) => {
    const after = policy.plan(blinded(cluster, id)).moves.length;
    return after <= before ? [] : [`with ${id} silent there are ${after} moves, before ${before}`];
  });
};
