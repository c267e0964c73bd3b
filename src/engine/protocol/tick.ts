/** Tick: what time alone does to the server's state: limits of states, silent parties, expired reports (M10, M34). */
import type { Milliseconds } from '../../model/index.js';
import { type Flight, protocolFailure } from './flight.js';
import { apply } from './flights.js';
import { departures } from './presence.js';
import { advanceRecalls } from './recall.js';
import { expire } from './registry.js';
import { type ProtocolSettings, retention } from './settings.js';
import { andThen, type Change, changed, forEach, type ServerState } from './state.js';

/** When a flight's present state has lasted too long; never for one that is held already. */
const deadline = ({ limits }: ProtocolSettings, { phase, since, doubt, held }: Flight): Milliseconds => {
  if (held) return Infinity;
  return doubt ? doubt.since + limits.asking : since + limits[phase.kind];
};

const overdue = (state: ServerState, flight: Flight, at: Milliseconds): Change => {
  if (at < deadline(state.settings, flight)) return changed(state);
  const { order, phase, doubt, since } = flight;
  if (doubt) return apply(state, order.id, { kind: 'hold' }, at);
  const failure = protocolFailure('timed out', `${order.id} was ${phase.kind} for ${at - since} ms`);
  return apply(state, order.id, { kind: 'give up', failure }, at);
};

/**
 * What time alone does to the server's state. Call it about once in a report interval.
 *
 * A migration that nobody was told to execute is given up when a state lasts too long or a side departs: the marks are
 * reset, and the destination is told on its next poll to remove the receiver. One that may be executing is asked about, and
 * held when neither side can tell.
 */
export const tick = (state: ServerState, at: Milliseconds): Change => {
  const fresh: ServerState = {
    ...state,
    registry: expire(state.registry, at - retention(state.settings)),
    landed: state.landed.filter(({ outcome }) => at - outcome.endedAt < state.settings.memory),
  };
  const gone = departures(fresh, at);
  const timed = andThen(gone, (so) => forEach(so, so.flights, (then, flight) => overdue(then, flight, at)));
  return andThen(timed, (so) => advanceRecalls(so, at));
};
