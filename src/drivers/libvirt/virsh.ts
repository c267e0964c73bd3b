/** Virsh: runs virsh against one daemon, with a deadline, and turns what it says into values or a DriverError. */
import { map, mergeMap, type Observable } from 'rxjs';
import type { BadInput, Milliseconds, Result } from '../../model/index.js';
import { collected, type CommandEvent, type RunCommand } from '../commands/index.js';
import { DriverError } from '../driver-error.js';
import { failureOfVirsh } from './failures.js';

/** The ways to run virsh against one daemon. */
export interface Virsh {
  /** What a command prints. Errors where it fails, or takes too long. */
  readonly print: (...words: readonly string[]) => Observable<string>;
  /** What a command prints, read by a parser; what the parser refuses is a breach of protocol. */
  readonly read: <Value>(
    parse: (text: string) => Result<Value, BadInput>,
    ...words: readonly string[]
  ) => Observable<Value>;
  /** A command that runs on, with its output as it comes. */
  readonly start: (...words: readonly string[]) => Observable<CommandEvent>;
}

/** A parser's refusal as the error of a stream. */
const breach = ({ source, place, message }: BadInput): DriverError =>
  new DriverError({ kind: 'protocol', retryable: true, message: `${source}, ${place}: ${message}` });

/** Runs virsh against the daemon of a URI. Arguments never pass through a shell of this machine. */
export const virshAt = (commands: RunCommand, uri: string, deadline: Milliseconds): Virsh => {
  const argv = (words: readonly string[]): readonly [string, ...string[]] => ['virsh', '-q', '-c', uri, ...words];
  const print = (...words: readonly string[]): Observable<string> =>
    collected(commands(argv(words), { deadline })).pipe(
      map(({ code, stdout, stderr }) => {
        if (code === 0) return stdout;
        // What a shell or `env` says of a program that is not there.
        if (code === 127)
          throw new DriverError({ kind: 'unsupported', retryable: false, message: 'virsh is not installed' });
        throw new DriverError(failureOfVirsh(stderr, code));
      }),
    );
  return {
    print,
    read: (parse, ...words) =>
      print(...words).pipe(
        mergeMap((text) => {
          const read = parse(text);
          if (!read.ok) throw breach(read.error);
          return [read.value];
        }),
      ),
    start: (...words) => commands(argv(words)),
  };
};
