/** Whether all that a move depends on is known at the time of the snapshot. */
import { guestSubject, hostSubject, type Knowledge, type Subject, unknown, type Unknown } from '../../model/index.js';
import type { Constraint } from '../constraint.js';

/** The reason against deciding on a subject that is not freshly known; none where it is. */
export const notFresh = (rule: string, subject: Subject, { kind }: Knowledge): readonly Unknown[] =>
  kind === 'fresh' ? [] : [unknown({ rule, subject, measure: 'samples', why: kind })];

/**
 * Guest, source and destination are freshly known. A source that is to be left, draining or failing, may be silent: what it
 * says matters no longer.
 */
export const isKnown: Constraint = {
  name: 'known',
  judge: ({ guest, from, to }) => [
    ...notFresh('known', guestSubject(guest.id), guest.knowledge),
    ...(from.state === 'active' ? notFresh('known', hostSubject(from.id), from.knowledge) : []),
    ...notFresh('known', hostSubject(to.id), to.knowledge),
  ],
};
