/** Cluster: an immutable snapshot of hosts and guests, what is known of each, and what is in flight. */
import type { Guest } from './guest.js';
import type { Host } from './host.js';
import type { GuestId } from './identifiers.js';
import type { Migration, Outcome } from './migration.js';
import type { Milliseconds } from './units.js';

/**
 * How well a subject is known at the time of the snapshot. Only `fresh` may be decided on.
 * `partial`: the host itself reports, but some of its guests do not, so what it carries is not known.
 */
export type Knowledge =
  | { readonly kind: 'fresh'; readonly at: Milliseconds }
  | { readonly kind: 'partial'; readonly at: Milliseconds; readonly missing: readonly GuestId[] }
  | { readonly kind: 'stale'; readonly at: Milliseconds; readonly age: Milliseconds }
  | { readonly kind: 'unseen' };

/** Values of signals by name. A value that is not known is `undefined`, never zero. */
export type SignalValues = Readonly<Record<string, unknown>>;

/** A host in a snapshot. */
export type ObservedHost<Signals = SignalValues> = Host & {
  readonly knowledge: Knowledge;
  readonly signals: Signals;
};

/** A guest in a snapshot. */
export type ObservedGuest<Signals = SignalValues> = Guest & {
  readonly knowledge: Knowledge;
  readonly signals: Signals;
};

/** An immutable snapshot. Hosts and guests are sorted by name. */
export interface Cluster<HostSignals = SignalValues, GuestSignals = SignalValues> {
  readonly at: Milliseconds;
  readonly hosts: readonly ObservedHost<HostSignals>[];
  readonly guests: readonly ObservedGuest<GuestSignals>[];
  /** Moves under way. Their guests are listed where they still run; their memory is taken at the destination too. */
  readonly migrations: readonly Migration[];
  /** Moves that ended not long ago, oldest first. */
  readonly past: readonly Outcome[];
}
