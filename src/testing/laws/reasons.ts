/** Laws of a plan's reasons: they are there, they are true by their own numbers, and they speak on the right side. */
import { holds, type Reason, relates, sayReason } from '../../model/index.js';
import type { Law } from '../law.js';

/** Whether a reason's verdict follows from what it quotes. */
const isTrue = (reason: Reason): boolean => {
  switch (reason.kind) {
    case 'compared':
      return Number.isFinite(reason.value) && relates(reason.value, reason.relation, reason.limit) === reason.holds;
    case 'listed':
      return reason.among.includes(reason.value) === reason.holds;
    case 'weighed':
      return !reason.holds || (reason.gain ?? 0) > (reason.cost ?? Infinity);
    case 'unknown':
      return true;
  }
};

/** Every move has evidence, and all of it holds; every subject passed over has evidence, and some of it does not hold. */
export const saysWhy: Law = (policy, cluster) => {
  const { moves, passedOver } = policy.plan(cluster);
  return [
    ...moves
      .filter(({ because }) => because.length === 0 || !because.every(holds))
      .map(({ guest, to }) => `${guest} moves to ${to} without evidence, or against some`),
    ...passedOver
      .filter(({ because }) => because.every(holds))
      .map(({ subject }) => `${subject.kind === 'cluster' ? 'the cluster' : subject.id} is passed over for no reason`),
  ];
};

/** The verdict of each reason follows from the values that it quotes, so the explanation alone suffices. */
export const reasonsAreTrue: Law = (policy, cluster) => {
  const { moves, passedOver } = policy.plan(cluster);
  return [...moves, ...passedOver]
    .flatMap(({ because }) => because)
    .filter((reason) => !isTrue(reason))
    .map((reason) => `its own values do not bear out "${sayReason(reason)}"`);
};
