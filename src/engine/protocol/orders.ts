/** Orders: what a host that polls is told to do, from the states of its migrations and the copies that it holds (M33). */
import { match, P } from 'ts-pattern';
import type { HostId } from '../../model/index.js';
import type { Copy } from './copies.js';
import type { Flight } from './flight.js';
import { switchStorage } from './parameters.js';
import { hostEntry } from './registry.js';
import type { HostOrder } from './replies.js';
import type { ServerState } from './state.js';

const toSource = ({ order: migration, phase, source, destination, doubt }: Flight): HostOrder =>
  match({ phase, source, destination, doubted: doubt !== undefined })
    .returnType<HostOrder>()
    .with({ phase: { kind: 'should be migrating' } }, () => ({ kind: 'post parameters', migration }))
    .with({ phase: { kind: 'parameters available' } }, () => ({ kind: 'wait', migration }))
    .with({ phase: { kind: 'receiver ready' } }, ({ phase: { address } }) => ({ kind: 'execute', migration, address }))
    .with({ source: 'keeps', destination: 'void' }, () => ({ kind: 'resume', migration }))
    // The order, or the answer that carried it, was lost.
    .with(
      { phase: { kind: 'executing', address: P.string }, source: 'runs', doubted: false },
      ({ phase: { address } }) => ({ kind: 'execute', migration, address }),
    )
    .with({ source: 'sends', doubted: true }, () => ({ kind: 'cancel', migration }))
    .with({ phase: { kind: P.union('executing', 'done') } }, () => ({ kind: 'wait', migration }))
    .exhaustive();

const toDestination = (
  state: ServerState,
  { order: migration, phase, source, destination, doubt, held }: Flight,
): HostOrder =>
  // Where the source has nothing left, the receiver may be the guest in the moment before it runs: it is given time.
  match({ phase, destination, ask: doubt !== undefined && (source !== 'gone' || held) })
    .returnType<HostOrder>()
    .with({ phase: { kind: 'parameters available' } }, ({ phase: { parameters } }) => {
      const host = hostEntry(state.registry, migration.to)?.host;
      const switched = host && switchStorage(parameters, host);
      return switched?.ok
        ? { kind: 'create receiver', migration, parameters: switched.value }
        : { kind: 'wait', migration };
    })
    .with({ destination: 'receiver', ask: true }, () => ({ kind: 'remove receiver', migration }))
    .with({ phase: P.any }, () => ({ kind: 'wait', migration }))
    .exhaustive();

/** What to do with a copy whose migration is over. */
const disposal = (state: ServerState, { state: copy, migration }: Copy): HostOrder | undefined => {
  if (!migration || state.flights.some(({ order }) => order.id === migration.id)) return undefined;
  const landing = state.landed.find(({ outcome }) => outcome.id === migration.id)?.landing;
  return (
    match({ copy, landing })
      .returnType<HostOrder | undefined>()
      .with({ copy: 'receiver' }, () => ({ kind: 'remove receiver', migration }))
      .with({ copy: 'running' }, () => ({ kind: 'forget', migration }))
      // What is not remembered is taken up again and asked about, not disposed of.
      .with({ landing: undefined }, () => undefined)
      .with({ copy: 'void' }, () => ({ kind: 'forget', migration }))
      .with({ copy: 'outgoing', landing: P.union('failed', 'lost', 'elsewhere') }, () => ({
        kind: 'cancel',
        migration,
      }))
      // The guest itself has told of its new host before the source has noticed.
      .with({ copy: 'outgoing', landing: 'done' }, () => ({ kind: 'wait', migration }))
      .with({ copy: 'kept', landing: P.union('done', 'lost', 'elsewhere') }, () => ({ kind: 'release', migration }))
      .with({ copy: 'kept', landing: 'failed' }, () => undefined)
      .exhaustive()
  );
};

/** What a host is told when it polls: first what to clear away, then what to do for its migrations. */
export const ordersFor = (state: ServerState, host: HostId, copies: readonly Copy[]): readonly HostOrder[] => [
  ...copies.flatMap((copy) => disposal(state, copy) ?? []),
  ...state.flights.flatMap((flight) => {
    if (flight.order.from === host) return [toSource(flight)];
    // A removed receiver has to be remembered until the source has answered, so nothing is forgotten here.
    return flight.order.to === host ? [toDestination(state, flight)] : [];
  }),
];

/** Whether a poll's answer holds an order to execute a migration. */
export const executed = (orders: readonly HostOrder[]): readonly string[] =>
  orders.flatMap((order) => (order.kind === 'execute' ? [order.migration.id] : []));
