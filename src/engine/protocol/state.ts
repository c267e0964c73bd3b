/** Server state: all that the management server knows, as one immutable value (M3). */
import type { GuestId, HostId, MigrationId, Milliseconds, Outcome } from '../../model/index.js';
import type { ServerEvent } from './events.js';
import type { Flight, Landing, PhaseName } from './flight.js';
import { flightOf } from './flight.js';
import { emptyRegistry, type Registry } from './registry.js';
import { type ProtocolOptions, type ProtocolSettings, protocolSettings } from './settings.js';
import { emptyShelf, type Shelf } from './shelf.js';

/** The last message that was taken of a party. */
export interface Heard {
  readonly incarnation: number;
  readonly sequence: number;
}

/** A migration that has ended, remembered for a while, so that late questions are answered. */
export interface Landed {
  readonly landing: Landing['kind'];
  readonly outcome: Outcome;
}

/** A host that is to be unplugged (M40). */
export interface Recall {
  readonly host: HostId;
  readonly since: Milliseconds;
  /** Whether it was safe to unplug it when last looked at. */
  readonly safe: boolean;
}

/** All that the management server knows. */
export interface ServerState {
  readonly settings: ProtocolSettings;
  /** This life of the server; rises with each start. Migrations are named by it, so that no name is given twice. */
  readonly session: number;
  /** In the peer-to-peer variant (M5): the host whose guests are all that this server may move. */
  readonly only?: HostId;
  /** Number of the next migration. */
  readonly next: number;
  readonly registry: Registry;
  /** By party, the last message taken. */
  readonly heard: Shelf<Heard>;
  /** In the order of their beginning; at most one for a guest. */
  readonly flights: readonly Flight[];
  /** Oldest first. */
  readonly landed: readonly Landed[];
  readonly recalls: readonly Recall[];
}

/** A state, and what happened on the way to it. */
export interface Change {
  readonly state: ServerState;
  readonly events: readonly ServerEvent[];
}

/**
 * A server that knows of nothing yet. It learns from its clients, who register again.
 *
 * @param session - rises with each start of the server: the time of its start, or a counter that is kept
 * @param only - in the peer-to-peer variant (M5): the host whose guests are all that it may move
 * @throws RangeError where an option is out of range, naming its path
 */
export const initialServer = (session: number, options?: ProtocolOptions, only?: HostId): ServerState => ({
  settings: protocolSettings(options),
  session,
  ...(only === undefined ? {} : { only }),
  next: 1,
  registry: emptyRegistry,
  heard: emptyShelf,
  flights: [],
  landed: [],
  recalls: [],
});

/** A change to a state, with what happened. */
export const changed = (state: ServerState, ...events: readonly ServerEvent[]): Change => ({ state, events });

/** One change after another. */
export const andThen = (first: Change, next: (state: ServerState) => Change): Change => {
  const second = next(first.state);
  return { state: second.state, events: [...first.events, ...second.events] };
};

/** One change for each item, in their order. */
export const forEach = <Item>(
  state: ServerState,
  items: readonly Item[],
  change: (state: ServerState, item: Item) => Change,
): Change => items.reduce<Change>((so, item) => andThen(so, (then) => change(then, item)), changed(state));

/** The mark on a guest: the migration that it is in, until reset (M31, M34). */
export const markOfGuest = ({ flights }: ServerState, guest: GuestId): MigrationId | undefined =>
  flightOf(flights, guest)?.order.id;

/** The mark on a host: a migration that it is the source or the destination of, until reset (M31, M34). A held one marks no host. */
export const markOfHost = ({ flights }: ServerState, host: HostId): MigrationId | undefined =>
  flights.find(({ order, held }) => !held && (order.from === host || order.to === host))?.order.id;

/** The state of the migration of a guest (M31). */
export const phaseOf = ({ flights }: ServerState, guest: GuestId): PhaseName | 'none' =>
  flightOf(flights, guest)?.phase.kind ?? 'none';
