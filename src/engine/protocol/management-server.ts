/** Management server: the pure machine run over a transport that the embedding application gives (M3, M4, M10). */
import {
  asyncScheduler,
  concat,
  concatMap,
  connect,
  defer,
  EMPTY,
  endWith,
  from,
  ignoreElements,
  interval,
  map,
  merge,
  type Observable,
  scan,
  type SchedulerLike,
  takeUntil,
} from 'rxjs';
import { match } from 'ts-pattern';
import { type GuestId, type Milliseconds, type Reason, seconds } from '../../model/index.js';
import type { PolicyProblem } from '../events.js';
import { order, type Wish } from './flights.js';
import type { ServerEvent } from './events.js';
import type { Reply } from './replies.js';
import { readMessage, stampSchema } from './schema.js';
import type { ProtocolOptions } from './settings.js';
import { andThen, changed, forEach, initialServer, markOfGuest, type ServerState } from './state.js';
import { step, type Step } from './step.js';
import { tick } from './tick.js';

/** Something that came over a transport: anything at all, and the way on which it is answered. */
export interface Received<Channel> {
  readonly channel: Channel;
  readonly message: unknown;
}

/** How messages come and answers go: sockets, HTTP, a queue. Clients open every exchange, so it never has to call anybody. */
export interface Transport<Channel, Answer = Reply> {
  /** Begins to listen when subscribed to, and ends when unsubscribed from. */
  readonly received: () => Observable<Received<Channel>>;
  /** Sends an answer, or loses it; it does not throw. */
  readonly reply: (channel: Channel, answer: Answer) => void;
}

/** Where a guest should move, with the evidence if there is any; or that the policy gave no plan, and why. */
export type Decision =
  (Wish & { readonly because?: readonly Reason[] }) | { readonly problem: PolicyProblem; readonly message: string };

/** Decides where a guest should move of which new statistics have arrived, if anywhere (M12–M19). Pure. */
export type Decide = (guest: GuestId, state: ServerState, at: Milliseconds) => Decision | undefined;

/** What a management server is made of. */
export interface ManagementServerOptions<Channel> {
  readonly transport: Transport<Channel>;
  readonly decide: Decide;
  /** This life of the server; rises with each start. The scheduler's time at the start where it is left out. */
  readonly session?: number;
  readonly protocol?: ProtocolOptions;
  /** How often limits are looked at, milliseconds. */
  readonly every?: Milliseconds;
  readonly scheduler?: SchedulerLike;
}

/** Examines the guests that new statistics arrived of, and orders what is decided (M10, M19). */
export const examined = (done: Step, decide: Decide, at: Milliseconds): Step => {
  const guests = done.events.flatMap((event) => (event.kind === 'examine' ? [event.guest] : []));
  const change = andThen({ state: done.state, events: done.events }, (so) =>
    forEach(so, [...new Set(guests)], (then, guest) => {
      const decision = markOfGuest(then, guest) === undefined ? decide(guest, then, at) : undefined;
      if (!decision) return changed(then);
      if ('problem' in decision) return changed(then, { kind: 'policy failed', at, guest, ...decision });
      const { to, because } = decision;
      const told = because ? changed(then, { kind: 'decided', at, guest: decision.guest, to, because }) : changed(then);
      return andThen(told, (so) => order(so, { guest: decision.guest, to }, 'decision', at));
    }),
  );
  return { ...done, state: change.state, events: change.events };
};

/** Anything that came over a transport, to the next state and the answer. What is no message is an event, and is told so. */
export const receive = (state: ServerState, value: unknown, decide: Decide, at: Milliseconds): Step => {
  const read = readMessage(value);
  if (read.ok) return examined(step(state, read.value, at), decide, at);
  const stamp = stampSchema.safeParse(value);
  const body = { kind: 'malformed', message: `${read.error.place}: ${read.error.message}` } as const;
  return {
    state,
    events: [{ ...read.error, at }],
    replies: stamp.success
      ? [
          {
            to: stamp.data.sender,
            incarnation: stamp.data.incarnation,
            sequence: stamp.data.sequence,
            session: state.session,
            body,
          },
        ]
      : [],
  };
};

/**
 * Runs a management server, and tells what happens at it. Cold: it listens while subscribed to, keeps its state for as
 * long, and opens no port itself. Ends when the transport's stream ends, fails only if that stream fails or `decide` throws.
 *
 * @throws RangeError where a protocol option is out of range, at subscription
 */
export const managementServer = <Channel>({
  transport,
  decide,
  session,
  protocol,
  every = seconds(1),
  scheduler = asyncScheduler,
}: ManagementServerOptions<Channel>): Observable<ServerEvent> =>
  defer(() => {
    const inputs$ = transport.received().pipe(
      map(({ channel, message }) => ({ kind: 'message' as const, channel, message })),
      connect((messages$) =>
        merge(
          messages$,
          interval(every, scheduler).pipe(
            map(() => ({ kind: 'tick' as const })),
            takeUntil(messages$.pipe(ignoreElements(), endWith(undefined))),
          ),
        ),
      ),
    );
    const start = {
      state: initialServer(session ?? scheduler.now(), protocol),
      done: EMPTY as Observable<ServerEvent>,
    };
    return inputs$.pipe(
      scan(({ state }, input) => {
        const at = scheduler.now();
        return match(input)
          .with({ kind: 'tick' }, () => {
            const change = tick(state, at);
            return { state: change.state, done: from(change.events) };
          })
          .with({ kind: 'message' }, ({ channel, message }) => {
            const { state: next, events, replies } = receive(state, message, decide, at);
            const answers = defer(() => {
              replies.forEach((reply) => transport.reply(channel, reply));
              return EMPTY;
            });
            return { state: next, done: concat(from(events), answers) };
          })
          .exhaustive();
      }, start),
      concatMap(({ done }) => done),
    );
  });
