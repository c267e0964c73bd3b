/** The guest's client as a process: `guest.ts PORT PLACE`. The guest is busy for a second, and idle from then on. */
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

const sample = (): Sample => {
  const at = Date.now();
  const busy = at - started < 1000;
  const used = busy ? 0.95 : 0.02;
  return {
    kind: 'guest',
    id: guest.id,
    at,
    cpu: { used, iowait: 0.01 },
    load: { one: busy ? 1.6 : 0.1, five: 0.5, fifteen: 0.2 },
    processes: [{ name: 'encode', cpu: used, memory: 2 ** 25 }],
  };
};

values(socket).subscribe((value) => {
  const reply = protocol.readReply(value);
  if (reply.ok) happen({ kind: 'reply', reply: reply.value });
});
// The process does not really move; the hypervisors write down where the guest is, as firmware strings would tell it.
const turns = setInterval(
  () => happen({ kind: 'turn', samples: [sample()], host: readFileSync(place, 'utf8') }),
  interval,
);
socket.once('close', () => {
  clearInterval(turns);
  process.exit(0);
});
socket.on('error', () => undefined);
