/** Presence: which hosts are there, which have departed, and which guests stand without their disk for it (M34, M40). */
import { byName, type Guest, type GuestId, type HostId, type Milliseconds } from '../../model/index.js';
import { protocolFailure, revocable } from './flight.js';
import { apply } from './flights.js';
import { diskStandsOn } from './parameters.js';
import { guestEntry, guestsAway, hostEntry, type Registry, placeOf } from './registry.js';
import { put, shelved } from './shelf.js';
import { andThen, type Change, changed, forEach, type ServerState } from './state.js';

/** Whether a guest has its disk: not where the host that serves it has departed. `undefined` where the guest is not known. */
export const hasDisk = (registry: Registry, id: GuestId): boolean | undefined => {
  const guest = guestEntry(registry, id)?.guest;
  const at = placeOf(registry, id);
  if (!guest || at === undefined) return undefined;
  return !shelved(registry.hosts).some(
    ([name, { host, departed }]) => departed && name !== at && diskStandsOn(guest, host),
  );
};

const diskEvents = (
  kind: 'disk lost' | 'disk back',
  away: readonly (Guest & { readonly at: HostId })[],
  host: HostId,
  at: Milliseconds,
): Change['events'] => away.map((guest) => ({ kind, at, guest: guest.id, host, on: guest.at }));

/** Notes that a host was heard of. One that had departed is back, and with it the disks that it serves. */
export const hostHeard = (state: ServerState, id: HostId, at: Milliseconds): Change => {
  const entry = hostEntry(state.registry, id);
  if (!entry) return changed(state);
  const hosts = put(state.registry.hosts, id, { ...entry, heard: at, departed: false });
  const next = { ...state, registry: { ...state.registry, hosts } };
  if (!entry.departed) return changed(next);
  return changed(
    // Who was recalled and comes back, stays until recalled again.
    { ...next, recalls: next.recalls.filter(({ host }) => host !== id) },
    { kind: 'returned', at, host: id },
    ...diskEvents('disk back', guestsAway(next.registry, entry.host), id, at),
  );
};

const depart = (state: ServerState, id: HostId, at: Milliseconds): Change => {
  const entry = hostEntry(state.registry, id);
  if (!entry) return changed(state);
  const hosts = put(state.registry.hosts, id, { ...entry, departed: true });
  const gone = changed(
    { ...state, registry: { ...state.registry, hosts } },
    { kind: 'departed', at, host: id, planned: state.recalls.some(({ host, safe }) => host === id && safe) },
    ...diskEvents('disk lost', guestsAway(state.registry, entry.host), id, at),
  );
  const failure = protocolFailure('unreachable', `${id} was not heard of for ${state.settings.silence} ms`);
  return andThen(gone, (so) =>
    forEach(
      so,
      // Once executing, silence is no answer: the state's own limit applies.
      so.flights.filter((flight) => revocable(flight) && (flight.order.from === id || flight.order.to === id)),
      (then, flight) => apply(then, flight.order.id, { kind: 'give up', failure }, at),
    ),
  );
};

/** Lets hosts depart that have been silent for too long, in the order of their names. */
export const departures = (state: ServerState, at: Milliseconds): Change =>
  forEach(
    state,
    shelved(state.registry.hosts)
      .filter(([, { heard, departed }]) => !departed && at - heard >= state.settings.silence)
      .map(([id]) => id)
      .sort(byName),
    (so, id) => depart(so, id, at),
  );
