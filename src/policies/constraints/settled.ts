/** Whether a guest is already on its way. */
import { guestSubject, lookFor, lookup } from '../../model/index.js';
import type { Constraint } from '../constraint.js';

/** The guest is not in a move already. */
export const isSettled: Constraint = {
  name: 'settled',
  judge: ({ guest }, cluster) => {
    const migration = lookup(cluster).migrationOf(guest.id);
    return migration
      ? [
          lookFor({
            rule: 'settled',
            subject: guestSubject(guest.id),
            measure: 'state',
            value: `moving to ${migration.to}`,
            among: ['at rest'],
          }),
        ]
      : [];
  },
};
