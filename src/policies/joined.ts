/** Joins what several policies said: who moves after all was not left alone. */
import type { PassedOver, Plan, Proposal } from '../model/index.js';

/** A plan of moves, without the entries that say of a moving guest that it was left alone; destinations refused to it stay. */
export const joined = (moves: readonly Proposal[], passedOver: readonly PassedOver[]): Plan => {
  const moving = new Set(moves.map(({ guest }) => guest));
  return {
    moves,
    passedOver: passedOver.filter(
      ({ subject, to }) => to !== undefined || subject.kind !== 'guest' || !moving.has(subject.id),
    ),
  };
};
