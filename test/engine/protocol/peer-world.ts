/** Peer world: the same hosts, hypervisors and bad network, with a node on every host and no server between them (M5). */
import { expect } from 'vitest';
import {
  type Decide,
  type HostInput,
  type Node,
  nodeStep,
  type NodeInput,
  type Packet,
  startNode,
} from '../../../src/engine/protocol/index.js';
import type { GuestId, Host, HostId, Sample } from '../../../src/model/index.js';
import { aGuest, aHost, brief, World, type WorldOptions } from './world.js';

interface Underway {
  readonly from: HostId;
  readonly to: HostId;
  readonly packet: Packet;
}

export interface PeerWorldOptions extends WorldOptions {
  readonly decide?: Decide;
  readonly host?: (id: HostId) => Host;
  readonly sample?: (kind: 'host' | 'guest', id: string, at: number) => Sample;
}

/** Nodes and their hypervisors; what they say to each other is lost, late, twice and out of order as a test wishes. */
export class PeerWorld extends World {
  readonly nodes = new Map<HostId, Node>();
  packets: Underway[] = [];
  /** Packets that never get on their way. */
  lost: (packet: Underway) => boolean = () => false;
  /** Wishes of a policy that has none of its own: which guest is to go where. */
  readonly wishes = new Map<GuestId, HostId>();
  private readonly decide: Decide;
  private readonly host: (id: HostId) => Host;
  private readonly sample: (kind: 'host' | 'guest', id: string, at: number) => Sample;

  constructor({ decide, host = aHost, sample, ...options }: PeerWorldOptions = {}) {
    super(options);
    this.host = host;
    this.sample = sample ?? ((kind, id, at) => ({ kind, id, at }));
    this.decide =
      decide ??
      ((guest) => {
        const to = this.wishes.get(guest);
        return to === undefined ? undefined : { guest, to };
      });
    for (const id of this.clients.keys()) this.start(id);
  }

  private start(id: HostId): void {
    const peers = [...this.clients.keys()].filter((other) => other !== id);
    // A packet is never on its way for as long as ended migrations are remembered.
    const options = { ...brief, memory: 1e9 };
    this.nodes.set(id, startNode(this.host(id), this.held(id), peers, this.nextStart(), options));
  }

  private happen(id: HostId, input: NodeInput): void {
    const before = this.nodes.get(id);
    if (!before) return;
    const { node, packets, commands, events } = nodeStep(before, input, this.decide, this.at);
    this.nodes.set(id, node);
    this.packets.push(...packets.map((packet) => ({ from: id, ...packet })).filter((packet) => !this.lost(packet)));
    this.jobs.push(...commands.map((command) => ({ host: id, command, incarnation: node.incarnation })));
    this.events.push(...events);
  }

  protected override input(host: HostId, input: HostInput): void {
    if (input.kind === 'copies' || input.kind === 'outcome') this.happen(host, input);
  }

  protected override incarnationOf(host: HostId): number | undefined {
    return this.nodes.get(host)?.incarnation;
  }

  /** A node reports, tells the others and polls. */
  override turn(host: HostId): void {
    const here = this.held(host).filter(({ state }) => state === 'running' || state === 'outgoing');
    const guests = here.map(({ guest }) => ({ ...aGuest(guest, host), home: 'a' }));
    const samples = [
      this.sample('host', host, this.at),
      ...guests.map(({ id }): Sample => this.sample('guest', id, this.at)),
    ];
    this.happen(host, { kind: 'turn', guests, samples });
  }

  /** A node gets one of the packets that are on their way. */
  override deliver(n = 0): void {
    const underway = this.take(this.packets, n);
    if (underway) this.happen(underway.to, { kind: 'packet', from: underway.from, packet: underway.packet });
  }

  override lose(n: number): void {
    this.take(this.packets, n);
  }

  override duplicate(n: number): void {
    const packet = this.packets[n % Math.max(1, this.packets.length)];
    if (packet) this.packets.push(packet);
  }

  override pass(milliseconds: number): void {
    this.at += milliseconds;
  }

  override restart(host: HostId): void {
    this.start(host);
  }

  protected override get stirring(): boolean {
    const left = [...this.copies.values()].flat().some(({ state, migration }) => state !== 'running' || migration);
    return left || this.flights.length > 0;
  }

  /** Migrations under way, at whichever node. */
  get flights(): readonly string[] {
    return [...this.nodes.values()].flatMap(({ server }) => server.flights.map(({ order }) => order.id));
  }

  override round(): void {
    this.pass(1000);
    for (const host of this.nodes.keys()) this.turn(host);
    for (let n = 0; n < 2000 && this.packets.length > 0; n += 1) this.deliver();
    const [jobs, loads] = [this.jobs.length, this.loaded.size];
    for (let n = 0; n < jobs; n += 1) this.work(n);
    for (let n = 0; n < loads; n += 1) this.load();
    this.check();
  }

  /** Besides one running copy at most and never none: no guest is waited for by two receivers, or moved by two nodes. */
  override check(): void {
    super.check();
    for (const guest of this.guests.keys()) {
      const waiting = [...this.copies].flatMap(([host, copies]) =>
        copies.filter((copy) => copy.guest === guest && copy.state === 'receiver').map(() => host),
      );
      const live = waiting.filter((host) => this.mayStillRun(host, guest));
      if (live.length > 1) throw new Error(`${guest} is waited for on ${live.join(' and ')}`);
    }
  }

  /** A receiver that its source still counts on; others are inert remains that are yet to be removed. */
  private mayStillRun(host: HostId, guest: GuestId): boolean {
    return this.held(host).some(
      ({ guest: held, state, migration }) =>
        held === guest &&
        state === 'receiver' &&
        migration !== undefined &&
        (this.loaded.has(migration.id) ||
          this.nodes.get(migration.from)?.server.flights.some(({ order }) => order.id === migration.id) === true),
    );
  }

  override checkRest(): void {
    expect(this.flights).toEqual([]);
    for (const guest of this.guests.keys()) {
      expect(this.running(guest)).toHaveLength(this.dead.has(guest) ? 0 : 1);
      const at = this.running(guest)[0];
      for (const { server, host } of this.nodes.values())
        expect(
          server.registry.places.flatMap((bucket) => bucket?.get(guest)?.host ?? []),
          `at ${host.id}`,
        ).toEqual(at === undefined ? [] : [at]);
    }
    const left = [...this.copies.values()].flat().filter(({ state, migration }) => state !== 'running' || migration);
    expect(left).toEqual([]);
  }
}
