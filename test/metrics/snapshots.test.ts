import { EMPTY, NEVER, type Observable, of, Subject, VirtualTimeScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import { cpu, level, snapshots, type SnapshotsOptions, type Watch } from '../../src/metrics/index.js';
import type { Inventory, Migration, Outcome, Reading } from '../../src/model/index.js';
import { guest, guestSample, host } from './samples.js';

const inventory: Inventory = { hosts: [host('a')], guests: [guest('web', 'a')] };
const watch: Watch = { guest: { cpu: level(cpu) } };

/** What a subscriber sees, in short: time and the guest's cpu, or the problem. */
const shortly = (events: ReturnType<typeof snapshots>, run: () => void): readonly string[] => {
  const heard: string[] = [];
  events.subscribe({
    next: (event) =>
      heard.push(
        event.kind === 'snapshot'
          ? `${event.cluster.at}: ${String(event.cluster.guests[0]?.signals['cpu'])}`
          : event.problem,
      ),
    complete: () => heard.push('complete'),
    error: (cause: unknown) => heard.push(String(cause)),
  });
  run();
  return heard;
};

const marbles = (
  run: (helpers: Parameters<Parameters<TestScheduler['run']>[0]>[0], scheduler: TestScheduler) => void,
): void => {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  scheduler.run((helpers) => run(helpers, scheduler));
};

const options = (
  scheduler: TestScheduler,
  readings: Observable<Reading>,
  more: Partial<SnapshotsOptions> = {},
): SnapshotsOptions =>
  ({ readings, inventory: of(inventory), watch, every: 10, staleAfter: 15, scheduler, ...more }) as SnapshotsOptions;

describe('snapshots', () => {
  test('come at a tempo, each with what is known by then; staleness is judged at each', () =>
    marbles(({ hot, flush }, scheduler) => {
      const readings = hot<Reading>('-----a---------- 20ms |', { a: guestSample('web', 5, { cpu: { used: 0.5 } }) });
      const heard = shortly(snapshots(options(scheduler, readings)), flush);
      expect(heard).toEqual(['10: 0.5', '20: 0.5', '30: undefined', 'complete']);
    }));

  test('come when a trigger says so', () =>
    marbles(({ hot, flush }, scheduler) => {
      const heard = shortly(
        snapshots({
          readings: NEVER,
          inventory: of(inventory),
          watch,
          staleAfter: 15,
          scheduler,
          trigger: hot('--x-----x-|'),
        }),
        flush,
      );
      expect(heard).toEqual(['2: undefined', '8: undefined', 'complete']);
    }));

  test('bad input comes out at once, and the stream lives on', () =>
    marbles(({ hot, flush }, scheduler) => {
      const readings = hot<Reading>('--ab------------|', {
        a: guestSample('web', 2, { cpu: { used: Number.NaN } }),
        b: guestSample('web', 3, { cpu: { used: 0.25 } }),
      });
      expect(shortly(snapshots(options(scheduler, readings)), flush)).toEqual(['malformed', '10: 0.25', 'complete']);
    }));

  test('wait for the first inventory', () =>
    marbles(({ hot, flush }, scheduler) => {
      const late = hot<Inventory>('----- 10ms i', { i: inventory });
      const readings = hot('----- 20ms |');
      const heard = shortly(snapshots(options(scheduler, readings as never, { inventory: late })), flush);
      expect(heard).toEqual(['20: undefined', 'complete']);
    }));

  test('follow a watch that is a stream; a signal asked for later is warm', () =>
    marbles(({ hot, flush }, scheduler) => {
      const readings = hot<Reading>('-a------- 15ms |', { a: guestSample('web', 1, { cpu: { used: 0.5 } }) });
      const watches = hot<Watch>('n----------w', { n: {}, w: watch });
      const heard = shortly(snapshots(options(scheduler, readings, { watch: watches, staleAfter: 100 })), flush);
      expect(heard).toEqual(['10: undefined', '20: 0.5', 'complete']);
    }));

  test('are cold: nothing is subscribed to before, and all is let go after', () =>
    marbles(({ cold, hot, expectObservable, expectSubscriptions, flush }, scheduler) => {
      const readings = cold<Reading>('-');
      const inventories = cold<Inventory>('i', { i: inventory });
      const events = snapshots(options(scheduler, readings, { inventory: inventories }));
      expectObservable(events, '---^----!').toBe('---------');
      expectSubscriptions(readings.subscriptions).toBe('---^----!');
      expectSubscriptions(inventories.subscriptions).toBe('---^----!');
      expect(hot('-').subscriptions).toEqual([]);
      flush();
    }));

  test('fail if a stream that they are made of fails', () =>
    marbles(({ hot, flush }, scheduler) => {
      const failing = hot<Inventory>('i-#', { i: inventory }, new Error('lost'));
      expect(shortly(snapshots(options(scheduler, NEVER, { inventory: failing })), flush)).toEqual(['Error: lost']);
    }));

  test('carry the moves under way and those that ended', () => {
    const scheduler = new VirtualTimeScheduler();
    const trigger = new Subject<void>();
    const migration: Migration = { id: 'm', guest: 'web', from: 'a', to: 'a', startedAt: 0 };
    const outcome: Outcome = { ...migration, endedAt: 1, ending: { result: 'done' } };
    const seen: unknown[] = [];
    snapshots({
      readings: NEVER,
      inventory: of(inventory),
      migrations: of([migration]),
      past: of([outcome]),
      trigger,
      staleAfter: 1,
      scheduler,
    }).subscribe((event) => seen.push(event));
    trigger.next();
    expect(seen).toMatchObject([{ cluster: { migrations: [migration], past: [outcome] } }]);
  });

  test('two subscribers do not share what they know', () =>
    marbles(({ cold, flush }, scheduler) => {
      const readings = cold<Reading>('a--------- 15ms |', { a: guestSample('web', 0, { cpu: { used: 0.5 } }) });
      const events = snapshots(options(scheduler, readings));
      const first = shortly(events, () => undefined);
      const second = shortly(events, flush);
      expect(first).toEqual(['10: 0.5', '20: undefined', 'complete']);
      expect(second).toEqual(first);
    }));

  test('refuse a tempo of zero at once', () =>
    expect(() => snapshots({ readings: EMPTY, inventory: EMPTY, every: 0, staleAfter: 1 })).toThrow(
      'snapshots.every: 0',
    ));
});
