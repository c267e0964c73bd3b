/** Hypervisor: what a host holds and does, pretended: receivers wait on real sockets, and a migration is a countdown sent over one. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { protocol } from 'whither/engine';
import { type Failure, failed, type GuestId, type MigrationOrder, ok, type Result } from 'whither/model';
import { launchParameters } from './launch-parameters.js';

type Tell = (input: protocol.HostInput) => void;

/** A pretended hypervisor: carries out commands, and tells its host's client of outcomes and changes. */
export interface Hypervisor {
  readonly copies: () => readonly protocol.Copy[];
  readonly carryOut: (command: protocol.Command) => void;
}

const failure = (message: string): Failure => ({ kind: 'unreachable', retryable: true, message });

/** Sends a guest's memory in ten pieces, and waits until the receiver says that it has all of it. */
const sendMemory = (address: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const [host = '', port = ''] = address.split(/:(?=\d+$)/);
    const socket = connect(Number(port), host);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the receiver has gone')));
    socket.once('data', () => resolve());
    void (async () => {
      for (let piece = 0; piece < 10; piece += 1) {
        await sleep(60);
        socket.write('memory');
      }
      socket.end();
    })();
  });

/** A pretended hypervisor that holds some guests. `arrives` is called for a guest that begins to run here. */
export const hypervisor = (
  running: readonly protocol.Copy[],
  arrives: (guest: GuestId) => void,
  tell: Tell,
): Hypervisor => {
  let copies = running;
  const receivers = new Map<string, Server>();
  const set = (migration: MigrationOrder, copy: protocol.Copy | undefined): void => {
    const others = copies.filter(
      (one) => one.migration?.id !== migration.id && (one.guest !== migration.guest || one.migration),
    );
    copies = copy ? [...others, copy] : others;
  };
  const own = (migration: MigrationOrder): protocol.Copy | undefined =>
    copies.find((copy) => copy.migration?.id === migration.id);

  const receive = (migration: MigrationOrder): Promise<string> =>
    new Promise((resolve, reject) => {
      const server = createServer((socket: Socket) => {
        let pieces = 0;
        socket.on('data', () => (pieces += 1));
        socket.on('end', () => {
          if (pieces === 0) return;
          server.close();
          receivers.delete(migration.id);
          set(migration, { guest: migration.guest, state: 'running', migration });
          arrives(migration.guest);
          socket.end('all');
          tell({ kind: 'copies', copies });
        });
        socket.on('error', () => undefined);
      });
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        receivers.set(migration.id, server);
        resolve(`127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`);
      });
    });

  const execute = async (migration: MigrationOrder, address: string): Promise<protocol.Product> => {
    const { guest } = migration;
    set(migration, { guest, state: 'outgoing', migration });
    try {
      await sendMemory(address);
    } catch (thrown) {
      set(migration, { guest, state: 'running' });
      throw thrown;
    }
    set(migration, { guest, state: 'kept', migration });
    return { kind: 'nothing' };
  };

  const done = async (command: protocol.Command): Promise<protocol.Product> => {
    const { migration } = command;
    const { guest } = migration;
    switch (command.kind) {
      case 'post parameters':
        await sleep(20);
        return { kind: 'parameters', parameters: launchParameters };
      case 'create receiver': {
        await sleep(80);
        const address = await receive(migration);
        set(migration, { guest, state: 'receiver', migration });
        return { kind: 'receiver', address };
      }
      case 'execute':
        return execute(migration, command.address);
      case 'remove receiver':
        receivers.get(migration.id)?.close();
        if (own(migration)?.state === 'receiver') set(migration, { guest, state: 'void', migration });
        return { kind: 'nothing' };
      case 'release':
        if (own(migration)?.state === 'kept') set(migration, undefined);
        return { kind: 'nothing' };
      case 'resume':
        if (own(migration)?.state === 'kept') set(migration, { guest, state: 'running' });
        return { kind: 'nothing' };
      case 'forget':
        set(migration, own(migration)?.state === 'running' ? { guest, state: 'running' } : undefined);
        return { kind: 'nothing' };
      case 'cancel':
        // These migrations are over sooner than anybody could cancel them.
        return { kind: 'nothing' };
    }
  };

  return {
    copies: () => copies,
    carryOut: (command) => {
      const told = (result: Result<protocol.Product, Failure>): void =>
        tell({ kind: 'outcome', command, result, copies });
      done(command).then(
        (product) => told(ok(product)),
        (thrown: unknown) => told(failed(failure(thrown instanceof Error ? thrown.message : String(thrown)))),
      );
    },
  };
};
