/** EverythingKnown: a gate that is open only while every host that takes part, and every guest, is freshly known. */
import { guestSubject, hostSubject } from '../../model/index.js';
import { notFresh } from '../constraints/known.js';
import type { Gate } from './gated.js';

/**
 * Open only while every active host and every guest is freshly known. What a policy plans from means and spreads depends on all
 * hosts, so behind this gate less data never causes more moves; without it, one silent host does not stop the others.
 *
 * @example
 * const strict = gated(even({ above: 0.1 }), everythingKnown());
 */
export const everythingKnown = (): Gate => ({
  name: 'everythingKnown',
  watch: {},
  judge: ({ hosts, guests }) => [
    ...hosts
      .filter(({ state }) => state === 'active')
      .flatMap(({ id, knowledge }) => notFresh('everythingKnown', hostSubject(id), knowledge)),
    ...guests.flatMap(({ id, knowledge }) => notFresh('everythingKnown', guestSubject(id), knowledge)),
  ],
});
