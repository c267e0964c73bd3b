/** Pausing: a process that stands still for a while, as the engine does while the guest that it runs in is stopped. */
import {
  BehaviorSubject,
  concatMap,
  dematerialize,
  filter,
  map,
  materialize,
  type Observable,
  type SchedulerAction,
  type SchedulerLike,
  take,
} from 'rxjs';
import type { Driver } from '../../../src/drivers/index.js';

/** A process: its timers and all that it hears of the world wait while it stands still. */
export interface Process {
  readonly scheduler: SchedulerLike;
  readonly driver: Driver;
  readonly pause: () => void;
  readonly resume: () => void;
}

export const processOn = (driver: Driver, clock: SchedulerLike): Process => {
  const running = new BehaviorSubject(true);
  const scheduler: SchedulerLike = {
    now: () => clock.now(),
    schedule: (work, delay, state) =>
      clock.schedule(
        function (given) {
          // A timer that was due meanwhile goes off a little after the process goes on.
          if (!running.value) this.schedule(given, 5);
          else (work as (this: SchedulerAction<unknown>, state?: unknown) => void).call(this, given);
        },
        delay,
        state,
      ),
  };
  const hears = <Value>(stream: Observable<Value>): Observable<Value> =>
    stream.pipe(
      materialize(),
      concatMap((news) =>
        running.pipe(
          filter((runs) => runs),
          take(1),
          map(() => news),
        ),
      ),
      dematerialize(),
    );
  return {
    scheduler,
    pause: () => running.next(false),
    resume: () => running.next(true),
    driver: {
      name: driver.name,
      inventory: () => hears(driver.inventory()),
      samples: () => hears(driver.samples()),
      migrate: (order) => hears(driver.migrate(order)),
      steer: (migration, action) => hears(driver.steer(migration, action)),
      inFlight: () => hears(driver.inFlight()),
      follow: (migration) => hears(driver.follow(migration)),
    },
  };
};
