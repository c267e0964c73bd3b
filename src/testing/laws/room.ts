/** Laws of a plan's moves taken together and in order: memory suffices, and every hard rule holds, at each step. */
import { lookup, sayReason } from '../../model/index.js';
import { judge, planned, sift, standardConstraints } from '../../policies/index.js';
import type { Law } from '../law.js';

/**
 * No destination is over-committed at any step of the order: with the moves in flight and all moves up to this one counted
 * as arrived, and nothing counted as left, its memory suffices.
 */
export const neverOvercommits: Law = (policy, cluster) => {
  const { moves } = policy.plan(cluster);
  return moves.flatMap(({ guest, to }, i) => {
    const left = lookup(planned(cluster, moves.slice(0, i + 1))).freeMemory(to);
    return left >= 0 ? [] : [`${guest} leaves ${to} with ${left} bytes`];
  });
};

/** Every move keeps the standard constraints, judged in order; guests that must stand together move together. */
export const keepsConstraints: Law = (policy, cluster) => {
  const { moves } = policy.plan(cluster);
  const { passedOver } = sift('keepsConstraints', cluster, { moves, passedOver: [] }, (move, soFar) =>
    judge(standardConstraints, move, soFar),
  );
  return passedOver.map(
    ({ subject, to, because }) =>
      `${subject.kind === 'cluster' ? 'a move' : subject.id} to ${String(to)}: ${because.map((reason) => sayReason(reason)).join(', ')}`,
  );
};
