/** Runs one command to its end and keeps what it printed. */
import { spawn } from 'node:child_process';

/** How a command ended. */
export interface Ended {
  /** Its exit code, or `undefined` where a signal or the time limit ended it. */
  readonly code: number | undefined;
  /** Standard output alone. */
  readonly printed: string;
  /** Standard output and error, as they came. */
  readonly output: string;
  /** How long it took, in milliseconds. */
  readonly took: number;
}

/** Settings of a command. */
export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** After so many milliseconds it is ended, with all that it started. */
  readonly limit?: number;
}

/** Against commands that never end, not against slow machines. */
const patience = 1_800_000;

/** Runs `command` without a shell. Never rejects: a command that cannot be started has no exit code. */
export const run = (
  command: string,
  args: readonly string[],
  { cwd, env, limit = patience }: Surroundings = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const from = performance.now();
    let printed = '';
    let output = '';
    // A group of its own, so that the time limit also ends what the command has started.
    const child = spawn(command, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const end = (code: number | undefined): void => {
      clearTimeout(timer);
      resolve({ code, printed, output, took: performance.now() - from });
    };
    const timer = setTimeout(() => {
      output += `\nended after ${limit / 1000} s\n`;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, limit);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', (error) => {
      output += `${error.message}\n`;
      end(undefined);
    });
    child.on('close', (code) => {
      end(code ?? undefined);
    });
  });
