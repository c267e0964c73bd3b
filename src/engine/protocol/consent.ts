/** Consent: whether a node takes a guest that another wants to send to it (M5). Before it says yes, nothing moves. */
import { byName, type Failure, failed, guestMemory, type Host, ok, type Result } from '../../model/index.js';
import { type Copy, copyOf } from './copies.js';
import { protocolFailure, revocable } from './flight.js';
import type { Command } from './host-client.js';
import { accessAt } from './parameters.js';
import { guestEntry } from './registry.js';
import type { ServerState } from './state.js';

type Asked = Extract<Command, { readonly kind: 'create receiver' }>;

/**
 * Two nodes that want to send to each other at the same time would refuse each other for ever, so the one whose name comes later
 * gives way, as long as its own move can be given up.
 */
const givesWay = ({ flights }: ServerState, { migration: { from, to } }: Asked): boolean =>
  byName(from, to) < 0 && flights.every((flight) => flight.held || (revocable(flight) && flight.order.to === from));

const refusal = (state: ServerState, host: Host, copies: readonly Copy[], asked: Asked): Failure | undefined => {
  const { migration, parameters } = asked;
  const no = (kind: Failure['kind'], why: string): Failure => protocolFailure(kind, `${host.id} ${why}`);
  if (host.state !== 'active') return no('conflict', `is ${host.state}`);
  if (state.recalls.some((recall) => recall.host === host.id)) return no('conflict', 'is recalled');
  if (copies.some(({ guest, state: copy }) => guest === migration.guest && copy !== 'void' && copy !== 'kept'))
    return no('conflict', `holds ${migration.guest} already`);
  const busy =
    copies.some(({ state: copy }) => copy === 'receiver') ||
    (state.flights.some(({ held }) => !held) && !givesWay(state, asked));
  if (state.settings.exclusiveHosts && busy) return no('conflict', 'takes part in another migration');
  const missing = parameters.disks.find(({ storage }) => accessAt(host, storage) === undefined);
  if (missing) return no('unsupported', `does not reach storage ${missing.storage}`);
  const held = copies.map(({ guest }) => guestEntry(state.registry, guest)?.guest.memory);
  // What a guest holds that nobody has told of is not known to be little.
  const free = held.reduce<number>((left, memory) => left - (memory ?? Infinity), guestMemory(host));
  if (free < parameters.memory)
    return no('insufficient memory', `has ${Math.max(0, free)} bytes free, ${parameters.memory} are needed`);
  return undefined;
};

/**
 * Whether a node takes a guest: it is active and not recalled, it holds no other copy of the guest, it takes part in no other
 * migration (M34), it reaches the disks, and it has the memory. Asked once more about a receiver that waits, it says yes again.
 */
export const consents = (
  state: ServerState,
  host: Host,
  copies: readonly Copy[],
  asked: Asked,
): Result<undefined, Failure> => {
  if (copyOf(copies, asked.migration)) return ok(undefined);
  const because = refusal(state, host, copies, asked);
  return because ? failed(because) : ok(undefined);
};
