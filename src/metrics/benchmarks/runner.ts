/** Runner: how a command of the machine is run, as one function, and the local default. */
import { execFile } from 'node:child_process';
import type { Milliseconds } from '../../model/index.js';

/** How long a command may take, and what ends it before. */
export interface RunOptions {
  readonly deadline: Milliseconds;
  readonly signal?: AbortSignal;
}

/** What a command came to. */
export type Ran =
  | { readonly kind: 'ran'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'not installed' }
  | { readonly kind: 'timed out' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly why: string };

/** Runs a command with its arguments, never through a shell. Never rejects. */
export type Runner = (command: string, args: readonly string[], options: RunOptions) => Promise<Ran>;

/** More output than any of our commands gives; what writes more is stopped. */
const mostOutput = 8 * 1024 ** 2;

/**
 * Runs commands on this machine. The languages of messages and numbers are those of no country (`LC_ALL=C`), so that decimal signs
 * do not follow the site.
 */
export const localRunner: Runner = (command, args, { deadline, signal }) =>
  new Promise((resolve) => {
    execFile(
      command,
      [...args],
      {
        timeout: deadline,
        killSignal: 'SIGKILL',
        maxBuffer: mostOutput,
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C' },
        ...(signal === undefined ? {} : { signal }),
      },
      (error, stdout, stderr) => {
        if (error === null) resolve({ kind: 'ran', code: 0, stdout, stderr });
        else if (error.name === 'AbortError') resolve({ kind: 'cancelled' });
        else if (error.code === 'ENOENT') resolve({ kind: 'not installed' });
        else if (error.killed === true && error.signal === 'SIGKILL' && error.code === null)
          resolve({ kind: 'timed out' });
        else if (typeof error.code === 'number') resolve({ kind: 'ran', code: error.code, stdout, stderr });
        else resolve({ kind: 'failed', why: error.message });
      },
    );
  });
