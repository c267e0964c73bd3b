/** Reluctance: what a move of each guest weighs, and guests that must stay taken out of the search. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of guests of the state by construction */
import type { PlannerRules } from './goal.js';
import type { State } from './state.js';

/** What a move of each guest weighs, of a unit what all of it weighs; `undefined` where all weigh the same. What nobody can weigh stays. */
export const weightsOf = (
  { guests, units }: Pick<State, 'guests' | 'units'>,
  { reluctance }: Pick<PlannerRules, 'reluctance'>,
): Float64Array | undefined => {
  if (!reluctance && units.size === 0) return undefined;
  const own = Float64Array.from(guests, (guest) => {
    const weight = reluctance ? reluctance(guest) : 1;
    return weight >= 0 ? weight : Infinity;
  });
  return own.map((weight, g) => units.get(g)?.reduce((sum, member) => sum + own[member]!, 0) ?? weight);
};

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
