/** Collected: the whole output of a command that ends, within a bound of memory. */
import { Observable } from 'rxjs';
import { type Bytes, mebibytes } from '../../model/index.js';
import { DriverError } from '../driver-error.js';
import type { CommandEvent } from './command.js';

/** What a command wrote and how it ended. */
export interface Collected {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings of {@link collected}. */
export interface CollectOptions {
  /** Most bytes of both outputs together. Default: 16 MiB. */
  readonly most?: Bytes;
}

/**
 * What a command wrote, once it has ended by itself, whatever its code. Bytes that are no UTF-8 become U+FFFD.
 *
 * Errors with a `DriverError` of kind `protocol` where it writes more than allowed, which ends it; where it is killed; and
 * where the events end without telling how the command did. Errors of the events are passed on.
 */
export const collected = (
  events: Observable<CommandEvent>,
  { most = mebibytes(16) }: CollectOptions = {},
): Observable<Collected> =>
  new Observable((subscriber) => {
    const written = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
    let size = 0;
    const refuse = (message: string, retryable: boolean): void =>
      subscriber.error(new DriverError({ kind: 'protocol', retryable, message }));
    const text = (stream: 'stdout' | 'stderr'): string => new TextDecoder().decode(Buffer.concat(written[stream]));

    return events.subscribe({
      next: (event) => {
        if (event.kind === 'output') {
          size += event.bytes.length;
          if (size > most) refuse(`the command wrote more than ${most} bytes and was ended`, false);
          else written[event.stream].push(event.bytes);
        } else if (event.kind === 'killed') refuse(`the command was ended by ${event.signal}`, true);
        else {
          subscriber.next({ code: event.code, stdout: text('stdout'), stderr: text('stderr') });
          subscriber.complete();
        }
      },
      error: (thrown: unknown) => subscriber.error(thrown),
      complete: () => refuse('the command ended without telling how', false),
    });
  });
