/** Accounts: what a host's list of copies says of each migration, and where it puts the guests on the map. */
import type { GuestId, HostId, Milliseconds } from '../../model/index.js';
import { type Copy, copyOf, runs } from './copies.js';
import type { Evidence, Flight } from './flight.js';
import { adopt, apply, place } from './flights.js';
import { guestsAt } from './registry.js';
import { andThen, type Change, changed, forEach, markOfGuest, type ServerState } from './state.js';

const ofSource = ({ order }: Flight, copies: readonly Copy[]): Evidence | undefined => {
  const own = copyOf(copies, order)?.state;
  if (own === 'outgoing') return { kind: 'source', view: 'sends' };
  // A guest that has come back runs beside the copy that it once left; that copy is nobody's any more.
  if (own === 'kept' && runs(copies, order.guest)) return { kind: 'elsewhere', host: order.from };
  if (own === 'kept') return { kind: 'source', view: 'keeps' };
  if (runs(copies, order.guest)) return { kind: 'source', view: 'runs' };
  // A copy that another migration has in hand says nothing of this one.
  const busy = copies.some(({ guest, state }) => guest === order.guest && (state === 'outgoing' || state === 'kept'));
  return busy ? undefined : { kind: 'source', view: 'gone' };
};

const ofDestination = ({ order, origin }: Flight, copies: readonly Copy[]): Evidence => {
  const own = copyOf(copies, order)?.state;
  if (own === 'receiver' || own === 'void') return { kind: 'destination', view: own };
  // The name of a migration may have been forgotten only where an earlier life of the server has seen its end.
  const here = own === 'running' || (origin === 'found' && runs(copies, order.guest));
  return { kind: 'destination', view: here ? 'runs' : 'nothing' };
};

const evidence = (
  flight: Flight,
  host: HostId,
  copies: readonly Copy[],
  { only }: ServerState,
): Evidence | undefined => {
  if (host === flight.order.from) return ofSource(flight, copies);
  if (host === flight.order.to) return ofDestination(flight, copies);
  // A node hears of third parties only now and then: what they said may be older than a migration that was ordered since.
  if (only !== undefined && flight.origin !== 'found') return undefined;
  return runs(copies, flight.order.guest) ? { kind: 'elsewhere', host } : undefined;
};

/** Whether a copy belongs to a migration that the server must have under way, or must take up, to know what to do with it. */
const unresolved = (state: ServerState, host: HostId, { state: copy, migration }: Copy): boolean => {
  if (!migration || copy === 'running' || copy === 'receiver') return false;
  if (host !== (copy === 'void' ? migration.to : migration.from)) return false;
  const landed = state.landed.find(({ outcome }) => outcome.id === migration.id);
  if (state.flights.some(({ order }) => order.id === migration.id)) return false;
  // After a failure the source runs the guest; a copy that stands all the same has to be asked about.
  return landed === undefined || (copy === 'kept' && landed.landing === 'failed');
};

/**
 * The part of an account that a server may act on: all of it, or, for the server of one host's guests (M5), the copies of that
 * host's migrations; of another's, only that the guest runs there.
 */
export const concerning = ({ only }: ServerState, copies: readonly Copy[]): readonly Copy[] =>
  only === undefined
    ? copies
    : copies.flatMap((copy): readonly Copy[] => {
        if (copy.migration === undefined || copy.migration.from === only) return [copy];
        return copy.state === 'running' || copy.state === 'outgoing' ? [{ guest: copy.guest, state: 'running' }] : [];
      });

const onMap = (state: ServerState, host: HostId, copies: readonly Copy[], at: Milliseconds): Change => {
  // Which guests stand on another node is told with its statistics.
  if (state.only !== undefined && state.only !== host) return changed(state);
  const free = (guest: GuestId): boolean => markOfGuest(state, guest) === undefined;
  const present = copies.filter(({ state: copy, guest }) => copy === 'running' && free(guest));
  // A copy that is being sent is the guest still.
  const held = new Set(copies.filter(({ state: copy }) => copy !== 'void' && copy !== 'receiver').map((c) => c.guest));
  const missing = guestsAt(state.registry, host).filter((guest) => free(guest) && !held.has(guest));
  return andThen(
    forEach(state, present, (so, { guest }) => place(so, guest, { host, by: 'host' }, at)),
    (so) => forEach(so, missing, (then, guest) => place(then, guest, undefined, at)),
  );
};

/**
 * Takes a host's account of its copies: as evidence for each migration under way, as news of migrations that nobody knew,
 * and for the map. The account is complete, so what it does not list is not there.
 */
export const account = (state: ServerState, host: HostId, copies: readonly Copy[], at: Milliseconds): Change => {
  const known = forEach(state, state.flights, (so, flight) => {
    const said = evidence(flight, host, copies, so);
    return said ? apply(so, flight.order.id, said, at) : changed(so);
  });
  const mapped = andThen(known, (so) => onMap(so, host, copies, at));
  return andThen(mapped, (so) =>
    forEach(so, copies, (then, copy) =>
      copy.migration && unresolved(then, host, copy)
        ? andThen(adopt(then, copy.migration, at), (taken) => {
            const flight = taken.flights.find(({ order }) => order.id === copy.migration?.id);
            const said = flight && evidence(flight, host, copies, taken);
            return said ? apply(taken, flight.order.id, said, at) : changed(taken);
          })
        : changed(then),
    ),
  );
};
