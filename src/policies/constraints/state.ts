/** Whether the destination takes guests. */
import { hostSubject, lookFor } from '../../model/index.js';
import type { Constraint } from '../constraint.js';

/** Only an active host takes guests; one that is draining, failing or off never does. */
export const takesGuests: Constraint = {
  name: 'state',
  judge: ({ to }) =>
    to.state === 'active'
      ? []
      : [lookFor({ rule: 'state', subject: hostSubject(to.id), measure: 'state', value: to.state, among: ['active'] })],
};
