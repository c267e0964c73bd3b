/** Wire: an open connection as pieces that come in and texts that go out. */
import { connect } from 'node:net';
import { Observable } from 'rxjs';
import { DriverError } from '../driver-error.js';
import { addressText, type QmpAddress } from './address.js';

/** An open connection. */
export interface Wire {
  /** What comes in; completes when the other side closes. For one subscriber, and nothing is lost before it comes. */
  readonly pieces: Observable<Uint8Array>;
  /** Sends a text. */
  readonly send: (text: string) => void;
}

/** Opens a connection. Subscribing opens it and emits it once it stands, unsubscribing closes it. Errors with a `DriverError`. */
export type Dial = (address: QmpAddress) => Observable<Wire>;

/** There is nobody at such an address, as opposed to an address that cannot be asked. */
const nobody: ReadonlySet<string | undefined> = /* @__PURE__ */ new Set(['ENOENT', 'ECONNREFUSED', 'ENOTSOCK']);

/** Opens sockets of this machine. Nobody there is `not found`, which the next attempt may change; all else is `unreachable`. */
export const dialSocket: Dial = (address) =>
  new Observable((subscriber) => {
    const socket =
      address.kind === 'unix' ? connect({ path: address.path }) : connect({ host: address.host, port: address.port });
    const failed = (cause: NodeJS.ErrnoException): DriverError =>
      new DriverError(
        {
          kind: nobody.has(cause.code) ? 'not found' : 'unreachable',
          retryable: true,
          message: `${addressText(address)}: ${cause.message}`,
        },
        cause,
      );
    const opening = (cause: NodeJS.ErrnoException): void => subscriber.error(failed(cause));
    socket.once('error', opening);
    socket.once('connect', () => {
      socket.off('error', opening);
      // Else an error between two subscriptions would end the process.
      socket.on('error', () => undefined);
      subscriber.next({
        pieces: new Observable((piece) => {
          socket.on('data', (bytes: Uint8Array) => piece.next(bytes));
          socket.once('error', (cause: NodeJS.ErrnoException) =>
            piece.error(
              new DriverError(
                { kind: 'unreachable', retryable: true, message: `${addressText(address)}: ${cause.message}` },
                cause,
              ),
            ),
          );
          socket.once('close', () => piece.complete());
        }),
        send: (text) => socket.write(text),
      });
    });
    return () => socket.destroy();
  });
