/** Whether the destination has memory for a guest, moves in flight towards it counted. */
import { compare, hostSubject, lookup, type Reason, unknown } from '../../model/index.js';
import type { Constraint } from '../constraint.js';

const rule = 'memory';

/**
 * The memory that is free at the destination, moves in flight towards it counted as arrived and moves away from it as not yet
 * left, is at least the guest's (M28). A guest on its way there that the inventory does not know takes nobody knows how much.
 */
export const enoughMemory: Constraint = {
  name: rule,
  judge: ({ guest, to }, cluster): readonly Reason[] => {
    const { arrivals, freeMemory, guest: guestOf } = lookup(cluster);
    const subject = hostSubject(to.id);
    const stranger = arrivals(to.id).find((migration) => !guestOf(migration.guest));
    return [
      stranger
        ? unknown({ rule, subject, measure: `memory of ${stranger.guest}, arriving`, why: 'not in the inventory' })
        : compare({
            rule,
            subject,
            measure: 'free memory',
            value: freeMemory(to.id),
            relation: 'at least',
            limit: guest.memory,
            unit: 'bytes',
          }),
    ];
  },
};
