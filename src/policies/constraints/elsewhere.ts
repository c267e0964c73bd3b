/** Whether a move leads from where the guest stands to another place. */
import { guestSubject, lookFor, type Reason } from '../../model/index.js';
import type { Constraint } from '../constraint.js';

/** The guest stands at the source, and the destination is another host. */
export const goesElsewhere: Constraint = {
  name: 'elsewhere',
  judge: ({ guest, from, to }, { hosts }): readonly Reason[] => {
    const common = { rule: 'elsewhere', subject: guestSubject(guest.id) };
    if (guest.host !== from.id) return [lookFor({ ...common, measure: 'source', value: from.id, among: [guest.host] })];
    if (to.id !== from.id) return [];
    const others = hosts.map(({ id }) => id).filter((id) => id !== from.id);
    return [lookFor({ ...common, measure: 'destination', value: to.id, among: others })];
  },
};
