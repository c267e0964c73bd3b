/** Polled: a driver made of the services of single hosts, which are asked on a timer and may push. */
import {
  asyncScheduler,
  catchError,
  defer,
  EMPTY,
  finalize,
  forkJoin,
  map,
  Observable,
  of,
  retry,
  Subject,
  Subscription,
  throwError,
  timeout,
  timer,
} from 'rxjs';
import * as z from 'zod';
import { type Driver, DriverError, failureOf } from '../../drivers/index.js';
import {
  type BadInput,
  byName,
  type Failure,
  type HostId,
  type Inventory,
  malformed,
  type Migration,
  type MigrationId,
  type Milliseconds,
  type Reading,
} from '../../model/index.js';
import { settingsOf } from '../../policies/index.js';
import { backOffDelay } from '../back-off.js';
import { type HostService, type HostState, hostStateSchema } from './host-service.js';
import { polling, type PollingSettings, pollingSchema } from './poll.js';

/** A host that did not answer, or whose stream of pushed states broke off. */
export interface PollFailure {
  readonly at: Milliseconds;
  readonly host: HostId;
  readonly request: 'query' | 'push';
  readonly failure: Failure;
  /** When it is asked again. */
  readonly retryAt: Milliseconds;
}

/** A driver over hosts that are asked. */
export interface PolledDriver extends Driver {
  /** Failures of single hosts, as long as inventory or samples are subscribed to; they end no stream. */
  readonly failures: Observable<PollFailure>;
}

/** Which hosts are asked, and how. Whatever a host does not answer in time grows old, and moves nothing. */
export interface PolledSettings extends Omit<PollingSettings, 'attempts'> {
  /** Name of the driver. @defaultValue `polled` */
  readonly name?: string;
  readonly hosts: readonly HostService[];
  /**
   * What to make of a host that does not say what it has under way: `wait`, so that nothing is decided from a guess, until it
   * says so; or `none`, so that one dead host does not keep the engine from its start. @defaultValue 'wait'
   */
  readonly withoutAnswer?: 'wait' | 'none';
}

const schema = /* @__PURE__ */ (() =>
  pollingSchema.omit({ attempts: true }).extend({
    name: z.string().min(1).default('polled'),
    withoutAnswer: z.enum(['wait', 'none']).default('wait'),
    hosts: z
      .array(
        z.custom<HostService>(
          (value) =>
            typeof value === 'object' &&
            value !== null &&
            ['query', 'migrate', 'steer', 'inFlight', 'follow'].every(
              (key) => typeof (value as Readonly<Record<string, unknown>>)[key] === 'function',
            ),
          'is not a host service: it needs the functions query, migrate, steer, inFlight, follow',
        ),
      )
      .min(1)
      .superRefine((hosts, context) => {
        const names = hosts.map(({ host }) => host);
        const twice = names.findIndex((name, i) => names.indexOf(name) !== i);
        if (twice >= 0)
          context.addIssue({ code: 'custom', path: [twice, 'host'], message: `"${names[twice]}" is listed twice` });
      }),
  }))();

/** What is known of the hosts while somebody listens. */
interface Known {
  /** The last state of each host, the one told last at the end. */
  readonly states: Map<HostId, HostState>;
  /** Hosts that neither answered nor failed yet. */
  readonly awaited: Set<HostId>;
}

/** A guest that two hosts list stands where the one says that spoke last. */
const inventoryOf = ({ states }: Known): Inventory => {
  const guests = new Map([...states.values()].flatMap((state) => state.guests.map((guest) => [guest.id, guest])));
  return {
    hosts: [...states.values()].map(({ host }) => host).sort((a, b) => byName(a.id, b.id)),
    guests: [...guests.values()].sort((a, b) => byName(a.id, b.id)),
  };
};

const otherHost = (source: string, host: HostId, spoken: HostId): BadInput => ({
  kind: 'bad-input',
  source,
  place: `host ${host}`,
  problem: 'unknown subject',
  message: 'speaks of another host',
  value: spoken,
});

type Told = { readonly kind: 'inventory' } | { readonly kind: 'reading'; readonly reading: Reading };

/**
 * A driver made of the services of single hosts (W2). Each is asked on a timer, with a deadline and growing waits after failures,
 * and each may push its state; a state that comes both ways counts once. A host that fails holds up no other one: its last
 * equipment stays known, and its samples grow old. The inventory comes once every host has answered or failed. Orders go
 * to the host that the guest leaves.
 *
 * @example
 * engine({ driver: polled({ hosts, every: seconds(10), deadline: seconds(3) }), policy, every: seconds(10) });
 * @throws SettingsError with the path and the rule of every value that is wrong
 */
export const polled = (settings: PolledSettings): PolledDriver => {
  const { name, hosts, withoutAnswer, ...rest } = settingsOf('polled', schema, settings);
  const clock = rest.scheduler ?? asyncScheduler;
  const failures = new Subject<PollFailure>();
  const heard = new Subject<Told>();
  const known: Known = { states: new Map(), awaited: new Set() };
  let listeners = 0;
  let running = new Subscription();

  const settled = (host: HostId, changed: boolean): void => {
    const last = known.awaited.delete(host) && known.awaited.size === 0;
    if (known.awaited.size === 0 && (last || changed) && known.states.size > 0) heard.next({ kind: 'inventory' });
  };
  const told = (host: HostId, offered: HostState): void => {
    const checked = hostStateSchema.safeParse(offered);
    if (!checked.success || checked.data.host.id !== host) {
      heard.next({
        kind: 'reading',
        reading: checked.success
          ? otherHost(name, host, checked.data.host.id)
          : malformed(name, `host ${host}`, offered, checked.error),
      });
      settled(host, false);
      return;
    }
    const state = checked.data;
    const before = known.states.get(host);
    known.states.delete(host);
    known.states.set(host, state);
    settled(host, JSON.stringify([before?.host, before?.guests]) !== JSON.stringify([state.host, state.guests]));
    for (const reading of state.readings) heard.next({ kind: 'reading', reading });
  };
  const failed = (host: HostId, request: PollFailure['request'], failure: Failure, retryAt: Milliseconds): void => {
    failures.next({ at: clock.now(), host, request, failure, retryAt });
    if (request === 'query') settled(host, false);
  };

  const watch = (service: HostService): Subscription => {
    const { host } = service;
    const all = polling(service.query.bind(service), rest, (failure, retryAt) =>
      failed(host, 'query', failure, retryAt),
    ).subscribe((state) => told(host, state));
    const pushed = defer(() => service.pushed?.() ?? EMPTY).pipe(
      retry({
        resetOnSuccess: true,
        delay: (thrown: unknown, count) => {
          const wait = backOffDelay(rest.backOff, count);
          failed(host, 'push', failureOf(thrown), clock.now() + wait);
          return timer(wait, clock);
        },
      }),
    );
    all.add(pushed.subscribe((state) => told(host, state)));
    return all;
  };

  /** Asks as long as at least one listens, and forgets all when the last one left. */
  const listening = <Value>(begin: () => readonly Value[], take: (told: Told) => readonly Value[]): Observable<Value> =>
    new Observable((subscriber) => {
      subscriber.add(
        heard.subscribe((news) => {
          for (const value of take(news)) subscriber.next(value);
        }),
      );
      for (const value of begin()) subscriber.next(value);
      listeners += 1;
      subscriber.add(() => {
        listeners -= 1;
        if (listeners > 0) return;
        running.unsubscribe();
        known.states.clear();
      });
      if (listeners > 1) return;
      running = new Subscription();
      for (const { host } of hosts) known.awaited.add(host);
      for (const service of hosts) running.add(watch(service));
    });

  const serviceOf = (host: HostId): HostService | undefined => hosts.find((service) => service.host === host);
  /** Which host has a move under way, as far as it was told through this driver. */
  const places = new Map<MigrationId, HostService>();
  const notFound = (what: string): Observable<never> =>
    throwError(() => new DriverError({ kind: 'not found', retryable: false, message: what }));

  const underWayAt = (service: HostService): Observable<readonly Migration[]> =>
    defer(() => service.inFlight()).pipe(
      timeout({
        first: rest.deadline ?? rest.every,
        scheduler: clock,
        with: () =>
          throwError(
            () =>
              new DriverError({ kind: 'timed out', retryable: true, message: `host ${service.host} does not answer` }),
          ),
      }),
      map((moves) => {
        for (const { id, from } of moves) places.set(id, serviceOf(from) ?? service);
        return moves;
      }),
      catchError((thrown: unknown) => (withoutAnswer === 'none' ? of([]) : throwError(() => thrown))),
    );

  return {
    name,
    failures: failures.asObservable(),
    inventory: () =>
      listening(
        () => (known.awaited.size === 0 && known.states.size > 0 ? [inventoryOf(known)] : []),
        (news) => (news.kind === 'inventory' ? [inventoryOf(known)] : []),
      ),
    samples: () =>
      defer(() => {
        const last = new Map<string, Milliseconds>();
        const isNew = (reading: Reading): boolean => {
          if (reading.kind === 'bad-input') return true;
          const key = `${reading.kind} ${reading.id}`;
          // Asked twice, a host may tell the same reading twice.
          if (last.get(key) === reading.at) return false;
          last.set(key, reading.at);
          return true;
        };
        return listening(
          () => [...known.states.values()].flatMap(({ readings }) => readings.filter(isNew)),
          (news) => (news.kind === 'reading' && isNew(news.reading) ? [news.reading] : []),
        );
      }),
    migrate: (order) =>
      defer(() => {
        const service = serviceOf(order.from);
        if (!service) return notFound(`no host is called "${order.from}"`);
        places.set(order.id, service);
        return service.migrate(order).pipe(finalize(() => places.delete(order.id)));
      }),
    steer: (migration, action) =>
      defer(() => places.get(migration)?.steer(migration, action) ?? notFound(`no migration is called "${migration}"`)),
    inFlight: () =>
      forkJoin(hosts.map(underWayAt)).pipe(
        // Source and destination may both tell of a move.
        map((lists) => [...new Map(lists.flat().map((move) => [move.id, move])).values()]),
      ),
    follow: (migration) =>
      defer(() => {
        const service = places.get(migration);
        if (!service) return notFound(`no migration is called "${migration}"`);
        return service.follow(migration).pipe(finalize(() => places.delete(migration)));
      }),
  };
};
