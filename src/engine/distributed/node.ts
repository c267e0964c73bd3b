/** Node: one host with its own engine: what it sees, what it promised, and the driver that its engine acts through. */
import {
  concat,
  defer,
  filter,
  finalize,
  ignoreElements,
  map,
  Observable,
  Subject,
  timer,
  type SchedulerLike,
  throwError,
} from 'rxjs';
import { type Driver, DriverError, type MigrationEvent } from '../../drivers/index.js';
import {
  type HostId,
  type Inventory,
  type Migration,
  type MigrationId,
  type MigrationOrder,
  type Milliseconds,
  type Reading,
  type Reason,
  type Sample,
  sayReason,
} from '../../model/index.js';
import type { ConsentLimits, Promised, Request } from './consent.js';
import { refusalOf, takenOf } from './consent.js';
import { type Hearsay, type HostReport, learned, seenFrom } from './gossip.js';

/** One host with its own engine. Holds state, hidden in the run that made it. */
export interface Node {
  readonly host: HostId;
  /** What its engine acts through: it sees itself as it is, others as it heard of them, and moves its own guests only. */
  readonly driver: Driver;
  /** Its hypervisor says what stands on it. */
  readonly stands: (report: Omit<HostReport, 'readings' | 'at'>) => void;
  /** A reading of itself, or of one of its guests. */
  readonly read: (sample: Sample) => void;
  readonly refuse: (reading: Reading) => void;
  /** Others told it what they know. */
  readonly hear: (reports: readonly HostReport[]) => void;
  /** What it knows, itself included. */
  readonly tells: () => readonly HostReport[];
  /** Asked to take a guest: takes it, and keeps its memory and load for it, or says why not. */
  readonly ask: (request: Request) => readonly Reason[] | undefined;
  /** A move towards it was under way before anybody asked: its memory and load are kept. */
  readonly keep: (request: Request) => void;
  /** The move is over; what was kept is free, unless the guest came. */
  readonly release: (migration: MigrationId, done: boolean) => void;
}

/** What a node has of the world around it. */
export interface Around {
  /** The hypervisors' driver. */
  readonly driver: Driver;
  readonly scheduler: SchedulerLike;
  /** How long a message takes. */
  readonly latency: Milliseconds;
  readonly consent: ConsentLimits;
  readonly nodeOf: (host: HostId) => Node | undefined;
  /** A move is over, and all that was kept for it may be let go of. */
  readonly over: (migration: MigrationId, done: boolean) => void;
  /** A destination did not consent. */
  readonly onConflict: (order: MigrationOrder, because: readonly Reason[]) => void;
}

const refused = (message: string, retryable: boolean): DriverError =>
  new DriverError({ kind: retryable ? 'conflict' : 'refused as unsafe', retryable, message });

/** Makes a node of a host. */
export const nodeOf = (host: HostId, around: Around): Node => {
  const { driver, scheduler, latency, consent } = around;
  let own: HostReport | undefined;
  let hearsay: Hearsay = new Map();
  let promised: Promised = [];
  const inventories = new Subject<Inventory>();
  const readings = new Subject<Reading>();
  const latest = new Map<string, Sample>();

  const show = (): void => {
    if (own) inventories.next(seenFrom(own, hearsay));
  };
  const after = <Value>(then: () => Observable<Value>): Observable<Value> =>
    latency > 0 ? concat(timer(latency, scheduler).pipe(ignoreElements()), defer(then)) : defer(then);

  const watched = (id: MigrationId, course: Observable<MigrationEvent>): Observable<MigrationEvent> =>
    defer(() => {
      let done = false;
      return course.pipe(
        map((event) => {
          done ||= event.kind === 'done';
          return event;
        }),
        finalize(() => around.over(id, done)),
      );
    });

  /** Asks the destination, and begins the move once it consented. What it keeps is let go of when the move is over. */
  const migrate = (order: MigrationOrder): Observable<MigrationEvent> =>
    after(() => {
      const guest = own?.guests.find(({ id }) => id === order.guest);
      const destination = around.nodeOf(order.to);
      if (!own || !guest || order.from !== host)
        return throwError(() => refused(`${order.guest} does not stand on ${host}`, false));
      if (!destination) return throwError(() => refused(`no host is called "${order.to}"`, false));
      const request = { order, memory: guest.memory, taken: takenOf(own, guest.id, consent.resource) };
      const because = destination.ask(request);
      if (because) {
        around.onConflict(order, because);
        return throwError(() => refused(because.map((reason) => sayReason(reason)).join(', and '), true));
      }
      return watched(order.id, driver.migrate(order));
    });

  const report = (): HostReport | undefined =>
    own && { ...own, readings: [host, ...own.guests.map(({ id }) => id)].flatMap((id) => latest.get(id) ?? []) };

  return {
    host,
    stands: (state) => {
      const here = new Set(state.guests.map(({ id }) => id));
      for (const id of latest.keys()) if (id !== host && !here.has(id)) latest.delete(id);
      own = { ...state, readings: [], at: scheduler.now() };
      // What came needs no promise any more.
      promised = promised.filter(({ order }) => !here.has(order.guest));
      own = report() ?? own;
      show();
    },
    read: (sample) => {
      latest.set(sample.id, sample);
      if (own) own = { ...own, at: scheduler.now() };
      own = report();
      readings.next(sample);
    },
    refuse: (reading) => readings.next(reading),
    hear: (reports) => {
      const { known, news } = learned(
        hearsay,
        reports.filter(({ host: other }) => other.id !== host),
      );
      const changed = news.some(({ host: other, guests }) => {
        const before = hearsay.get(other.id);
        if (before?.host === other && before.guests === guests) return false;
        return JSON.stringify([before?.host, before?.guests]) !== JSON.stringify([other, guests]);
      });
      hearsay = known;
      if (changed) show();
      for (const { readings: told } of news) told.forEach((reading) => readings.next(reading));
    },
    tells: () => [...(own ? [own] : []), ...hearsay.values()],
    ask: (request) => {
      if (!own) return [];
      const because = refusalOf(own, promised, request, consent);
      if (!because) promised = [...promised, request];
      return because;
    },
    keep: (request) => {
      promised = [...promised, request];
    },
    release: (id, done) => {
      // What came is kept for until the hypervisor shows it here.
      if (done) return;
      promised = promised.filter(({ order }) => order.id !== id);
    },
    driver: {
      name: `${driver.name} on ${host}`,
      inventory: () =>
        new Observable((subscriber) => {
          subscriber.add(inventories.subscribe(subscriber));
          if (own) subscriber.next(seenFrom(own, hearsay));
        }),
      samples: () => {
        const told = new Map<string, Milliseconds>();
        // The same reading may be heard from several, and an older one after a newer.
        return readings.pipe(
          filter((reading) => {
            if (reading.kind === 'bad-input') return true;
            const key = `${reading.kind} ${reading.id}`;
            if ((told.get(key) ?? -Infinity) >= reading.at) return false;
            told.set(key, reading.at);
            return true;
          }),
        );
      },
      migrate,
      steer: (migration, action) => driver.steer(migration, action),
      inFlight: () =>
        driver
          .inFlight()
          .pipe(map((moves): readonly Migration[] => moves.filter(({ from, to }) => from === host || to === host))),
      follow: (migration) => watched(migration, driver.follow(migration)),
    },
  };
};
