/** A host's client as a process: `host.ts NAME PORT PLACE`. It reports, polls, and lets the hypervisor carry out what it is told. */
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setInterval } from 'node:timers';
import { protocol } from 'whither/engine';
import { hypervisor } from './hypervisor.js';
import { send, values } from './lines.js';
import { guest, hosts, interval } from './site.js';

const [name = '', port = '', place = ''] = process.argv.slice(2);
const host = hosts[name];
if (!host) throw new Error(`no host is called "${name}"`);

const socket = connect(Number(port), '127.0.0.1');
const machine = hypervisor(
  guest.host === name ? [{ guest: guest.id, state: 'running' }] : [],
  () => writeFileSync(place, name),
  (input) => happen(input),
);
let client = protocol.hostClient(host, machine.copies(), Date.now());

/** Something happens to the client: it says what it has to say, and the hypervisor is told what to do. */
function happen(input: protocol.HostInput): void {
  const step = protocol.hostClientStep(client, input, Date.now());
  client = step.client;
  for (const message of step.messages) send(socket, message);
  for (const command of step.commands) {
    process.stdout.write(`${name} is told: ${command.kind} (${command.migration.id})\n`);
    machine.carryOut(command);
  }
}

values(socket).subscribe((value) => {
  const reply = protocol.readReply(value);
  if (reply.ok) happen({ kind: 'reply', reply: reply.value });
});
const turns = setInterval(
  () => happen({ kind: 'turn', samples: [{ kind: 'host', id: name, at: Date.now(), cpu: { used: 0.1 } }] }),
  interval,
);
// The server has gone: so does the example.
socket.once('close', () => {
  clearInterval(turns);
  process.exit(0);
});
socket.on('error', () => undefined);
