/** Recall: brings guests home before a host is unplugged, and says when that is safe (Muda, §7.1.2; M40). */
import { byName, type GuestId, type HostId, type Milliseconds } from '../../model/index.js';
import { flightOf, protocolFailure, revocable } from './flight.js';
import { apply, order } from './flights.js';
import { diskStandsOn } from './parameters.js';
import { guestEntry, guestsAt, guestsAway, hostEntry, placeOf } from './registry.js';
import type { Awaited, Refusal } from './replies.js';
import { andThen, type Change, changed, forEach, type Recall, type ServerState } from './state.js';

interface Return {
  readonly guest: GuestId;
  /** Where it has to go. */
  readonly to: HostId;
}

/** The moves that are needed before a host may be unplugged. */
const returns = ({ registry }: ServerState, id: HostId): readonly Return[] => {
  const host = hostEntry(registry, id)?.host;
  if (!host) return [];
  // A guest whose disk stands elsewhere would stay without it on a host that is unplugged, and so goes home too.
  const visitors = guestsAt(registry, id)
    .flatMap((guest) => guestEntry(registry, guest)?.guest ?? [])
    .filter((guest) => !diskStandsOn(guest, host));
  return [
    ...guestsAway(registry, host).map((guest) => ({ guest: guest.id, to: id })),
    ...visitors.flatMap((guest) =>
      guest.home !== undefined && guest.home !== id ? [{ guest: guest.id, to: guest.home }] : [],
    ),
  ].sort((a, b) => byName(a.guest, b.guest));
};

const involved = ({ flights }: ServerState, host: HostId): readonly GuestId[] =>
  flights.filter(({ order: { from, to } }) => from === host || to === host).map((flight) => flight.order.guest);

const withRefusal = (refusal: Refusal): Pick<Awaited, 'refusal'> => ({ refusal });

/** What stands in the way of unplugging a host: guests that have to go home, and moves that it takes part in. */
export const awaitedFor = (state: ServerState, host: HostId): readonly Awaited[] => {
  const wanted = new Map(returns(state, host).map((one) => [one.guest, one]));
  return [...new Set([...wanted.keys(), ...involved(state, host)])].sort(byName).map((guest) => {
    const at = placeOf(state.registry, guest);
    const flight = flightOf(state.flights, guest);
    const wish = wanted.get(guest);
    const result = flight || !wish ? undefined : order(state, wish, 'recall', 0).result;
    return {
      guest,
      ...(at === undefined ? {} : { host: at }),
      ...(flight ? { migration: flight.order.id } : {}),
      ...(result && !result.ok ? withRefusal(result.error) : {}),
    };
  });
};

const rests = (state: ServerState, guest: GuestId, at: Milliseconds): boolean =>
  state.landed.some(
    ({ outcome }) =>
      outcome.guest === guest &&
      outcome.ending.result === 'failed' &&
      at - outcome.endedAt < state.settings.retryRecall,
  );

/** Calls off what has not begun and would lead away from home. */
const callOff = (state: ServerState, host: HostId, at: Milliseconds): Change =>
  forEach(
    state,
    state.flights.filter(
      (flight) =>
        flight.origin !== 'recall' && revocable(flight) && (flight.order.from === host || flight.order.to === host),
    ),
    (so, flight) =>
      apply(so, flight.order.id, { kind: 'give up', failure: protocolFailure('cancelled', `${host} is recalled`) }, at),
  );

const advance = (state: ServerState, recall: Recall, at: Milliseconds): Change => {
  const { host } = recall;
  const called = callOff(state, host, at);
  const ordered = andThen(called, (so) =>
    forEach(so, returns(so, host), (then, wish) => {
      if (flightOf(then.flights, wish.guest) || rests(then, wish.guest, at)) return changed(then);
      const { result, ...change } = order(then, wish, 'recall', at);
      // Refusals for marks are expected and told to whoever asks, not shouted at every step.
      return result.ok ? change : changed(then);
    }),
  );
  return andThen(ordered, (so) => {
    const entry = hostEntry(so.registry, host);
    const safe = entry !== undefined && !entry.departed && awaitedFor(so, host).length === 0;
    // A host that departs keeps what was last known of it: whether it was safe then is what counts.
    if (!entry || entry.departed || safe === recall.safe) return changed(so);
    const recalls = so.recalls.map((one) => (one.host === host ? { ...one, safe } : one));
    return changed({ ...so, recalls }, ...(safe ? [{ kind: 'safe to unplug' as const, at, host }] : []));
  });
};

/** Goes on with every recall: orders what can be ordered now, and notes which hosts are safe to unplug. */
export const advanceRecalls = (state: ServerState, at: Milliseconds): Change =>
  forEach(state, state.recalls, (so, { host }) => {
    const recall = so.recalls.find((one) => one.host === host);
    return recall ? advance(so, recall, at) : changed(so);
  });

/** Recalls a host. Once more changes nothing. */
export const recallHost = (state: ServerState, host: HostId, at: Milliseconds): Change =>
  state.recalls.some((recall) => recall.host === host)
    ? changed(state)
    : changed(
        { ...state, recalls: [...state.recalls, { host, since: at, safe: false }] },
        { kind: 'recalled', at, host },
      );

/** Ends a recall: the host stays. */
export const keepHost = (state: ServerState, host: HostId, at: Milliseconds): Change =>
  state.recalls.some((recall) => recall.host === host)
    ? changed(
        { ...state, recalls: state.recalls.filter((recall) => recall.host !== host) },
        { kind: 'stays', at, host },
      )
    : changed(state);
