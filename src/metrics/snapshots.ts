/** Snapshots: turns samples and inventory into a cluster snapshot at a tempo. */
import { isObservable, Observable, of, type SchedulerLike, asyncScheduler, timer } from 'rxjs';
import type { BadInput, Cluster, Inventory, Migration, Milliseconds, Outcome, Reading } from '../model/index.js';
import { observatory, type ObservatoryOptions } from './observatory.js';
import { positive } from './setting.js';
import type { Watch } from './watch.js';

/** How the cluster stood, as an event. */
export interface SnapshotTaken {
  readonly kind: 'snapshot';
  readonly cluster: Cluster;
}

/** When a snapshot is taken: every so often, or whenever a stream emits. */
export type Tempo =
  | { readonly every: Milliseconds; readonly trigger?: never }
  | { readonly trigger: Observable<unknown>; readonly every?: never };

/** What snapshots are made of, and when. */
export type SnapshotsOptions = ObservatoryOptions &
  Tempo & {
    readonly readings: Observable<Reading>;
    readonly inventory: Observable<Inventory>;
    /** The signals to fold; a stream of them replaces them while it runs. None, if not given. */
    readonly watch?: Watch | Observable<Watch>;
    /** The moves under way, whenever they change. None, if not given. */
    readonly migrations?: Observable<readonly Migration[]>;
    /** The moves that ended not long ago, whenever they change. None, if not given. */
    readonly past?: Observable<readonly Outcome[]>;
    /** Beats the time and tells it; the asynchronous one if not given. */
    readonly scheduler?: SchedulerLike;
  };

/**
 * A snapshot at every beat once an inventory is known, and every input that was refused at once.
 *
 * Cold: each subscriber runs an observatory of its own, and subscribes to the streams given. Completes with the readings or the
 * trigger; fails if any of the streams does. Unsubscribing ends all of them.
 *
 * @example
 * snapshots({ readings, inventory, watch: { host: { cpu: level(cpu) } }, every: seconds(10), staleAfter: seconds(30) });
 */
export const snapshots = (options: SnapshotsOptions): Observable<SnapshotTaken | BadInput> => {
  const { readings, inventory, watch = {}, migrations, past, scheduler = asyncScheduler, every, trigger } = options;
  if (every !== undefined) positive('snapshots.every', every);
  return new Observable((subscriber) => {
    const cluster = observatory(options);
    let known = false;
    let inFlight: readonly Migration[] = [];
    let ended: readonly Outcome[] = [];
    const error = (cause: unknown): void => subscriber.error(cause);
    const complete = (): void => subscriber.complete();
    const hear = <Value>(stream: Observable<Value> | undefined, next: (value: Value) => void): void => {
      if (stream && !subscriber.closed) subscriber.add(stream.subscribe({ next, error }));
    };

    hear(isObservable(watch) ? watch : of(watch), cluster.watch);
    hear(inventory, (latest) => {
      cluster.know(latest);
      known = true;
    });
    hear(migrations, (latest) => {
      inFlight = latest;
    });
    hear(past, (latest) => {
      ended = latest;
    });
    // The beat first: readings that all come at once would else be over before it is heard.
    const beat = every === undefined ? trigger : timer(every, every, scheduler);
    subscriber.add(
      beat.subscribe({
        next: () => {
          if (known) subscriber.next({ kind: 'snapshot', cluster: cluster.snapshot(scheduler.now(), inFlight, ended) });
        },
        error,
        complete,
      }),
    );
    if (subscriber.closed) return;
    subscriber.add(
      readings.subscribe({
        next: (reading) => {
          const refused = cluster.take(reading, scheduler.now());
          if (refused) subscriber.next(refused);
        },
        error,
        complete,
      }),
    );
  });
};
