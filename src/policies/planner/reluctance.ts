/** Reluctance: what a move of each guest weighs, and guests that must stay taken out of the search. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of guests of the state by construction */
import type { PlannerRules } from './goal.js';
import type { State } from './state.js';

/** What a move of each guest weighs; `undefined` where all weigh the same. What nobody can weigh stays. */
export const weightsOf = (
  { guests }: Pick<State, 'guests'>,
  { reluctance }: Pick<PlannerRules, 'reluctance'>,
): Float64Array | undefined =>
  reluctance &&
  Float64Array.from(guests, (guest) => {
    const weight = reluctance(guest);
    return weight >= 0 ? weight : Infinity;
  });

/** The state in which guests of infinite weight may not be moved. */
export const withoutHeld = (state: State, weights: Float64Array | undefined): State => {
  const held = weights?.map((weight, guest) => (weight === Infinity && state.movable[guest] === 1 ? 1 : 0));
  if (!held?.includes(1)) return state;
  return {
    ...state,
    movable: state.movable.map((may, guest) => (held[guest] === 1 ? 0 : may)),
    on: state.on.map((list) => list.filter((guest) => held[guest]! === 0)),
  };
};
