/** Plan: the moves that a policy proposes, in order, and why nothing else. */
import type { GuestId, HostId, Subject } from './identifiers.js';
import type { Reason } from './reason.js';

/** A move that a policy proposes. */
export interface Proposal {
  readonly guest: GuestId;
  readonly from: HostId;
  readonly to: HostId;
  /** The evidence for it; every reason holds. */
  readonly because: readonly Reason[];
}

/** A subject that was considered and left alone, or a destination that was considered for a guest and not taken. */
export interface PassedOver {
  readonly subject: Subject;
  /** Where it might have gone, if one destination was judged. */
  readonly to?: HostId;
  /** The evidence against it. */
  readonly because: readonly Reason[];
}

/** The moves that a policy proposes, in order, and every subject considered and passed over. */
export interface Plan {
  readonly moves: readonly Proposal[];
  readonly passedOver: readonly PassedOver[];
}

/** A plan without moves. */
export const nothing = (...passedOver: readonly PassedOver[]): Plan => ({ moves: [], passedOver });
