import { Subject, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, test } from 'vitest';
import {
  type Command,
  type Copy,
  decidedBy,
  type NodeInput,
  nodeStep,
  type Packet,
  peer,
  type PeerEvent,
  readPacket,
  type Received,
  startNode,
} from '../../../src/engine/protocol/index.js';
import { cpu, level } from '../../../src/metrics/index.js';
import { gibibytes, type Host, type HostId, mebibytes, type Sample } from '../../../src/model/index.js';
import { definePolicy } from '../../../src/policies/index.js';
import { PeerWorld } from './peer-world.js';
import { aGuest, aHost, someParameters } from './world.js';

const settled = (world: PeerWorld): PeerWorld => {
  for (let n = 0; n < 30; n += 1) world.round();
  return world;
};
const ends = (world: PeerWorld) =>
  world.events.flatMap((event) => (event.kind === 'ended' ? [[event.outcome.guest, event.landing]] : []));

describe('nodes without a server', () => {
  test('M5 every node keeps its own registry of what it heard of the others', () => {
    const world = new PeerWorld();
    world.round();
    for (const { server } of world.nodes.values()) {
      expect(server.registry.hosts.flatMap((bucket) => [...(bucket?.keys() ?? [])]).sort()).toEqual(['a', 'b', 'c']);
      expect(server.registry.guests.flatMap((bucket) => [...(bucket?.keys() ?? [])]).sort()).toEqual(['g', 'h']);
    }
  });

  test('M5 a node sends its guest to another that consents, and all learn where it is', () => {
    const world = new PeerWorld();
    world.wishes.set('g', 'c');
    settled(world);
    expect(world.running('g')).toEqual(['c']);
    expect(ends(world)).toEqual([['g', 'done']]);
    world.checkRest();
  });

  test('M5 M31 it passes through the same states as with a server', () => {
    const world = new PeerWorld();
    world.wishes.set('g', 'c');
    settled(world);
    expect(world.events.flatMap((event) => (event.kind === 'state' ? [event.to] : []))).toEqual([
      'should be migrating',
      'parameters available',
      'receiver ready',
      'executing',
      'done',
      'none',
    ]);
  });

  test('M5 a guest that came is sent on by its new node, not by its old one', () => {
    const world = new PeerWorld();
    world.wishes.set('g', 'b');
    settled(world);
    world.wishes.set('g', 'c');
    settled(world);
    expect(world.running('g')).toEqual(['c']);
    const orders = world.events.flatMap((event) => (event.kind === 'ended' ? [event.outcome.id] : []));
    expect(orders.map((id) => id.split('.')[0])).toEqual(['a', 'b']);
  });

  test('M5 its new node leaves it alone until the old one has ended the migration', () => {
    const world = new PeerWorld();
    world.wishes.set('g', 'b');
    while (world.running('g')[0] !== 'b') world.round();
    // From here on b hears of nobody, so nobody has told it that the migration is over.
    world.packets = [];
    world.lost = ({ to }) => to === 'b';
    world.wishes.set('g', 'c');
    for (let n = 0; n < 5; n += 1) {
      world.pass(1000);
      world.turn('b');
    }
    expect(world.events.filter((event) => event.kind === 'state' && event.migration.from === 'b')).toEqual([]);
    world.lost = () => false;
    settled(world);
    expect(world.running('g')).toEqual(['c']);
  });

  test('M5 what a third node said before a migration was ordered does not end it', () => {
    const world = new PeerWorld({ guests: [['g', 'c']] });
    settled(world);
    world.turn('c');
    const late = world.packets.find(({ from, to, packet }) => from === 'c' && to === 'a' && packet.kind === 'question');
    expect(late?.packet).toMatchObject({ message: { kind: 'poll', copies: [{ guest: 'g', state: 'running' }] } });
    world.packets = [];
    // The poll is on its way for long, and all that c asks a after it is lost.
    world.lost = ({ from, to, packet }) => from === 'c' && to === 'a' && packet.kind === 'question';
    world.wishes.set('g', 'a');
    for (let n = 0; n < 60 && world.running('g')[0] !== 'a'; n += 1) world.round();
    settled(world);
    world.wishes.set('g', 'b');
    const sending = () => world.copies.get('a')?.some(({ state }) => state === 'outgoing') === true;
    for (let n = 0; n < 60 && !sending(); n += 1) world.round();
    expect(sending()).toBe(true);
    if (late) world.packets.push(late);
    settled(world);
    expect(ends(world)).toEqual([
      ['g', 'done'],
      ['g', 'done'],
    ]);
    expect(world.running('g')).toEqual(['b']);
  });

  test('M5 a policy decides at each node about its own guests, from what the node heard', () => {
    const relieve = definePolicy({
      name: 'relieve',
      watch: { host: { cpu: level(cpu) } },
      plan: ({ hosts, guests }) => {
        const cool = hosts.find(({ signals }) => (signals.cpu ?? 1) < 0.2);
        const hot = hosts.filter(({ signals }) => (signals.cpu ?? 0) > 0.8).map(({ id }) => id);
        const moved = guests.filter(({ host }) => cool && hot.includes(host));
        return {
          moves: moved.map(({ id, host }) => ({ guest: id, from: host, to: cool?.id ?? host, because: [] })),
          passedOver: [],
        };
      },
    });
    const load: Record<string, number> = { a: 0.9, b: 0.5, c: 0.1 };
    const sample = (kind: 'host' | 'guest', id: string, at: number): Sample => ({
      kind,
      id,
      at,
      cpu: { used: kind === 'host' ? (load[id] ?? 0) : 0.5 },
    });
    const world = new PeerWorld({ decide: decidedBy(relieve), sample });
    settled(world);
    expect([world.running('g'), world.running('h')]).toEqual([['c'], ['b']]);
    expect(world.events.some(({ kind }) => kind === 'decided')).toBe(true);
  });

  test('M5 a node that does not hear of another sends it nothing', () => {
    const stay = definePolicy({
      name: 'to c',
      watch: {},
      plan: ({ guests }) => ({
        moves: guests.map(({ id, host }) => ({ guest: id, from: host, to: 'c', because: [] })),
        passedOver: [],
      }),
    });
    const world = new PeerWorld({ decide: decidedBy(stay) });
    for (let n = 0; n < 10; n += 1) {
      world.pass(1000);
      for (const id of ['a', 'b']) world.turn(id);
      while (world.packets.length > 0) world.deliver();
    }
    expect(world.flights).toEqual([]);
  });
});

describe('consent', () => {
  const small = (id: HostId): Host => ({
    ...aHost(id),
    memory: { total: id === 'c' ? mebibytes(1000) : gibibytes(4), reserved: 0 },
  });

  test('M5 a destination without the memory refuses, and nothing moves', () => {
    const world = new PeerWorld({ host: small });
    world.wishes.set('g', 'c');
    for (let n = 0; n < 6; n += 1) world.round();
    expect(ends(world)[0]).toEqual(['g', 'failed']);
    expect(world.running('g')).toEqual(['a']);
    expect([...world.copies.values()].flat().map(({ state }) => state)).toEqual(['running', 'running']);
    const failures = world.events.flatMap((event) =>
      event.kind === 'ended' && event.outcome.ending.result === 'failed' ? [event.outcome.ending.failure] : [],
    );
    expect(failures[0]).toMatchObject({ kind: 'insufficient memory' });
  });

  test('M5 two nodes that want to send to each other do so one after the other', () => {
    const world = new PeerWorld();
    world.wishes.set('g', 'b').set('h', 'a');
    for (let n = 0; n < 2; n += 1) world.round();
    settled(settled(world));
    expect([world.running('g'), world.running('h')]).toEqual([['b'], ['a']]);
    world.checkRest();
  });

  const asked = (host: Host, copies: readonly Copy[], from: HostId = 'a') => {
    const migration = { id: `${from}.1.1`, guest: 'g', from, to: host.id };
    const command: Command = { kind: 'create receiver', migration, parameters: someParameters };
    const at = 1000;
    const start = startNode(host, copies, ['a'], 7);
    const reply = (body: object, sequence: number): NodeInput => ({
      kind: 'packet',
      from: 'a',
      packet: {
        kind: 'answer',
        reply: { to: { kind: 'host', id: host.id }, incarnation: 7, sequence, session: 1, body } as never,
      },
    });
    const inputs: NodeInput[] = [
      { kind: 'turn', guests: [], samples: [] },
      reply({ kind: 'registered' }, 1),
      reply({ kind: 'orders', orders: [command] }, 2),
    ];
    return inputs.reduce(
      (so, input) => {
        const next = nodeStep(so.node, input, () => undefined, at);
        return { node: next.node, commands: [...so.commands, ...next.commands] };
      },
      { node: start, commands: [] as readonly Command[] },
    ).commands;
  };
  const other = { id: 'c.1.1', guest: 'x', from: 'c', to: 'b' };

  test.each<[string, Host, readonly Copy[], HostId, number]>([
    ['takes a guest when nothing speaks against it', aHost('b'), [], 'a', 1],
    ['takes none while it is draining', { ...aHost('b'), state: 'draining' }, [], 'a', 0],
    ['takes none whose disks it does not reach', { ...aHost('b'), storage: [] }, [], 'a', 0],
    ['takes none of which it holds a copy that runs', aHost('b'), [{ guest: 'g', state: 'running' }], 'a', 0],
    ['takes one at a time', aHost('b'), [{ guest: 'x', state: 'receiver', migration: other }], 'a', 0],
    ['takes none that is not the sender’s to send', aHost('b'), [], 'c', 0],
  ])('M5 a node %s', (_, host, copies, from, commands) => {
    expect(asked(host, copies, from)).toHaveLength(commands);
  });
});

describe('what comes from other nodes', () => {
  const node = startNode(aHost('b'), [], ['a'], 1);
  const statistics = (sequence: number, of = 'a'): Packet => ({
    kind: 'statistics',
    incarnation: 1,
    sequence,
    host: aHost(of),
    guests: [aGuest('g', of)],
    samples: [],
  });
  const heard = (from: HostId, ...packets: readonly Packet[]) =>
    packets.reduce(
      (so, packet) => nodeStep(so.node, { kind: 'packet', from, packet }, () => undefined, 0),
      nodeStep(node, { kind: 'packet', from, packet: statistics(1) }, () => undefined, 0),
    );

  test('M5 statistics that come late or twice change nothing', () => {
    const late = heard('a', statistics(3), statistics(2));
    expect(late.events).toMatchObject([{ kind: 'ignored', why: 'stale' }]);
    expect(heard('a', statistics(3)).node.server).toEqual(late.node.server);
  });

  test('M5 a node that speaks of another is not heard', () => {
    expect(heard('a', statistics(2, 'c')).node).toEqual(heard('a').node);
  });

  test('M5 a packet that is none is a bad input that names the place', () => {
    expect(readPacket(statistics(1)).ok).toBe(true);
    const wrong = readPacket({ ...statistics(1), guests: [aGuest('g', 'c')] });
    expect(wrong).toMatchObject({ ok: false, error: { place: 'packet: guests[0].host' } });
    expect(readPacket('nonsense').ok).toBe(false);
  });
});

test('M5 a node runs over the same kind of transport as a server: cold, told of what is wrong, ended by its hypervisor', () => {
  const received = new Subject<Received<HostId>>();
  const hypervisor = new Subject<Exclude<NodeInput, { kind: 'packet' }>>();
  const sent: [HostId, string][] = [];
  const events: PeerEvent[] = [];
  let ended = false;
  const node$ = peer({
    host: aHost('b'),
    peers: ['a'],
    copies: [],
    transport: { received: () => received, reply: (to, { kind }) => sent.push([to, kind]) },
    hypervisor,
    decide: () => undefined,
    scheduler: new VirtualTimeScheduler(),
  });
  expect(received.observed).toBe(false);
  node$.subscribe({ next: (event) => events.push(event), complete: () => (ended = true) });
  hypervisor.next({ kind: 'turn', guests: [], samples: [] });
  expect(sent).toEqual([
    ['a', 'statistics'],
    ['a', 'question'],
  ]);
  received.next({ channel: 'a', message: 'nonsense' });
  expect(events.at(-1)).toMatchObject({ kind: 'bad-input' });
  hypervisor.complete();
  expect([ended, received.observed]).toEqual([true, false]);
});
