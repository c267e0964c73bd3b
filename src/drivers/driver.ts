/** Driver: the hands of the engine, one interface for every hypervisor and for the simulation. */
import type { Observable } from 'rxjs';
import type {
  ConvergenceAction,
  Inventory,
  Migration,
  MigrationId,
  MigrationOrder,
  Milliseconds,
  Bytes,
  Progress,
  Reading,
} from '../model/index.js';

/** What a running migration tells: how far it is, and last that it is done. */
export type MigrationEvent =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'done'; readonly at: Milliseconds; readonly downtime?: Milliseconds; readonly sent?: Bytes };

/**
 * What an engine asks of a hypervisor or of a manager of hypervisors. Whoever writes one for another manager keeps the
 * following; `driverConformance` of the testing room checks it.
 *
 * - Cold: nothing happens before somebody subscribes, and each subscription to `migrate` is an order of its own.
 * - Typed: the only error that a stream may end in is a `DriverError`. Its kind decides what the engine does: after `unreachable`,
 *   `timed out` and `protocol` it does not believe that the move is over, and asks `inFlight`; after all others the guest is
 *   where it was, or, for `post-copy broken`, in need of a person.
 * - Bounded: every command to the outside has a deadline, and what it says has a bound; a peer that says nothing is `timed out`.
 * - Doubtful: `done` is told only after the hypervisors of both sides were asked where the guest runs.
 * - Tidy: after a failed or cancelled move nothing of it is left on either side; where that cannot be, nothing is touched.
 * - Safe: names come from outside. They never pass through a shell, and never become an option of a tool.
 */
export interface Driver {
  /** Name of the driver, as it appears in events. */
  readonly name: string;
  /**
   * The hosts and guests, at once and whenever they change. Never completes while the driver can be reached; a guest that is just
   * not known to be anywhere is left out. A guest that moves stands at its source until it runs at its destination.
   */
  readonly inventory: () => Observable<Inventory>;
  /**
   * Samples of hosts and guests, and the inputs that were none. Times of one subject rise. What is not measured is absent, never
   * zero. Another source may stand in its place, so a driver may give none.
   */
  readonly samples: () => Observable<Reading>;
  /**
   * Carries out a move. Subscribing starts it, unsubscribing cancels it, which may go on for a moment after that. Emits progress, then
   * one `done`, then completes; or errors with a `DriverError`: `not found` for names that nobody has, `conflict` where the guest is
   * moving already or is elsewhere, `insufficient memory` and `refused as unsafe` before anything is sent where that can be known,
   * `cancelled` where somebody else has cancelled it. A move that can no longer be cancelled, as in post-copy, goes on.
   */
  readonly migrate: (order: MigrationOrder) => Observable<MigrationEvent>;
  /**
   * Acts on a running migration; completes when the hypervisor has taken the order, which is before it has an effect. Errors with
   * `not found` where there is no such move and `unsupported` where the hypervisor has nothing of the kind. `abort` ends
   * the stream of the move with `cancelled`; to `pause` is to let the guest stand still until all is sent, after which it goes on.
   */
  readonly steer: (migration: MigrationId, action: ConvergenceAction) => Observable<never>;
  /**
   * The moves that the hypervisor itself has under way, once; asked at the start, so that a restart finds them again. A move that was
   * ordered through this driver has the name of its order; any other has one that is always the same. Errors where it cannot be known.
   */
  readonly inFlight: () => Observable<readonly Migration[]>;
  /** Follows a move that was found under way, as `migrate` does. Unsubscribing leaves it alone. */
  readonly follow: (migration: MigrationId) => Observable<MigrationEvent>;
}
