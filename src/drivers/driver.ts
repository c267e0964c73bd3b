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
 * What an engine asks of a hypervisor or a manager of hypervisors.
 *
 * Nothing happens before somebody subscribes. The only error that a stream may end in is a `DriverError`.
 */
export interface Driver {
  /** Name of the driver, as it appears in events. */
  readonly name: string;
  /** The hosts and guests, at once and whenever they change. Never completes while the driver can be reached. */
  readonly inventory: () => Observable<Inventory>;
  /** Samples of hosts and guests, and the inputs that were none. */
  readonly samples: () => Observable<Reading>;
  /**
   * Carries out a move. Subscribing starts it, unsubscribing cancels it. Emits progress, then one `done`, then completes;
   * or errors with a `DriverError`.
   */
  readonly migrate: (order: MigrationOrder) => Observable<MigrationEvent>;
  /** Acts on a running migration; completes when the hypervisor has taken the order. */
  readonly steer: (migration: MigrationId, action: ConvergenceAction) => Observable<never>;
  /** The moves that the hypervisor itself has under way, once; asked at the start, so that a restart finds them again. */
  readonly inFlight: () => Observable<readonly Migration[]>;
  /** Follows a move that was found under way. Unsubscribing leaves it alone. */
  readonly follow: (migration: MigrationId) => Observable<MigrationEvent>;
}
