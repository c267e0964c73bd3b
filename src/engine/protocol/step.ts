/** Step: the server's state and one message, to the next state, the answer, and what happened (M4, M6, M31–M34). */
import { match, P } from 'ts-pattern';
import type { GuestId, HostId, Milliseconds } from '../../model/index.js';
import { account, concerning } from './accounts.js';
import type { ServerEvent } from './events.js';
import { type Evidence, flightOf, protocolFailure, revocable } from './flight.js';
import { apply, order, place } from './flights.js';
import type { GuestMessage, HostMessage, Message, UserMessage } from './messages.js';
import { executed, ordersFor } from './orders.js';
import { type LaunchParameters, switchStorage } from './parameters.js';
import { hostHeard } from './presence.js';
import { advanceRecalls, awaitedFor, keepHost, recallHost } from './recall.js';
import { guestEntry, hostEntry, placeOf } from './registry.js';
import type { Reply, ReplyBody } from './replies.js';
import { keepReports } from './reports.js';
import { onShelf, put } from './shelf.js';
import { andThen, type Change, changed, forEach, type ServerState } from './state.js';

/** What came of a message. */
export interface Step {
  readonly state: ServerState;
  /** Answers to the sender; the server never speaks to anybody else. */
  readonly replies: readonly Reply[];
  readonly events: readonly ServerEvent[];
}

interface Answered extends Change {
  readonly answer: ReplyBody;
}

const answer = (change: Change, body: ReplyBody): Answered => ({ ...change, answer: body });
const accepted: ReplyBody = { kind: 'accepted' };

/** A notice about a migration counts only from the side that may give it. */
const notice = (
  state: ServerState,
  message: HostMessage & { readonly migration: string },
  side: 'from' | 'to',
  evidence: Evidence,
  at: Milliseconds,
): Answered => {
  const flight = state.flights.find(({ order: { id } }) => id === message.migration);
  const fits = flight !== undefined && flight.order[side] === message.sender.id;
  return answer(fits ? apply(state, message.migration, evidence, at) : changed(state), accepted);
};

const parametersOf = (state: ServerState, migration: string, parameters: LaunchParameters): Evidence => {
  const to = state.flights.find(({ order: { id } }) => id === migration)?.order.to;
  const host = to === undefined ? undefined : hostEntry(state.registry, to)?.host;
  const switched = host && switchStorage(parameters, host);
  return switched && !switched.ok
    ? {
        kind: 'failed',
        side: 'source',
        failure: protocolFailure('unsupported', `${host.id} does not reach storage ${switched.error}`),
      }
    : { kind: 'parameters', parameters };
};

const fromHost = (state: ServerState, message: HostMessage, at: Milliseconds): Answered =>
  match(message)
    .returnType<Answered>()
    .with({ kind: 'register host' }, ({ host, sender }) => {
      const known = hostEntry(state.registry, host.id);
      const entry = { host, heard: at, departed: known?.departed ?? false };
      const hosts = put(state.registry.hosts, host.id, entry);
      const registered = changed(
        { ...state, registry: { ...state.registry, hosts } },
        { kind: 'registered', at, party: sender },
      );
      return answer(registered, { kind: 'registered' });
    })
    .with({ kind: 'report host' }, ({ sender, samples }) => answer(keepReports(state, sender, samples, at), accepted))
    .with({ kind: 'poll' }, ({ sender, copies: held }) => {
      const copies = concerning(state, held);
      const told = andThen(account(state, sender.id, copies, at), (so) => advanceRecalls(so, at));
      const orders = ordersFor(told.state, sender.id, copies);
      // From here on the source may be executing, whether or not the answer arrives.
      const given = andThen(told, (so) =>
        forEach(so, executed(orders), (then, id) => apply(then, id, { kind: 'execute given' }, at)),
      );
      return answer(given, { kind: 'orders', orders });
    })
    .with({ kind: 'parameters' }, (said) =>
      notice(state, said, 'from', parametersOf(state, said.migration, said.parameters), at),
    )
    .with({ kind: 'receiver ready' }, (said) =>
      notice(state, said, 'to', { kind: 'receiver ready', address: said.address }, at),
    )
    .with({ kind: 'done' }, (said) => notice(state, said, 'from', { kind: 'source', view: 'keeps' }, at))
    .with({ kind: 'failed' }, (said) => {
      const flight = state.flights.find(({ order: { id } }) => id === said.migration);
      const side = flight?.order.from === said.sender.id ? 'from' : 'to';
      const evidence = {
        kind: 'failed',
        side: side === 'from' ? 'source' : 'destination',
        failure: said.failure,
      } as const;
      return notice(state, said, side, evidence, at);
    })
    .with({ kind: 'confirm' }, (said) => notice(state, said, 'to', { kind: 'destination', view: 'runs' }, at))
    .exhaustive();

/** A guest's word about where it is, taken only where no host has said so. */
const guestSays = (state: ServerState, guest: GuestId, host: HostId, at: Milliseconds): Change =>
  onShelf(state.registry.places, guest)?.by === 'host' || flightOf(state.flights, guest)
    ? changed(state)
    : place(state, guest, { host, by: 'guest' }, at);

const fromGuest = (state: ServerState, message: GuestMessage, at: Milliseconds): Answered =>
  match(message)
    .returnType<Answered>()
    .with({ kind: 'register guest' }, ({ guest, sender }) => {
      if (!hostEntry(state.registry, guest.host))
        return answer(changed(state), { kind: 'refused', refusal: { kind: 'unknown host', host: guest.host } });
      const guests = put(state.registry.guests, guest.id, { guest, heard: at });
      const registered = changed(
        { ...state, registry: { ...state.registry, guests } },
        { kind: 'registered', at, party: sender },
      );
      return answer(
        andThen(registered, (so) => guestSays(so, guest.id, guest.host, at)),
        { kind: 'registered' },
      );
    })
    .with({ kind: 'report guest' }, ({ sender, samples, host, migration }) => {
      const flight = flightOf(state.flights, sender.id);
      // It has seen the order, so its being at the destination is later than the order.
      const moved =
        flight && !revocable(flight) && migration === flight.order.id && host === flight.order.to
          ? apply(state, flight.order.id, { kind: 'destination', view: 'runs' }, at)
          : hostEntry(state.registry, host)
            ? guestSays(state, sender.id, host, at)
            : changed(state);
      const kept = andThen(moved, (so) => keepReports(so, sender, samples, at));
      const current = flightOf(kept.state.flights, sender.id)?.order.id;
      return answer(kept, { ...accepted, ...(current === undefined ? {} : { migration: current }) });
    })
    .exhaustive();

const fromUser = (state: ServerState, message: UserMessage, at: Milliseconds): Answered =>
  match(message)
    .returnType<Answered>()
    .with({ kind: 'order' }, ({ guest, to }) => {
      const flight = flightOf(state.flights, guest);
      // Asked for once more, perhaps because the answer was lost.
      if (flight?.order.to === to) return answer(changed(state), { kind: 'ordered', migration: flight.order });
      const { result, ...change } = order(state, { guest, to }, 'hand', at);
      return answer(
        change,
        result.ok ? { kind: 'ordered', migration: result.value } : { kind: 'refused', refusal: result.error },
      );
    })
    .with({ kind: 'recall' }, ({ host }) => {
      if (!hostEntry(state.registry, host))
        return answer(changed(state), { kind: 'refused', refusal: { kind: 'unknown host', host } });
      const recalled = andThen(recallHost(state, host, at), (so) => advanceRecalls(so, at));
      const safe = recalled.state.recalls.some((recall) => recall.host === host && recall.safe);
      return answer(recalled, { kind: 'recall', safe, awaited: awaitedFor(recalled.state, host) });
    })
    .with({ kind: 'stay' }, ({ host }) => answer(keepHost(state, host, at), accepted))
    .with({ kind: 'verdict' }, ({ migration, runs }) => {
      const told = apply(state, migration, { kind: 'verdict', runs }, at);
      return answer({ ...told, events: [{ kind: 'verdict', at, migration, runs }, ...told.events] }, accepted);
    })
    .exhaustive();

/** Whether the sender is known in this life of the server, so that what it says can be put in order. */
const known = ({ registry, session }: ServerState, message: Message): boolean =>
  match(message)
    .with({ kind: P.union('register host', 'register guest') }, () => true)
    .with({ sender: { kind: 'user' } }, () => true)
    .with(
      { sender: { kind: 'host' } },
      ({ sender, ...said }) => said.session === session && hostEntry(registry, sender.id) !== undefined,
    )
    .with(
      { sender: { kind: 'guest' } },
      ({ sender, ...said }) => said.session === session && guestEntry(registry, sender.id) !== undefined,
    )
    .exhaustive();

const partyKey = ({ sender }: Message): string => `${sender.kind} ${sender.id}`;

const hear = (state: ServerState, message: Message, at: Milliseconds): Answered => {
  const { sender, incarnation, sequence } = message;
  const ignored = (why: 'stale' | 'not registered'): Change =>
    changed(state, { kind: 'ignored', at, party: sender, message: message.kind, why });
  if (!known(state, message)) return answer(ignored('not registered'), { kind: 'register first' });
  const last = onShelf(state.heard, partyKey(message));
  const late =
    last !== undefined &&
    (incarnation < last.incarnation || (incarnation === last.incarnation && sequence <= last.sequence));
  if (late) return answer(ignored('stale'), { kind: 'stale', ...last });
  const heard: ServerState = { ...state, heard: put(state.heard, partyKey(message), { incarnation, sequence }) };
  const before = sender.kind === 'host' ? hostHeard(heard, sender.id, at) : changed(heard);
  const after = match(message)
    .with({ sender: { kind: 'host' } }, (said) => fromHost(before.state, said, at))
    .with({ sender: { kind: 'guest' } }, (said) => fromGuest(before.state, said, at))
    .with({ sender: { kind: 'user' } }, (said) => fromUser(before.state, said, at))
    .exhaustive();
  return { ...after, events: [...before.events, ...after.events] };
};

/**
 * The server's state and one message, to the next state, the answer and what happened. Pure and total.
 *
 * A message that comes a second time, or after a later one of the same party, changes nothing. What comes in time is either
 * a registration, statistics, a side's account of a migration, or a wish; a poll is answered by what to do next.
 *
 * @param at - the server's time
 */
export const step = (state: ServerState, message: Message, at: Milliseconds): Step => {
  const { answer: body, ...change } = hear(state, message, at);
  const { sender: to, incarnation, sequence } = message;
  return { ...change, replies: [{ to, incarnation, sequence, session: state.session, body }] };
};

/** Where a guest stands, as the map has it. */
export const whereIs = ({ registry }: ServerState, guest: GuestId): HostId | undefined => placeOf(registry, guest);
