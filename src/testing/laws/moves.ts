/** Laws of a plan's moves, each by itself: what moves is there, stands where it is said to, and moves once to another place. */
import { lookup } from '../../model/index.js';
import type { Law } from '../law.js';

/** Every guest that a plan moves, and both hosts, are in the snapshot. */
export const guestsExist: Law = (policy, cluster) => {
  const { guest: guestOf, host } = lookup(cluster);
  return policy
    .plan(cluster)
    .moves.flatMap(({ guest, from, to }) => [
      ...(guestOf(guest) ? [] : [`no guest is called "${guest}"`]),
      ...[from, to].filter((id) => !host(id)).map((id) => `no host is called "${id}"`),
    ]);
};

/** Every guest stands where the plan says that it is moved from. */
export const standsWhereSaid: Law = (policy, cluster) =>
  policy.plan(cluster).moves.flatMap(({ guest, from }) => {
    const host = lookup(cluster).guest(guest)?.host;
    return host === from ? [] : [`${guest} is moved from ${from}, but stands on ${String(host)}`];
  });

/** A guest moves at most once in a plan, and not at all while a move of it is under way. */
export const movesAtMostOnce: Law = (policy, cluster) => {
  const { moves } = policy.plan(cluster);
  const { migrationOf } = lookup(cluster);
  return moves.flatMap(({ guest }, i) => [
    ...(moves.findIndex((other) => other.guest === guest) === i ? [] : [`${guest} moves twice`]),
    ...(migrationOf(guest) ? [`${guest} is moving already`] : []),
  ]);
};

/** No guest is moved to where it is. */
export const neverToWhereItIs: Law = (policy, cluster) =>
  policy
    .plan(cluster)
    .moves.filter(({ guest, to }) => lookup(cluster).guest(guest)?.host === to)
    .map(({ guest, to }) => `${guest} is moved to ${to}, where it is`);
