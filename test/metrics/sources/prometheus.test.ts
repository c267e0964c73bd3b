import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { firstValueFrom, lastValueFrom, type Observable, take, toArray } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { prometheus, prometheusHistory, prometheusQueries, type QueryName } from '../../../src/metrics/index.js';
import type { Reading, Sample } from '../../../src/model/index.js';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/prometheus/${name}`, import.meta.url), 'utf8');

/** What a fake server answers to an expression. */
type Reply = { readonly status?: number; readonly body: string; readonly headers?: Record<string, string> } | 'silence';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const serve = async (
  reply: (query: string, url: URL, headers: NodeJS.Dict<string | string[]>) => Reply,
): Promise<string> => {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://fake');
    const answer = reply(url.searchParams.get('query') ?? '', url, request.headers);
    if (answer === 'silence') return;
    response.writeHead(answer.status ?? 200, answer.headers);
    response.end(answer.body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const now = 1_795_294_166;
const vector = (...series: readonly (readonly [Record<string, string>, number | string])[]): string =>
  JSON.stringify({
    status: 'success',
    data: {
      resultType: 'vector',
      result: series.map(([metric, value]) => ({ metric, value: [now, String(value)] })),
    },
  });
const scalar = JSON.stringify({ status: 'success', data: { resultType: 'scalar', result: [now, String(now)] } });
const empty = vector();

const a = { instance: 'hostA:9100' };
const vm = { instance: 'hostA:9177', domain: 'vm1', uuid: '1-2' };
const queries = prometheusQueries();
const nameOf = (query: string): QueryName | undefined =>
  (Object.entries(queries) as [QueryName, string][]).find(([, text]) => text === query)?.[0];

const full: Partial<Record<QueryName, string>> = {
  'host time': vector([a, now - 4]),
  'host cpu': vector(
    [{ ...a, mode: 'idle' }, 0.5],
    [{ ...a, mode: 'iowait' }, 0.25],
    [{ ...a, mode: 'user' }, 1],
    [{ ...a, mode: 'steal' }, 0.25],
  ),
  'host gauges': vector(
    [{ ...a, __name__: 'node_load1' }, 3],
    [{ ...a, __name__: 'node_load5' }, 2],
    [{ ...a, __name__: 'node_load15' }, 1],
    [{ ...a, __name__: 'node_memory_MemTotal_bytes' }, 1000],
    [{ ...a, __name__: 'node_memory_MemAvailable_bytes' }, 400],
  ),
  'host swapping': vector([a, 2]),
  'host disk read': vector(
    [{ ...a, device: 'sda' }, 10],
    [{ ...a, device: 'sda1' }, 10],
    [{ ...a, device: 'dm-0' }, 10],
  ),
  'host disk written': vector([{ ...a, device: 'sda' }, 20], [{ ...a, device: 'sda1' }, 20]),
  'host disk busy': vector([{ ...a, device: 'sda' }, 0.75], [{ ...a, device: 'sda1' }, 0.9]),
  'host received': vector([{ ...a, device: 'eth0' }, 5], [{ ...a, device: 'lo' }, 100], [{ ...a, device: 'vnet3' }, 5]),
  'host sent': vector([{ ...a, device: 'eth0' }, 6], [{ ...a, device: 'lo' }, 100]),
  'host run-queue wait': vector([a, 0.3]),
  'host pressure': vector(
    [{ ...a, of: 'cpu_waiting' }, 0.8],
    [{ ...a, of: 'io_waiting' }, 0.1],
    [{ ...a, of: 'io_stalled' }, 0.05],
  ),
  'guest time': vector([vm, now - 2]),
  'guest cpu': vector([vm, 1.01]),
  'guest memory': vector([vm, 2048]),
  'guest disk read': vector([vm, 7]),
  'guest disk written': vector([vm, 8]),
};

const answering =
  (answers: Partial<Record<QueryName, string>>) =>
  (query: string): Reply => ({ body: query === 'time()' ? scalar : (answers[nameOf(query) ?? 'host time'] ?? empty) });

const readings = (stream: Observable<Reading>, count: number): Promise<readonly Reading[]> =>
  lastValueFrom(stream.pipe(take(count), toArray()));

describe('the Prometheus source', () => {
  test('reads a host: shares of all modes, steal counted as used, whole disks and outer interfaces only', async () => {
    const url = await serve(answering(full));
    expect(await firstValueFrom(prometheus({ url }))).toEqual({
      kind: 'host',
      id: 'hostA',
      at: (now - 4) * 1000,
      cpu: { used: 0.625, user: 0.5, iowait: 0.125, steal: 0.125, idle: 0.25 },
      load: { one: 3, five: 2, fifteen: 1 },
      runQueueWait: 0.3,
      pressure: { cpu: { some: 0.8 }, io: { some: 0.1, full: 0.05 } },
      memory: { total: 1000, available: 400, used: 600, swapping: 8192 },
      disk: { read: 10, written: 20, busy: 0.75 },
      network: { received: 5, sent: 6 },
    });
  });

  test('reads a guest; a rate that passes its bound by extrapolation is the bound', async () => {
    const url = await serve(answering(full));
    const [, guest] = await readings(prometheus({ url }), 2);
    expect(guest).toEqual({
      kind: 'guest',
      id: 'vm1',
      at: (now - 2) * 1000,
      cpu: { used: 1 },
      memory: { total: 2048 },
      disk: { read: 7, written: 8 },
    });
  });

  test('a value that is no number is absent, and so is what hangs on it', async () => {
    const url = await serve(
      answering({
        'host time': vector([a, now]),
        'host swapping': vector([a, 'NaN']),
        'host run-queue wait': vector([a, '+Inf']),
      }),
    );
    expect(await firstValueFrom(prometheus({ url }))).toEqual({ kind: 'host', id: 'hostA', at: now * 1000 });
  });

  test('a subject whose last scrape is not told has no sample', async () => {
    const url = await serve(answering({ ...full, 'host time': empty }));
    expect(await firstValueFrom(prometheus({ url }))).toMatchObject({ kind: 'guest', id: 'vm1' });
  });

  test('a guest that two hosts report at once has no sample', async () => {
    const other = { ...vm, instance: 'hostB:9177' };
    const url = await serve(
      answering({
        ...full,
        'guest time': vector([vm, now - 2], [other, now - 1]),
        'guest cpu': vector([vm, 0.9], [other, 0.01]),
      }),
    );
    const seen = await lastValueFrom(prometheus({ url, every: 5 }).pipe(take(1), toArray()));
    expect(seen.map((one) => one.kind)).toEqual(['host']);
  });

  test('a scrape is told once, however often the server is asked', async () => {
    let asked = 0;
    const url = await serve((query) => {
      if (query === 'time()') asked += 1;
      const time = asked < 4 ? now : now + 1;
      return { body: query === 'time()' ? scalar : nameOf(query) === 'host time' ? vector([a, time]) : empty };
    });
    const samples = (await readings(prometheus({ url, every: 1 }), 2)) as readonly Sample[];
    expect(samples.map(({ at }) => at)).toEqual([now * 1000, (now + 1) * 1000]);
  });

  test('a query that the server refuses is a bad input that names it, and the rest is read', async () => {
    const url = await serve((query) =>
      nameOf(query) === 'host cpu' ? { status: 400, body: fixture('error-parse.json') } : answering(full)(query),
    );
    const [problem, host] = await readings(prometheus({ url }), 2);
    expect(problem).toMatchObject({ kind: 'bad-input', place: 'query "host cpu"', problem: 'malformed' });
    expect(problem).toHaveProperty('message', expect.stringContaining('parse error'));
    expect(host).not.toHaveProperty('cpu');
    expect(host).toHaveProperty('load');
  });

  test('a server that is down is one bad input a round, not one a query', async () => {
    const url = await serve(() => 'silence');
    for (const server of servers.splice(0)) server.close();
    const seen = await readings(prometheus({ url, every: 1 }), 2);
    expect(seen).toMatchObject([
      { problem: 'unavailable', place: 'query "time()"' },
      { problem: 'unavailable', place: 'query "time()"' },
    ]);
  });

  test('a server that accepts and says nothing is given up at the deadline', async () => {
    const url = await serve(() => 'silence');
    expect(await firstValueFrom(prometheus({ url, deadline: 30 }))).toMatchObject({
      problem: 'unavailable',
      message: 'no answer within 30 ms',
    });
  });

  test.each([
    ['a page of a proxy', { status: 502, body: '<html>Bad gateway</html>' }, /status 502/],
    ['an unknown path', { status: 404, body: fixture('error-not-found.txt') }, /status 404/],
    ['no JSON', { body: '{"status":"succ' }, /no JSON/],
    ['another API', { body: '{"status":"success","data":[]}' }, /not an answer/],
    ['a text', { body: fixture('string.json') }, /a text/],
    ['a value that is none', { body: fixture('scalar.json').replace('22.78', '22,78') }, /no number/],
    ['a time-out of the server', { status: 503, body: fixture('error-timeout.json') }, /timeout/],
  ] as const)('%s is a bad input that says so', async (_, reply, message) => {
    const url = await serve(() => reply);
    expect(await firstValueFrom(prometheus({ url }))).toMatchObject({
      kind: 'bad-input',
      message: expect.stringMatching(message) as string,
    });
  });

  test('an answer without end is dropped at its bound', async () => {
    const url = await serve(() => ({ body: 'x'.repeat(100_000) }));
    expect(await firstValueFrom(prometheus({ url, mostBytes: 1000 }))).toMatchObject({
      message: 'an answer of more than 1000 bytes',
    });
  });

  test('a redirect is not followed, since it could carry the authorisation elsewhere', async () => {
    let elsewhere = 0;
    const url = await serve((_, { pathname }) => {
      if (pathname === '/elsewhere') elsewhere += 1;
      return { status: 302, body: '', headers: { location: '/elsewhere' } };
    });
    expect(await firstValueFrom(prometheus({ url }))).toMatchObject({ problem: 'unavailable' });
    expect(elsewhere).toBe(0);
  });

  test('a name and password in the address go into a header and into no message', async () => {
    const seen: unknown[] = [];
    const url = await serve((_, __, headers) => {
      seen.push(headers['authorization']);
      return { status: 401, body: 'who are you?' };
    });
    const problem = await firstValueFrom(prometheus({ url: url.replace('//', '//me:s3cret@') }));
    expect(seen).toEqual([`Basic ${Buffer.from('me:s3cret').toString('base64')}`]);
    expect(JSON.stringify(problem)).not.toContain('s3cret');
  });

  test.each(['', 'nonsense', 'file:///etc/passwd'])('the address %j is refused at once', (url) => {
    expect(() => prometheus({ url })).toThrow(RangeError);
  });

  test('labels of the site narrow every expression, and cannot break out of it', () => {
    const narrowed = prometheusQueries({ matching: { cluster: 'a"} or vector(1) #' } });
    for (const query of Object.values(narrowed)) expect(query).toContain(String.raw`cluster="a\"} or vector(1) #"`);
    expect(() => prometheusQueries({ matching: { 'a}': 'b' } })).toThrow(/matching/);
  });
});

describe('the past of a Prometheus server', () => {
  const matrix = (labels: Record<string, string>, value: (at: number) => number, from: number, to: number): string =>
    JSON.stringify({
      status: 'success',
      data: {
        resultType: 'matrix',
        result: [
          {
            metric: labels,
            values: Array.from({ length: to - from + 1 }, (_, i) => [from + i, String(value(from + i))]),
          },
        ],
      },
    });

  test('comes as one sample a scrape, in order, over pieces that the server accepts', async () => {
    const spans: (readonly [number, number])[] = [];
    const url = await serve((query, { searchParams }) => {
      const [from, to] = [Number(searchParams.get('start')), Number(searchParams.get('end'))];
      if (nameOf(query) === 'host time') {
        spans.push([from, to]);
        // A scrape every five seconds: the answers between repeat its time.
        return { body: matrix(a, (at) => at - (at % 5), from, to) };
      }
      return { body: nameOf(query) === 'host run-queue wait' ? matrix(a, () => 0.5, from, to) : empty };
    });
    const samples = await lastValueFrom(
      prometheusHistory({ url, from: 0, to: 12_000_000, step: 1000 }).pipe(toArray()),
    );
    expect(spans).toEqual([
      [0, 9999],
      [10_000, 12_000],
    ]);
    expect(samples).toHaveLength(2401);
    expect(samples[1]).toEqual({ kind: 'host', id: 'hostA', at: 5000, runQueueWait: 0.5 });
  });

  test('a span that ends before it begins is refused', () => {
    expect(() => prometheusHistory({ url: 'http://localhost', from: 2, to: 1, step: 1 })).toThrow(/to:/);
  });
});
