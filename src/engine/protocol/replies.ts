/** Reply: what the management server answers, among it the orders that a host's client carries out. */
import type { GuestId, HostId, MigrationId, MigrationOrder } from '../../model/index.js';
import type { LaunchParameters } from './parameters.js';
import type { Party } from './messages.js';

/**
 * What a host is to do for a migration (M33). All orders may be given again and again; a hypervisor that has carried one
 * out says so again and does nothing.
 */
export type HostOrder =
  /** To the source: post the guest's launch parameters. */
  | { readonly kind: 'post parameters'; readonly migration: MigrationOrder }
  /** Nothing to do but to go on reporting and polling. */
  | { readonly kind: 'wait'; readonly migration: MigrationOrder }
  /** To the destination. */
  | { readonly kind: 'create receiver'; readonly migration: MigrationOrder; readonly parameters: LaunchParameters }
  /** To the source: the receiver waits. */
  | { readonly kind: 'execute'; readonly migration: MigrationOrder; readonly address: string }
  /** To the source: give up sending and go on running; without effect once the guest is handed over. */
  | { readonly kind: 'cancel'; readonly migration: MigrationOrder }
  /** To the destination: without effect once the receiver runs. */
  | { readonly kind: 'remove receiver'; readonly migration: MigrationOrder }
  /** To the source: the guest runs elsewhere; throw the kept copy away. */
  | { readonly kind: 'release'; readonly migration: MigrationOrder }
  /** To the source: the receiver never ran and never will; let the kept copy run again. */
  | { readonly kind: 'resume'; readonly migration: MigrationOrder }
  /** The migration is over; what is remembered of it beside the copy is not needed any more. */
  | { readonly kind: 'forget'; readonly migration: MigrationOrder };

/** Why a wish for a migration is not taken. */
export type Refusal =
  | { readonly kind: 'unknown guest'; readonly guest: GuestId }
  | { readonly kind: 'unknown host'; readonly host: HostId }
  | { readonly kind: 'not placed'; readonly guest: GuestId }
  | { readonly kind: 'already there'; readonly guest: GuestId; readonly host: HostId }
  | { readonly kind: 'not migratable'; readonly guest: GuestId }
  | { readonly kind: 'guest marked'; readonly guest: GuestId; readonly by: MigrationId }
  | { readonly kind: 'host marked'; readonly host: HostId; readonly by: MigrationId }
  | { readonly kind: 'host not active'; readonly host: HostId; readonly state: string }
  | { readonly kind: 'host departed'; readonly host: HostId }
  | { readonly kind: 'host recalled'; readonly host: HostId }
  /** In the peer-to-peer variant, a node moves its own guests only (M5). */
  | { readonly kind: 'of another node'; readonly guest: GuestId; readonly host: HostId }
  | { readonly kind: 'disk not reached'; readonly guest: GuestId; readonly host: HostId };

/** A guest that keeps a host from being unplugged. */
export interface Awaited {
  readonly guest: GuestId;
  /** Where it stands, if that is known. */
  readonly host?: HostId;
  /** The move that it is in. */
  readonly migration?: MigrationId;
  /** Why it is not brought home now. */
  readonly refusal?: Refusal;
}

/** What the server answers. */
export type ReplyBody =
  | { readonly kind: 'registered' }
  /** Nobody of that name is registered in this life of the server. */
  | { readonly kind: 'register first' }
  /** Taken note of; to a guest also which migration it is in. */
  | { readonly kind: 'accepted'; readonly migration?: MigrationId }
  /** A later message of the party was heard before this one, which is ignored. */
  | { readonly kind: 'stale'; readonly incarnation: number; readonly sequence: number }
  /** What to do, in this order; nothing where the host is in no migration. */
  | { readonly kind: 'orders'; readonly orders: readonly HostOrder[] }
  | { readonly kind: 'ordered'; readonly migration: MigrationOrder }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The message was none, and why. */
  | { readonly kind: 'malformed'; readonly message: string }
  /** `safe` only when nothing stands in the way of unplugging the host. */
  | { readonly kind: 'recall'; readonly safe: boolean; readonly awaited: readonly Awaited[] };

/** An answer: to whom, and to which message. */
export interface Reply {
  readonly to: Party;
  readonly incarnation: number;
  readonly sequence: number;
  /** The life of the server. */
  readonly session: number;
  readonly body: ReplyBody;
}
