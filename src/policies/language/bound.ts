/** Bound: a name of the rule for one item, and what was made of it. */
import type { Kind, TermInside } from './inside.js';
import { closed } from './scope.js';

/** Hands out places for the names that a rule binds. */
export interface Building {
  readonly place: () => number;
}

/** What an item of a collection is called inside, at a place of its own. */
export const itemAt = <Item>(place: number): Omit<TermInside<Item>, 'kind'> => ({
  scope: { ...closed, open: [place] },
  // Whoever binds the place puts items of the kind there.
  item: (frame) => frame.values[place] as Item | undefined,
});

/** A name for one item, and what was made of it. */
export const bound = <Item, Term, Made>(
  building: Building,
  kind: Kind<Item, Term>,
  make: (term: Term) => Made,
): { readonly place: number; readonly made: Made } => {
  const place = building.place();
  return { place, made: make(kind.termOf(itemAt<Item>(place))) };
};
