/** LocalCommands: runs commands on this machine, each in a process group of its own that is ended as a whole. */
import { Observable } from 'rxjs';
import { type Milliseconds, seconds } from '../../model/index.js';
import { DriverError } from '../driver-error.js';
import type { CommandEvent, CommandOptions, RunCommand } from './command.js';

/** Settings of {@link localCommands}. */
export interface LocalCommands {
  /** Time that a command has to end by itself when it is told to, before it is killed. Default: 2 s. */
  readonly grace?: Milliseconds;
  /** Variables of its environment besides those of this process. `LC_ALL` is always `C`, so that outputs are what parsers expect. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Longest that one timer of Node can wait. */
const longestTimer = 2 ** 31 - 1;

/** Refuses what no process can be started with, before the attempt. */
const checked = (argv: readonly [string, ...string[]]): DriverError | undefined => {
  if (argv[0] === '' || argv.some((part) => part.includes('\0')))
    return new DriverError({
      kind: 'refused as unsafe',
      retryable: false,
      message: `the command ${JSON.stringify(argv.slice(0, 4))} has no name, or holds a zero byte`,
    });
  return undefined;
};

/** Why a program could not be started, from the code of the system call. */
const notStarted = (program: string, code: string, cause: unknown): DriverError => {
  const missing = code === 'ENOENT' || code === 'EACCES';
  return new DriverError(
    {
      kind: missing ? 'unsupported' : 'protocol',
      // What is out for now, such as processes, may be there again.
      retryable: code === 'EAGAIN' || code === 'ENOMEM' || code === 'EMFILE',
      message: missing ? `${program} is not installed (${code})` : `${program} could not be started: ${code}`,
    },
    cause,
  );
};

/** Sends a signal to all processes of a group. Whether there still were any. */
const signal = (group: number, name: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(-group, name);
  } catch {
    return false;
  }
};

/** Groups that run; they end with this process, however it ends by itself. */
const groupsOf = (): { readonly add: (group: number) => void; readonly remove: (group: number) => void } => {
  const running = new Set<number>();
  const endAll = (): void => {
    for (const group of running) signal(group, 'SIGKILL');
  };
  return {
    add: (group) => {
      if (running.size === 0) process.once('exit', endAll);
      running.add(group);
    },
    remove: (group) => {
      running.delete(group);
      if (running.size === 0) process.removeListener('exit', endAll);
    },
  };
};

/**
 * Runs commands on this machine, never through a shell. Nothing is kept of their output: each piece is told as it comes.
 *
 * Each runs in a process group of its own. Unsubscribing, the deadline and the end of this process end the whole group: by
 * SIGTERM, and after the grace by SIGKILL. What a command leaves behind on purpose, as a daemon in a session of its own, stays.
 *
 * @example
 * const run = localCommands();
 * collected(run(['uname', '-r'], { deadline: seconds(5) })).subscribe(({ stdout }) => show(stdout));
 */
export const localCommands = (settings: LocalCommands = {}): RunCommand => {
  const { grace = seconds(2), environment = {} } = settings;
  const groups = groupsOf();

  const end = (group: number): void => {
    if (!signal(group, 'SIGTERM')) {
      groups.remove(group);
      return;
    }
    const asked = performance.now();
    const look = (): void => {
      if (signal(group, 0) && performance.now() - asked < grace) {
        setTimeout(look, Math.min(20, grace));
        return;
      }
      signal(group, 'SIGKILL');
      groups.remove(group);
    };
    setTimeout(look, 5);
  };

  return (argv, options: CommandOptions = {}) =>
    new Observable<CommandEvent>((subscriber) => {
      const refused = checked(argv);
      if (refused) {
        subscriber.error(refused);
        return;
      }
      const [program, ...parts] = argv;
      const { deadline, input, keepInputOpen = false } = options;

      const start = async (): Promise<void> => {
        // Loaded when the first command is run: the package is ESM alone, and this one can be required too.
        const { execa } = await import('execa');
        if (subscriber.closed) return;
        const child = execa(program, parts, {
          buffer: false,
          detached: true,
          encoding: 'buffer',
          env: { ...environment, LC_ALL: 'C' },
          reject: false,
          stdin: input === undefined && !keepInputOpen ? 'ignore' : 'pipe',
          stripFinalNewline: false,
        });
        const group = child.pid;
        const { stdin, stdout, stderr } = child;
        if (group !== undefined) {
          groups.add(group);
          subscriber.add(() => {
            stdout.destroy();
            stderr.destroy();
            end(group);
          });
        }
        for (const [stream, readable] of [
          ['stdout', stdout],
          ['stderr', stderr],
        ] as const)
          // execa's streams give Uint8Array where no encoding is set.
          readable.on('data', (bytes: Uint8Array) => subscriber.next({ kind: 'output', stream, bytes }));
        // A command that ends before it has read all its input is no error of its own.
        stdin?.on('error', () => undefined);
        if (input !== undefined) stdin?.write(input);
        if (!keepInputOpen) stdin?.end();
        const { exitCode, signal: killedBy, cause } = await child;
        // With reject: false a program that was not there is told of here.
        const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : undefined;
        if (exitCode === undefined && killedBy === undefined)
          throw notStarted(program, code ?? 'for a reason unknown', cause);
        subscriber.next(
          exitCode === undefined
            ? { kind: 'killed', signal: killedBy ?? 'SIGKILL' }
            : { kind: 'ended', code: exitCode },
        );
        if (group !== undefined) groups.remove(group);
        subscriber.complete();
      };

      if (deadline !== undefined) {
        const late = setTimeout(
          () =>
            subscriber.error(
              new DriverError({
                kind: 'timed out',
                retryable: true,
                message: `${program} took longer than ${deadline} ms and was ended`,
              }),
            ),
          Math.min(deadline, longestTimer),
        );
        subscriber.add(() => clearTimeout(late));
      }
      start().catch((thrown: unknown) => {
        subscriber.error(DriverError.is(thrown) ? thrown : notStarted(program, 'see its cause', thrown));
      });
    });
};
