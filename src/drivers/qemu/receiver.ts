/** Receiver: starts the QEMU that a guest moves to, equal to the one that it leaves, and has it listen (Muda, M33). */
import { catchError, concatMap, defer, last, map, type Observable, of, retry, throwError, timer } from 'rxjs';
import * as z from 'zod';
import type { FailureKind } from '../../model/index.js';
import { collected } from '../commands/index.js';
import { DriverError } from '../driver-error.js';
import { failureFrom } from '../qmp/index.js';
import { receiverCommand } from './launch.js';
import type { QemuSettings } from './options.js';
import { fileOf, type Place } from './places.js';
import { processAt } from './processes.js';
import { answered } from './standing.js';

/** A receiver that listens. */
export interface Receiver {
  /** Where the guest is sent to. */
  readonly uri: string;
  readonly postCopy: boolean;
}

const failure = (kind: FailureKind, message: string): DriverError =>
  new DriverError({ kind, retryable: false, message });

const launched = (from: Place, to: Place, settings: QemuSettings): Observable<unknown> =>
  processAt(from, settings).pipe(
    concatMap((source) => {
      if (!source) throw failure('not found', `no process of host ${from.host} listens for guest ${from.guest}`);
      const command = receiverCommand(source.argv, {
        guest: to.guest,
        fromDirectory: from.site.directory,
        toDirectory: to.site.directory,
        address: to.address,
        pidFile: fileOf(to.site, to.guest, 'pid'),
      });
      if (!command.ok) throw failure('refused as unsafe', `the receiver is not started: ${command.error}`);
      return collected(to.site.run(command.value, { deadline: settings.patience }));
    }),
    map(({ code, stderr }) => {
      if (code === 0) return;
      const why = stderr.trim() || `it ended with ${code}`;
      throw new DriverError(failureFrom(why, `the receiver on host ${to.host} did not start`));
    }),
  );

const capable = ({ qmp }: Place, capabilities: Readonly<Record<string, boolean>>): Observable<unknown> =>
  qmp.execute('migrate-set-capabilities', {
    capabilities: Object.entries(capabilities).map(([capability, state]) => ({ capability, state })),
  });

/** Makes post-copy ready where it is wanted and can be, and says whether it is. */
const prepared = (to: Place, wanted: boolean): Observable<boolean> =>
  capable(to, { events: true, 'postcopy-ram': wanted }).pipe(
    map(() => wanted),
    catchError((thrown: unknown) =>
      wanted ? capable(to, { events: true, 'postcopy-ram': false }).pipe(map(() => false)) : throwError(() => thrown),
    ),
  );

const socketSchema = /* @__PURE__ */ z.object({
  'socket-address': /* @__PURE__ */ z.tuple(
    [/* @__PURE__ */ z.object({ type: z.literal('inet'), port: /* @__PURE__ */ z.string().regex(/^\d+$/) })],
    /* @__PURE__ */ z.unknown(),
  ),
});

/** An address as a part of QEMU's own. */
const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address);

/** Listens at the first port of the range that is free, and says at which. */
const listening = (to: Place, settings: QemuSettings): Observable<string> => {
  const { address, ports } = to.site.incoming;
  const [first, end] = ports;
  const at = (port: number): Observable<string> =>
    to.qmp.execute('migrate-incoming', { uri: `tcp:${bracketed(address)}:${port}` }).pipe(
      map(() => String(port)),
      catchError((thrown: unknown) =>
        DriverError.is(thrown) && thrown.kind === 'conflict' && port < end ? at(port + 1) : throwError(() => thrown),
      ),
    );
  // Which port the system chose is said a moment later.
  const chosen = defer(() => to.qmp.execute('query-migrate')).pipe(
    map((answer) => answered(socketSchema, 'query-migrate', answer)['socket-address'][0].port),
    retry({ count: 20, delay: () => timer(50, settings.scheduler) }),
  );
  return at(first).pipe(
    concatMap((port) => (port === '0' ? chosen : of(port))),
    map((port) => `tcp:${bracketed(address)}:${port}`),
  );
};

/**
 * Starts a receiver and has it listen. Emits once. Errors with a `DriverError`; what was started by then is still there.
 * Not to be broken off: a QEMU that is just becoming a daemon would be missed.
 */
export const receiverFor = (from: Place, to: Place, settings: QemuSettings): Observable<Receiver> =>
  launched(from, to, settings).pipe(
    last(),
    concatMap(() => prepared(to, settings.migration.postCopy ?? true)),
    concatMap((postCopy) => listening(to, settings).pipe(map((uri): Receiver => ({ uri, postCopy })))),
  );

/** QEMU's own default; what an earlier migration was allowed must not hold for the next. */
const downtimeAtFirst = 300;

/** Sends the guest. Completes when QEMU has taken the order, which is not to say that it reaches anybody. */
export const send = (from: Place, { uri, postCopy }: Receiver, { migration }: QemuSettings): Observable<unknown> => {
  const { bandwidth, downtime = downtimeAtFirst, throttling = false } = migration;
  return capable(from, { events: true, 'postcopy-ram': postCopy, 'auto-converge': throttling }).pipe(
    concatMap(() =>
      from.qmp.execute('migrate-set-parameters', {
        'downtime-limit': Math.round(downtime),
        ...(bandwidth === undefined ? {} : { 'max-bandwidth': Math.round(bandwidth) }),
        // QEMU's own defaults, for the same reason.
        ...(throttling ? { 'cpu-throttle-initial': 20, 'max-cpu-throttle': 99, 'throttle-trigger-threshold': 50 } : {}),
      }),
    ),
    concatMap(() => from.qmp.execute('migrate', { uri })),
  );
};
