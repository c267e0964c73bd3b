/** Flights: evidence about one migration, applied to the server's state: its marks, its map, its memory (M31, M33, M34). */
import { match } from 'ts-pattern';
import {
  type Ending,
  failed,
  type GuestId,
  type HostId,
  type MigrationOrder,
  type Milliseconds,
  ok,
  type Result,
} from '../../model/index.js';
import type { ServerEvent } from './events.js';
import {
  type Evidence,
  type Flight,
  foundFlight,
  type Landing,
  type Origin,
  type PhaseName,
  revocable,
  takeOff,
} from './flight.js';
import { learn } from './learn.js';
import { accessAt } from './parameters.js';
import { guestEntry, hostEntry, type Place, placeOf, withPlace } from './registry.js';
import type { Refusal } from './replies.js';
import { type Change, changed, markOfGuest, markOfHost, type ServerState } from './state.js';

/** Puts a guest on a host, or on none, in the map. */
export const place = (state: ServerState, guest: GuestId, to: Place | undefined, at: Milliseconds): Change => {
  const before = placeOf(state.registry, guest);
  const next = { ...state, registry: withPlace(state.registry, guest, to) };
  return before === to?.host ? changed(next) : changed(next, { kind: 'placed', at, guest, host: to?.host });
};

const stateEvent = (
  { order, origin }: Flight,
  from: PhaseName | 'none',
  to: PhaseName | 'none',
  at: Milliseconds,
): ServerEvent => ({ kind: 'state', at, migration: order, origin, from, to });

const endingOf = (landing: Landing): Ending =>
  match(landing)
    .returnType<Ending>()
    .with({ kind: 'done' }, () => ({ result: 'done' }))
    .with({ kind: 'failed' }, { kind: 'lost' }, ({ failure }) => ({ result: 'failed', failure }))
    .with({ kind: 'elsewhere' }, ({ host }) => ({
      result: 'failed',
      failure: { kind: 'conflict', retryable: false, message: `the guest runs on ${host}` },
    }))
    .exhaustive();

const placed = (flight: Flight, landing: Landing): { readonly to: Place | undefined } | 'as before' =>
  match(landing)
    .returnType<{ readonly to: Place | undefined } | 'as before'>()
    .with({ kind: 'done' }, () => ({ to: { host: flight.order.to, by: 'host' } }))
    .with({ kind: 'elsewhere' }, ({ host }) => ({ to: { host, by: 'host' } }))
    .with({ kind: 'lost' }, () => ({ to: undefined }))
    // Once executing, it fails only when the source says that it runs the guest.
    .with({ kind: 'failed' }, () => (revocable(flight) ? 'as before' : { to: { host: flight.order.from, by: 'host' } }))
    .exhaustive();

/** Ends a flight: the marks are reset, the map tells where the guest is (M33, step 7). */
const land = (state: ServerState, flight: Flight, landing: Landing, at: Milliseconds): Change => {
  const outcome = { ...flight.order, startedAt: flight.startedAt, endedAt: at, ending: endingOf(landing) };
  const without: ServerState = {
    ...state,
    flights: state.flights.filter(({ order }) => order.id !== flight.order.id),
    landed: [...state.landed, { landing: landing.kind, outcome }],
  };
  const where = placed(flight, landing);
  const moved = where === 'as before' ? changed(without) : place(without, flight.order.guest, where.to, at);
  // A destination that confirms before the source has said so passes through `done` all the same.
  const passes: readonly ServerEvent[] =
    landing.kind === 'done' && flight.phase.kind !== 'done' ? [stateEvent(flight, flight.phase.kind, 'done', at)] : [];
  const last = passes.length > 0 ? 'done' : flight.phase.kind;
  return {
    state: moved.state,
    events: [
      ...passes,
      ...moved.events,
      { kind: 'ended', at, landing: landing.kind, outcome },
      stateEvent(flight, last, 'none', at),
    ],
  };
};

const differences = (before: Flight, after: Flight, at: Milliseconds): readonly ServerEvent[] => {
  const because = after.doubt?.because.message ?? '';
  return [
    ...(before.phase.kind === after.phase.kind ? [] : [stateEvent(after, before.phase.kind, after.phase.kind, at)]),
    ...(after.doubt && !before.doubt ? [{ kind: 'asking' as const, at, migration: after.order, because }] : []),
    ...(after.held && !before.held ? [{ kind: 'held' as const, at, migration: after.order, because }] : []),
  ];
};

/** What became known of a flight, applied. A flight that is not under way any more is left alone. */
export const apply = (state: ServerState, id: string, evidence: Evidence, at: Milliseconds): Change => {
  const flight = state.flights.find(({ order }) => order.id === id);
  if (!flight) return changed(state);
  return match(learn(flight, evidence, at))
    .with({ kind: 'landed' }, ({ landing }) => land(state, flight, landing, at))
    .with({ kind: 'flies' }, ({ flight: next }) => {
      const flights = state.flights.map((one) => (one === flight ? next : one));
      const flown = changed({ ...state, flights }, ...differences(flight, next, at));
      // The source's word that it handed the guest over is taken; the destination's word confirms it (M34).
      return next.phase.kind === 'done' && flight.phase.kind !== 'done'
        ? ((moved) => ({ state: moved.state, events: [...flown.events, ...moved.events] }))(
            place(flown.state, next.order.guest, { host: next.order.to, by: 'host' }, at),
          )
        : flown;
    })
    .exhaustive();
};

/** Takes up a migration that a host told of and the server did not know; one for a guest at a time. */
export const adopt = (state: ServerState, order: MigrationOrder, at: Milliseconds): Change => {
  if (markOfGuest(state, order.guest) !== undefined) return changed(state);
  const flight = foundFlight(order, at);
  return changed({ ...state, flights: [...state.flights, flight] }, stateEvent(flight, 'none', flight.phase.kind, at));
};

/** A move that somebody wants. Where it starts is the server's to know. */
export interface Wish {
  readonly guest: GuestId;
  readonly to: HostId;
}

const hostRefusal = (state: ServerState, host: HostId, origin: Origin, side: 'from' | 'to'): Refusal | undefined => {
  const entry = hostEntry(state.registry, host);
  if (!entry) return { kind: 'unknown host', host };
  if (entry.departed) return { kind: 'host departed', host };
  if (side === 'to' && entry.host.state !== 'active') return { kind: 'host not active', host, state: entry.host.state };
  if (origin !== 'recall' && state.recalls.some((recall) => recall.host === host))
    return { kind: 'host recalled', host };
  const by = state.settings.exclusiveHosts ? markOfHost(state, host) : undefined;
  return by === undefined ? undefined : { kind: 'host marked', host, by };
};

/** Why a wish cannot be taken now, or where the guest would start from. */
const judge = (state: ServerState, { guest, to }: Wish, origin: Origin): Result<HostId, Refusal> => {
  const entry = guestEntry(state.registry, guest);
  if (!entry) return failed({ kind: 'unknown guest', guest });
  const by = markOfGuest(state, guest);
  if (by !== undefined) return failed({ kind: 'guest marked', guest, by });
  if (!entry.guest.migratable) return failed({ kind: 'not migratable', guest });
  const from = placeOf(state.registry, guest);
  if (from === undefined) return failed({ kind: 'not placed', guest });
  if (from === to) return failed({ kind: 'already there', guest, host: to });
  if (state.only !== undefined && from !== state.only) return failed({ kind: 'of another node', guest, host: from });
  const refusal = hostRefusal(state, to, origin, 'to') ?? hostRefusal(state, from, origin, 'from');
  if (refusal) return failed(refusal);
  const storage = entry.guest.image?.storage;
  const host = hostEntry(state.registry, to)?.host;
  return storage !== undefined && host && accessAt(host, storage) === undefined
    ? failed({ kind: 'disk not reached', guest, host: to })
    : ok(from);
};

/** What came of a wish. */
export interface Ordered extends Change {
  readonly result: Result<MigrationOrder, Refusal>;
}

/**
 * Orders a migration: the guest, its source and its destination are marked (M31). An order by hand uses the same states
 * and skips only the decision of M12–M18 (M33a); what is impossible stays refused.
 */
export const order = (state: ServerState, wish: Wish, origin: Origin, at: Milliseconds): Ordered => {
  const judged = judge(state, wish, origin);
  if (!judged.ok)
    return {
      ...changed(state, { kind: 'refused', at, ...wish, refusal: judged.error }),
      result: judged,
    };
  // Nodes may have started at the same time, so each puts its name before the numbers.
  const named = state.only === undefined ? '' : `${state.only}.`;
  const id = `${named}${state.session}.${state.next}`;
  const migration = { id, guest: wish.guest, from: judged.value, to: wish.to };
  const flight = takeOff(migration, origin, at);
  return {
    ...changed(
      { ...state, next: state.next + 1, flights: [...state.flights, flight] },
      stateEvent(flight, 'none', flight.phase.kind, at),
    ),
    result: ok(migration),
  };
};
