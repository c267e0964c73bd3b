/** QmpConnection: one conversation with a QEMU, from its greeting to its end. */
import { asyncScheduler, Observable, type SchedulerLike, Subject, type Subscriber } from 'rxjs';
import { type Failure, mebibytes, type Milliseconds, seconds } from '../../model/index.js';
import { lines } from '../commands/index.js';
import { DriverError } from '../driver-error.js';
import { addressText, type QmpAddress } from './address.js';
import { type QmpEvent, type QmpGreeting, type QmpMessage, readMessage } from './messages.js';
import { refusedBy } from './problems.js';
import { type Dial, dialSocket, type Wire } from './wire.js';

/** How a QEMU is spoken to. */
export interface QmpOptions {
  readonly address: QmpAddress;
  /** Longest time from a command to its answer, and from the connection to its use. Default: 5 s. */
  readonly deadline?: Milliseconds;
  /** Longest line that QEMU may send, in characters. Default: 4 Mi. */
  readonly most?: number;
  /** Default: a socket of this machine. */
  readonly dial?: Dial;
  readonly scheduler?: SchedulerLike;
}

/** Gives a command to QEMU. Subscribing sends it; the answer comes once. Unsubscribing only means that the answer is not wanted. */
export type QmpExecute = (
  command: string,
  parameters?: Readonly<Record<string, unknown>>,
  options?: { readonly deadline?: Milliseconds },
) => Observable<unknown>;

/** An open conversation, ready for commands. */
export interface QmpConnection {
  readonly greeting: QmpGreeting;
  readonly execute: QmpExecute;
  /** What happens in QEMU from now on. Hot; errors when the connection is lost. */
  readonly events: Observable<QmpEvent>;
}

/** One conversation's state, apart from its socket. */
const conversation = (
  { address, deadline = seconds(5), scheduler = asyncScheduler }: QmpOptions,
  ready: (connection: QmpConnection) => void,
  ended: (because: DriverError) => void,
): {
  readonly opened: (wire: Wire) => void;
  readonly hears: (message: QmpMessage) => void;
  readonly lose: (because: DriverError) => void;
} => {
  const where = addressText(address);
  const waiting = new Map<string, { readonly command: string; readonly subscriber: Subscriber<unknown> }>();
  const events = new Subject<QmpEvent>();
  let count = 0;
  let wire: Wire | undefined;
  let greeted = false;
  let lost: DriverError | undefined;

  const lose = (because: DriverError): void => {
    if (lost) return;
    lost = because;
    const left = [...waiting.values()];
    waiting.clear();
    for (const { subscriber } of left) subscriber.error(because);
    events.error(because);
    ended(because);
  };
  const breach = (message: string): void =>
    lose(new DriverError({ kind: 'protocol', retryable: true, message: `${where}: ${message}` }));

  const execute: QmpExecute = (command, parameters, options = {}) =>
    new Observable((subscriber) => {
      if (lost) {
        subscriber.error(lost);
        return undefined;
      }
      const longest = options.deadline ?? deadline;
      const id = `whither-${(count += 1)}`;
      waiting.set(id, { command, subscriber });
      const late = scheduler.schedule(
        () =>
          subscriber.error(
            new DriverError({
              kind: 'timed out',
              retryable: true,
              message: `${where} did not answer ${command} within ${longest} ms`,
            }),
          ),
        longest,
      );
      wire?.send(`${JSON.stringify({ execute: command, ...(parameters ? { arguments: parameters } : {}), id })}\n`);
      return () => {
        late.unsubscribe();
        waiting.delete(id);
      };
    });

  const hears = (message: QmpMessage): void => {
    if (lost) return;
    if (message.kind === 'greeting') {
      if (greeted) breach('greeted twice');
      else {
        greeted = true;
        execute('qmp_capabilities').subscribe({
          next: () => ready({ greeting: message.greeting, execute, events: events.asObservable() }),
          error: (because: unknown) => lose(because as DriverError),
        });
      }
    } else if (!greeted) breach('did not greet first');
    else if (message.kind === 'event') events.next(message.event);
    else if (message.id === undefined)
      breach(message.kind === 'refusal' ? message.problem.desc : 'answered nobody can tell what');
    else {
      // The answer to a command that is no longer waited for comes too late for anybody.
      const asked = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.kind === 'refusal')
        asked?.subscriber.error(new DriverError(refusedBy(message.problem, asked.command)));
      else {
        asked?.subscriber.next(message.value);
        asked?.subscriber.complete();
      }
    }
  };
  return {
    opened: (to) => {
      wire = to;
    },
    hears,
    lose,
  };
};

/**
 * A conversation with a QEMU. Subscribing connects, waits for the greeting, agrees on capabilities, and emits the connection once;
 * unsubscribing closes it. Commands are told apart by their numbers, so answers and events may come in any order.
 *
 * Errors with a `DriverError`: `not found` where nobody listens, `timed out` where somebody accepts and says nothing (QEMU
 * serves one client at a time), `protocol` at a line that is not QMP's or is too long, `unreachable` when the other
 * side closes. All that waits errors with it.
 */
export const qmpConnection = (options: QmpOptions): Observable<QmpConnection> =>
  new Observable((subscriber) => {
    const {
      address,
      deadline = seconds(5),
      dial = dialSocket,
      most = mebibytes(4),
      scheduler = asyncScheduler,
    } = options;
    const where = addressText(address);
    const because = (kind: Failure['kind'], message: string): DriverError =>
      new DriverError({ kind, retryable: true, message: `${where} ${message}` });

    const late = scheduler.schedule(
      () => talk.lose(because('timed out', `accepted nobody, or said nothing, for ${deadline} ms`)),
      deadline,
    );
    const talk = conversation(
      options,
      (connection) => {
        late.unsubscribe();
        subscriber.next(connection);
      },
      (lost) => subscriber.error(lost),
    );
    subscriber.add(late);
    subscriber.add(() => talk.lose(because('cancelled', 'is no longer spoken to')));
    subscriber.add(
      dial(address).subscribe({
        next: (wire) => {
          talk.opened(wire);
          subscriber.add(
            wire.pieces.pipe(lines({ source: where, most })).subscribe({
              next: (line) => {
                if (typeof line !== 'string') {
                  talk.lose(because('protocol', `sent a line that ${line.message}`));
                  return;
                }
                if (line === '') return;
                const message = readMessage(line);
                if (message.ok) talk.hears(message.value);
                else talk.lose(because('protocol', `sent a line that ${message.error}`));
              },
              error: (thrown: unknown) =>
                talk.lose(DriverError.is(thrown) ? thrown : because('protocol', String(thrown))),
              complete: () => talk.lose(because('unreachable', 'closed the connection')),
            }),
          );
        },
        error: (thrown: unknown) => talk.lose(DriverError.is(thrown) ? thrown : because('protocol', String(thrown))),
      }),
    );
  });
