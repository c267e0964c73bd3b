/** A real Prometheus that scrapes a real node exporter on this machine: what the source reads has to agree with `/proc`. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom, lastValueFrom, take, takeUntil, timer, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localLinux, prometheus, prometheusHistory } from '../../../src/metrics/index.js';
import { type HostSample, type Reading, seconds } from '../../../src/model/index.js';

const installed = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;
const missing = ['prometheus', 'prometheus-node-exporter'].filter((program) => !installed(program));

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const isHost = (reading: Reading): reading is HostSample => reading.kind === 'host';
const window = seconds(8);

describe.skipIf(missing.length > 0)(
  `a real Prometheus${missing.map((one) => `, ${one} is not installed`).join('')}`,
  () => {
    const children: ChildProcess[] = [];
    let folder = '';
    let url = '';
    let begin = 0;

    const start = (program: string, ...argv: readonly string[]): ChildProcess => {
      const child = spawn(program, argv, { stdio: 'ignore' });
      children.push(child);
      return child;
    };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'whither-prometheus-'));
      const [exporter, server] = [await freePort(), await freePort()];
      start('prometheus-node-exporter', `--web.listen-address=127.0.0.1:${exporter}`);
      const configuration = join(folder, 'prometheus.yml');
      await writeFile(
        configuration,
        JSON.stringify({
          global: { scrape_interval: '1s', scrape_timeout: '1s' },
          scrape_configs: [{ job_name: 'node', static_configs: [{ targets: [`127.0.0.1:${exporter}`] }] }],
        }),
      );
      start(
        'prometheus',
        `--config.file=${configuration}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${server}`,
      );
      url = `http://127.0.0.1:${server}`;
      begin = Date.now();
      // Ready when a rate can be told: that takes two scrapes.
      await firstValueFrom(
        prometheus({ url, every: 500, window }).pipe(filter((reading) => isHost(reading) && reading.cpu !== undefined)),
      );
    }, 60_000);

    afterAll(async () => {
      const alive = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
      const ended = alive.map((child) => new Promise((resolve) => child.once('exit', resolve)));
      for (const child of alive) child.kill('SIGKILL');
      await Promise.all(ended);
      await rm(folder, { recursive: true, force: true });
    });

    test('tells of this machine what /proc tells', async () => {
      const own = firstValueFrom(
        localLinux({ subject: { kind: 'host', id: 'me' }, every: window, processes: 0 }).pipe(filter(isHost)),
      );
      await firstValueFrom(timer(window + 1500));
      const seen = await firstValueFrom(prometheus({ url, window }).pipe(filter(isHost)));
      const read = await own;
      expect(seen.id).toBe('127.0.0.1');
      expect(Math.abs(seen.at - Date.now())).toBeLessThan(seconds(5));
      expect(seen.memory?.total).toBe(read.memory?.total);
      const total = read.memory?.total ?? Number.NaN;
      expect(Math.abs((seen.memory?.used ?? Number.NaN) - (read.memory?.used ?? Number.NaN)) / total).toBeLessThan(
        0.05,
      );
      expect(Math.abs((seen.load?.fifteen ?? Number.NaN) - (read.load?.fifteen ?? Number.NaN))).toBeLessThan(1);
      // The windows are not the very same, and other programs come and go.
      expect(Math.abs((seen.cpu?.used ?? Number.NaN) - (read.cpu?.used ?? Number.NaN))).toBeLessThan(0.3);
      const { user = 0, system = 0, iowait = 0, steal = 0, idle = 0 } = seen.cpu ?? {};
      expect(user + system + iowait + steal + idle).toBeCloseTo(1, 5);
      expect(seen.cpu?.used).toBeCloseTo(user + system + steal, 5);
    }, 30_000);

    test('gives one sample for each scrape, its time rising', async () => {
      const samples = await lastValueFrom(
        prometheus({ url, every: 250, window }).pipe(filter(isHost), take(3), toArray()),
      );
      const times = samples.map(({ at }) => at);
      times.slice(1).forEach((at, i) => expect(at - (times[i] ?? at)).toBeGreaterThan(500));
    }, 30_000);

    test('gives its past as samples', async () => {
      const past = await lastValueFrom(
        prometheusHistory({ url, window, from: begin, to: Date.now(), step: 1000 }).pipe(toArray()),
      );
      expect(past.filter((reading) => reading.kind === 'bad-input')).toEqual([]);
      expect(past.filter(isHost).filter(({ cpu }) => cpu !== undefined).length).toBeGreaterThan(3);
    }, 30_000);

    test('refuses no expression of ours', async () => {
      const readings = await lastValueFrom(
        prometheus({ url, every: 500, window }).pipe(takeUntil(timer(2500)), toArray()),
      );
      expect(readings.filter(({ kind }) => kind === 'bad-input')).toEqual([]);
      expect(readings).not.toEqual([]);
    }, 30_000);

    test('has nothing more to say of a target that has died, and nothing old either', async () => {
      children[0]?.kill('SIGKILL');
      await firstValueFrom(timer(3000));
      const readings = await lastValueFrom(
        prometheus({ url, every: 500, window }).pipe(takeUntil(timer(2000)), toArray()),
      );
      expect(readings).toEqual([]);
    }, 30_000);
  },
);
