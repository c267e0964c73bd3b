import { merge, NEVER, type Observable, Subject, switchMap, takeUntil, throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type Driver, DriverError, type MigrationEvent } from '../../../src/drivers/index.js';
import { engine, type EngineEvent } from '../../../src/engine/index.js';
import { minutes, mebibytes, mebibytesPerSecond, percent, seconds } from '../../../src/model/index.js';
import { cslb } from '../../../src/policies/index.js';
import { simulatedCluster, traceDemand, virtualTime } from '../../../src/simulation/index.js';
import { guest, host } from '../../simulation/small.js';
import { only } from '../rig.js';
import { mortal } from './outliving.js';
import { processOn } from './pausing.js';

const writes = { rate: mebibytesPerSecond(40), workingSet: mebibytes(100), pattern: 'random' } as const;

/** Host a is at 90 % and b at 10 %: 55 % of load are wanted, and the largest that does not exceed them is the engine's. */
const site = () => {
  const time = virtualTime();
  const cluster = simulatedCluster({
    hosts: [host('a'), host('b')],
    guests: [guest('engine', 'a', { vcpus: 2 }), guest('web', 'a'), guest('db', 'a'), guest('idle', 'b')],
    workloads: {
      engine: { demand: traceDemand([0.5], { writes }) },
      web: { demand: traceDemand([0.5], { writes }) },
      db: { demand: traceDemand([0.3], { writes }) },
      idle: { demand: traceDemand([0.2]) },
    },
    scheduler: time.scheduler,
  });
  return { time, cluster };
};
const policy = cslb({ light: percent(60), heavy: percent(70), guards: { noSwap: true } });

/** How the process of the engine fares: it stands still whenever its own guest does. */
const inItsOwnGuest = (hands: (driver: Driver, resumed: Observable<unknown>) => Driver = (driver) => driver) => {
  const { time, cluster } = site();
  const resumed = new Subject<void>();
  const process = processOn(hands(cluster, resumed), time.scheduler);
  const events: EngineEvent[] = [];
  const stops: { readonly from: number; readonly to: number }[] = [];
  engine({ driver: process.driver, policy, every: seconds(10), scheduler: process.scheduler }).subscribe((event) =>
    events.push(event),
  );
  let stoppedAt: number | undefined;
  while (time.now() < minutes(5)) {
    time.run(time.now() + 1);
    const seen = { stopped: false };
    cluster.inFlight().subscribe((moves) => {
      seen.stopped = moves.some(({ guest: moving, progress }) => moving === 'engine' && progress?.phase === 'stopped');
    });
    time.run(time.now() + 1);
    if (seen.stopped && stoppedAt === undefined) {
      stoppedAt = time.now();
      process.pause();
    } else if (!seen.stopped && stoppedAt !== undefined) {
      stops.push({ from: stoppedAt, to: time.now() });
      stoppedAt = undefined;
      process.resume();
      resumed.next();
    }
  }
  return { events, stops, cluster };
};

const movesOf = (events: readonly EngineEvent[], id: string): readonly EngineEvent['kind'][] =>
  events.flatMap((event) => {
    if (event.kind === 'admitted') return event.order.guest === id ? [event.kind] : [];
    if (event.kind === 'ended' || event.kind === 'failed') return event.outcome.guest === id ? [event.kind] : [];
    return [];
  });

describe('an engine in a guest that its own policy moves (W3)', () => {
  test('stands still during the blackout that it ordered, hears of its own end afterwards, and goes on', () => {
    const { events, stops, cluster } = inItsOwnGuest();
    expect(movesOf(events, 'engine')).toEqual(['admitted', 'ended']);
    expect(stops).toHaveLength(1);
    const [blackout] = stops;
    // Nothing is told while it stands still, and decisions go on after it.
    expect(events.filter(({ at }) => at > (blackout?.from ?? 0) && at < (blackout?.to ?? 0))).toEqual([]);
    expect(only(events, 'decided').filter(({ at }) => at > (blackout?.to ?? Infinity)).length).toBeGreaterThan(20);
    expect(cluster.meter().migrations).toMatchObject({ started: 1, done: 1, cancelled: 0 });
  });

  test('whose connections did not survive the move asks what became of it, and orders nothing twice', () => {
    const breaking = (driver: Driver, resumed: Observable<unknown>): Driver => {
      const cut = resumed.pipe(
        switchMap(() =>
          throwError(() => new DriverError({ kind: 'unreachable', retryable: true, message: 'connection reset' })),
        ),
      );
      return {
        ...driver,
        // The hypervisor carries on though nobody listens.
        migrate: (order) => {
          const events = new Subject<MigrationEvent>();
          driver.migrate(order).subscribe();
          return merge(events, NEVER.pipe(takeUntil(resumed)), cut);
        },
      };
    };
    const { events, cluster } = inItsOwnGuest(breaking);
    expect(movesOf(events, 'engine')).toEqual(['admitted', 'ended']);
    expect(only(events, 'driver-failed').map(({ request }) => request)).toContain('migration');
    expect(cluster.meter().migrations.started).toBe(1);
  });

  test('that did not survive the move at all is started again from its state, and finds that it moved', () => {
    const { time, cluster } = site();
    const options = { policy, every: seconds(10), scheduler: time.scheduler };
    const first = mortal(cluster, options, (event) => event.kind === 'progress');
    time.run(minutes(1));
    expect(first.killed()).toBe(true);
    const state = first.state();
    expect(state?.moves.map(({ migration }) => [migration.guest, migration.to])).toEqual([['engine', 'b']]);
    const second = mortal(cluster, { ...options, ...(state && { state }) });
    time.run(minutes(5));
    expect(movesOf(second.events, 'engine')).toEqual(['ended']);
    expect(cluster.meter().migrations.started).toBe(1);
  });

  test('that is moved by somebody else goes on as well, and leaves itself alone meanwhile', () => {
    const { time, cluster } = site();
    cluster.migrate({ id: 'by hand', guest: 'engine', from: 'a', to: 'b' }).subscribe();
    time.run(seconds(1));
    const events: EngineEvent[] = [];
    engine({ driver: cluster, policy, every: seconds(1), scheduler: time.scheduler }).subscribe((event) =>
      events.push(event),
    );
    time.run(minutes(5));
    expect(movesOf(events, 'engine')).toEqual(['ended']);
    expect(only(events, 'resumed').map(({ migration }) => migration.id)).toEqual(['by hand']);
  });
});
