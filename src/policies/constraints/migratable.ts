/** Whether a guest may be moved at all. */
import { guestSubject, lookFor } from '../../model/index.js';
import type { Constraint } from '../constraint.js';

/** Neither the hypervisor nor the owner forbids to move the guest. */
export const isMigratable: Constraint = {
  name: 'migratable',
  judge: ({ guest }) =>
    guest.migratable
      ? []
      : [
          lookFor({
            rule: 'migratable',
            subject: guestSubject(guest.id),
            measure: 'migration',
            value: 'forbidden',
            among: ['allowed'],
          }),
        ],
};
