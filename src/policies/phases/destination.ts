/** Task migration, the fifth phase: the first destination, best first, to which something may go; and why not the ones before. */
import type { PassedOver, Proposal } from '../../model/index.js';

/** What came of trying one destination. */
export interface Attempt {
  readonly proposal?: Proposal;
  readonly passedOver: readonly PassedOver[];
}

/** What came of trying destinations in turn. */
export interface Placement<Destination> {
  readonly proposal?: Proposal;
  /** Where it goes. */
  readonly to?: Destination;
  readonly passedOver: readonly PassedOver[];
}

/** Tries destinations in the order given until one takes something. */
export const firstThatTakes = <Destination>(
  destinations: readonly Destination[],
  attempt: (destination: Destination) => Attempt,
): Placement<Destination> => {
  const passedOver: PassedOver[] = [];
  for (const to of destinations) {
    const { proposal, passedOver: refused } = attempt(to);
    passedOver.push(...refused);
    if (proposal) return { proposal, to, passedOver };
  }
  return { passedOver };
};
