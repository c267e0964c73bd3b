/** Commands of this machine: how they start, what they give, and that nothing of them is left. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, lastValueFrom, Observable, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';
import {
  collected,
  type CommandEvent,
  DriverError,
  localCommands,
  outputOf,
  overSsh,
  type RunCommand,
} from '../../../src/drivers/index.js';

const run = localCommands({ grace: 200 });

const failure = async (stream: Observable<unknown>): Promise<{ kind: string; retryable: boolean; message: string }> => {
  try {
    await lastValueFrom(stream, { defaultValue: undefined });
  } catch (thrown) {
    if (DriverError.is(thrown)) return { kind: thrown.kind, retryable: thrown.retryable, message: thrown.message };
    throw thrown;
  }
  throw new Error('it did not fail');
};

/** Whether a process lives, the dead that nobody has waited for not counted. */
const lives = (pid: number): boolean => {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
  } catch {
    return false;
  }
};

const gone = async (pid: number): Promise<void> => {
  await expect.poll(() => lives(pid), { timeout: 5000, interval: 20 }).toBe(false);
};

/** ssh and sshd, but that the other machine is this one: a shell gets the text, and its input ends when the connection does. */
const loopbackWith =
  (path = process.env['PATH']): RunCommand =>
  (argv, { input = '', keepInputOpen = false, deadline } = {}) =>
    new Observable<CommandEvent>((subscriber) => {
      const sshd = spawn('sh', ['-c', argv.at(-1) ?? ''], {
        detached: true,
        env: { ...process.env, PATH: path },
        stdio: 'pipe',
      });
      sshd.stdin.on('error', () => undefined);
      sshd.stdin.write(input);
      if (!keepInputOpen) sshd.stdin.end();
      for (const stream of ['stdout', 'stderr'] as const)
        sshd[stream].on('data', (bytes: Uint8Array) => subscriber.next({ kind: 'output', stream, bytes }));
      sshd.on('close', (code) => {
        subscriber.next({ kind: 'ended', code: code ?? 255 });
        subscriber.complete();
      });
      if (deadline !== undefined) {
        const late = setTimeout(
          () => subscriber.error(new DriverError({ kind: 'timed out', retryable: true, message: 'ssh' })),
          deadline,
        );
        subscriber.add(() => clearTimeout(late));
      }
      subscriber.add(() => sshd.stdin.end());
    });
const loopback = loopbackWith();
const remote = overSsh({ host: 'node-b' }, loopback);

describe.each([
  ['local', run],
  ['over ssh', remote],
])('a command, %s', (_, command) => {
  test('gives its output, its errors and its code', async () => {
    const got = await firstValueFrom(collected(command(['sh', '-c', 'echo out; echo err >&2; exit 3'])));
    expect(got).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' });
  });

  test('gets its arguments as they are, whatever a shell would make of them', async () => {
    const odd = ['--help', 'a;b', '$HOME', '`id`', "it's", '"', '\\', 'two\nlines', '', '*', '!x', 'ü'];
    const got = await firstValueFrom(collected(command(['printf', '%s|', ...odd])));
    expect(got.stdout).toBe(odd.map((part) => `${part}|`).join(''));
  });

  test('speaks the C locale', async () => {
    expect((await firstValueFrom(collected(command(['printenv', 'LC_ALL'])))).stdout).toBe('C\n');
  });

  test('has an empty input where none is given', async () => {
    expect(await firstValueFrom(collected(command(['cat'])))).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('is fed its input, which is closed after it', async () => {
    const got = await firstValueFrom(collected(command(['cat'], { input: 'fünf\n' })));
    expect(got.stdout).toBe('fünf\n');
  });

  test('may end before it has read its input', async () => {
    const got = await firstValueFrom(collected(command(['true'], { input: 'x'.repeat(1 << 20) })));
    expect(got.code).toBe(0);
  });

  test('that is not installed is unsupported', async () => {
    expect(await failure(command(['no-such-program-of-ours']))).toMatchObject({
      kind: 'unsupported',
      retryable: false,
    });
  });

  test('that ends with 255 ends with 255', async () => {
    const got = await firstValueFrom(collected(command(['sh', '-c', 'echo why >&2; exit 255'])));
    expect(got).toEqual({ code: 255, stdout: '', stderr: 'why\n' });
  });

  test('that holds a zero byte, or has no name, is refused', async () => {
    expect((await failure(command(['echo', 'a\0b']))).kind).toBe('refused as unsafe');
    expect((await failure(command(['']))).kind).toBe('refused as unsafe');
  });

  test('times out at its deadline, and all that it started is ended', async () => {
    const pids: number[] = [];
    const events = command(['sh', '-c', 'sleep 600 & echo $!; wait'], { deadline: 300 });
    await expect(
      new Promise<void>((resolve, reject) => {
        events.pipe(outputOf('stdout')).subscribe({
          next: (bytes) => pids.push(Number(Buffer.from(bytes).toString())),
          error: reject,
          complete: resolve,
        });
      }),
    ).rejects.toMatchObject({ kind: 'timed out', retryable: true });
    expect(pids).toHaveLength(1);
    for (const pid of pids) await gone(pid);
  });

  test('that will not end is killed after its grace when it is unsubscribed from', async () => {
    const pid = await new Promise<number>((resolve) => {
      const subscription = command(['sh', '-c', 'trap "" TERM; echo $$; while :; do sleep 1; done'])
        .pipe(outputOf('stdout'))
        .subscribe((bytes) => {
          subscription.unsubscribe();
          resolve(Number(Buffer.from(bytes).toString()));
        });
    });
    await gone(pid);
  });

  test('with output without end is ended when it is more than is wanted', async () => {
    expect(await failure(collected(command(['yes']), { most: 100_000 }))).toMatchObject({
      kind: 'protocol',
      message: 'the command wrote more than 100000 bytes and was ended',
    });
  });
});

describe('a local command', () => {
  test('ended by a signal says by which', async () => {
    const events = await lastValueFrom(run(['sh', '-c', 'kill -9 $$']).pipe(toArray()));
    expect(events).toEqual([{ kind: 'killed', signal: 'SIGKILL' } satisfies CommandEvent]);
  });

  test('starts nothing before it is subscribed to, and once for each subscription', async () => {
    const events = run(['sh', '-c', 'echo $$']);
    const [a, b] = await Promise.all([firstValueFrom(collected(events)), firstValueFrom(collected(events))]);
    expect(a.stdout).not.toBe(b.stdout);
  });

  test('whose input stays open goes on until it is unsubscribed from', async () => {
    const bytes = await firstValueFrom(run(['cat'], { input: 'a', keepInputOpen: true }).pipe(outputOf('stdout')));
    expect(Buffer.from(bytes).toString()).toBe('a');
  });
});

describe('over ssh', () => {
  test('the input is whole however slowly the other machine starts to read it', async () => {
    const tools = mkdtempSync(join(tmpdir(), 'whither-'));
    try {
      const reader = join(tools, 'head');
      writeFileSync(reader, '#!/bin/sh\nsleep 0.3\nPATH=${PATH#*:}\nexec head "$@"\n');
      chmodSync(reader, 0o755);
      const slow = overSsh({ host: 'node-b' }, loopbackWith(`${tools}:${process.env['PATH']}`));
      const got = await firstValueFrom(collected(slow(['cat'], { input: 'fünf\n\n', deadline: 10_000 })));
      expect(got).toEqual({ code: 0, stdout: 'fünf\n\n', stderr: '' });
    } finally {
      rmSync(tools, { recursive: true });
    }
  });

  const seen: string[][] = [];
  const answering =
    (code: number, stderr: string): RunCommand =>
    (argv, options) => {
      seen.push([...argv]);
      return run(['sh', '-c', `printf '%s' "$1" >&2; exit ${code}`, 'sh', stderr], {
        ...options,
        keepInputOpen: false,
      });
    };

  test('the failure of ssh itself is unreachable, with what it said', async () => {
    const broken = overSsh({ host: 'node-b' }, answering(255, 'ssh: connect to host node-b: Connection refused\n'));
    expect(await failure(broken(['true']))).toEqual({
      kind: 'unreachable',
      retryable: true,
      message: 'ssh to node-b failed: ssh: connect to host node-b: Connection refused',
    });
  });

  test('ssh never asks, and takes the host for nothing but a host', async () => {
    seen.length = 0;
    const settings = {
      host: 'fe80::1%eth0',
      user: 'root',
      port: 2222,
      identityFile: '/k y',
      controlPath: '/c',
      options: { ProxyJump: 'gate' },
    };
    await firstValueFrom(collected(overSsh(settings, answering(0, ''))(['true'])));
    const [argv = []] = seen;
    expect(argv.slice(0, 3)).toEqual(['ssh', '-o', 'ProxyJump=gate']);
    expect(argv).toContain('BatchMode=yes');
    expect(argv).toContain('ControlMaster=auto');
    expect(argv).toContain('IdentityFile=/k y');
    expect(argv.slice(-3, -1)).toEqual(['--', 'fe80::1%eth0']);
  });

  test('a command whose input the end of the connection cuts short is not run', async () => {
    const cut: RunCommand = (argv, options) => loopback(argv, { ...options, input: 'wip', keepInputOpen: false });
    const command = overSsh({ host: 'node-b' }, cut);
    expect(await failure(command(['cat'], { input: 'wipe nothing' }))).toMatchObject({ kind: 'unreachable' });
  });

  test('an input with a zero byte is refused', async () => {
    expect(await failure(remote(['cat'], { input: 'a\0b' }))).toMatchObject({ kind: 'refused as unsafe' });
  });

  test.each(['-oProxyCommand=x', 'a b', 'a;b', '', 'root@a', 'a\nb', '$(id)', '--help', 'a%h/b'])(
    'the host %j is refused',
    (host) => {
      expect(() => overSsh({ host })).toThrow('overSsh.host: is no name or address of a host');
    },
  );

  test('settings that are wrong are named by their paths', () => {
    expect(() => overSsh({ host: 'a', user: '-l', port: 0, options: { 'A=b': 'c' } })).toThrow(
      /overSsh\.user: .*\noverSsh\.port: .*\noverSsh\.options\.A=b: /s,
    );
  });
});
