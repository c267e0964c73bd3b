/** Missing is idle: a host that says nothing is taken for one that does nothing, and so for the best destination. */
import { isKnown, standardConstraints } from '../../../src/policies/index.js';
import { busyOf, carefulPolicy } from './careful.js';

/** `?? 0` is all that is wrong with it. */
export const missingIsIdle = carefulPolicy('missing-is-idle', {
  load: ({ id }, { guests }) =>
    guests.filter(({ host }) => host === id).reduce((sum, guest) => sum + (busyOf(guest) ?? 0), 0),
  constraints: standardConstraints.filter((constraint) => constraint !== isKnown),
});
