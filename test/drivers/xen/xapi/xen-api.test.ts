/** The client of the package xen-api is a connection for the XAPI driver: both against one server that speaks JSON-RPC. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
// @ts-expect-error [ts7016] the package has no types
import { createClient } from 'xen-api';
import { xapi, type XapiConnection } from '../../../../src/drivers/index.js';
import { type FakePool, fakePool, XapiError } from './fake-pool.js';

interface Client {
  readonly call: XapiConnection['call'];
  readonly connect: () => Promise<unknown>;
  readonly disconnect: () => Promise<unknown>;
}

const pool: FakePool = fakePool(() => performance.now(), 50);
let server: Server;
let client: Client;

/** What is asked of the server besides what the pool answers: the session of the client. */
const session = (method: string): unknown =>
  ({
    'session.login_with_password': 'OpaqueRef:session',
    'session.logout': '',
    'pool.get_all_records': { 'ref-pool': { uuid: 'pool', name_label: '' } },
    'system.listMethods': ['host.get_all_records', 'VM.get_all_records'],
    'session.get_pool': 'ref',
  })[method];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      void (async () => {
        const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: unknown[] };
        const own = session(method);
        const answer = await (
          own === undefined ? pool.connection.call(method, ...params.slice(1)) : Promise.resolve(own)
        ).then(
          (result) => ({ result }),
          (thrown: unknown) => ({
            error: {
              code: 1,
              message: thrown instanceof XapiError ? thrown.code : 'INTERNAL_ERROR',
              data: thrown instanceof XapiError ? thrown.params : [],
            },
          }),
        );
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
      })();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  // The package has no types; this is the part of its client that is documented.
  client = (createClient as (options: object) => Client)({
    url: `http://127.0.0.1:${port}`,
    auth: { user: 'root', password: 'secret' },
    watchEvents: false,
  });
  await client.connect();
});

afterAll(async () => {
  await client.disconnect();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const driver = () =>
  xapi({ connection: { call: (method, ...args) => client.call(method, ...args) }, migration: { poll: 10 } });

test('the pool is seen through it', async () => {
  const { hosts, guests } = await firstValueFrom(driver().inventory());
  expect([hosts.map(({ id }) => id), guests.map(({ id }) => id)]).toEqual([['host-a', 'host-b'], ['web']]);
});

test('a guest is moved through it', async () => {
  const events = await lastValueFrom(
    driver().migrate({ id: 'm', guest: 'web', from: 'host-a', to: 'host-b' }).pipe(toArray()),
  );
  expect(events.at(-1)?.kind).toBe('done');
  expect(pool.resident).toBe('b');
});

test('an error of XAPI keeps its code', async () => {
  pool.failing.set('VM.assert_can_boot_here', new XapiError('HOST_NOT_ENOUGH_FREE_MEMORY', '1', '2'));
  await expect(
    lastValueFrom(driver().migrate({ id: 'm', guest: 'web', from: 'host-b', to: 'host-a' })),
  ).rejects.toMatchObject({ kind: 'insufficient memory' });
});
