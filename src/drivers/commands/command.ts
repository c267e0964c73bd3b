/** RunCommand: how a command of a host is run, as one function, here or on another machine. */
import type { Observable } from 'rxjs';
import type { Milliseconds } from '../../model/index.js';

/** How long a command may take, and what it is fed. */
export interface CommandOptions {
  /** After this time the command is ended with all that it started. Commands that run on, such as a loop of events, have none. */
  readonly deadline?: Milliseconds;
  /** Text for its standard input, which is closed after it. Without it the input is empty. */
  readonly input?: string;
  /** Whether its standard input stays open after that text for as long as the command runs. Default: no. */
  readonly keepInputOpen?: boolean;
}

/** What a running command gives: pieces of its output as they come, and last how it ended. */
export type CommandEvent =
  | { readonly kind: 'output'; readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }
  | { readonly kind: 'ended'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string };

/**
 * Runs a program with its arguments, never through a local shell. Subscribing starts it, unsubscribing ends it and all that it started.
 * A code other than 0 is an ordinary end. Errors with a `DriverError` only: `unsupported` where the program is not installed,
 * `timed out` at the deadline, `unreachable` where the other machine is not.
 */
export type RunCommand = (argv: readonly [string, ...string[]], options?: CommandOptions) => Observable<CommandEvent>;
