/** QMP: conversations as they were recorded, and those that no good QEMU would hold. */
import { createServer, type Server, type Socket } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat, firstValueFrom, NEVER, Observable, of, Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Dial,
  DriverError,
  type QmpAddress,
  qmpClient,
  type QmpConnection,
  qmpConnection,
  type QmpEvent,
} from '../../../src/drivers/index.js';
import { seconds } from '../../../src/model/index.js';
import { virtualTime } from '../../../src/simulation/index.js';
import { commandsOf, played, scenes, transcript } from './transcripts.js';

const address: QmpAddress = { kind: 'unix', path: '/run/guest.qmp' };

/** Everything that a conversation came to, each command after the one before. */
const replay = (
  dial: Dial,
  commands: ReturnType<typeof commandsOf>,
  { until = seconds(600), most = 4_000_000 } = {},
): { readonly results: unknown[]; readonly events: QmpEvent[]; readonly lost: unknown } => {
  const time = virtualTime();
  const results: unknown[] = [];
  const events: QmpEvent[] = [];
  let lost: unknown;
  const next = (connection: QmpConnection, i: number): void => {
    const command = commands[i];
    if (!command) return;
    connection.execute(command.execute, command.arguments).subscribe({
      next: (value) => results.push(value),
      error: (thrown: unknown) => {
        results.push(thrown);
        next(connection, i + 1);
      },
      complete: () => next(connection, i + 1),
    });
  };
  qmpConnection({ address, dial, scheduler: time.scheduler, most }).subscribe({
    next: (connection) => {
      connection.events.subscribe({ next: (event) => events.push(event), error: () => undefined });
      next(connection, 0);
    },
    error: (thrown: unknown) => {
      lost = thrown;
    },
  });
  time.run(until);
  return { results, events, lost };
};

const says =
  (...texts: readonly string[]): Dial =>
  () =>
    new Observable((subscriber) =>
      subscriber.next({ pieces: concat(of(...texts.map((text) => Buffer.from(text))), NEVER), send: () => undefined }),
    );

const greeting =
  '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": ""}, "capabilities": []}}\r\n';

describe('a recorded conversation', () => {
  /** These hold lines that are no commands of ours: QEMU answers them without a number. */
  const odd = ['protocol-errors.src', 'not-negotiated.src'];

  test.each(scenes.filter((name) => !odd.includes(name)))('%s: every command has its answer', (name) => {
    const entries = transcript(name);
    const commands = commandsOf(entries);
    const { results } = replay(played(entries), commands);
    expect(results).toHaveLength(commands.length);
    // QEMU closes the connection in the midst of some commands, and after others.
    for (const result of results) expect(DriverError.is(result) || result !== undefined).toBe(true);
  });

  test('gives its events with their times and data', () => {
    const entries = transcript('precopy-completes.src');
    const { events } = replay(played(entries), commandsOf(entries));
    expect(events.map(({ event }) => event)).toContain('STOP');
    expect(events.filter(({ event }) => event === 'MIGRATION').map(({ data }) => data['status'])).toEqual([
      'setup',
      'active',
      'completed',
    ]);
    expect(events[0]?.at).toBeCloseTo(1795296374012.413);
  });

  test('comes to the same in pieces of one byte', () => {
    const entries = transcript('cancel.src');
    const whole = replay(played(entries), commandsOf(entries));
    expect(replay(played(entries, { piece: 1 }), commandsOf(entries))).toEqual(whole);
  });

  test.each([
    ['cancel.src', 'migration process in progress', 'conflict'],
    ['precopy-completes.src', 'paused due to previous migration', 'conflict'],
    ['incoming-errors.dst', 'waiting for an incoming migration', 'conflict'],
    ['bad-targets.src', 'Enable postcopy', 'unsupported'],
    ['bad-targets.src', "does not accept value 'no-such'", 'unsupported'],
    ['dirty-rate.src', 'already being measured', 'conflict'],
  ])('%s: %j is %s', (name, text, kind) => {
    const entries = transcript(name);
    const failed = replay(played(entries), commandsOf(entries)).results.filter((result) => DriverError.is(result));
    expect(failed.find(({ message }) => message.includes(text))?.kind).toBe(kind);
  });

  test('a command that QEMU does not know is unsupported', () => {
    const entries = transcript('protocol-errors.src').slice(0, 5);
    const [failed] = replay(played(entries), commandsOf(entries)).results;
    expect(failed).toMatchObject({ kind: 'unsupported', retryable: false });
  });

  test('the end of the connection is unreachable for whoever waits', () => {
    const entries = transcript('dirty-rate-bitmap-crashes-under-tcg.src');
    const { lost } = replay(played(entries), commandsOf(entries));
    expect(lost).toMatchObject({ kind: 'unreachable', retryable: true });
  });
});

describe('a QEMU that', () => {
  test('accepts and says nothing is given up at the deadline', () => {
    expect(replay(says(), []).lost).toMatchObject({ kind: 'timed out', retryable: true });
  });

  test('greets and then says nothing is given up at the deadline', () => {
    expect(replay(says(greeting), []).lost).toMatchObject({ kind: 'timed out' });
  });

  test('does not greet first is in breach of the protocol', () => {
    expect(replay(says('{"return": {}}\r\n'), []).lost).toMatchObject({ kind: 'protocol' });
  });

  test.each([
    'SSH-2.0-OpenSSH_9.2p1\r\n',
    '[1]\r\n',
    'null\r\n',
    '{}\r\n',
    '{"QMP": 1}\r\n',
    '\u0000\ufffd\r\n',
    '{"event": "X"}\r\n',
  ])('says %j is in breach of the protocol', (text) => {
    expect(replay(says(text), []).lost).toMatchObject({ kind: 'protocol' });
  });

  test('sends a line without end is given up when it is too long, not kept', () => {
    const pieces = Array.from({ length: 100 }, () => 'x'.repeat(1000));
    // The line ends at last, or never; either way somebody is told.
    expect(replay(says(...pieces, '\n'), [], { most: 10_000 }).lost).toMatchObject({ kind: 'protocol' });
    expect(replay(says(...pieces), [], { most: 10_000 }).lost).toMatchObject({ kind: 'timed out' });
  });
});

describe('over a socket', () => {
  let directory: string;
  let server: Server;
  let clients: Socket[];
  let where: QmpAddress;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'qmp-'));
    where = { kind: 'unix', path: join(directory, 's') };
    clients = [];
    server = createServer((socket) => {
      clients.push(socket);
      socket.on('error', () => undefined);
      socket.write(greeting);
      const held: { readonly id: string }[] = [];
      socket.on('data', (bytes) => {
        for (const line of bytes.toString().trim().split('\n')) {
          const command = JSON.parse(line) as { execute: string; id: string };
          // Answers come in the opposite order, with an event before.
          if (command.execute === 'later') held.push(command);
          else {
            socket.write(`{"event": "X", "timestamp": {"seconds": -1, "microseconds": -1}}\r\n`);
            for (const { id } of [command, ...held.splice(0)])
              socket.write(`${JSON.stringify({ return: id, id })}\r\n`);
          }
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(join(directory, 's'), resolve));
  });
  afterEach(() => {
    for (const client of clients) client.destroy();
    server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  test('answers find their commands in whatever order they come', async () => {
    const { execute } = qmpClient({ address: where });
    const [first, second] = await Promise.all([firstValueFrom(execute('later')), firstValueFrom(execute('now'))]);
    expect([first, second]).toEqual(['whither-2', 'whither-3']);
    expect(clients).toHaveLength(1);
  });

  test('nobody is connected to before it is needed, and no longer than that', async () => {
    const { execute } = qmpClient({ address: where });
    const command = execute('now');
    expect(clients).toHaveLength(0);
    await firstValueFrom(command);
    await expect.poll(() => clients[0]?.destroyed).toBe(true);
  });

  test('after a loss the next command connects anew', async () => {
    const client = qmpClient({ address: where });
    const lost = firstValueFrom(client.events());
    await firstValueFrom(client.execute('now'));
    await lost;
    const again = new Promise((resolve) => client.events().subscribe({ error: resolve }));
    await expect.poll(() => clients.length).toBe(2);
    clients[1]?.destroy();
    expect(await again).toMatchObject({ kind: 'unreachable' });
    expect(await firstValueFrom(client.execute('now'))).toMatch(/^whither-/);
  });

  test('a port is spoken to as well', async () => {
    const tcp = createServer((socket) => {
      clients.push(socket);
      socket.end(greeting);
    });
    const port = await new Promise<number>((resolve) =>
      tcp.listen(0, '127.0.0.1', () => resolve((tcp.address() as { port: number }).port)),
    );
    const { execute } = qmpClient({ address: { kind: 'tcp', host: '127.0.0.1', port } });
    await expect(firstValueFrom(execute('now'))).rejects.toMatchObject({ kind: 'unreachable' });
    tcp.close();
  });

  test('nobody there is not found', async () => {
    const { execute } = qmpClient({ address: { kind: 'unix', path: join(directory, 'nobody') } });
    await expect(firstValueFrom(execute('x'))).rejects.toMatchObject({ kind: 'not found', retryable: true });
  });

  test('a command that is not answered fails at its own deadline, and the conversation lives on', async () => {
    const client = qmpClient({ address: where });
    const events = new Subject<QmpEvent>();
    const holding = client.events().subscribe(events);
    await expect(firstValueFrom(client.execute('later', undefined, { deadline: 20 }))).rejects.toMatchObject({
      kind: 'timed out',
    });
    expect(await firstValueFrom(client.execute('now'))).toMatch(/^whither-/);
    holding.unsubscribe();
    expect(clients).toHaveLength(1);
  });
});
