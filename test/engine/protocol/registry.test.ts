import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  guestEntry,
  hostEntry,
  initialServer,
  inventoryOf,
  type Message,
  protocolSettings,
  readMessage,
  readReply,
  reportsOf,
  retention,
  type ServerState,
  step,
  switchStorage,
  tick,
  whereIs,
} from '../../../src/engine/protocol/index.js';
import { emptyShelf, onShelf, put, remove, type Shelf, shelved } from '../../../src/engine/protocol/shelf.js';
import { aGuest, aHost, someParameters, World } from './world.js';

const said = (state: ServerState, at: number, ...messages: readonly Message[]): ReturnType<typeof step> =>
  messages.reduce((so, message) => step(so.state, message, at), step(state, messages[0] ?? hostA, at));

const hostA: Message = {
  kind: 'register host',
  sender: { kind: 'host', id: 'a' },
  incarnation: 1,
  sequence: 1,
  host: aHost('a'),
};
const guestG: Message = {
  kind: 'register guest',
  sender: { kind: 'guest', id: 'g' },
  incarnation: 1,
  sequence: 1,
  guest: aGuest('g', 'a'),
};
const report = (sequence: number, at: number, id = 'g'): Message => ({
  kind: 'report guest',
  sender: { kind: 'guest', id: 'g' },
  incarnation: 1,
  sequence,
  session: 1,
  samples: [{ kind: 'guest', id, at }],
  host: 'a',
});
const registered = step(step(initialServer(1), hostA, 0).state, guestG, 0).state;

describe('registration', () => {
  test('M6 a host that registers is listed with its static facts', () => {
    expect(hostEntry(registered.registry, 'a')?.host).toEqual(aHost('a'));
  });

  test('M6 a guest that registers is listed and names the host that it is on', () => {
    expect(guestEntry(registered.registry, 'g')?.guest.id).toBe('g');
    expect(whereIs(registered, 'g')).toBe('a');
  });

  test('M6 a guest that names a host that nobody knows is refused', () => {
    expect(step(initialServer(1), guestG, 0).replies[0]?.body).toEqual({
      kind: 'refused',
      refusal: { kind: 'unknown host', host: 'a' },
    });
  });

  test('M6 a host outweighs a guest about where the guest is', () => {
    const poll: Message = {
      kind: 'poll',
      sender: { kind: 'host', id: 'a' },
      incarnation: 1,
      sequence: 2,
      session: 1,
      copies: [],
    };
    expect(whereIs(step(registered, poll, 0).state, 'g')).toBeUndefined();
  });

  test('M4 a party that is not registered is answered, and told to register first', () => {
    expect(step(initialServer(1), report(1, 0), 0).replies[0]?.body).toEqual({ kind: 'register first' });
  });

  test('M3 the registry gives the inventory that policies see, with hosts that have departed switched off', () => {
    expect(inventoryOf(registered.registry)).toEqual({ hosts: [aHost('a')], guests: [aGuest('g', 'a')] });
    expect(inventoryOf(tick(registered, 30_000).state.registry).hosts[0]?.state).toBe('off');
  });
});

describe('reports', () => {
  const subject = { kind: 'guest', id: 'g' } as const;

  test('M10 reports are kept for the longest expected duration, and then dropped', () => {
    const kept = said(registered, 1000, report(2, 1000)).state;
    expect(reportsOf(tick(kept, 121_000).state.registry, subject)).toHaveLength(1);
    expect(reportsOf(tick(kept, 121_001).state.registry, subject)).toEqual([]);
  });

  test('M10 they are kept for a minute at least', () => {
    expect(retention(protocolSettings({ longestExpected: 5000 }))).toBe(60_000);
    expect(retention(protocolSettings({ longestExpected: 192_200 }))).toBe(192_200);
  });

  test('M10 new statistics of a guest cause it to be examined again', () => {
    expect(step(registered, report(2, 1000), 1000).events).toContainEqual({ kind: 'examine', at: 1000, guest: 'g' });
  });

  test.each([
    ['out of order', report(3, 500)],
    ['duplicate', report(3, 1000)],
    ['from the future', report(3, 9000)],
    ['unknown subject', report(3, 2000, 'h')],
  ])('M10 a report that is %s is an event and is not kept', (problem, bad) => {
    const first = step(registered, report(2, 1000), 1000).state;
    const second = step(first, bad, 2000);
    expect(second.events).toContainEqual(expect.objectContaining({ kind: 'bad-input', problem }));
    expect(reportsOf(second.state.registry, subject)).toHaveLength(1);
    expect(second.events.filter(({ kind }) => kind === 'examine')).toEqual([]);
  });
});

describe('what comes over a transport', () => {
  test('M4 every message and reply of a migration survives the wire', () => {
    const world = new World();
    const messages = new Set<string>();
    const replies = new Set<string>();
    for (let n = 0; n < 12; n += 1) {
      if (n === 3) world.say({ kind: 'order', guest: 'g', to: 'b' });
      if (n === 9) world.say({ kind: 'recall', host: 'a' });
      world.pass(1000);
      for (const host of ['a', 'b', 'c']) world.turn(host);
      world.guestTurn('g');
      while (world.toServer.length + world.toClients.length > 0) {
        for (const message of world.toServer) {
          expect(readMessage(JSON.parse(JSON.stringify(message)))).toEqual({ ok: true, value: message });
          messages.add(message.kind);
        }
        world.deliver();
        for (const reply of world.toClients) {
          expect(readReply(JSON.parse(JSON.stringify(reply)))).toEqual({ ok: true, value: reply });
          replies.add(reply.body.kind);
        }
        world.answer();
      }
      for (let jobs = world.jobs.length; jobs > 0; jobs -= 1) world.work(jobs - 1);
      world.load();
    }
    expect([...messages]).toEqual(expect.arrayContaining(['parameters', 'receiver ready', 'done', 'confirm', 'poll']));
    expect([...replies]).toEqual(expect.arrayContaining(['orders', 'accepted', 'registered', 'recall', 'ordered']));
  });

  test('M4 anything else is bad input with its path', () => {
    expect(readMessage({ ...hostA, host: { ...aHost('a'), id: 'b' } })).toMatchObject({
      ok: false,
      error: { kind: 'bad-input', place: 'message: host.id' },
    });
    expect(readMessage('hello')).toMatchObject({ ok: false });
  });

  test('M31 a copy that is not simply running names its migration', () => {
    const poll = {
      kind: 'poll',
      sender: { kind: 'host', id: 'a' },
      incarnation: 1,
      sequence: 2,
      copies: [{ guest: 'g', state: 'kept' }],
    };
    expect(readMessage(poll)).toMatchObject({ ok: false, error: { place: 'message: copies[0].migration' } });
  });
});

describe('settings', () => {
  test('a limit that is out of range is refused at once, with its path', () => {
    expect(() => protocolSettings({ limits: { done: -1 } })).toThrow(/^protocol\.limits\.done: /);
  });
});

describe('storage access', () => {
  test('M47 an image that is local at home is exported when the guest leaves, and local again when it returns', () => {
    const there = switchStorage(someParameters, aHost('b'));
    expect(there).toMatchObject({ ok: true, value: { disks: [{ access: 'nfs' }] } });
    expect(there.ok && switchStorage(there.value, aHost('a'))).toMatchObject({
      value: { disks: [{ access: 'local' }] },
    });
  });

  test('M47 M30 a destination that does not reach the image gets no receiver', () => {
    const bare = { ...aHost('b'), storage: [] };
    expect(switchStorage(someParameters, bare)).toEqual({ ok: false, error: 'images' });
  });
});

describe('a shelf', () => {
  test('holds what a map holds, and changes nothing that was held before', () => {
    const key = fc.oneof(fc.constantFrom('__proto__', 'constructor', ''), fc.string({ maxLength: 3 }));
    const change = fc.tuple(key, fc.option(fc.nat(), { nil: undefined }));
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const model = new Map<string, number>();
        let shelf: Shelf<number> = emptyShelf;
        for (const [name, value] of changes) {
          const before = shelf;
          const was = shelved(before);
          shelf = value === undefined ? remove(shelf, name) : put(shelf, name, value);
          if (value === undefined) model.delete(name);
          else model.set(name, value);
          expect(shelved(before)).toEqual(was);
          expect(onShelf(shelf, name)).toBe(model.get(name));
        }
        expect(new Map(shelved(shelf))).toEqual(model);
      }),
    );
  });
});
