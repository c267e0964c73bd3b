import { describe, expect, test } from 'vitest';
import { markOfGuest, markOfHost, phaseOf, type UserBody, whereIs } from '../../../src/engine/protocol/index.js';
import { World, type WorldOptions } from './world.js';

const order: UserBody = { kind: 'order', guest: 'g', to: 'b' };

/** A world of which all clients are registered, and in which g has been ordered from a to b. */
const ordered = (options?: WorldOptions): World => {
  const world = new World(options);
  for (let n = 0; n < 3; n += 1) world.round();
  world.say(order);
  world.deliver();
  world.answer();
  return world;
};

const drain = (world: World): void => {
  while (world.toServer.length + world.toClients.length > 0) {
    world.deliver();
    world.answer();
  }
};

/** One exchange of a host, all of it, with nobody else speaking. */
const exchange = (world: World, host: string): void => {
  world.turn(host);
  drain(world);
};

/** A host reports, and its poll is lost. */
const reportOnly = (world: World, host: string): void => {
  world.turn(host);
  world.deliver();
  world.answer();
  world.toServer = [];
};

const finishJobs = (world: World): void => {
  while (world.jobs.length > 0) world.work();
};

/** Drives g's migration to a state, each step by a poll of the host whose turn it is. */
const until = (phase: string): World => {
  const world = ordered();
  const polled = (host: string): void => {
    exchange(world, host);
    finishJobs(world);
    drain(world);
  };
  const handedOver = (): void => {
    world.work();
    world.work();
    drain(world);
  };
  const steps = [() => polled('a'), () => polled('b'), () => exchange(world, 'a'), handedOver];
  for (const next of steps) {
    if (phaseOf(world.server, 'g') === phase) return world;
    next();
  }
  return world;
};

const states = (world: World): readonly string[] =>
  world.events.flatMap((event) => (event.kind === 'state' && event.migration.guest === 'g' ? [event.to] : []));

const silence = 6000;

describe('the states of one migration', () => {
  test('M31 M33 a migration passes through all states, in their order, back to none', () => {
    const world = ordered();
    world.calm();
    expect(states(world)).toEqual([
      'should be migrating',
      'parameters available',
      'receiver ready',
      'executing',
      'done',
      'none',
    ]);
    expect(whereIs(world.server, 'g')).toBe('b');
    world.checkRest();
  });

  test('M31 on the order the guest, the source and the destination are marked, and nobody else', () => {
    const world = ordered();
    expect([markOfGuest(world.server, 'g'), markOfHost(world.server, 'a'), markOfHost(world.server, 'b')]).toEqual([
      '1.1',
      '1.1',
      '1.1',
    ]);
    expect([markOfGuest(world.server, 'h'), markOfHost(world.server, 'c')]).toEqual([undefined, undefined]);
  });

  test('M32 nothing advances without a poll, however long the server waits within its limits', () => {
    const world = ordered();
    world.pass(4000);
    expect(world.jobs).toEqual([]);
    expect(phaseOf(world.server, 'g')).toBe('should be migrating');
  });

  test.each(['should be migrating', 'parameters available', 'receiver ready', 'executing', 'done'])(
    'M31 M32 with polls delayed in "%s" the migration ends done all the same',
    (phase) => {
      const world = until(phase);
      expect(phaseOf(world.server, 'g')).toBe(phase);
      world.pass(3000);
      world.calm();
      expect(whereIs(world.server, 'g')).toBe('b');
      world.checkRest();
    },
  );

  test.each(['should be migrating', 'parameters available', 'receiver ready'])(
    'M31 M34 with the destination lost in "%s" the migration is given up, the marks are reset and the guest stays',
    (phase) => {
      const world = until(phase);
      for (let n = 0; n < 6; n += 1) {
        world.pass(1000);
        reportOnly(world, 'a');
      }
      expect([phaseOf(world.server, 'g'), markOfHost(world.server, 'a')]).toEqual(['none', undefined]);
      expect(world.running('g')).toEqual(['a']);
      expect(world.events).toContainEqual(
        expect.objectContaining({
          kind: 'ended',
          landing: 'failed',
          outcome: expect.objectContaining({
            ending: {
              result: 'failed',
              failure: { kind: 'unreachable', retryable: true, message: 'b was not heard of for 5000 ms' },
            },
          }) as unknown,
        }),
      );
    },
  );

  test.each(['should be migrating', 'parameters available', 'receiver ready'])(
    'M31 M34 with the source lost in "%s" the marks are reset, and the destination removes a receiver on its next poll',
    (phase) => {
      const world = until(phase);
      for (let n = 0; n < 6; n += 1) {
        world.pass(1000);
        exchange(world, 'b');
      }
      expect([phaseOf(world.server, 'g'), markOfHost(world.server, 'b')]).toEqual(['none', undefined]);
      world.calm();
      world.checkRest();
      expect(world.running('g')).toEqual(['a']);
    },
  );

  test('M34 with the source lost while executing nothing is guessed: the guest is held, the hosts are free', () => {
    const world = until('executing');
    for (let n = 0; n < 45; n += 1) {
      world.pass(1000);
      exchange(world, 'b');
      const removal = world.jobs.findIndex(({ host }) => host === 'b');
      if (removal >= 0) world.work(removal);
    }
    expect(world.server.flights[0]).toMatchObject({ held: true, source: 'unheard', destination: 'void' });
    expect([markOfGuest(world.server, 'g'), markOfHost(world.server, 'b')]).toEqual(['1.1', undefined]);
    world.calm();
    world.checkRest();
    expect(world.running('g')).toEqual(['a']);
  });

  test('M34 with the destination lost after the handover the source keeps its copy until somebody can tell', () => {
    const world = until('executing');
    world.work();
    world.work();
    drain(world);
    expect(phaseOf(world.server, 'g')).toBe('done');
    for (let n = 0; n < 40; n += 1) {
      world.pass(1000);
      exchange(world, 'a');
    }
    expect(world.server.flights[0]).toMatchObject({ held: true, source: 'keeps', destination: 'receiver' });
    expect(world.copies.get('a')).toMatchObject([{ guest: 'g', state: 'kept' }]);
    world.load();
    world.calm();
    world.checkRest();
    expect(whereIs(world.server, 'g')).toBe('b');
  });

  test('M34 a state that lasts too long is given up though all parties poll', () => {
    const world = until('parameters available');
    for (let n = 0; n < 10; n += 1) {
      world.pass(1000);
      exchange(world, 'a');
      exchange(world, 'b');
    }
    expect(phaseOf(world.server, 'g')).toBe('none');
  });

  test('M34 a migration that executes for too long is cancelled at the source, and fails only by its word', () => {
    const world = until('executing');
    world.work();
    for (let n = 0; n < 30; n += 1) {
      world.pass(1000);
      exchange(world, 'a');
      exchange(world, 'b');
    }
    expect(world.jobs.map(({ command }) => command.kind)).toContain('cancel');
    expect(phaseOf(world.server, 'g')).toBe('executing');
    world.work(world.jobs.findIndex(({ command }) => command.kind === 'cancel'));
    drain(world);
    expect(phaseOf(world.server, 'g')).toBe('none');
    expect(world.running('g')).toEqual(['a']);
  });
});

describe('the end of a migration', () => {
  test('M34 the source says done: the state is done and the map tells the destination', () => {
    const world = until('done');
    expect([phaseOf(world.server, 'g'), whereIs(world.server, 'g')]).toEqual(['done', 'b']);
  });

  test('M34 the guest reports from its new host: the migration is over, though neither host has said so', () => {
    const world = until('executing');
    world.guestTurn('g');
    drain(world);
    world.work();
    world.work();
    world.load();
    world.toServer = [];
    expect(phaseOf(world.server, 'g')).toBe('executing');
    world.pass(100);
    world.guestTurn('g');
    world.deliver();
    expect([phaseOf(world.server, 'g'), whereIs(world.server, 'g')]).toEqual(['none', 'b']);
    world.toClients = [];
    world.calm();
    world.checkRest();
  });

  test('M34 a report of the guest that does not know of the order proves nothing', () => {
    const world = until('executing');
    world.toServer.push({
      kind: 'report guest',
      sender: { kind: 'guest', id: 'g' },
      incarnation: 99,
      sequence: 1,
      session: 1,
      samples: [],
      host: 'b',
    });
    world.deliver();
    expect(phaseOf(world.server, 'g')).toBe('executing');
    expect(whereIs(world.server, 'g')).toBe('a');
  });

  test('M34 a receiver that ends without having run lets the kept copy run again at the source', () => {
    const world = until('executing');
    world.work();
    world.work();
    drain(world);
    world.load(0, false);
    world.calm();
    world.checkRest();
    expect(world.running('g')).toEqual(['a']);
    expect(whereIs(world.server, 'g')).toBe('a');
  });

  // Found by the properties: the end of the first migration was forgotten while the guest was on its way back.
  test('M34 a copy that a guest once left is released when the guest has come back to run beside it', () => {
    const world = new World();
    world.calm(5);
    const migration = { id: '0.7', guest: 'g', from: 'a', to: 'b' };
    world.ran.add('0.7');
    world.copies.set('a', [
      { guest: 'g', state: 'running' },
      { guest: 'g', state: 'kept', migration },
    ]);
    world.restart('a');
    world.calm();
    world.checkRest();
    expect(world.running('g')).toEqual(['a']);
  });

  test('M34 a host that did not take part and runs the guest ends the migration', () => {
    const world = until('executing');
    world.copies.set('a', []);
    world.jobs = [];
    world.copies.set('c', [{ guest: 'g', state: 'running' }]);
    world.restart('a');
    world.restart('c');
    exchange(world, 'c');
    expect([phaseOf(world.server, 'g'), whereIs(world.server, 'g')]).toEqual(['none', 'c']);
  });
});

describe('messages that are lost, late or repeated', () => {
  test('M33 an order to execute whose answer was lost is given again, and carried out once', () => {
    const world = until('receiver ready');
    world.turn('a');
    while (phaseOf(world.server, 'g') !== 'executing') {
      world.deliver();
      if (phaseOf(world.server, 'g') !== 'executing') world.answer();
    }
    world.toClients = [];
    expect(world.jobs).toEqual([]);
    world.pass(3500);
    exchange(world, 'a');
    expect(world.jobs.map(({ command }) => command.kind)).toEqual(['execute']);
    exchange(world, 'a');
    expect(world.jobs).toHaveLength(1);
    world.calm();
    expect(whereIs(world.server, 'g')).toBe('b');
  });

  test('M33 an order to execute that comes after its poll was given up is not carried out', () => {
    const world = until('receiver ready');
    exchange(world, 'c');
    world.turn('a');
    while (phaseOf(world.server, 'g') !== 'executing') {
      world.deliver();
      if (phaseOf(world.server, 'g') !== 'executing') world.answer();
    }
    expect(world.toClients[0]?.body).toMatchObject({ kind: 'orders', orders: [{ kind: 'execute' }] });
    world.pass(3500);
    world.turn('a');
    world.answer();
    expect(world.jobs).toEqual([]);
    drain(world);
    expect(world.jobs.map(({ command }) => command.kind)).toEqual(['execute']);
  });

  test('M34 a word about an earlier attempt does not touch the present one', () => {
    const world = until('parameters available');
    world.pass(silence);
    world.calm();
    world.say(order);
    world.deliver();
    world.answer();
    const attempt = markOfGuest(world.server, 'g');
    expect(attempt).toBe('1.2');
    const talk = world.clients.get('a')?.talk;
    world.toServer.push({
      kind: 'failed',
      sender: { kind: 'host', id: 'a' },
      incarnation: talk?.incarnation ?? 0,
      sequence: (talk?.sequence ?? 0) + 1,
      session: 1,
      migration: '1.1',
      failure: { kind: 'unreachable', retryable: true, message: 'long ago' },
    });
    world.deliver();
    expect(markOfGuest(world.server, 'g')).toBe(attempt);
  });

  test('M34 a message that comes a second time is ignored, and said to be stale', () => {
    const world = new World();
    world.turn('a');
    world.duplicate(0, 'to server');
    world.deliver();
    world.deliver();
    expect(world.events.at(-1)).toMatchObject({ kind: 'ignored', why: 'stale', party: { kind: 'host', id: 'a' } });
    expect(world.toClients.at(-1)?.body).toEqual({ kind: 'stale', incarnation: 1, sequence: 1 });
  });

  test('M33a an order by hand that is said twice makes one migration', () => {
    const world = ordered();
    world.say(order);
    world.deliver();
    world.answer();
    expect(world.answers.at(-1)?.body).toMatchObject({ kind: 'ordered', migration: { id: '1.1' } });
    expect(world.server.flights).toHaveLength(1);
  });

  test('M34 a client of an earlier start is silent once a later one has spoken', () => {
    const world = new World();
    const old = world.clients.get('a');
    world.restart('a');
    exchange(world, 'a');
    if (old) world.clients.set('a', old);
    world.pass(1000);
    exchange(world, 'a');
    expect(world.clients.get('a')?.talk.superseded).toBe(true);
    world.turn('a');
    expect(world.toServer).toEqual([]);
  });

  test('M6 a server that was started anew asks its clients to register, and finds the map again', () => {
    const world = new World();
    world.calm(5);
    world.restartServer();
    expect(whereIs(world.server, 'g')).toBeUndefined();
    world.pass(1000);
    exchange(world, 'a');
    expect(whereIs(world.server, 'g')).toBe('a');
  });

  test('M31 a server that was started anew finds a migration under way and follows it to its end', () => {
    const world = until('executing');
    world.work();
    world.restartServer();
    world.pass(1000);
    exchange(world, 'a');
    expect(world.server.flights).toMatchObject([{ order: { id: '1.1', guest: 'g' }, origin: 'found' }]);
    world.calm();
    world.checkRest();
    expect(world.running('g')).toEqual(['b']);
  });
});

describe('wishes', () => {
  const answerTo = (world: World, body: UserBody): unknown => {
    world.say(body);
    world.deliver(world.toServer.length - 1);
    return world.toClients.at(-1)?.body;
  };
  const rested = (options?: WorldOptions): World => {
    const world = new World(options);
    world.calm(5);
    return world;
  };

  test('M33a an order by hand uses the same states, with no statistics asked for', () => {
    const world = rested();
    expect(answerTo(world, order)).toMatchObject({ kind: 'ordered', migration: { guest: 'g', from: 'a', to: 'b' } });
    expect(phaseOf(world.server, 'g')).toBe('should be migrating');
  });

  test('M34 a guest that is marked is not ordered elsewhere', () => {
    expect(answerTo(ordered(), { kind: 'order', guest: 'g', to: 'c' })).toEqual({
      kind: 'refused',
      refusal: { kind: 'guest marked', guest: 'g', by: '1.1' },
    });
  });

  test('M34 hosts marked in one migration are not chosen for another', () => {
    expect(answerTo(ordered(), { kind: 'order', guest: 'h', to: 'c' })).toEqual({
      kind: 'refused',
      refusal: { kind: 'host marked', host: 'b', by: '1.1' },
    });
  });

  test('M34 hosts marked in one migration are chosen for another where the setting allows it', () => {
    const world = ordered({ protocol: { exclusiveHosts: false } });
    expect(answerTo(world, { kind: 'order', guest: 'h', to: 'c' })).toMatchObject({ kind: 'ordered' });
  });

  test.each([
    [
      { kind: 'order', guest: 'x', to: 'b' },
      { kind: 'unknown guest', guest: 'x' },
    ],
    [
      { kind: 'order', guest: 'g', to: 'x' },
      { kind: 'unknown host', host: 'x' },
    ],
    [
      { kind: 'order', guest: 'g', to: 'a' },
      { kind: 'already there', guest: 'g', host: 'a' },
    ],
  ] as const)('M33a an order that cannot be is refused by name: %j', (wish, refusal) => {
    expect(answerTo(rested(), wish)).toEqual({ kind: 'refused', refusal });
  });
});

describe('recall and disconnection', () => {
  const away = (): World => {
    const world = ordered();
    world.calm();
    expect(whereIs(world.server, 'g')).toBe('b');
    return world;
  };
  const recall: UserBody = { kind: 'recall', host: 'a' };
  const ask = (world: World): unknown => {
    world.say(recall);
    world.deliver(world.toServer.length - 1);
    return world.toClients.pop()?.body;
  };

  test('M40 a recall brings the guest home, and only then says that it is safe to unplug', () => {
    const world = away();
    expect(ask(world)).toEqual({
      kind: 'recall',
      safe: false,
      awaited: [{ guest: 'g', host: 'b', migration: '1.2' }],
    });
    world.calm();
    expect(world.running('g')).toEqual(['a']);
    expect(ask(world)).toEqual({ kind: 'recall', safe: true, awaited: [] });
    expect(world.events.filter(({ kind }) => kind === 'safe to unplug')).toHaveLength(1);
  });

  test('M40 nothing moves to or from a recalled host but what goes home', () => {
    const world = away();
    ask(world);
    world.calm();
    world.say(order);
    world.deliver(world.toServer.length - 1);
    expect(world.toClients.at(-1)?.body).toEqual({ kind: 'refused', refusal: { kind: 'host recalled', host: 'a' } });
  });

  test('M40 a recall calls off a move away from home that nobody was told to execute', () => {
    const world = ordered();
    world.say(recall);
    world.deliver(world.toServer.length - 1);
    expect(world.toClients.at(-1)?.body).toEqual({ kind: 'recall', safe: true, awaited: [] });
    expect(phaseOf(world.server, 'g')).toBe('none');
  });

  test('M40 a recalled host is not safe while its guest is held up, and the reason is told', () => {
    const world = away();
    world.say({ kind: 'order', guest: 'h', to: 'c' });
    world.deliver(world.toServer.length - 1);
    expect(ask(world)).toEqual({
      kind: 'recall',
      safe: false,
      awaited: [{ guest: 'g', host: 'b', refusal: { kind: 'host marked', host: 'b', by: '1.2' } }],
    });
  });

  test('M40 a host that departs after it was safe departs as planned', () => {
    const world = new World();
    world.calm(5);
    ask(world);
    world.pass(silence);
    expect(world.events).toContainEqual({ kind: 'departed', at: world.at, host: 'a', planned: true });
  });

  test('M40 after an accidental cut the guest elsewhere has no disk, until its home is back', () => {
    const world = away();
    for (let n = 0; n < 6; n += 1) {
      world.pass(1000);
      exchange(world, 'b');
    }
    expect(world.events).toContainEqual(expect.objectContaining({ kind: 'departed', host: 'a', planned: false }));
    expect(world.events).toContainEqual(expect.objectContaining({ kind: 'disk lost', guest: 'g', host: 'a', on: 'b' }));
    exchange(world, 'a');
    expect(world.events).toContainEqual(expect.objectContaining({ kind: 'disk back', guest: 'g', host: 'a', on: 'b' }));
  });

  test('M40 no move goes to or from a host that has departed', () => {
    const world = new World();
    world.calm(5);
    for (let n = 0; n < 6; n += 1) {
      world.pass(1000);
      exchange(world, 'b');
    }
    const refused = (guest: string, to: string): unknown => {
      world.say({ kind: 'order', guest, to });
      world.deliver(world.toServer.length - 1);
      return world.toClients.at(-1)?.body;
    };
    expect(refused('g', 'b')).toEqual({ kind: 'refused', refusal: { kind: 'host departed', host: 'a' } });
    expect(refused('h', 'a')).toEqual({ kind: 'refused', refusal: { kind: 'host departed', host: 'a' } });
  });
});
