/** Kinds: the sorts of things that a rule speaks of, each knowing the others. */
import type { ObservedGuest, ObservedHost } from '../../model/index.js';
import type { Building } from './bound.js';
import type { Kind } from './inside.js';
import type { GuestTerm, HostTerm, UnitTerm } from './terms.js';

/** Guests that leave one host together, sorted by name; never none. */
export type Unit = readonly ObservedGuest[];

/** The sorts of things that a rule speaks of. */
export interface Kinds {
  readonly building: Building;
  readonly host: Kind<ObservedHost, HostTerm>;
  readonly guest: Kind<ObservedGuest, GuestTerm>;
  readonly unit: Kind<Unit, UnitTerm>;
}
