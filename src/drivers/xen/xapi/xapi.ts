/** Xapi: a driver for pools of XenServer and XCP-ng, over a connection that the embedding application brings. */
import {
  asyncScheduler,
  catchError,
  concatMap,
  defer,
  distinctUntilChanged,
  EMPTY,
  exhaustMap,
  finalize,
  from,
  ignoreElements,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  type SchedulerLike,
  Subject,
  throwError,
  timer,
} from 'rxjs';
import * as z from 'zod';
import {
  type HostId,
  type Inventory,
  inventorySchema,
  type Milliseconds,
  minutes,
  pathText,
  type Reading,
  seconds,
} from '../../../model/index.js';
import type { Driver } from '../../driver.js';
import { DriverError } from '../../driver-error.js';
import { checkedSettings, type HostFacts, hostFactsSchema } from '../../survey/index.js';
import { type XapiConnection, xapiOver } from './connection.js';
import { cancel, carryOut, type Ground, inFlight, moveOf, watch } from './moving.js';
import { type Pool, poolOf } from './pool.js';
import { parseRrd } from './rrd.js';

/** Settings of {@link xapi}. */
export interface XapiOptions {
  /** Name of the driver in events. Default: `xapi`. */
  readonly name?: string;
  readonly connection: XapiConnection;
  /** What XAPI does not know of hosts, by their names. Default: nothing. */
  readonly facts?: Readonly<Record<HostId, HostFacts>>;
  /** Longest that a call may take. Default: 30 s. */
  readonly deadline?: Milliseconds;
  /** Time between two looks at the pool, besides those that changes bring about. Default: 30 s. */
  readonly every?: Milliseconds;
  /** Time between two samples. XAPI keeps one each 5 s. Default: 10 s. */
  readonly sampling?: Milliseconds;
  readonly migration?: {
    /** Longest that a move may take before it is cancelled. Default: 30 min. */
    readonly deadline?: Milliseconds;
    /** Time between two looks at its task. Default: 1 s. */
    readonly poll?: Milliseconds;
  };
  readonly scheduler?: SchedulerLike;
}

const length = /* @__PURE__ */ z.number().positive();

const settingsSchema = /* @__PURE__ */ z.strictObject({
  name: /* @__PURE__ */ z.string().min(1).default('xapi'),
  connection: /* @__PURE__ */ z.custom<XapiConnection>(
    (value) => typeof value === 'object' && value !== null && 'call' in value && typeof value.call === 'function',
    'is no connection: it needs the function call',
  ),
  facts: /* @__PURE__ */ z.record(z.string(), hostFactsSchema).default(() => ({})),
  deadline: length.default(seconds(30)),
  every: length.default(seconds(30)),
  sampling: length.default(seconds(10)),
  migration: /* @__PURE__ */ z.prefault(
    /* @__PURE__ */ z.strictObject({ deadline: length.default(minutes(30)), poll: length.default(seconds(1)) }),
    {},
  ),
  scheduler: /* @__PURE__ */ z.custom<SchedulerLike>().default(asyncScheduler),
});

const checkedInventory = ({ inventory }: Pool): Inventory => {
  const read = inventorySchema.safeParse(inventory);
  if (read.success) return inventory;
  const issue = read.error.issues[0];
  throw new DriverError({
    kind: 'protocol',
    retryable: true,
    message: `inventory.${pathText(issue?.path ?? [])}: ${issue?.message ?? 'is not valid'}`,
  });
};

const samplesOf = ({ get }: XapiConnection, pool: Pool, since: Milliseconds): Observable<Reading> => {
  if (!get) return EMPTY;
  const query = {
    start: String(Math.max(0, Math.floor(since / 1000))),
    host: 'true',
    json: 'true',
    cf: 'AVERAGE',
    interval: '5',
  };
  return merge(
    ...[...pool.hosts].map(([host, reference]) =>
      defer(() => from(get(reference, '/rrd_updates', query))).pipe(
        mergeMap((text): readonly Reading[] => {
          const read = parseRrd(text, pool.names);
          return read.ok ? read.value : [{ ...read.error, place: `host ${host}, ${read.error.place}` }];
        }),
        catchError(() =>
          of<Reading>({
            kind: 'bad-input',
            source: 'rrd_updates',
            place: `host ${host}`,
            problem: 'malformed',
            message: 'the host does not answer',
            value: '',
          }),
        ),
      ),
    ),
  );
};

/**
 * A driver for pools that are run by XAPI. It was written from XAPI's public documentation and tested against a server that follows it;
 * it has not met a real pool.
 *
 * @throws Error at once, naming the path of every setting that is wrong
 *
 * @example
 * const driver = xapi({ connection: { call: (method, ...args) => client.call(method, ...args) } });
 */
export const xapi = (options: XapiOptions): Driver => {
  const settings = checkedSettings('xapi', settingsSchema, options);
  const { name, connection, facts, scheduler, every, sampling, migration } = settings;
  const calls = xapiOver(connection, settings.deadline, scheduler);
  const pool = (): Observable<Pool> => poolOf(calls, facts);
  const ground: Ground = {
    xapi: calls,
    scheduler,
    poll: migration.poll,
    deadline: migration.deadline,
    pool,
    moves: new Map(),
  };
  const news = new Subject<void>();
  const changes = (): Observable<unknown> =>
    merge((connection.changes?.() ?? EMPTY).pipe(catchError(() => EMPTY)), news);
  return {
    name,
    inventory: () =>
      merge(timer(0, every, scheduler), changes()).pipe(
        // Changes come in swarms: what comes while the pool is asked is seen at the next one, at the latest after `every`.
        exhaustMap(pool),
        map(checkedInventory),
        distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
      ),
    samples: () =>
      defer(() => {
        const told = new Map<string, Milliseconds>();
        return timer(0, sampling, scheduler).pipe(
          exhaustMap(() =>
            pool().pipe(
              mergeMap((now) => samplesOf(connection, now, scheduler.now() - 2 * sampling)),
              catchError(() => EMPTY),
            ),
          ),
          // The newest row may be the one that was told the last time.
          concatMap((reading) => {
            if (reading.kind === 'bad-input') return of(reading);
            const subject = `${reading.kind} ${reading.id}`;
            if ((told.get(subject) ?? -Infinity) >= reading.at) return EMPTY;
            told.set(subject, reading.at);
            return of(reading);
          }),
        );
      }),
    migrate: (order) => carryOut(ground, order).pipe(finalize(() => news.next())),
    steer: (id, action) =>
      defer(() => {
        const move = moveOf(ground, id);
        if (action.kind === 'continue') return EMPTY;
        return action.kind === 'abort'
          ? cancel(ground, move)
          : throwError(
              () =>
                new DriverError({
                  kind: 'unsupported',
                  retryable: false,
                  message: `XAPI cannot do "${action.kind}" to a running move`,
                }),
            );
      }).pipe(ignoreElements()),
    inFlight: () => inFlight(ground),
    follow: (id) => defer(() => watch(ground, moveOf(ground, id))),
  };
};
