/** QmpClient: one shared conversation with a QEMU, opened when it is needed and anew after it was lost. */
import { type Observable, ReplaySubject, share, switchMap, take } from 'rxjs';
import { qmpConnection, type QmpExecute, type QmpOptions } from './connection.js';
import type { QmpEvent } from './messages.js';

/** A QEMU as one can be spoken to at any time. */
export interface QmpClient {
  /** Gives a command; connects for it if nobody is connected. Errors with a `DriverError`; the next command connects anew. */
  readonly execute: QmpExecute;
  /** What happens in QEMU while this is subscribed to, which holds the connection open. Errors when it is lost. */
  readonly events: () => Observable<QmpEvent>;
}

/**
 * A client that shares one connection among all that use it at a time, for QEMU serves one client at a time. Cold: it connects at the first
 * subscription and closes with the last. After a loss it connects again for whoever subscribes next; nobody is retried for.
 */
export const qmpClient = (options: QmpOptions): QmpClient => {
  const connection = qmpConnection(options).pipe(share({ connector: () => new ReplaySubject(1) }));
  return {
    execute: (command, parameters, limits) =>
      connection.pipe(
        switchMap(({ execute }) => execute(command, parameters, limits)),
        take(1),
      ),
    events: () => connection.pipe(switchMap(({ events }) => events)),
  };
};
