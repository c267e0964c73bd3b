/** Statistics: what a node tells the others of itself and its guests, and how another node's registry takes it (M5). */
import type { Guest, GuestId, Host, HostId, Milliseconds, Sample } from '../../model/index.js';
import { flightOf } from './flight.js';
import { place } from './flights.js';
import { hostHeard } from './presence.js';
import { guestsAt, hostEntry, placeOf } from './registry.js';
import { keepReports } from './reports.js';
import { onShelf, put } from './shelf.js';
import { andThen, type Change, changed, forEach, type ServerState } from './state.js';

/** What a node tells the others. Nobody answers; what is lost is told anew at the next turn. */
export interface Statistics {
  readonly kind: 'statistics';
  /** Rises with each start of the node. */
  readonly incarnation: number;
  /** Rises with each turn. */
  readonly sequence: number;
  readonly host: Host;
  /** The guests that stand on it: a complete list. */
  readonly guests: readonly Guest[];
  readonly samples: readonly Sample[];
}

/** Whether a node keeps its own word of where a guest is: the guest is here, or on its way from here. */
const knowsBetter = (state: ServerState, guest: GuestId): boolean =>
  flightOf(state.flights, guest) !== undefined || placeOf(state.registry, guest) === state.only;

const listed = (state: ServerState, host: HostId, guests: readonly Guest[], at: Milliseconds): Change => {
  const here = new Set(guests.map(({ id }) => id));
  const missing = guestsAt(state.registry, host).filter((id) => !here.has(id) && !knowsBetter(state, id));
  return andThen(
    forEach(state, guests, (so, guest) => {
      const entry = { guest: { ...guest, host }, heard: at };
      const known = { ...so, registry: { ...so.registry, guests: put(so.registry.guests, guest.id, entry) } };
      // What a node says of itself is borne out by its hypervisor's copies, which put guests on its own map.
      const keep = host === so.only || knowsBetter(so, guest.id);
      return keep ? changed(known) : place(known, guest.id, { host, by: 'guest' }, at);
    }),
    (so) => (host === so.only ? changed(so) : forEach(so, missing, (then, id) => place(then, id, undefined, at))),
  );
};

/** Takes what a node told of itself. What comes late or twice changes nothing. */
export const hearStatistics = (state: ServerState, said: Statistics, at: Milliseconds): Change => {
  const { host, guests, samples, incarnation, sequence } = said;
  const party = { kind: 'host', id: host.id } as const;
  const key = `statistics ${host.id}`;
  const last = onShelf(state.heard, key);
  const late =
    last !== undefined &&
    (incarnation < last.incarnation || (incarnation === last.incarnation && sequence <= last.sequence));
  if (late) return changed(state, { kind: 'ignored', at, party, message: said.kind, why: 'stale' });
  const known = hostEntry(state.registry, host.id);
  const entry = { host, heard: known?.heard ?? at, departed: known?.departed ?? false };
  const next: ServerState = {
    ...state,
    heard: put(state.heard, key, { incarnation, sequence }),
    registry: { ...state.registry, hosts: put(state.registry.hosts, host.id, entry) },
  };
  const met = known ? hostHeard(next, host.id, at) : changed(next, { kind: 'registered', at, party });
  const placed = andThen(met, (so) => listed(so, host.id, guests, at));
  return andThen(placed, (so) => keepReports(so, party, samples, at));
};
