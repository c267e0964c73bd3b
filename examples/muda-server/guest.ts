/** The guest's client as a process: `guest.ts PORT PLACE`. The guest is busy until it has left its home, and idle from then on. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setInterval } from 'node:timers';
import { protocol } from 'whither/engine';
import type { Sample } from 'whither/model';
import { send, values } from './lines.js';
import { guest, interval } from './site.js';

const [port = '', place = ''] = process.argv.slice(2);
const started = Date.now();
const socket = connect(Number(port), '127.0.0.1');
let client = protocol.guestClient(guest, started);

function happen(input: protocol.GuestInput): void {
  const step = protocol.guestClientStep(client, input, Date.now());
  client = step.client;
  for (const message of step.messages) send(socket, message);
}

/** Its job is done as soon as it has come to a faster host. */
let busy = true;
/** The load average of a job that has just begun rises. */
let load = 0.5;

const sample = (): Sample => {
  load = busy ? load + 0.1 : 0.1;
  const used = busy ? 0.95 : 0.02;
  return {
    kind: 'guest',
    id: guest.id,
    at: Date.now(),
    cpu: { used, user: used, system: 0, steal: 0, iowait: 0.01 },
    load: { one: load, five: 0.5, fifteen: 0.2 },
    memory: { total: guest.memory, used: guest.memory / 2, available: guest.memory / 2, swapTotal: 0, swapUsed: 0 },
    network: { received: 0, sent: 0 },
    processes: [{ name: 'encode', cpu: used, memory: guest.memory / 4 }],
  };
};

values(socket).subscribe((value) => {
  const reply = protocol.readReply(value);
  if (reply.ok) happen({ kind: 'reply', reply: reply.value });
});
// The process does not really move; the hypervisors write down where the guest is, as firmware strings would tell it.
const turns = setInterval(() => {
  const host = readFileSync(place, 'utf8');
  busy &&= host === guest.home;
  happen({ kind: 'turn', samples: [sample()], host });
}, interval);
socket.once('close', () => {
  clearInterval(turns);
  process.exit(0);
});
socket.on('error', () => undefined);
