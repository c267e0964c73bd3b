/** World: hosts with hypervisors, guests, clients and a bad network around one management server, each step taken by hand. */
import { expect } from 'vitest';
import {
  type Command,
  type Copy,
  guestClient,
  type GuestClient,
  guestClientStep,
  hostClient,
  type HostClient,
  hostClientStep,
  type HostInput,
  initialServer,
  type LaunchParameters,
  type Message,
  markOfGuest,
  markOfHost,
  type Product,
  type ProtocolOptions,
  type Reply,
  type ServerEvent,
  type ServerState,
  step,
  tick,
  type UserBody,
  whereIs,
} from '../../../src/engine/protocol/index.js';
import {
  failed,
  type Failure,
  gibibytes,
  gigahertz,
  type Guest,
  type GuestId,
  type Host,
  type HostId,
  mbps,
  mebibytes,
  type MigrationOrder,
  ok,
  type Result,
  type Sample,
} from '../../../src/model/index.js';

export const aHost = (id: string): Host => ({
  id,
  state: 'active',
  cpu: { clock: gigahertz(2.66), cores: 2, threads: 2, architecture: 'x86_64' },
  memory: { total: gibibytes(4), reserved: 0 },
  storage: [{ id: 'images', access: id === 'a' ? 'local' : 'nfs' }],
  networks: [{ role: 'migration', link: 'lan', bandwidth: mbps(700) }],
  devices: [],
  power: [],
  labels: {},
});

export const aGuest = (id: string, host: HostId): Guest => ({
  id,
  host,
  home: host,
  vcpus: 1,
  memory: mebibytes(1024),
  devices: [],
  labels: {},
  together: [],
  apart: [],
  pins: [],
  migratable: true,
});

export const someParameters: LaunchParameters = {
  memory: mebibytes(1024),
  vcpus: 1,
  disks: [{ storage: 'images', image: 'g.img', access: 'local' }],
  networks: ['lan'],
  peripherals: [],
  arguments: [],
};

const broken: Failure = { kind: 'unreachable', retryable: true, message: 'as the test wishes' };

interface Job {
  readonly host: HostId;
  readonly command: Command;
  readonly incarnation: number;
}

export interface WorldOptions {
  readonly hosts?: readonly HostId[];
  readonly guests?: readonly (readonly [GuestId, HostId])[];
  readonly protocol?: ProtocolOptions;
}

export const brief: ProtocolOptions = {
  limits: {
    'should be migrating': 10_000,
    'parameters available': 10_000,
    'receiver ready': 10_000,
    executing: 30_000,
    done: 10_000,
    asking: 10_000,
  },
  silence: 5000,
  memory: 20_000,
  retryRecall: 3000,
};

/** Everything that is not the protocol: it changes by its methods only, one small step each. */
export class World {
  at = 0;
  server: ServerState;
  readonly events: ServerEvent[] = [];
  readonly clients = new Map<HostId, HostClient>();
  readonly guests = new Map<GuestId, GuestClient>();
  readonly copies = new Map<HostId, Copy[]>();
  toServer: Message[] = [];
  toClients: Reply[] = [];
  jobs: Job[] = [];
  /** Migrations whose receivers ever ran. */
  readonly ran = new Set<string>();
  /** Receivers that have received everything and are about to run. */
  readonly loaded = new Set<string>();
  /** Guests that went down with a host. */
  readonly dead = new Set<GuestId>();
  readonly answers: Reply[] = [];
  protected starts = 0;
  protected words = 0;

  constructor({
    hosts = ['a', 'b', 'c'],
    guests = [
      ['g', 'a'],
      ['h', 'b'],
    ],
    protocol = brief,
  }: WorldOptions = {}) {
    this.server = initialServer(1, protocol);
    this.protocol = protocol;
    for (const host of hosts) {
      const running = guests.filter(([, at]) => at === host).map(([guest]): Copy => ({ guest, state: 'running' }));
      this.copies.set(host, running);
      this.clients.set(host, hostClient(aHost(host), running, this.nextStart()));
    }
    for (const [guest, host] of guests) this.guests.set(guest, guestClient(aGuest(guest, host), this.nextStart()));
  }

  protected readonly protocol: ProtocolOptions;

  protected nextStart(): number {
    this.starts += 1;
    return this.starts;
  }

  /** The hosts that run a guest. */
  running(guest: GuestId): readonly HostId[] {
    return [...this.copies].flatMap(([host, copies]) =>
      copies.filter((c) => c.guest === guest && (c.state === 'running' || c.state === 'outgoing')).map(() => host),
    );
  }

  protected held(host: HostId): Copy[] {
    return this.copies.get(host) ?? [];
  }

  protected made(host: HostId, migration: MigrationOrder): Copy | undefined {
    return this.held(host).find((copy) => copy.migration?.id === migration.id);
  }

  protected set(host: HostId, migration: MigrationOrder, copy: Copy | undefined): void {
    const others = this.held(host).filter((one) => one.migration?.id !== migration.id);
    this.copies.set(host, copy ? [...others, copy] : others);
  }

  protected input(host: HostId, input: HostInput): void {
    const client = this.clients.get(host);
    if (!client) return;
    const { client: next, messages, commands } = hostClientStep(client, input, this.at);
    this.clients.set(host, next);
    this.toServer.push(...messages);
    this.jobs.push(...commands.map((command) => ({ host, command, incarnation: next.talk.incarnation })));
  }

  protected changed(host: HostId): void {
    this.input(host, { kind: 'copies', copies: this.held(host) });
  }

  /** A host's client reports and polls. */
  turn(host: HostId): void {
    const sample: Sample = { kind: 'host', id: host, at: this.at };
    this.input(host, { kind: 'turn', samples: [sample] });
  }

  /** A guest's client reports, if the guest runs. */
  guestTurn(guest: GuestId): void {
    const host = this.running(guest)[0];
    const client = this.guests.get(guest);
    if (host === undefined || !client) return;
    const sample: Sample = { kind: 'guest', id: guest, at: this.at };
    const { client: next, messages } = guestClientStep(client, { kind: 'turn', samples: [sample], host }, this.at);
    this.guests.set(guest, next);
    this.toServer.push(...messages);
  }

  /** A person says something. */
  say(body: UserBody): void {
    this.words += 1;
    this.toServer.push({
      ...body,
      sender: { kind: 'user', id: 'somebody' },
      incarnation: 1,
      sequence: this.words,
    });
  }

  protected take<Item>(items: Item[], n: number): Item | undefined {
    return items.length === 0 ? undefined : items.splice(n % items.length, 1)[0];
  }

  /** The server gets one of the messages that are on their way. */
  deliver(n = 0): void {
    const message = this.take(this.toServer, n);
    if (!message) return;
    const done = step(this.server, message, this.at);
    this.server = done.state;
    this.events.push(...done.events);
    this.toClients.push(...done.replies);
  }

  /** A client gets one of the answers that are on their way. */
  answer(n = 0): void {
    const reply = this.take(this.toClients, n);
    if (!reply) return;
    this.answers.push(reply);
    if (reply.to.kind === 'host') this.input(reply.to.id, { kind: 'reply', reply });
    if (reply.to.kind === 'guest') {
      const client = this.guests.get(reply.to.id);
      if (!client || this.running(reply.to.id).length === 0) return;
      const { client: next, messages } = guestClientStep(client, { kind: 'reply', reply }, this.at);
      this.guests.set(reply.to.id, next);
      this.toServer.push(...messages);
    }
  }

  lose(n: number, way: 'to server' | 'to clients'): void {
    if (way === 'to server') this.take(this.toServer, n);
    else this.take(this.toClients, n);
  }

  duplicate(n: number, way: 'to server' | 'to clients'): void {
    const twice = (items: unknown[]): void => {
      const item = items[n % Math.max(1, items.length)];
      if (item) items.push(item);
    };
    if (way === 'to server') twice(this.toServer);
    else twice(this.toClients);
  }

  /** Time passes at the server. */
  pass(milliseconds: number): void {
    this.at += milliseconds;
    const { state, events } = tick(this.server, this.at);
    this.server = state;
    this.events.push(...events);
  }

  /** A hypervisor goes on with one of its jobs, well or badly. */
  work(n = 0, well = true): void {
    const job = this.jobs[n % Math.max(1, this.jobs.length)];
    if (!job) return;
    const result = this.carryOut(job, well);
    if (result === 'goes on') return;
    this.jobs = this.jobs.filter((one) => one !== job);
    this.outcome(job, result);
  }

  protected incarnationOf(host: HostId): number | undefined {
    return this.clients.get(host)?.talk.incarnation;
  }

  protected outcome({ host, command, incarnation }: Job, result: Result<Product, Failure>): void {
    // A client that was started anew did not give the command, and only sees what it has changed.
    if (this.incarnationOf(host) === incarnation)
      this.input(host, { kind: 'outcome', command, result, copies: this.held(host) });
    else this.changed(host);
  }

  protected carryOut({ host, command }: Job, well: boolean): Result<Product, Failure> | 'goes on' {
    const { migration } = command;
    const { guest } = migration;
    const own = this.made(host, migration);
    const nothing = ok({ kind: 'nothing' as const });
    switch (command.kind) {
      case 'post parameters':
        return well && this.running(guest).includes(host)
          ? ok({ kind: 'parameters', parameters: someParameters })
          : failed(broken);
      case 'create receiver':
        if (own?.state === 'receiver') return ok({ kind: 'receiver', address: `${host}:${migration.id}` });
        if (own) return failed(broken);
        this.set(host, migration, { guest, state: well ? 'receiver' : 'void', migration });
        return well ? ok({ kind: 'receiver', address: `${host}:${migration.id}` }) : failed(broken);
      case 'execute': {
        if (!own) {
          const running = this.held(host).find((copy) => copy.guest === guest && copy.state === 'running');
          if (!running || !well) return failed(broken);
          this.copies.set(
            host,
            this.held(host).map((copy) => (copy === running ? { guest, state: 'outgoing', migration } : copy)),
          );
          return 'goes on';
        }
        if (own.state !== 'outgoing') return own.state === 'kept' ? nothing : failed(broken);
        if (well && this.made(migration.to, migration)?.state === 'receiver') {
          this.set(host, migration, { guest, state: 'kept', migration });
          this.loaded.add(migration.id);
          return nothing;
        }
        this.set(host, migration, { guest, state: 'running' });
        return failed(broken);
      }
      case 'cancel':
        if (own?.state === 'outgoing') {
          this.set(host, migration, { guest, state: 'running' });
          const sending = this.jobs.find(
            (one) => one.host === host && one.command.kind === 'execute' && one.command.migration.id === migration.id,
          );
          this.jobs = this.jobs.filter((one) => one !== sending);
          if (sending) this.outcome(sending, failed(broken));
        }
        return nothing;
      case 'remove receiver':
        if (own?.state === 'receiver') {
          this.set(host, migration, { guest, state: 'void', migration });
          this.unloaded(migration);
        }
        return nothing;
      case 'release':
        if (own?.state === 'kept') {
          expect(this.ran, `released ${migration.id}, whose receiver never ran`).toContain(migration.id);
          this.set(host, migration, undefined);
        }
        return nothing;
      case 'resume':
        if (own?.state === 'kept') {
          expect(this.ran, `resumed ${migration.id}, whose receiver has run`).not.toContain(migration.id);
          expect(this.made(migration.to, migration)?.state, 'resumed while a receiver waits').not.toBe('receiver');
          this.set(host, migration, { guest, state: 'running' });
        }
        return nothing;
      case 'forget':
        if (own?.state === 'void') this.set(host, migration, undefined);
        if (own?.state === 'running') this.set(host, migration, { guest, state: 'running' });
        return nothing;
    }
  }

  /** A receiver ends before it ran. Where the source keeps no copy any more, the guest is dead with it. */
  protected unloaded(migration: MigrationOrder): void {
    if (this.loaded.delete(migration.id) && this.made(migration.from, migration) === undefined)
      this.dead.add(migration.guest);
  }

  /** A receiver that has received everything runs, or ends. */
  load(n = 0, well = true): void {
    const id = [...this.loaded][n % Math.max(1, this.loaded.size)];
    if (id === undefined) return;
    if (well) this.loaded.delete(id);
    for (const [host, copies] of this.copies) {
      const receiver = copies.find(({ state, migration }) => state === 'receiver' && migration?.id === id);
      if (!receiver?.migration) continue;
      if (well) this.ran.add(id);
      else this.unloaded(receiver.migration);
      this.set(host, receiver.migration, { ...receiver, state: well ? 'running' : 'void' });
      this.changed(host);
    }
  }

  /** A host's client ends and is started anew; the hypervisor does not notice. */
  restart(host: HostId): void {
    this.clients.set(host, hostClient(aHost(host), this.held(host), this.nextStart()));
  }

  /** A guest's client ends and is started anew. */
  restartGuest(guest: GuestId): void {
    const at = this.running(guest)[0];
    const client = this.guests.get(guest);
    if (at !== undefined && client)
      this.guests.set(guest, guestClient({ ...client.guest, host: at }, this.nextStart()));
  }

  /** The server ends and is started anew, with nothing remembered. */
  restartServer(): void {
    this.server = initialServer(this.server.session + 1, this.protocol);
  }

  /** A host goes down with all that it holds, and comes back. */
  crash(host: HostId): void {
    for (const { guest, state, migration } of this.held(host)) {
      if (state === 'running' || state === 'outgoing') this.dead.add(guest);
      if (state === 'receiver' && migration) this.unloaded(migration);
      const waiting = migration && this.loaded.has(migration.id);
      if (state === 'kept' && migration && !this.ran.has(migration.id) && !waiting) this.dead.add(guest);
    }
    this.copies.set(host, []);
    this.jobs = this.jobs.filter((job) => job.host !== host);
    this.restart(host);
  }

  /** What must hold at every instant: one running copy at most, and never none without a copy that is kept or about to run. */
  check(): void {
    for (const guest of this.guests.keys()) {
      const running = this.running(guest);
      if (running.length > 1) throw new Error(`${guest} runs on ${running.join(' and ')}`);
      if (this.dead.has(guest)) continue;
      const kept = [...this.copies.values()]
        .flat()
        .filter(
          (copy) =>
            copy.guest === guest &&
            (copy.state === 'kept' || (copy.state === 'receiver' && this.loaded.has(copy.migration?.id ?? ''))),
        );
      if (running.length + kept.length === 0) throw new Error(`no copy of ${guest} is left`);
    }
  }

  protected get stirring(): boolean {
    const left = [...this.copies.values()].flat().some(({ state, migration }) => state !== 'running' || migration);
    return left || this.server.flights.length > 0 || [...this.guests.keys()].some((guest) => !this.mapped(guest));
  }

  /** Whether the map tells where a guest is. */
  mapped(guest: GuestId): boolean {
    return whereIs(this.server, guest) === this.running(guest)[0];
  }

  /** One report interval in which nothing goes wrong. */
  round(): void {
    this.pass(1000);
    for (const host of this.clients.keys()) this.turn(host);
    for (const guest of this.guests.keys()) this.guestTurn(guest);
    // An exchange has a handful of messages; a bound keeps a babbling client from hanging the test.
    for (let n = 0; n < 500 && this.toServer.length + this.toClients.length > 0; n += 1) {
      this.deliver();
      this.answer();
    }
    const [jobs, loads] = [this.jobs.length, this.loaded.size];
    for (let n = 0; n < jobs; n += 1) this.work(n);
    for (let n = 0; n < loads; n += 1) this.load();
    this.check();
  }

  /** Nothing goes wrong any more, until all has come to rest, or for so many rounds. */
  calm(rounds = 150): void {
    for (let quiet = 0, n = 0; n < rounds && quiet < 3; n += 1) {
      this.round();
      quiet = this.stirring ? 0 : quiet + 1;
    }
  }

  /** What must hold when all has come to rest: no marks, the map is the truth, nothing is left behind. */
  checkRest(): void {
    expect(this.server.flights).toEqual([]);
    for (const host of this.clients.keys()) expect(markOfHost(this.server, host)).toBeUndefined();
    for (const guest of this.guests.keys()) {
      expect(markOfGuest(this.server, guest)).toBeUndefined();
      expect(whereIs(this.server, guest), `place of ${guest}`).toBe(this.running(guest)[0]);
      expect(this.running(guest)).toHaveLength(this.dead.has(guest) ? 0 : 1);
    }
    const left = [...this.copies.values()].flat().filter(({ state, migration }) => state !== 'running' || migration);
    expect(left).toEqual([]);
  }
}
