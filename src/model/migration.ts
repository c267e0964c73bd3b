/** Migration: a move under way, how far it is, and how it ended. */
import type { Failure } from './failure.js';
import type { GuestId, HostId, MigrationId } from './identifiers.js';
import type { Bytes, BytesPerSecond, Fraction, Milliseconds } from './units.js';

/** An order to a driver to move a guest. */
export interface MigrationOrder {
  readonly id: MigrationId;
  readonly guest: GuestId;
  readonly from: HostId;
  readonly to: HostId;
}

/** What a migration is doing. */
export type MigrationPhase = 'preparing' | 'copying' | 'stopped' | 'post-copy';

/** How far a migration is. A field that the hypervisor does not report, or not yet, is absent. */
export interface Progress {
  readonly at: Milliseconds;
  readonly phase: MigrationPhase;
  /** Rounds of pre-copy begun. */
  readonly round?: number;
  readonly sent: Bytes;
  readonly remaining?: Bytes;
  /** Memory dirtied per second as the hypervisor measured it in this migration; absent before its first measurement. */
  readonly dirtyRate?: BytesPerSecond;
  readonly bandwidth?: BytesPerSecond;
  readonly downtimeLimit?: Milliseconds;
  /** Share of its processor time taken from the guest to make it converge. */
  readonly throttle?: Fraction;
}

/** A move under way. */
export interface Migration extends MigrationOrder {
  readonly startedAt: Milliseconds;
  readonly progress?: Progress;
}

/** How a move ended. */
export type Ending =
  | { readonly result: 'done'; readonly downtime?: Milliseconds; readonly sent?: Bytes }
  | { readonly result: 'failed'; readonly failure: Failure };

/** A move that is over. */
export interface Outcome extends MigrationOrder {
  readonly startedAt: Milliseconds;
  readonly endedAt: Milliseconds;
  readonly ending: Ending;
}

/** What a convergence policy may ask of a migration that does not settle. */
export type ConvergenceAction =
  | { readonly kind: 'continue' }
  | { readonly kind: 'raise downtime'; readonly limit: Milliseconds }
  | { readonly kind: 'throttle'; readonly share: Fraction }
  | { readonly kind: 'post-copy' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'abort' };
