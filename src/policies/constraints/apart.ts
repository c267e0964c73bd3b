/** Whether a guest would come to stand beside one that it must be kept apart from. */
import { compare, hostSubject, lookup } from '../../model/index.js';
import type { Constraint } from '../constraint.js';

/**
 * No other member of the guest's apart-groups is at the destination, nor on its way there, nor on its way out: a guest that
 * moves is at both ends until the move is over.
 */
export const keptApart: Constraint = {
  name: 'apart',
  judge: ({ guest, to }, cluster) => {
    if (guest.apart.length === 0) return [];
    const { guestsOn, arrivals, guest: guestOf } = lookup(cluster);
    const beside = [...guestsOn(to.id), ...arrivals(to.id).flatMap((move) => guestOf(move.guest) ?? [])];
    return guest.apart.map((group) => {
      const members = new Set(
        beside.filter(({ id, apart }) => id !== guest.id && apart.includes(group)).map((g) => g.id),
      );
      const named = members.size === 0 ? '' : ` (${[...members].sort().join(', ')})`;
      return compare({
        rule: 'apart',
        subject: hostSubject(to.id),
        measure: `guests of the apart-group ${group}${named}`,
        value: members.size,
        relation: 'at most',
        limit: 0,
        unit: 'count',
      });
    });
  },
};
