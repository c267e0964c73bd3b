/** A small world in virtual time for the engine's tests: hosts, guests, samples, and a driver that moves by a script. */
import {
  BehaviorSubject,
  concat,
  defer,
  EMPTY,
  finalize,
  from,
  ignoreElements,
  interval,
  map,
  mergeMap,
  NEVER,
  type Observable,
  of,
  startWith,
  type Subscription,
  take,
  throwError,
  timer,
  VirtualTimeScheduler,
} from 'rxjs';
import { type Driver, DriverError, type MigrationEvent } from '../../src/drivers/index.js';
import { engine, type EngineEvent, type EngineOptions } from '../../src/engine/index.js';
import {
  type Cluster,
  type ConvergenceAction,
  type FailureKind,
  gbps,
  gibibytes,
  gigahertz,
  type Guest,
  type Host,
  type Inventory,
  type Migration,
  type MigrationOrder,
  type Milliseconds,
  type Proposal,
  type Reading,
  seconds,
} from '../../src/model/index.js';
import { definePolicy, type Policy } from '../../src/policies/index.js';

/** A host with a migration network of its own. */
export const aHost = (id: string, memory = 16, change: Partial<Host> = {}): Host => ({
  id,
  state: 'active',
  cpu: { clock: gigahertz(2), cores: 8, threads: 16, architecture: 'x86_64' },
  memory: { total: gibibytes(memory), reserved: 0 },
  storage: [],
  networks: [{ role: 'migration', link: `link-${id}`, bandwidth: gbps(10) }],
  devices: [],
  power: [],
  labels: {},
  ...change,
});

/** A guest of one vCPU. */
export const aGuest = (id: string, host: string, memory = 1, change: Partial<Guest> = {}): Guest => ({
  id,
  host,
  vcpus: 1,
  memory: gibibytes(memory),
  devices: [],
  labels: {},
  together: [],
  apart: [],
  pins: [],
  migratable: true,
  ...change,
});

/** A proposal without evidence. */
export const aMove = (guest: string, from: string, to: string): Proposal => ({ guest, from, to, because: [] });

/** A policy that proposes what a function of the snapshot says. */
export const proposing = (moves: (cluster: Cluster) => readonly Proposal[], name = 'scripted'): Policy =>
  definePolicy({ name, watch: {}, plan: (cluster) => ({ moves: moves(cluster), passedOver: [] }) });

/** A policy that proposes the same moves at every decision. */
export const always = (...moves: readonly Proposal[]): Policy => proposing(() => moves);

/** How the driver carries out one order. */
export interface Course {
  readonly takes: Milliseconds;
  /** `lost`: the driver loses sight of it, while it goes on for three seconds and is done. */
  readonly ending: 'done' | 'never' | 'silence' | 'throw' | 'lost' | FailureKind;
  /** Reports before the end, evenly spread. */
  readonly reports?: number;
}

/** What a world is made of. */
export interface World {
  readonly hosts: readonly Host[];
  readonly guests: readonly Guest[];
  readonly course?: (order: MigrationOrder, before: number) => Course;
  /** Names of hosts and guests that send no samples. */
  readonly silent?: readonly string[];
  readonly samplesEvery?: Milliseconds;
  /** Moves under way before the engine comes, each with how it goes on. */
  readonly underWay?: readonly { readonly migration: Migration; readonly course: Course }[];
  /** Whether the inventory shows a move as soon as it is done; if not, it never does. */
  readonly shows?: boolean;
}

const done = (at: Milliseconds): MigrationEvent => ({ kind: 'done', at, downtime: 50, sent: gibibytes(1) });

/** A running engine, as a subscriber sees it. */
export interface Run {
  readonly events: readonly EngineEvent[];
  readonly subscription: Subscription;
  readonly state: { readonly completed: boolean; readonly error: unknown };
}

/** A world, its clock, a driver for it, and what can be seen of it from outside. */
export interface Rig {
  readonly scheduler: VirtualTimeScheduler;
  readonly driver: Driver;
  readonly inventory$: BehaviorSubject<Inventory>;
  /** What the driver was asked, in order. */
  readonly log: readonly string[];
  /** The moves that run, by name. */
  readonly running: ReadonlyMap<string, MigrationOrder>;
  /** The moves that go on though the driver lost sight of them, by name. */
  readonly adrift: ReadonlyMap<string, MigrationOrder>;
  /** Where each guest stands in truth, whatever the inventory shows. */
  readonly stands: ReadonlyMap<string, string>;
  /** Called whenever a move begins or ends, with those that run. */
  readonly watchers: ((running: readonly MigrationOrder[]) => void)[];
  readonly steered: readonly ConvergenceAction[];
  /** Places a guest on a host, and lets the inventory show it. */
  readonly place: (guest: string, host: string) => void;
  /** Lets virtual time pass until then. */
  readonly until: (time: Milliseconds) => void;
  /** Runs an engine over this world, deciding every ten seconds unless told otherwise, and keeps its events. */
  readonly start: (options?: Partial<Record<keyof EngineOptions, unknown>>) => Run;
}

/** Makes a world. */
export const rig = ({
  hosts,
  guests,
  course = () => ({ takes: seconds(5), ending: 'done' }),
  silent = [],
  samplesEvery = seconds(1),
  underWay = [],
  shows = true,
}: World): Rig => {
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  const inventory$ = new BehaviorSubject<Inventory>({ hosts, guests });
  const log: string[] = [];
  const running = new Map<string, MigrationOrder>();
  /** Those that go on though the driver lost sight of them. */
  const adrift = new Map<string, MigrationOrder>();
  const stands = new Map(guests.map(({ id, host }) => [id, host]));
  const watchers: ((running: readonly MigrationOrder[]) => void)[] = [];
  const steered: ConvergenceAction[] = [];
  let orders = 0;

  const told = (): void => watchers.forEach((watcher) => watcher([...running.values()]));
  const place = (guest: string, host: string): void => {
    const { hosts, guests } = inventory$.value;
    inventory$.next({ hosts, guests: guests.map((one) => (one.id === guest ? { ...one, host } : one)) });
  };
  const over = (order: MigrationOrder): void => {
    if (running.delete(order.id)) told();
  };

  const carriedOut = (order: MigrationOrder, { takes, ending, reports = 0 }: Course): Observable<MigrationEvent> => {
    const step = takes / (reports + 1);
    const progress = interval(step, scheduler).pipe(
      take(reports),
      map((i): MigrationEvent => ({
        kind: 'progress',
        progress: { at: scheduler.now(), phase: 'copying', round: i + 1, sent: (i + 1) * 1000 },
      })),
    );
    const rest = takes === 0 ? EMPTY : timer(reports === 0 ? takes : step, scheduler).pipe(ignoreElements());
    const end = defer((): Observable<MigrationEvent> => {
      if (ending === 'never') return NEVER;
      if (ending === 'lost') {
        adrift.set(order.id, order);
        return throwError(() => new DriverError({ kind: 'unreachable', retryable: true, message: 'connection lost' }));
      }
      if (ending === 'done') stands.set(order.guest, order.to);
      over(order);
      if (ending === 'silence') return EMPTY;
      if (ending === 'throw') throw new Error('a bug in the driver');
      if (ending !== 'done')
        return throwError(() => new DriverError({ kind: ending, retryable: true, message: `scripted: ${ending}` }));
      if (shows) place(order.guest, order.to);
      return of(done(scheduler.now()));
    });
    return concat(progress, rest, end);
  };

  const driver: Driver = {
    name: 'scripted',
    inventory: () => inventory$.asObservable(),
    samples: () =>
      interval(samplesEvery, scheduler).pipe(
        startWith(-1),
        mergeMap((): Observable<Reading> => {
          const at = scheduler.now();
          const { hosts, guests } = inventory$.value;
          return from(
            [
              ...hosts.map(({ id }): Reading => ({ kind: 'host', id, at, cpu: { used: 0.5 } })),
              ...guests.map(({ id }): Reading => ({ kind: 'guest', id, at, cpu: { used: 0.5 } })),
            ].filter((sample) => sample.kind === 'bad-input' || !silent.includes(sample.id)),
          );
        }),
      ),
    migrate: (order) =>
      defer(() => {
        log.push(`migrate ${order.guest} ${order.from} ${order.to}`);
        running.set(order.id, order);
        told();
        orders += 1;
        return carriedOut(order, course(order, orders - 1)).pipe(
          finalize(() => {
            if (!running.has(order.id) || adrift.has(order.id)) return;
            log.push(`cancel ${order.guest}`);
            over(order);
          }),
        );
      }),
    steer: (_, action) =>
      defer(() => {
        steered.push(action);
        log.push(`steer ${action.kind}`);
        return EMPTY;
      }),
    inFlight: () =>
      defer(() => {
        log.push('in flight?');
        const found = underWay.map(({ migration }) => migration);
        const lost = [...adrift.values()].map((order) => ({ ...order, startedAt: scheduler.now() }));
        return of([...found, ...lost].filter(({ id }) => running.has(id)));
      }),
    follow: (id) =>
      defer(() => {
        log.push(`follow ${id}`);
        const met = underWay.find(({ migration }) => migration.id === id);
        const lost = adrift.get(id);
        if (lost) return carriedOut(lost, { takes: seconds(3), ending: 'done' });
        return met
          ? carriedOut(met.migration, met.course)
          : throwError(() => new DriverError({ kind: 'not found', retryable: false, message: `no migration ${id}` }));
      }),
  };
  for (const { migration } of underWay) running.set(migration.id, migration);

  return {
    scheduler,
    driver,
    inventory$,
    log,
    running,
    adrift,
    stands,
    watchers,
    steered,
    place,
    until: (time: Milliseconds): void => {
      scheduler.maxFrames = time;
      scheduler.flush();
    },
    start: (options: Partial<Record<keyof EngineOptions, unknown>> = {}) => {
      const events: EngineEvent[] = [];
      // Tests may leave out or replace any option, the driver too.
      const all = Object.fromEntries(
        Object.entries({ driver, scheduler, every: seconds(10), ...options }).filter(
          ([, value]) => value !== undefined,
        ),
      ) as unknown as EngineOptions;
      const state = { completed: false, error: undefined as unknown };
      const subscription = engine(all).subscribe({
        next: (event) => events.push(event),
        error: (error: unknown) => (state.error = error),
        complete: () => (state.completed = true),
      });
      return { events, subscription, state };
    },
  };
};

/** The events of some kinds, in order. */
export const only = <Kind extends EngineEvent['kind']>(
  events: readonly EngineEvent[],
  ...kinds: readonly Kind[]
): readonly Extract<EngineEvent, { readonly kind: Kind }>[] =>
  events.filter((event): event is Extract<EngineEvent, { readonly kind: Kind }> =>
    (kinds as readonly string[]).includes(event.kind),
  );

/** The rules that speak in the refusals of a run, without doubles, in the order in which they spoke. */
export const rulesAgainst = (events: readonly EngineEvent[]): readonly string[] => [
  ...new Set(only(events, 'refused').flatMap(({ because }) => because.map(({ rule }) => rule))),
];
