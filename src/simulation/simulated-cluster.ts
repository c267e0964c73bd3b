/** SimulatedCluster: the simulated world as a driver and a source of samples, on the clock of an RxJS scheduler. */
import { asyncScheduler, Observable, type SchedulerLike, type Subscriber, type Subscription } from 'rxjs';
import { type Driver, DriverError, type MigrationEvent } from '../drivers/index.js';
import type { Failure, GuestId, Inventory, Milliseconds, Reading, Sample } from '../model/index.js';
import { type Change, changeSchema } from './change.js';
import { makeChange } from './changes.js';
import { type ImageAccess, imageAccesses } from './image-access.js';
import { jobRecord, type JobRecord } from './job-record.js';
import { inventoryOf, type Listener, type Move, type RefusedChange, type World } from './machines.js';
import { type MeterReading, readMeter } from './meter.js';
import { cancelMove, failure, startMove, steerMove } from './moves.js';
import { checked, settingsOf, type SimulationOptions } from './options.js';
import { migrationOf, progressOf } from './pre-copy.js';
import { type SampleFaults, sampleFaults } from './sample-faults.js';
import { sampler } from './sampling.js';
import { advance, buildWorld, settle } from './world.js';

/** A cluster in virtual time: a driver, a source of samples, and what experiments need besides. */
export interface SimulatedCluster extends Driver {
  /** What was demanded, served, moved and drawn so far. */
  readonly meter: () => MeterReading;
  /** All jobs that were begun, in that order. */
  readonly jobs: () => readonly JobRecord[];
  /** How each guest that has an image reaches it now: another way from the moment in which its migration ends (M47). */
  readonly images: () => ReadonlyMap<GuestId, ImageAccess>;
  /** Each job when it is over. Hot: what is over already is in `jobs()`. */
  readonly completions: () => Observable<JobRecord>;
  /**
   * Changes the world at once.
   *
   * @returns the name of the job that was begun or held, if one was
   * @throws DriverError where it cannot be done; Error naming the path where the order itself is wrong
   */
  readonly change: (change: Change) => string | undefined;
  /** Changes of the script that could not be carried out when their time came, and why. */
  readonly refused: () => readonly RefusedChange[];
}

/** Everything that waits to be told, told in order once the world is consistent. */
const outbox = (): { readonly post: (tell: () => void) => void; readonly deliver: () => void } => {
  let waiting: (() => void)[] = [];
  let delivering = false;
  return {
    post: (tell) => waiting.push(tell),
    deliver: () => {
      // Whoever is told may order something, which posts more; it is told after what was posted before.
      if (delivering) return;
      delivering = true;
      try {
        while (waiting.length > 0) {
          const now = waiting;
          waiting = [];
          for (const tell of now) tell();
        }
      } finally {
        delivering = false;
      }
    },
  };
};

/**
 * A cluster that lives by the clock of a scheduler. It is moved on whenever it is asked anything, and, as long as somebody
 * is subscribed to it, whenever something happens in it. Nothing else runs: without subscribers it sets no timer.
 *
 * Equal options give equal streams, to the bit. Being watched does not change what happens.
 *
 * @throws Error at once where an option is unknown, missing or wrong, with the path of each
 * @example
 * const time = virtualTime();
 * const cluster = simulatedCluster({ ...clusterOf({ hosts: 4, guests: 20, seed: 7 }), scheduler: time.scheduler });
 * cluster.samples().subscribe(show);
 * time.run(hours(1));
 */
export const simulatedCluster = (options: SimulationOptions): SimulatedCluster => {
  const settings = settingsOf(options);
  const scheduler: SchedulerLike = options.scheduler ?? asyncScheduler;
  const start: Milliseconds = scheduler.now();
  const { post, deliver } = outbox();

  const inventories = new Set<Subscriber<Inventory>>();
  const finished = new Set<Subscriber<JobRecord>>();
  const readings = new Set<Subscriber<Reading>>();
  /** How many subscriptions want to hear of things when they happen. */
  let watchers = 0;
  let inventory: Inventory | undefined;

  const tellAll = (move: Move, event: MigrationEvent): void => {
    const told = [...move.listeners].filter(({ live }) => live);
    const last = event.kind === 'done';
    if (last) for (const listener of told) listener.live = false;
    post(() => {
      for (const { subscriber } of told) {
        subscriber.next(event);
        if (last) subscriber.complete();
      }
    });
  };
  const failAll = (listeners: Iterable<Listener>, because: Failure): void => {
    const told = [...listeners].filter(({ live }) => live);
    for (const listener of told) listener.live = false;
    post(() => {
      for (const { subscriber } of told) subscriber.error(new DriverError(because));
    });
  };

  const world: World = buildWorld(settings, start, {
    move: tellAll,
    moveFailed: (move, because) => failAll(move.listeners, because),
    inventory: () => {
      if (inventory === undefined) return;
      inventory = undefined;
      post(() => {
        for (const subscriber of [...inventories]) subscriber.next(stock());
      });
    },
    job: (job) => {
      const record = jobRecord(start, job);
      post(() => {
        for (const subscriber of [...finished]) subscriber.next(record);
      });
    },
    outage: () => {
      for (const move of world.moves.values()) failAll(move.listeners, outOfReach());
      const cut = [...inventories, ...readings];
      post(() => {
        for (const subscriber of cut) subscriber.error(new DriverError(outOfReach()));
      });
    },
  });

  const outOfReach = (): Failure => failure('unreachable', `driver "${settings.name}" cannot be reached`, true);
  const reachable = (): boolean => world.now >= world.unreachableUntil;
  const stock = (): Inventory => (inventory ??= inventoryOf(world));

  let alarm: { readonly due: Milliseconds; readonly timer: Subscription } | undefined;
  /** Sees to it that the world is looked at when the next thing happens in it, as long as somebody wants to hear of it. */
  const setAlarm = (): void => {
    const due = watchers > 0 ? world.agenda.next() : Infinity;
    if (alarm?.due === due) return;
    alarm?.timer.unsubscribe();
    alarm = undefined;
    if (due === Infinity) return;
    const timer = scheduler.schedule(
      () => {
        alarm = undefined;
        // The scheduler's sum of time and delay may differ from the due time by its last bit.
        catchUp(due);
      },
      start + due - scheduler.now(),
    );
    alarm = { due, timer };
  };

  const catchUp = (least: Milliseconds = 0): void => {
    advance(world, Math.max(least, scheduler.now() - start));
    deliver();
    setAlarm();
  };

  /** Does something to the world as it is now. */
  const now = <T>(act: () => T): T => {
    advance(world, scheduler.now() - start);
    try {
      return act();
    } finally {
      settle(world);
      deliver();
      setAlarm();
    }
  };

  const watch = (leave: () => void): (() => void) => {
    watchers += 1;
    return () => {
      watchers -= 1;
      leave();
      setAlarm();
    };
  };

  /** A stream of the driver: it errors where the driver cannot be reached. */
  const reached = <T>(subscribe: (subscriber: Subscriber<T>) => (() => void) | undefined): Observable<T> =>
    new Observable<T>((subscriber) =>
      now(() => {
        if (reachable()) return subscribe(subscriber);
        subscriber.error(new DriverError(outOfReach()));
        return undefined;
      }),
    );

  const listen = (move: Move, subscriber: Subscriber<MigrationEvent>, leave: (move: Move) => void): (() => void) => {
    const listener: Listener = { subscriber, live: true };
    move.listeners.add(listener);
    const progress = progressOf(world, move);
    post(() => subscriber.next({ kind: 'progress', progress }));
    return watch(() => {
      move.listeners.delete(listener);
      if (!listener.live) return;
      listener.live = false;
      now(() => leave(move));
    });
  };

  const deliverSample = (subscriber: Subscriber<Reading>, faults: SampleFaults, sample: Sample | undefined): void => {
    if (sample === undefined || subscriber.closed) return;
    const subject = `${sample.kind} ${sample.id}`;
    const garbage = world.garbage.size > 0 ? world.garbage.get(subject) : undefined;
    if (garbage) world.garbage.delete(subject);
    if (garbage === undefined && faults.none) {
      subscriber.next(sample);
      return;
    }
    for (const { reading, late } of faults.spoil(sample, garbage)) {
      if (late === 0) subscriber.next(reading);
      else subscriber.add(scheduler.schedule(() => subscriber.next(reading), late));
    }
  };

  return {
    name: settings.name,
    inventory: () =>
      reached((subscriber) => {
        inventories.add(subscriber);
        post(() => subscriber.next(stock()));
        return watch(() => inventories.delete(subscriber));
      }),
    samples: () =>
      reached((subscriber) => {
        const chance = world.chance.split('samples');
        const read = sampler(world, chance);
        const faults = sampleFaults(settings.name, settings.faults.rates, chance);
        readings.add(subscriber);
        subscriber.add(
          scheduler.schedule(function () {
            catchUp();
            for (const host of world.hosts.values()) {
              // A reading that is not delivered is taken all the same: what comes next is since then.
              const sample = read.host(host);
              if (host.alive && host.silentUntil <= world.now) deliverSample(subscriber, faults, sample);
            }
            for (const guest of world.guests.values()) {
              const sample = read.guest(guest);
              if (guest.standing !== 'dead' && guest.host.silentUntil <= world.now)
                deliverSample(subscriber, faults, sample);
            }
            if (!subscriber.closed) this.schedule(undefined, settings.sampling.every);
          }, settings.sampling.every),
        );
        return watch(() => readings.delete(subscriber));
      }),
    migrate: (order) =>
      reached((subscriber) => {
        const begun = startMove(world, order);
        if (begun.ok) return listen(begun.value, subscriber, (move) => cancelMove(world, move));
        subscriber.error(new DriverError(begun.error));
        return undefined;
      }),
    steer: (migration, action) =>
      reached((subscriber) => {
        const taken = steerMove(world, migration, action);
        if (taken.ok) post(() => subscriber.complete());
        else subscriber.error(new DriverError(taken.error));
        return undefined;
      }),
    inFlight: () =>
      reached((subscriber) => {
        const moves = [...world.moves.values()].map((move) => migrationOf(world, move));
        post(() => {
          subscriber.next(moves);
          subscriber.complete();
        });
        return undefined;
      }),
    follow: (migration) =>
      reached((subscriber) => {
        const move = world.moves.get(migration);
        if (move) return listen(move, subscriber, () => undefined);
        subscriber.error(new DriverError(failure('not found', `no migration is called "${migration}"`)));
        return undefined;
      }),
    meter: () => now(() => readMeter(world)),
    jobs: () => now(() => [...world.jobs.values()].map((job) => jobRecord(start, job))),
    images: () => now(() => imageAccesses(world)),
    completions: () =>
      new Observable((subscriber) =>
        now(() => {
          finished.add(subscriber);
          return watch(() => finished.delete(subscriber));
        }),
      ),
    change: (change) => {
      const order = checked('change', changeSchema, change);
      return now(() => makeChange(world, order));
    },
    refused: () => now(() => [...world.refused]),
  };
};
