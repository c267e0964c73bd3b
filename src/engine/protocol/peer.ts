/** Peer: the pure node run over a transport that the embedding application gives (M5). */
import {
  asyncScheduler,
  concatMap,
  concat,
  defer,
  EMPTY,
  endWith,
  from,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  scan,
  type SchedulerLike,
  share,
  takeUntil,
} from 'rxjs';
import type { Host, HostId, Milliseconds } from '../../model/index.js';
import type { Copy } from './copies.js';
import type { ServerEvent } from './events.js';
import type { Command } from './host-client.js';
import type { Decide, Transport } from './management-server.js';
import { type NodeInput, type NodeStep, nodeStep, startNode } from './node.js';
import { type Packet, readPacket } from './packets.js';
import type { ProtocolOptions } from './settings.js';

/** What happened at a node; a command is for the hypervisor to carry out, which is answered by an `outcome`. */
export type PeerEvent =
  ServerEvent | { readonly kind: 'command'; readonly at: Milliseconds; readonly command: Command };

/** What a node of the peer-to-peer variant is made of. */
export interface PeerOptions {
  readonly host: Host;
  /** The other nodes. */
  readonly peers: readonly HostId[];
  /** All that the hypervisor holds at the start. */
  readonly copies: readonly Copy[];
  /** Channels are the names of the other nodes; what is sent to one is a packet, at any time. */
  readonly transport: Transport<HostId, Packet>;
  /** What happens at the hypervisor: turns, copies that have changed, commands carried out. */
  readonly hypervisor: Observable<Exclude<NodeInput, { readonly kind: 'packet' }>>;
  readonly decide: Decide;
  readonly protocol?: ProtocolOptions;
  /** Rises with each start of the node. The scheduler's time at the start where it is left out. */
  readonly incarnation?: number;
  readonly scheduler?: SchedulerLike;
}

/**
 * Runs one node of the peer-to-peer variant, and tells what happens at it. Cold: it listens while subscribed to, keeps its
 * state for as long, and sets no timer: it moves on with the turns of its hypervisor. Ends when the hypervisor's stream ends;
 * fails only if that stream or the transport's does, or if `decide` throws.
 *
 * @throws RangeError where a protocol option is out of range, at subscription
 */
export const peer = ({
  host,
  peers,
  copies,
  transport,
  hypervisor,
  decide,
  protocol,
  incarnation,
  scheduler = asyncScheduler,
}: PeerOptions): Observable<PeerEvent> =>
  defer(() => {
    const start: NodeStep = {
      node: startNode(host, copies, peers, incarnation ?? scheduler.now(), protocol),
      packets: [],
      commands: [],
      events: [],
    };
    const own$ = hypervisor.pipe(share());
    const packets$ = transport.received().pipe(
      map(({ channel, message }) => ({ kind: 'received' as const, from: channel, message })),
      takeUntil(own$.pipe(ignoreElements(), endWith(undefined))),
    );
    return merge(packets$, own$).pipe(
      scan((so, input): NodeStep => {
        const at = scheduler.now();
        if (input.kind !== 'received') return nodeStep(so.node, input, decide, at);
        const read = readPacket(input.message);
        if (read.ok) return nodeStep(so.node, { kind: 'packet', from: input.from, packet: read.value }, decide, at);
        return { node: so.node, packets: [], commands: [], events: [{ ...read.error, at }] };
      }, start),
      concatMap(({ events, packets, commands }) =>
        concat(
          from(events),
          defer(() => {
            for (const { to, packet } of packets) transport.reply(to, packet);
            return EMPTY;
          }),
          ...commands.map((command) => defer(() => of({ kind: 'command' as const, at: scheduler.now(), command }))),
        ),
      ),
    );
  });
