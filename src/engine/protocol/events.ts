/** Server event: what happened at the management server, for whoever watches it. */
import type {
  BadInput,
  GuestId,
  HostId,
  MigrationId,
  MigrationOrder,
  Milliseconds,
  Outcome,
  Reason,
} from '../../model/index.js';
import type { PolicyProblem } from '../events.js';
import type { Landing, Origin, PhaseName } from './flight.js';
import type { Party } from './messages.js';
import type { Refusal } from './replies.js';

/** What happened at the management server, and when. */
export type ServerEvent = { readonly at: Milliseconds } & (
  | { readonly kind: 'registered'; readonly party: Party }
  /** New statistics of a guest arrived, so it is to be examined again (Muda, §5.4.2; M10). */
  | { readonly kind: 'examine'; readonly guest: GuestId }
  /** A policy wants a guest moved, and why; what becomes of it is told next (M19). */
  | { readonly kind: 'decided'; readonly guest: GuestId; readonly to: HostId; readonly because: readonly Reason[] }
  /** The policy that was asked about a guest gave no plan. */
  | {
      readonly kind: 'policy failed';
      readonly guest: GuestId;
      readonly problem: PolicyProblem;
      readonly message: string;
    }
  /** A message came late, twice, or from a party that is not registered, and was ignored. */
  | {
      readonly kind: 'ignored';
      readonly party: Party;
      readonly message: string;
      readonly why: 'stale' | 'not registered';
    }
  | BadInput
  /** The state of one migration (M31): from `none` at the order, to `none` at the end. */
  | {
      readonly kind: 'state';
      readonly migration: MigrationOrder;
      readonly origin: Origin;
      readonly from: PhaseName | 'none';
      readonly to: PhaseName | 'none';
    }
  | { readonly kind: 'refused'; readonly guest: GuestId; readonly to: HostId; readonly refusal: Refusal }
  /** The end is in doubt: both sides are asked. */
  | { readonly kind: 'asking'; readonly migration: MigrationOrder; readonly because: string }
  /** The doubt lasts: the guest is held, its hosts are free. */
  | { readonly kind: 'held'; readonly migration: MigrationOrder; readonly because: string }
  | { readonly kind: 'ended'; readonly landing: Landing['kind']; readonly outcome: Outcome }
  /** The guest stands on another host than was known, or on none. */
  | { readonly kind: 'placed'; readonly guest: GuestId; readonly host: HostId | undefined }
  /** A host fell silent; `planned` if it had been recalled and was safe to unplug (M40). */
  | { readonly kind: 'departed'; readonly host: HostId; readonly planned: boolean }
  | { readonly kind: 'returned'; readonly host: HostId }
  /** A guest that stands elsewhere lost its disk with the host that departed, and stops; or has it again. */
  | { readonly kind: 'disk lost' | 'disk back'; readonly guest: GuestId; readonly host: HostId; readonly on: HostId }
  | { readonly kind: 'recalled' | 'stays' | 'safe to unplug'; readonly host: HostId }
  | { readonly kind: 'verdict'; readonly migration: MigrationId; readonly runs: 'source' | 'destination' | 'nowhere' }
);
