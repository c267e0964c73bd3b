/**
 * The management server and its clients as real processes on one machine: run it, and watch a guest leave its home, return
 * when idle, leave by hand, and be recalled. Ends by itself.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Observable, Subject } from 'rxjs';
import { protocol } from 'whither/engine';
import { seconds } from 'whither/model';
import { firstOf, homeward, muda } from 'whither/policies';
import { send, values } from './lines.js';
import { eventLine } from './print.js';
import { guest, interval } from './site.js';

const started = Date.now();
const print = (line: string): void => {
  process.stdout.write(`${((Date.now() - started) / 1000).toFixed(2).padStart(5)} s  ${line}\n`);
};

/** The thesis' own rules, with a second where it has 20 s and 60 s, so that one need not wait. */
const decide = protocol.decidedBy(firstOf(muda({ use: { for: seconds(1) } }), homeward({ idle: seconds(1) })));

/** Speaks as a person would, in the server's own process. */
const person = new Subject<protocol.Received<Socket | undefined>>();
let words = 0;
const say = (body: protocol.UserBody): void => {
  words += 1;
  print(`somebody says: ${JSON.stringify(body)}`);
  person.next({
    channel: undefined,
    message: { ...body, sender: { kind: 'user', id: 'somebody' }, incarnation: started, sequence: words },
  });
};

const listener = createServer();
const transport: protocol.Transport<Socket | undefined> = {
  received: () =>
    new Observable((observer) => {
      const spoken = person.subscribe(observer);
      listener.on('connection', (socket: Socket) => {
        socket.on('error', () => undefined);
        values(socket).subscribe((message) => observer.next({ channel: socket, message }));
      });
      return () => spoken.unsubscribe();
    }),
  reply: (socket, reply: protocol.Reply) => {
    if (socket) send(socket, reply);
    else print(`somebody is told: ${JSON.stringify(reply.body)}`);
  },
};

const folder = mkdtempSync(join(tmpdir(), 'muda-'));
const place = join(folder, 'place');
writeFileSync(place, guest.host);

const start = (file: string, ...parameters: string[]): ReturnType<typeof spawn> =>
  spawn(process.execPath, [...process.execArgv, fileURLToPath(new URL(file, import.meta.url)), ...parameters], {
    stdio: 'inherit',
  });

listener.listen(0, '127.0.0.1', () => {
  const address = listener.address();
  const port = String(typeof address === 'object' ? address?.port : '');
  const clients = [
    start('host.ts', 'home', port, place),
    start('host.ts', 'desktop', port, place),
    start('guest.ts', port, place),
  ];
  const end = (code: number): void => {
    server.unsubscribe();
    for (const client of clients) client.kill();
    rmSync(folder, { recursive: true });
    process.exit(code);
  };
  const arrivals: string[] = [];
  const server = protocol.managementServer({ transport, decide, session: 1, every: interval }).subscribe((event) => {
    const line = eventLine(event);
    if (line !== undefined) print(line);
    if (event.kind === 'placed' && event.host !== undefined) arrivals.push(event.host);
    if (event.kind === 'ended' && event.landing === 'done') {
      // Out by load, home when idle, out by hand, home by recall.
      if (arrivals.length === 3) say({ kind: 'order', guest: guest.id, to: 'desktop' });
      if (arrivals.length === 4) say({ kind: 'recall', host: 'home' });
    }
    if (event.kind === 'safe to unplug') {
      print('the example ends');
      end(0);
    }
  });
  // Should anything go wrong, it does not hang.
  setTimeout(() => end(1), 30_000).unref();
});
