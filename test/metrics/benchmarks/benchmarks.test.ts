/** Start-up benchmarks: what they make of the tools' reports, and why they could not run. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import {
  bandwidth,
  bandwidthIn,
  diskSpeed,
  diskSpeedIn,
  localRunner,
  memorySpeed,
  ownDiskSpeed,
  type Ran,
  type Runner,
} from '../../../src/metrics/benchmarks/index.js';
import { gbps, kibibytes, mebibytes, seconds } from '../../../src/model/index.js';

const fixture = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/linux/${name}`, import.meta.url)), 'utf8');

/** A runner that answers alike whatever it is asked, and keeps what that was. */
const answering = (ran: Ran): { readonly run: Runner; readonly asked: string[]; readonly deadlines: number[] } => {
  const asked: string[] = [];
  const deadlines: number[] = [];
  const run: Runner = (command, args, { deadline }) => {
    asked.push([command, ...args].join(' '));
    deadlines.push(deadline);
    return Promise.resolve(ran);
  };
  return { run, asked, deadlines };
};

const printed = (stdout: string, code = 0): Ran => ({ kind: 'ran', code, stdout, stderr: '' });
const directories: string[] = [];
const directory = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'whither-test-'));
  directories.push(path);
  return path;
};
afterEach(() => {
  for (const path of directories.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** A clock that goes on by so much at every look. */
const ticking = (step: number): (() => number) => {
  let now = 0;
  return () => (now += step);
};

describe('memory', () => {
  test('M7: copy speed is the block over the time of the quickest copy', () => {
    const times = [0, 10, 15, 35, 300];
    const result = memorySpeed({ block: kibibytes(1), time: 100, clock: () => times.shift() ?? 1e9 });
    expect(result).toMatchObject({ ok: true, value: { rate: (1024 / 5) * 1000, method: 'memory copy' } });
  });
  test('it ends when its time is over', () => {
    let looks = 0;
    memorySpeed({ block: 1, time: 50, clock: () => ((looks += 1) - 1) * 10 });
    expect(looks).toBeLessThan(10);
  });
  test('this machine copies faster than 50 MB/s', () => {
    const result = memorySpeed({ block: mebibytes(1), time: 5 });
    expect(result.ok && result.value.rate).toBeGreaterThan(5e7);
  });
  test('a clock that stands gives no figure and ends', () => {
    expect(memorySpeed({ block: 1, clock: () => 5 })).toMatchObject({ ok: false, error: { kind: 'failed' } });
  });
  test('a block of no size is refused', () => expect(memorySpeed({ block: 0 }).ok).toBe(false));
});

describe('bandwidth', () => {
  test('M7: what arrived, in bytes per second', () =>
    expect(bandwidthIn(fixture('iperf3.json'))).toMatchObject({
      ok: true,
      value: { rate: 14375492584.7484 / 8, method: 'iperf3' },
    }));
  test('M7: and over UDP', () => {
    const result = bandwidthIn(fixture('iperf3-udp.json'));
    expect(result.ok && result.value.rate / gbps(0.05)).toBeCloseTo(1, 2);
  });
  test('M7: a peer that refused is told though the exit code was 0', async () => {
    const { run } = answering(printed(fixture('iperf3-refused.json'), 0));
    expect(await bandwidth({ peer: 'host-b', run })).toEqual({
      ok: false,
      error: { kind: 'refused', message: 'iperf3: unable to connect to server: Connection refused' },
    });
  });
  test('the command names peer, port and whole seconds, and has a deadline', async () => {
    const { run, asked, deadlines } = answering(printed(fixture('iperf3.json')));
    await bandwidth({ peer: '10.0.0.2', port: 9, time: 1500, run });
    expect(asked).toEqual(['iperf3 --json --client 10.0.0.2 --port 9 --time 2']);
    expect(deadlines).toEqual([seconds(12)]);
  });
  test.each(['--server', '-c', '', 'a b', 'a;b'])('%j is no peer, and nothing is run', async (peer) => {
    const { run, asked } = answering(printed(''));
    expect((await bandwidth({ peer, run })).ok).toBe(false);
    expect(asked).toEqual([]);
  });
  test.each<[Ran, string]>([
    [{ kind: 'not installed' }, 'not installed'],
    [{ kind: 'timed out' }, 'timed out'],
    [{ kind: 'cancelled' }, 'cancelled'],
    [{ kind: 'failed', why: 'EACCES' }, 'failed'],
    [printed('', 1), 'failed'],
    [printed('iperf3: not json'), 'malformed'],
    [printed('{}'), 'malformed'],
    [printed('{"end":{"sum_received":{"bits_per_second":0}}}'), 'malformed'],
  ])('%j is told as such', async (ran, kind) =>
    expect(await bandwidth({ peer: 'b', run: answering(ran).run })).toMatchObject({ ok: false, error: { kind } }),
  );
});

describe('disk', () => {
  test('M7: the rate of reading in a report of fio', () =>
    expect(diskSpeedIn(fixture('fio-read.json'))).toMatchObject({
      ok: true,
      value: { rate: 945195267, method: 'fio' },
    }));
  test('versions before 3 tell KiB per second', () =>
    expect(diskSpeedIn('{"jobs":[{"error":0,"read":{"bw":1000},"write":{"bw":0}}]}')).toMatchObject({
      value: { rate: kibibytes(1000) },
    }));
  test('a note before the report is passed over', () =>
    expect(diskSpeedIn('note: queue depth\n{"jobs":[{"read":{"bw":1},"write":{"bw":0}}]}').ok).toBe(true));
  test('a job that failed is no score', () =>
    expect(diskSpeedIn('{"jobs":[{"error":28,"read":{"bw":9},"write":{"bw":0}}]}')).toMatchObject({
      ok: false,
      error: { kind: 'failed' },
    }));
  test('fio is told where, with a deadline, and never through a shell', async () => {
    const { run, asked, deadlines } = answering(printed(fixture('fio-read.json')));
    await diskSpeed({ directory: '/srv/my images', run, time: seconds(2) });
    expect(asked[0]).toContain('--directory=/srv/my images');
    expect(deadlines).toEqual([seconds(18)]);
  });
  test('M7: without fio our own measurement stands in and says what it is worth', async () => {
    const at = directory();
    const result = await diskSpeed({
      directory: at,
      size: mebibytes(2),
      run: answering({ kind: 'not installed' }).run,
    });
    expect(result).toMatchObject({
      ok: true,
      value: { method: expect.stringMatching(/^own (read|write)$/) as string },
    });
    expect(result.ok && result.value.caveats).toHaveLength(2);
    expect(readdirSync(at)).toEqual([]);
  });
  test('our own is bounded in time', async () => {
    const result = await ownDiskSpeed({ directory: directory(), size: mebibytes(1000), time: 30, clock: ticking(10) });
    expect(result.ok).toBe(true);
  });
  test('our own ends when it is called off, and leaves nothing behind', async () => {
    const at = directory();
    const abort = new AbortController();
    abort.abort();
    expect(await ownDiskSpeed({ directory: at, signal: abort.signal })).toMatchObject({
      ok: false,
      error: { kind: 'cancelled' },
    });
    expect(readdirSync(at)).toEqual([]);
  });
  test('a directory that is not there is told', async () =>
    expect(await ownDiskSpeed({ directory: '/nonexistent' })).toMatchObject({ ok: false, error: { kind: 'failed' } }));
});

describe('the local runner', () => {
  const node = process.execPath;
  test('gives exit code and output', async () =>
    expect(
      await localRunner(node, ['-e', 'console.log("out"); console.error("err"); process.exit(3)'], {
        deadline: 30_000,
      }),
    ).toEqual({
      kind: 'ran',
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    }));
  test('hands arguments over as they are, for there is no shell', async () =>
    expect(
      await localRunner(node, ['-e', 'console.log(process.argv[1])', '$HOME; echo `x`'], { deadline: 30_000 }),
    ).toMatchObject({
      stdout: '$HOME; echo `x`\n',
    }));
  test('ends a command at its deadline', async () =>
    expect(await localRunner(node, ['-e', 'setTimeout(() => {}, 1e6)'], { deadline: 20 })).toEqual({
      kind: 'timed out',
    }));
  test('ends a command that is called off', async () =>
    expect(
      await localRunner(node, ['-e', 'setTimeout(() => {}, 1e6)'], { deadline: 30_000, signal: AbortSignal.abort() }),
    ).toEqual({ kind: 'cancelled' }));
  test('tells that a command is not installed', async () =>
    expect(await localRunner('no-such-command-here', [], { deadline: 1000 })).toEqual({ kind: 'not installed' }));
});
