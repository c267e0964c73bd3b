/** OverSsh: runs commands on another machine by the ssh of this one. */
import { Observable } from 'rxjs';
import { DriverError } from '../driver-error.js';
import type { CommandEvent, CommandOptions, RunCommand } from './command.js';
import { localCommands } from './local-commands.js';
import { marker, remoteCommand } from './remote-script.js';
import { checkedSsh, type OverSsh, sshArguments } from './ssh-settings.js';

/** How much of what ssh says is kept for the message of its failure. */
const kept = 2000;

/** Pieces of stderr without what the remote script says: that is told to `hears` when the text ends with it. */
const withoutMarker = (): {
  readonly pass: (text: string) => string;
  readonly end: () => { readonly text: string; readonly said: string | undefined };
} => {
  let held = '';
  const said = new RegExp(`${marker}(missing|255)\n$`);
  return {
    pass: (text) => {
      const all = held + text;
      const from = all.lastIndexOf('\u001e');
      const suspect = from >= 0 && all.length - from <= marker.length + 'missing\n'.length;
      held = suspect ? all.slice(from) : '';
      return suspect ? all.slice(0, from) : all;
    },
    end: () => {
      const found = said.exec(held);
      return { text: found ? held.slice(0, found.index) : held, said: found?.[1] };
    },
  };
};

/**
 * Runs commands on another machine by the system's `ssh`, which needs a POSIX shell, `head` and `setsid` there. Keys and known hosts are
 * those of ssh's own configuration; it never asks. Arguments reach the command as they are, whatever they hold.
 *
 * Unsubscribing and the deadline end the connection, at which the other machine ends the command with all that it started.
 * A command ended by a signal there ends with 128 and its number. An input with a zero byte is refused as unsafe, and a command whose input
 * the connection cuts short is not run.
 *
 * @param run - what runs ssh. Default: this machine
 * @throws Error naming the path of a setting that is wrong
 *
 * @example
 * const run = overSsh({ host: 'node-b', user: 'root' });
 * collected(run(['xl', 'list', '-l'], { deadline: seconds(10) })).subscribe(({ stdout }) => show(stdout));
 */
export const overSsh = (settings: OverSsh, run: RunCommand = localCommands()): RunCommand => {
  const ssh = sshArguments(checkedSsh(settings));
  const { host } = settings;
  return (argv, options: CommandOptions = {}) =>
    new Observable<CommandEvent>((subscriber) => {
      if (argv[0] === '' || argv.some((part) => part.includes('\0'))) {
        const message = `the command ${JSON.stringify(argv.slice(0, 4))} has no name, or holds a zero byte`;
        subscriber.error(new DriverError({ kind: 'refused as unsafe', retryable: false, message }));
        return undefined;
      }
      const { input = '', keepInputOpen = false } = options;
      if (!keepInputOpen && input.includes('\0')) {
        const message = `the input of the command ${JSON.stringify(argv.slice(0, 4))} holds a zero byte, which is no text`;
        subscriber.error(new DriverError({ kind: 'refused as unsafe', retryable: false, message }));
        return undefined;
      }
      const command = remoteCommand(argv, keepInputOpen ? 'open' : Buffer.byteLength(input));
      const sift = withoutMarker();
      // Bytes that are no UTF-8 have to come out as they went in.
      const [read, write] = [
        (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1'),
        (text: string) => Buffer.from(text, 'latin1'),
      ];
      let complaint = '';
      const tell = (text: string): void => {
        complaint = (complaint + text).slice(-kept);
        if (text !== '') subscriber.next({ kind: 'output', stream: 'stderr', bytes: write(text) });
      };
      const fail = (kind: 'unsupported' | 'unreachable', message: string): void =>
        subscriber.error(new DriverError({ kind, retryable: kind === 'unreachable', message }));

      return run([...ssh, command], { ...options, input, keepInputOpen: true }).subscribe({
        next: (event) => {
          if (event.kind === 'output' && event.stream === 'stderr') {
            tell(sift.pass(read(event.bytes)));
            return;
          }
          if (event.kind !== 'ended') {
            subscriber.next(event);
            return;
          }
          const { text, said } = sift.end();
          tell(text);
          if (said === 'missing') fail('unsupported', `${argv[0]} is not installed on ${host}`);
          else if (event.code === 255 && said === undefined)
            fail('unreachable', `ssh to ${host} failed: ${complaint.trim() || 'it does not say why'}`);
          else subscriber.next(event);
        },
        error: (thrown: unknown) => subscriber.error(thrown),
        complete: () => subscriber.complete(),
      });
    });
};
