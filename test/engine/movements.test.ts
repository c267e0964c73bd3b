import { concat, defer, EMPTY, from, NEVER, Observable, of, throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type ConvergencePolicy, settleWithin } from '../../src/engine/index.js';
import { type Driver, DriverError, type MigrationEvent } from '../../src/drivers/index.js';
import type { FailureKind, Migration } from '../../src/model/index.js';
import { seconds } from '../../src/model/index.js';
import { aGuest, aHost, always, aMove, only, proposing, rig, rulesAgainst } from './rig.js';

const two = { hosts: [aHost('a'), aHost('b')], guests: [aGuest('web', 'a'), aGuest('db', 'a')] };
const webToB = always(aMove('web', 'a', 'b'));
const moving = (guest: string, change: Partial<Migration> = {}): Migration => ({
  id: `found-${guest}`,
  guest,
  from: 'a',
  to: 'b',
  startedAt: -5000,
  ...change,
});
const fast = { first: seconds(20), factor: 2, longest: seconds(80) };

describe('a move that fails', () => {
  const known: readonly FailureKind[] = ['conflict', 'insufficient memory', 'cancelled', 'not converging', 'not found'];

  test.each(known)('by %s is a failed event with its cause', (kind) => {
    const world = rig({ ...two, course: () => ({ takes: seconds(5), ending: kind }) });
    const { events, state } = world.start({ policy: webToB });
    world.until(seconds(16));
    expect(only(events, 'failed', 'ended')).toEqual([
      {
        at: seconds(15),
        kind: 'failed',
        outcome: expect.objectContaining({
          guest: 'web',
          startedAt: seconds(10),
          endedAt: seconds(15),
          ending: { result: 'failed', failure: { kind, retryable: true, message: `scripted: ${kind}` } },
        }) as unknown,
      },
    ]);
    expect(state.error).toBeUndefined();
  });

  test('backs off in virtual time, longer from failure to failure, and the refusal says until when', () => {
    const world = rig({ ...two, course: () => ({ takes: 0, ending: 'conflict' }) });
    const { events } = world.start({ policy: webToB, backOff: fast });
    world.until(seconds(300));
    expect(only(events, 'admitted').map(({ at }) => at)).toEqual([10, 30, 70, 150, 230].map(seconds));
    expect(only(events, 'refused').find(({ at }) => at === seconds(40))?.because[0]).toMatchObject({
      rule: 'engine.backOff',
      value: seconds(40),
      limit: seconds(70),
      holds: false,
    });
  });

  test('does not hold back other guests, and frees its place', () => {
    const world = rig({ ...two, course: ({ guest }) => ({ takes: 0, ending: guest === 'web' ? 'conflict' : 'done' }) });
    const { events } = world.start({ policy: always(aMove('web', 'a', 'b'), aMove('db', 'a', 'b')) });
    world.until(seconds(20));
    expect(only(events, 'admitted').map(({ at, order }) => [at, order.guest])).toEqual([
      [seconds(10), 'web'],
      [seconds(20), 'db'],
    ]);
  });

  test('because the driver ended it without a word is a breach of the protocol', () => {
    const world = rig({ ...two, course: () => ({ takes: 0, ending: 'silence' }) });
    const { events } = world.start({ policy: webToB });
    world.until(seconds(10));
    expect(only(events, 'failed')[0]?.outcome.ending).toMatchObject({
      failure: { kind: 'protocol', retryable: false },
    });
  });

  test.each([
    [
      'in the call',
      (): never => {
        throw new Error('a bug');
      },
    ],
    [
      'in the stream',
      () =>
        defer((): never => {
          throw new Error('a bug');
        }),
    ],
    ['by what it returns', () => 7 as never],
  ])('because the driver throws %s is wrapped', (_, migrate) => {
    const world = rig(two);
    const { events, state } = world.start({ driver: { ...world.driver, migrate }, policy: webToB });
    world.until(seconds(10));
    expect(only(events, 'failed')[0]?.outcome.ending).toMatchObject({
      result: 'failed',
      failure: { kind: 'protocol' },
    });
    expect(state.error).toBeUndefined();
  });
});

describe('a move that the driver loses sight of', () => {
  /** A driver that loses every move at once, and afterwards says that these are in flight. */
  const losing = (world: ReturnType<typeof rig>, found: readonly Migration[], follow: Driver['follow']): Driver => {
    let asked = 0;
    return {
      ...world.driver,
      migrate: () =>
        throwError(() => new DriverError({ kind: 'unreachable', retryable: true, message: 'connection lost' })),
      inFlight: () => of((asked += 1) === 1 ? [] : found),
      follow,
    };
  };

  test('is asked for, and counts as failed only when it is not in flight', () => {
    const world = rig(two);
    const { events } = world.start({ driver: losing(world, [], () => EMPTY), policy: webToB });
    world.until(seconds(10));
    expect(events.slice(-2)).toMatchObject([
      { kind: 'driver-failed', request: 'migration', failure: { kind: 'unreachable' }, migration: 'web@10000#0' },
      { kind: 'failed', outcome: { id: 'web@10000#0', ending: { failure: { kind: 'unreachable' } } } },
    ]);
  });

  test('is followed again where it is in flight, under the name that the driver has for it', () => {
    const world = rig(two);
    const followed: string[] = [];
    const driver = losing(world, [moving('web')], (id) => {
      followed.push(id);
      return of({ kind: 'done', at: seconds(10) } as const);
    });
    const { events } = world.start({ driver, policy: webToB });
    world.until(seconds(10));
    expect(followed).toEqual(['found-web']);
    expect(events.slice(-3).map(({ kind }) => kind)).toEqual(['driver-failed', 'resumed', 'ended']);
    expect(only(events, 'ended')[0]?.outcome.id).toBe('web@10000#0');
  });

  test('is steered under the name that the driver has for it', () => {
    const world = rig(two);
    const asked: string[] = [];
    const report = { kind: 'progress', progress: { at: seconds(10), phase: 'copying', sent: 0 } } as const;
    const driver: Driver = {
      ...losing(world, [moving('web')], () => concat(of(report), NEVER)),
      steer: (id) => defer(() => (asked.push(id), EMPTY)),
    };
    const { events } = world.start({ driver, policy: webToB, convergence: () => ({ kind: 'pause' }) });
    world.until(seconds(10));
    expect(asked).toEqual(['found-web']);
    expect(only(events, 'steered')[0]?.migration).toBe('web@10000#0');
  });

  test('is done where the inventory shows its guest at the destination', () => {
    const world = rig(two);
    const driver = losing(world, [], () => EMPTY);
    const { events } = world.start({
      driver: {
        ...driver,
        migrate: (order: Parameters<Driver['migrate']>[0]) =>
          defer(() => {
            world.place('web', 'b');
            return driver.migrate(order);
          }),
      },
      policy: webToB,
    });
    world.until(seconds(10));
    expect(only(events, 'ended')[0]?.outcome.ending).toEqual({ result: 'done' });
  });

  test('that goes to another host now is over, and the other move is followed', () => {
    const world = rig({ ...two, hosts: [...two.hosts, aHost('c')] });
    const driver = losing(world, [moving('web', { to: 'c' })], () => NEVER);
    const { events } = world.start({ driver, policy: webToB });
    world.until(seconds(10));
    expect(events.slice(-2)).toMatchObject([
      { kind: 'failed', outcome: { to: 'b' } },
      { kind: 'resumed', migration: { id: 'found-web', to: 'c' } },
    ]);
  });

  test('counts for limits and keeps its guest until the driver answers', () => {
    const world = rig(two);
    let asked = 0;
    const driver: Driver = {
      ...losing(world, [], () => EMPTY),
      inFlight: () => ((asked += 1) === 1 ? of([]) : throwError(() => new Error('gone'))),
    };
    const { events } = world.start({ driver, policy: always(aMove('web', 'a', 'b'), aMove('db', 'a', 'b')) });
    world.until(seconds(100));
    expect(only(events, 'failed')).toEqual([]);
    expect(only(events, 'admitted')).toHaveLength(1);
    expect(rulesAgainst(events)).toEqual(['engine.limits.perHost', 'engine.place']);
    expect(only(events, 'driver-failed').filter(({ request }) => request === 'in flight').length).toBeGreaterThan(3);
  });

  test('again and again is asked for with growing waits, not in a circle', () => {
    const world = rig(two);
    const driver = losing(world, [moving('web')], () => EMPTY);
    const { events } = world.start({ driver, policy: webToB });
    world.until(seconds(20));
    expect(only(events, 'resumed').map(({ at }) => at)).toEqual([10, 11, 13, 17].map(seconds));
  });
});

describe('a move that is done', () => {
  test('keeps its memory on both hosts until the inventory shows it', () => {
    const world = rig({ ...two, shows: false });
    const { events } = world.start({ policy: webToB, staleAfter: seconds(100) });
    world.until(seconds(30));
    expect(only(events, 'ended')).toHaveLength(1);
    expect(only(events, 'snapshot').at(-1)?.cluster.migrations).toHaveLength(1);
    expect(rulesAgainst(events)).toEqual(['engine.place']);
    world.place('web', 'b');
    world.until(seconds(40));
    expect(only(events, 'snapshot').at(-1)?.cluster.migrations).toEqual([]);
  });

  test('does not count for limits meanwhile', () => {
    const world = rig({ ...two, shows: false });
    const { events } = world.start({ policy: always(aMove('web', 'a', 'b'), aMove('db', 'a', 'b')) });
    world.until(seconds(20));
    expect(only(events, 'admitted').map(({ order }) => order.guest)).toEqual(['web', 'db']);
  });

  test('where the inventory never shows it, the inventory is believed in the end', () => {
    const world = rig({ ...two, shows: false });
    const { events } = world.start({ policy: webToB, settle: seconds(60) });
    world.until(seconds(90));
    expect(only(events, 'admitted').map(({ at }) => at)).toEqual([10, 80].map(seconds));
  });

  test('and goes on talking is not listened to, nor cut off before it completes by itself', () => {
    const world = rig(two);
    let cut = false;
    const driver: Driver = {
      ...world.driver,
      migrate: () =>
        defer(() =>
          of(
            { kind: 'done', at: seconds(10) } as const,
            { kind: 'done', at: seconds(10) } as const,
            { kind: 'progress', progress: { at: 0, phase: 'copying', sent: 0 } } as const,
          ),
        ),
    };
    const hanging: Driver = {
      ...driver,
      migrate: (order) =>
        new Observable((subscriber) => {
          driver.migrate(order).subscribe((event) => subscriber.next(event));
          return () => (cut = true);
        }),
    };
    const { events, subscription } = world.start({ driver: hanging, policy: webToB });
    world.until(seconds(15));
    expect(only(events, 'ended', 'failed', 'progress')).toHaveLength(1);
    expect(cut).toBe(false);
    subscription.unsubscribe();
    expect(cut).toBe(true);
  });

  test.each([
    ['before it began', 0],
    ['in the future', seconds(500)],
    ['never', NaN],
  ])('%s by the driver is dated by the engine, or told as bad input', (_, at) => {
    const world = rig(two);
    const migrate = (): ReturnType<Driver['migrate']> => of({ kind: 'done', at });
    const { events } = world.start({ driver: { ...world.driver, migrate }, policy: webToB });
    world.until(seconds(10));
    const [over] = only(events, 'ended', 'failed');
    expect(over?.outcome.endedAt).toBe(seconds(10));
    expect(over?.kind).toBe(Number.isNaN(at) ? 'failed' : 'ended');
    expect(only(events, 'bad-input')).toHaveLength(Number.isNaN(at) ? 1 : 0);
  });
});

describe('malformed progress', () => {
  test('is bad input, and the move goes on', () => {
    const world = rig(two);
    const migrate = (): ReturnType<Driver['migrate']> =>
      of<MigrationEvent[]>(
        { kind: 'progress', progress: { at: NaN, phase: 'copying', sent: 0 } },
        { kind: 'progress', progress: { at: 0, phase: 'copying', sent: -1 } },
        { kind: 'started' } as never,
        { kind: 'done', at: seconds(10) },
      );
    const { events } = world.start({ driver: { ...world.driver, migrate }, policy: webToB });
    world.until(seconds(10));
    expect(only(events, 'bad-input').map(({ input }) => input.place)).toEqual([
      'migration web@10000#0: progress.at',
      'migration web@10000#0: progress.sent',
      'migration web@10000#0: kind',
    ]);
    expect(only(events, 'progress')).toEqual([]);
    expect(only(events, 'ended')).toHaveLength(1);
  });
});

describe('after a restart', () => {
  const found = { migration: moving('web'), course: { takes: seconds(25), ending: 'done', reports: 4 } } as const;

  test('what is in flight is asked for first, found and followed, not guessed', () => {
    const world = rig({ ...two, underWay: [found] });
    const { events } = world.start({ policy: always() });
    expect(world.log).toEqual(['in flight?', 'follow found-web']);
    world.until(seconds(26));
    expect(only(events, 'resumed').map(({ migration }) => migration)).toEqual([moving('web')]);
    expect(only(events, 'progress')).toHaveLength(4);
    expect(only(events, 'ended')[0]?.outcome).toMatchObject({ id: 'found-web', startedAt: -5000 });
  });

  test('it counts for limits before any decision', () => {
    const world = rig({ ...two, underWay: [found] });
    const { events } = world.start({ policy: always(aMove('web', 'a', 'b'), aMove('db', 'a', 'b')) });
    world.until(seconds(20));
    expect(only(events, 'admitted')).toEqual([]);
    expect(rulesAgainst(events)).toEqual(['engine.place', 'engine.limits.perHost']);
    world.until(seconds(30));
    expect(only(events, 'admitted').map(({ order }) => order.guest)).toEqual(['db']);
  });

  test('unsubscribing leaves it alone', () => {
    const world = rig({ ...two, underWay: [found] });
    const { subscription } = world.start({ policy: always() });
    world.until(seconds(10));
    subscription.unsubscribe();
    expect([...world.running.keys()]).toEqual(['found-web']);
  });

  test('a driver that answers twice is heard once', () => {
    const world = rig(two);
    const inFlight = (): ReturnType<Driver['inFlight']> => of([moving('web')], [moving('web'), moving('db')]);
    const { events } = world.start({ driver: { ...world.driver, inFlight, follow: () => NEVER }, policy: always() });
    expect(only(events, 'resumed', 'bad-input')).toHaveLength(1);
  });

  test('a guest that is listed in two moves is followed in one, and told of', () => {
    const world = rig(two);
    const driver: Driver = {
      ...world.driver,
      inFlight: () => of([moving('web'), moving('web', { id: 'second' }), moving('db', { id: 'found-web' })]),
      follow: () => NEVER,
    };
    const { events } = world.start({ driver, policy: always() });
    expect(only(events, 'resumed')).toHaveLength(1);
    expect(only(events, 'bad-input').map(({ input }) => [input.problem, input.place])).toEqual([
      ['duplicate', 'migration second'],
      ['duplicate', 'migration found-web'],
    ]);
  });

  test.each([
    ['says nothing', () => EMPTY, 'the driver did not say which moves it has under way'],
    ['says nonsense', () => of([{ id: 7 }] as never), 'in flight[0].id: '],
    ['says no list', () => of(7 as never), 'in flight: '],
  ])('a driver that %s is asked again', (_, inFlight, message) => {
    const world = rig(two);
    const { events } = world.start({ driver: { ...world.driver, inFlight }, policy: webToB });
    world.until(seconds(12));
    expect(only(events, 'driver-failed')[0]?.failure).toMatchObject({ kind: 'protocol' });
    expect(only(events, 'driver-failed')[0]?.failure.message).toContain(message);
    expect(only(events, 'driver-failed').length).toBeGreaterThan(2);
    expect(only(events, 'decided')).toEqual([]);
  });
});

describe('convergence', () => {
  const long = { ...two, course: () => ({ takes: seconds(100), ending: 'never', reports: 9 }) as const };

  test('a policy for moves that do not settle is asked at each report, and each new action is ordered once', () => {
    const world = rig(long);
    const convergence = settleWithin({ patience: seconds(30), raiseTo: seconds(1), then: 'post-copy' });
    const { events } = world.start({ policy: webToB, convergence });
    world.until(seconds(110));
    expect(only(events, 'steered')).toEqual([
      { at: seconds(40), kind: 'steered', migration: 'web@10000#0', action: { kind: 'raise downtime', limit: 1000 } },
      { at: seconds(70), kind: 'steered', migration: 'web@10000#0', action: { kind: 'post-copy' } },
    ]);
    expect(world.steered.map(({ kind }) => kind)).toEqual(['raise downtime', 'post-copy']);
  });

  test('of a move that reports without end it sees the last thousand reports', () => {
    const world = rig(two);
    const lengths = new Set<number>();
    const convergence: ConvergencePolicy = (history) => {
      lengths.add(history.length);
      return { kind: 'continue' };
    };
    const reports = Array.from({ length: 1100 }, (_, sent): MigrationEvent => ({
      kind: 'progress',
      progress: { at: seconds(10), phase: 'copying', sent },
    }));
    const migrate = (): ReturnType<Driver['migrate']> => concat(from(reports), NEVER);
    world.start({ driver: { ...world.driver, migrate }, policy: webToB, convergence });
    world.until(seconds(10));
    expect(Math.max(...lengths)).toBe(1000);
  });

  test('an action with another amount is another action', () => {
    const world = rig(long);
    const convergence: ConvergencePolicy = ({ length }) => ({ kind: 'throttle', share: length < 3 ? 0.2 : 0.5 });
    world.start({ policy: webToB, convergence });
    world.until(seconds(70));
    expect(world.steered).toEqual([
      { kind: 'throttle', share: 0.2 },
      { kind: 'throttle', share: 0.5 },
    ]);
  });

  test('it sees the whole history and the migration', () => {
    const world = rig(long);
    const seen: (readonly [number, string])[] = [];
    const convergence: ConvergencePolicy = (history, { guest }) => {
      seen.push([history.length, guest]);
      return { kind: 'continue' };
    };
    world.start({ policy: webToB, convergence });
    world.until(seconds(45));
    expect(seen).toEqual([1, 2, 3].map((length) => [length, 'web']));
  });

  test.each([
    [
      'throws',
      (): never => {
        throw new Error('bug');
      },
      'threw',
    ],
    ['answers nonsense', () => 'abort' as never, 'not an action'],
    ['answers NaN', () => ({ kind: 'throttle', share: NaN }), 'not an action'],
  ])('one that %s is told of and nothing is ordered', (_, convergence, problem) => {
    const world = rig(long);
    const { events } = world.start({ policy: webToB, convergence });
    world.until(seconds(21));
    expect(only(events, 'policy-failed')).toMatchObject([{ policy: 'convergence', problem }]);
    expect(world.steered).toEqual([]);
  });

  const refusing = (retryable: boolean) => {
    const world = rig(long);
    const steer = (): never => {
      throw new DriverError({ kind: 'unsupported', retryable, message: 'no post-copy here' });
    };
    const { events } = world.start({
      driver: { ...world.driver, steer },
      policy: webToB,
      convergence: () => ({ kind: 'post-copy' }),
    });
    world.until(seconds(45));
    return events;
  };

  test('an action that the driver does not take is told of, and the move goes on', () => {
    const events = refusing(false);
    expect(only(events, 'driver-failed')).toMatchObject([
      { request: 'steer', migration: 'web@10000#0', failure: { kind: 'unsupported' } },
    ]);
    expect(only(events, 'progress')).toHaveLength(3);
  });

  test('an action that may be taken later is ordered again at the next report', () => {
    expect(only(refusing(true), 'steered')).toHaveLength(3);
  });

  test('a guest of which nothing is heard is not asked about', () => {
    const world = rig({ ...two, course: () => ({ takes: seconds(50), ending: 'never' }) });
    let asked = 0;
    world.start({
      policy: proposing(() => [aMove('web', 'a', 'b')]),
      convergence: () => ((asked += 1), { kind: 'abort' }),
    });
    world.until(seconds(100));
    expect(asked).toBe(0);
  });
});
