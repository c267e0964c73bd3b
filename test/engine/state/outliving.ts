/** Hypervisors that go on when the engine dies, and engines that die at any of their own events. */
import { Observable, ReplaySubject, Subject, takeUntil } from 'rxjs';
import type { Driver, MigrationEvent } from '../../../src/drivers/index.js';
import { engine, type EngineEvent, type EngineOptions, type EngineState } from '../../../src/engine/index.js';
import type { MigrationOrder } from '../../../src/model/index.js';

/** A driver whose hypervisor carries orders through though whoever gave them is gone. */
export interface Outliving {
  readonly driver: Driver;
  /** From now on nobody's leaving cancels anything. */
  readonly kill: () => void;
}

const outliving = (driver: Driver, onOrder: (order: MigrationOrder) => void): Outliving => {
  let killed = false;
  return {
    kill: () => {
      killed = true;
    },
    driver: {
      ...driver,
      migrate: (order) =>
        new Observable<MigrationEvent>((subscriber) => {
          // A process that is gone gives no orders.
          if (killed) return;
          onOrder(order);
          const events = new ReplaySubject<MigrationEvent>();
          const command = driver.migrate(order).subscribe(events);
          const heard = events.subscribe(subscriber);
          return () => {
            heard.unsubscribe();
            if (!killed) command.unsubscribe();
          };
        }),
    },
  };
};

/** One engine, from its start or from the state of one before it, that can be killed. */
export interface Mortal {
  readonly events: readonly EngineEvent[];
  /** The last state that it told, through JSON, as a file would hold it. */
  readonly state: () => EngineState | undefined;
  readonly kill: () => void;
  readonly killed: () => boolean;
}

export const mortal = (
  driver: Driver,
  options: Omit<EngineOptions, 'driver'>,
  dies: (event: EngineEvent, before: readonly EngineEvent[]) => boolean = () => false,
  onOrder: (order: MigrationOrder, told: EngineState | undefined) => void = () => undefined,
): Mortal => {
  const events: EngineEvent[] = [];
  let told: string | undefined;
  let dead = false;
  const state = (): EngineState | undefined => (told === undefined ? undefined : (JSON.parse(told) as EngineState));
  const hands = outliving(driver, (order) => onOrder(order, state()));
  const death = new Subject<void>();
  const kill = (): void => {
    dead = true;
    hands.kill();
    death.next();
  };
  const all = { tellState: 'moves' as const, ...options, driver: hands.driver } as EngineOptions;
  engine(all)
    .pipe(takeUntil(death))
    .subscribe((event) => {
      if (dead) return;
      if (event.kind === 'state') told = JSON.stringify(event.state);
      const dying = dies(event, events);
      events.push(event);
      if (dying) kill();
    });
  return { events, state, kill, killed: () => dead };
};
