/** Whether a guest is pinned to other hosts. */
import { guestSubject, lookFor } from '../../model/index.js';
import type { Constraint } from '../constraint.js';

/** A pinned guest goes only to the hosts that it is pinned to. */
export const withinPins: Constraint = {
  name: 'pins',
  judge: ({ guest, to }) =>
    guest.pins.length === 0
      ? []
      : [
          lookFor({
            rule: 'pins',
            subject: guestSubject(guest.id),
            measure: 'pinned host',
            value: to.id,
            among: guest.pins,
          }),
        ],
};
