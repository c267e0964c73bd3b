/** Node: one host of the peer-to-peer variant, as a pure machine: it hears the others, decides about its own guests, and consents (M5). */
import { match } from 'ts-pattern';
import { failed, type Guest, type Host, type HostId, type Milliseconds, type Sample } from '../../model/index.js';
import { consents } from './consent.js';
import type { Copy } from './copies.js';
import type { ServerEvent } from './events.js';
import { type Command, hostClient, type HostClient, hostClientStep, type HostInput } from './host-client.js';
import { type Decide, examined } from './management-server.js';
import type { Message } from './messages.js';
import type { Packet } from './packets.js';
import type { ProtocolOptions } from './settings.js';
import { hearStatistics, type Statistics } from './statistics.js';
import { type Change, initialServer, type ServerState } from './state.js';
import { step } from './step.js';
import { tick } from './tick.js';

/** What happens to a node. */
export type NodeInput =
  /**
   * It is time to report, to tell the others, and to poll: once in a report interval.
   * `guests` are all that stand here, `samples` those of the host and of them.
   */
  | { readonly kind: 'turn'; readonly guests: readonly Guest[]; readonly samples: readonly Sample[] }
  /** Something came from another node. */
  | { readonly kind: 'packet'; readonly from: HostId; readonly packet: Packet }
  /** As of a host's client: the copies have changed without an order, or an order was carried out. */
  | Extract<HostInput, { readonly kind: 'copies' | 'outcome' }>;

/** All that a node knows. */
export interface Node {
  readonly host: Host;
  readonly incarnation: number;
  /** Of the last statistics told. */
  readonly sequence: number;
  /** What it heard of all hosts, and the migrations of its own guests: a management server for these alone. */
  readonly server: ServerState;
  /** Its clients at the servers of all nodes, its own among them. */
  readonly clients: ReadonlyMap<HostId, HostClient>;
  /** All that the hypervisor holds. */
  readonly copies: readonly Copy[];
}

/** What a node does: packets for others, commands for its hypervisor, both in this order. */
export interface NodeStep {
  readonly node: Node;
  readonly packets: readonly { readonly to: HostId; readonly packet: Packet }[];
  readonly commands: readonly Command[];
  readonly events: readonly ServerEvent[];
}

/**
 * What concerns the server of one host's guests: that host's migrations, and guests that run without any. At home a guest that has
 * come stands on the map, though its migration is another's to end.
 */
const copiesFor = (copies: readonly Copy[], server: HostId, self: HostId): readonly Copy[] =>
  copies.flatMap((copy): readonly Copy[] => {
    if (copy.migration === undefined || copy.migration.from === server) return [copy];
    return server === self && copy.state === 'running' ? [{ guest: copy.guest, state: 'running' }] : [];
  });

/**
 * A node at its start.
 *
 * @param copies - all that the hypervisor holds now
 * @param peers - the other nodes
 * @param incarnation - rises with each start of the node: the time of its start, or a counter that is kept
 * @param options - `memory` has to be longer than a packet can be on its way
 * @throws RangeError where an option is out of range, naming its path
 */
export const startNode = (
  host: Host,
  copies: readonly Copy[],
  peers: readonly HostId[],
  incarnation: number,
  options?: ProtocolOptions,
): Node => ({
  host,
  incarnation,
  sequence: 0,
  server: initialServer(incarnation, options, host.id),
  clients: new Map(
    [host.id, ...peers].map((server) => [server, hostClient(host, copiesFor(copies, server, host.id), incarnation)]),
  ),
  copies,
});

/** A node alone is asked about a guest only while it runs here for good: one that has just come is still its sender's to end. */
const ofOwn =
  ({ copies }: Node, decide: Decide): Decide =>
  (guest, state, at) =>
    copies.some((copy) => copy.guest === guest && copy.state === 'running' && copy.migration === undefined)
      ? decide(guest, state, at)
      : undefined;

const unchanged = (node: Node): NodeStep => ({ node, packets: [], commands: [], events: [] });

const send = (so: NodeStep, to: HostId, packet: Packet): NodeStep => ({
  ...so,
  packets: [...so.packets, { to, packet }],
});

const served = (so: NodeStep, { state: server, events }: Change): NodeStep => ({
  ...so,
  node: { ...so.node, server },
  events: [...so.events, ...events],
});

/** Somebody asks the server of this node's guests, and is answered on the way on which it came. */
const asked = (so: NodeStep, from: HostId, message: Message, decide: Decide, at: Milliseconds): NodeStep => {
  const done = examined(step(so.node.server, message, at), ofOwn(so.node, decide), at);
  return done.replies.reduce<NodeStep>(
    (then, reply) =>
      from === then.node.host.id
        ? happens(then, from, { kind: 'reply', reply }, decide, at)
        : send(then, from, { kind: 'answer', reply }),
    served(so, done),
  );
};

/** An order of a node's server, carried out if it is that node's to give, and a receiver only by consent. */
const ordered = (so: NodeStep, server: HostId, command: Command, decide: Decide, at: Milliseconds): NodeStep => {
  const { host, server: state, copies } = so.node;
  if (command.migration.from !== server) return so;
  if (command.kind === 'create receiver') {
    const answer = consents(state, host, copies, command);
    if (!answer.ok) {
      const refused = { kind: 'outcome', command, result: failed(answer.error), copies } as const;
      return happens(so, server, refused, decide, at);
    }
  }
  return { ...so, commands: [...so.commands, command] };
};

/** Something happens to this node's client at one of the servers. */
const happens = (so: NodeStep, server: HostId, input: HostInput, decide: Decide, at: Milliseconds): NodeStep => {
  const before = so.node.clients.get(server);
  if (!before) return so;
  const { client, messages, commands } = hostClientStep(before, scoped(input, server, so.node.host.id), at);
  const clients = new Map(so.node.clients).set(server, client);
  const told = commands.reduce<NodeStep>((then, command) => ordered(then, server, command, decide, at), {
    ...so,
    node: { ...so.node, clients },
  });
  return messages.reduce<NodeStep>(
    (then, message) =>
      server === then.node.host.id
        ? asked(then, server, message, decide, at)
        : send(then, server, { kind: 'question', message }),
    told,
  );
};

const scoped = (input: HostInput, server: HostId, self: HostId): HostInput =>
  'copies' in input ? { ...input, copies: copiesFor(input.copies, server, self) } : input;

const toAll = (so: NodeStep, input: HostInput, decide: Decide, at: Milliseconds): NodeStep =>
  [...so.node.clients.keys()].reduce((then, server) => happens(then, server, input, decide, at), so);

const turn = (
  node: Node,
  { guests, samples }: Pick<Statistics, 'guests' | 'samples'>,
  decide: Decide,
  at: Milliseconds,
): NodeStep => {
  const { host, incarnation } = node;
  const sequence = node.sequence + 1;
  const said: Statistics = { kind: 'statistics', incarnation, sequence, host, guests, samples };
  const ticked = served(unchanged({ ...node, sequence }), tick(node.server, at));
  const peers = [...node.clients.keys()].filter((peer) => peer !== host.id);
  const told = peers.reduce((so, peer) => send(so, peer, said), ticked);
  const own = examined({ ...hearStatistics(told.node.server, said, at), replies: [] }, ofOwn(node, decide), at);
  return toAll(served(told, own), { kind: 'turn', samples: [] }, decide, at);
};

/**
 * What a node does when something happens to it. Pure and total, as `decide` is.
 *
 * Each node is the management server of its own guests and a client of all others, so that a migration is the business of
 * exactly one node, its source, and everything that holds of the server's protocol holds here: the destination carries out what it
 * is asked, after it has consented. A guest that has come is decided about by its new host only when the old one has ended
 * the migration, so that it is never in two.
 */
export const nodeStep = (node: Node, input: NodeInput, decide: Decide, at: Milliseconds): NodeStep =>
  match(input)
    .returnType<NodeStep>()
    .with({ kind: 'turn' }, (said) => turn(node, said, decide, at))
    .with({ kind: 'copies' }, (said) => toAll(unchanged({ ...node, copies: said.copies }), said, decide, at))
    .with({ kind: 'outcome' }, (said) => {
      const { from } = said.command.migration;
      const so = happens(unchanged({ ...node, copies: said.copies }), from, said, decide, at);
      return toAll(so, { kind: 'copies', copies: said.copies }, decide, at);
    })
    .with({ kind: 'packet', packet: { kind: 'statistics' } }, ({ from, packet }) =>
      // A node speaks of itself, and nobody else does.
      packet.host.id === from && from !== node.host.id
        ? served(unchanged(node), hearStatistics(node.server, packet, at))
        : unchanged(node),
    )
    .with({ kind: 'packet', packet: { kind: 'question' } }, ({ from, packet: { message } }) =>
      message.sender.kind === 'user' || (message.sender.kind === 'host' && message.sender.id === from)
        ? asked(unchanged(node), from, message, decide, at)
        : unchanged(node),
    )
    .with({ kind: 'packet', packet: { kind: 'answer' } }, ({ from, packet: { reply } }) =>
      happens(unchanged(node), from, { kind: 'reply', reply }, decide, at),
    )
    .exhaustive();
