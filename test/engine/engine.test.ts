import { concat, EMPTY, interval, merge, Observable, of, Subject, take, takeWhile, throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { engine, type EngineEvent } from '../../src/engine/index.js';
import type { Cluster, Inventory, Reading } from '../../src/model/index.js';
import { nothing, seconds } from '../../src/model/index.js';
import { definePolicy } from '../../src/policies/index.js';
import { aGuest, aHost, always, aMove, only, proposing, rig, rulesAgainst } from './rig.js';

const two = { hosts: [aHost('a'), aHost('b')], guests: [aGuest('web', 'a'), aGuest('db', 'a')] };
const webToB = always(aMove('web', 'a', 'b'));

/** Kinds of events with their times, in short. */
const course = (events: readonly EngineEvent[]): readonly string[] => events.map(({ at, kind }) => `${at} ${kind}`);

describe('engine as a cold Observable', () => {
  test('does nothing before somebody subscribes', () => {
    const world = rig(two);
    engine({ driver: world.driver, policy: webToB, every: seconds(10), scheduler: world.scheduler });
    world.until(seconds(60));
    expect(world.log).toEqual([]);
    expect(world.scheduler.actions).toHaveLength(0);
  });

  test('tells the whole way of the data in typed events, each with its time', () => {
    const world = rig({ ...two, course: () => ({ takes: seconds(4), ending: 'done', reports: 1 }) });
    const { events } = world.start({ policy: webToB });
    world.until(seconds(20) - 1);
    expect(course(events)).toEqual([
      '0 policy',
      '0 inventory',
      '10000 snapshot',
      '10000 decided',
      '10000 admitted',
      '12000 progress',
      '14000 inventory',
      '14000 ended',
    ]);
    expect(only(events, 'ended')[0]?.outcome).toEqual({
      id: 'web@10000#0',
      guest: 'web',
      from: 'a',
      to: 'b',
      startedAt: seconds(10),
      endedAt: seconds(14),
      ending: { result: 'done', downtime: 50, sent: 1024 ** 3 },
    });
  });

  test('events are plain data that survives JSON', () => {
    const world = rig({ ...two, course: () => ({ takes: seconds(4), ending: 'cancelled', reports: 1 }) });
    const { events } = world.start({ policy: always(aMove('web', 'a', 'b'), aMove('ghost', 'a', 'b')) });
    world.until(seconds(30));
    expect(JSON.parse(JSON.stringify(events))).toEqual(events);
  });

  test('two subscriptions are two engines that know nothing of each other', () => {
    const world = rig({ ...two, shows: false });
    const [one, other] = [world.start({ policy: webToB }), world.start({ policy: webToB })];
    world.until(seconds(19));
    expect(world.log.filter((line) => line.startsWith('migrate'))).toHaveLength(2);
    one.subscription.unsubscribe();
    const before = other.events.length;
    world.until(seconds(29));
    expect(course(one.events)).toEqual(course(other.events.slice(0, before)));
    expect(other.events.length).toBeGreaterThan(before);
  });

  test('the scheduler is injectable: two runs in virtual time tell the same, to the last event', () => {
    const tell = (): readonly EngineEvent[] => {
      const world = rig({ ...two, course: (_, n) => ({ takes: seconds(3), ending: n === 0 ? 'conflict' : 'done' }) });
      const { events } = world.start({ policy: webToB });
      world.until(seconds(200));
      return events;
    };
    expect(tell()).toEqual(tell());
    expect(only(tell(), 'ended')).toHaveLength(1);
  });

  test('unsubscribing ends all commands, and no timer remains', () => {
    const world = rig({ ...two, course: () => ({ takes: seconds(100), ending: 'done' }) });
    const { subscription } = world.start({
      policy: always(aMove('web', 'a', 'b'), aMove('db', 'a', 'b')),
      limits: { total: 2 },
    });
    world.until(seconds(15));
    expect(world.running.size).toBe(2);
    subscription.unsubscribe();
    expect(world.log.slice(-2)).toEqual(['cancel web', 'cancel db']);
    // The virtual scheduler keeps cancelled actions in its list; what still ran would log or schedule again.
    world.until(seconds(1000));
    expect(world.scheduler.actions).toHaveLength(0);
    expect(world.log.slice(-2)).toEqual(['cancel web', 'cancel db']);
  });

  test('a subscriber that leaves on the first admission leaves no move behind', () => {
    const world = rig({ ...two, course: () => ({ takes: 0, ending: 'never' }) });
    const policy = always(aMove('web', 'a', 'b'), aMove('db', 'a', 'b'));
    const events: EngineEvent[] = [];
    const { driver, scheduler } = world;
    const subscription = engine({ driver, policy, every: seconds(10), scheduler, limits: {} }).subscribe((event) => {
      events.push(event);
      if (event.kind === 'admitted') subscription.unsubscribe();
    });
    world.until(seconds(60));
    expect(only(events, 'admitted')).toHaveLength(1);
    expect(world.running.size).toBe(0);
  });

  test('a subscriber that leaves while a source is being subscribed to stops it, though it emits all at once', () => {
    const world = rig(two);
    let read = 0;
    const greedy = new Observable<Reading>((subscriber) => {
      for (; read < 1000 && !subscriber.closed; read++) subscriber.next({ kind: 'host', id: 'ghost', at: 0 });
    });
    const { driver, scheduler } = world;
    engine({ driver: { ...driver, samples: () => greedy }, policy: webToB, every: seconds(10), scheduler })
      .pipe(takeWhile(({ kind }) => kind !== 'bad-input'))
      .subscribe();
    expect(read).toBe(1);
    expect(scheduler.actions).toHaveLength(0);
  });

  test('a subscriber that leaves at the first event has asked the driver for nothing', () => {
    const world = rig(two);
    const { driver, scheduler } = world;
    const asked: string[] = [];
    const listening = { ...driver, inventory: () => (asked.push('inventory'), driver.inventory()) };
    engine({ driver: listening, policy: webToB, every: seconds(10), scheduler })
      .pipe(take(1))
      .subscribe();
    expect([asked, world.log]).toEqual([[], []]);
    expect(scheduler.actions).toHaveLength(0);
  });

  test('completes when its trigger has completed and no move is under way any more', () => {
    const world = rig({ ...two, course: () => ({ takes: seconds(30), ending: 'done' }) });
    const trigger = interval(seconds(10), world.scheduler).pipe(take(2));
    const { events, state } = world.start({
      every: undefined,
      policy: webToB,
      ...{ trigger, staleAfter: seconds(30) },
    });
    expect(state.error).toBeUndefined();
    world.until(seconds(39));
    expect(state.completed).toBe(false);
    world.until(seconds(41));
    expect(state.completed).toBe(true);
    expect(events.at(-1)?.kind).toBe('ended');
  });

  test('a trigger that fails is told of, and ends the deciding', () => {
    const world = rig(two);
    const trigger = throwError(() => new Error('no more ticks'));
    const { events, state } = world.start({
      every: undefined,
      policy: webToB,
      ...{ trigger, staleAfter: seconds(30) },
    });
    expect(events.at(-1)).toEqual({ at: 0, kind: 'trigger-failed', message: 'no more ticks' });
    expect(state).toEqual({ completed: true, error: undefined });
  });

  test('a bug of its own is the only thing that errors it', () => {
    const world = rig(two);
    const scheduler = Object.assign(Object.create(world.scheduler) as typeof world.scheduler, {
      now: () => {
        throw new Error('no clock');
      },
    });
    const { state } = world.start({ policy: webToB, scheduler });
    expect(state.error).toEqual(new Error('no clock'));
  });
});

describe('a decision', () => {
  test('waits for the first inventory', () => {
    const world = rig(two);
    const inventory$ = new Subject<Inventory>();
    const { events } = world.start({ driver: { ...world.driver, inventory: () => inventory$ }, policy: webToB });
    world.until(seconds(25));
    expect(only(events, 'snapshot')).toEqual([]);
    inventory$.next(two);
    world.until(seconds(30));
    expect(only(events, 'snapshot')).toHaveLength(1);
  });

  test('asks for samples once the inventory is known, so that none is of an unknown subject', () => {
    const world = rig(two);
    const inventory$ = new Subject<Inventory>();
    const { events } = world.start({ driver: { ...world.driver, inventory: () => inventory$ }, policy: webToB });
    world.until(seconds(15));
    inventory$.next({ hosts: [aHost('a'), aHost('a')], guests: [] });
    world.until(seconds(25));
    inventory$.next(two);
    inventory$.next(two);
    world.until(seconds(30));
    expect(only(events, 'bad-input').map(({ input }) => input.place)).toEqual(['inventory: hosts[1].id']);
    expect(only(events, 'admitted')).toHaveLength(1);
  });

  test('asks for samples also where the inventory is told from within an event', () => {
    const world = rig(two);
    const inventory$ = new Subject<Inventory>();
    const events: EngineEvent[] = [];
    const { driver, scheduler } = world;
    const policy$ = new Subject<typeof webToB>();
    const quiet = { ...driver, inventory: () => inventory$ };
    engine({ driver: quiet, policy: policy$, every: seconds(10), scheduler }).subscribe((event) => {
      events.push(event);
      if (event.kind === 'policy') inventory$.next(two);
    });
    policy$.next(webToB);
    world.until(seconds(10));
    expect(only(events, 'admitted')).toHaveLength(1);
  });

  test('waits until the driver has told what is in flight', () => {
    const world = rig(two);
    const answer$ = new Subject<never[]>();
    const { events } = world.start({ driver: { ...world.driver, inFlight: () => answer$ }, policy: webToB });
    world.until(seconds(25));
    expect(only(events, 'snapshot')).toEqual([]);
    answer$.next([]);
    world.until(seconds(30));
    expect(only(events, 'snapshot')).toHaveLength(1);
  });

  test('waits for the first policy', () => {
    const world = rig(two);
    const policy$ = new Subject<typeof webToB>();
    const { events } = world.start({ policy: policy$ });
    world.until(seconds(25));
    expect(only(events, 'snapshot', 'policy')).toEqual([]);
    policy$.next(webToB);
    world.until(seconds(30));
    expect(only(events, 'decided')).toHaveLength(1);
  });

  test('is made whenever the trigger emits', () => {
    const world = rig(two);
    const trigger = new Subject<void>();
    const { events } = world.start({ every: undefined, policy: webToB, ...{ trigger, staleAfter: seconds(30) } });
    trigger.next();
    trigger.next();
    expect(only(events, 'decided')).toHaveLength(2);
    expect(only(events, 'admitted')).toHaveLength(1);
  });

  test('sees moves in flight with their progress, and outcomes of the past until they are forgotten', () => {
    const world = rig({ ...two, course: () => ({ takes: seconds(12), ending: 'done', reports: 5 }) });
    const seen: Cluster[] = [];
    const policy = proposing((cluster) => (seen.push(cluster), seen.length === 1 ? [aMove('web', 'a', 'b')] : []));
    world.start({ policy, remember: seconds(10) });
    world.until(seconds(50));
    expect(seen.map(({ migrations }) => migrations.map(({ progress }) => progress?.round))).toEqual([
      [],
      [4],
      [],
      [],
      [],
    ]);
    expect(seen.map(({ past }) => past.map(({ guest }) => guest))).toEqual([[], [], ['web'], [], []]);
  });

  test('can be replayed from the recording to the same plan', () => {
    const world = rig({ ...two, course: () => ({ takes: seconds(12), ending: 'conflict' }) });
    const policy = proposing(({ guests, past }) =>
      guests
        .filter(({ host }) => host === 'a')
        .map(({ id }) => ({
          ...aMove(id, 'a', 'b'),
          because: [
            {
              kind: 'listed',
              rule: 'r',
              subject: { kind: 'guest', id },
              measure: 'past',
              value: id,
              among: past.map(({ guest }) => guest),
              holds: true,
            },
          ],
        })),
    );
    const { events } = world.start({ policy });
    world.until(seconds(300));
    const recorded = JSON.parse(JSON.stringify(events)) as readonly EngineEvent[];
    const plans = only(recorded, 'decided').map(({ plan }) => plan);
    expect(only(recorded, 'snapshot').map(({ cluster }) => policy.plan(cluster))).toEqual(plans);
    expect(new Set(plans.map((plan) => JSON.stringify(plan))).size).toBeGreaterThan(2);
  });

  test('that passes over is told with its evidence', () => {
    const world = rig(two);
    const plan = nothing({ subject: { kind: 'host', id: 'a' }, because: [] });
    const { events } = world.start({ policy: definePolicy({ name: 'idle', watch: {}, plan: () => plan }) });
    world.until(seconds(10));
    expect(only(events, 'decided')).toEqual([{ at: seconds(10), kind: 'decided', policy: 'idle', plan }]);
  });

  test('in which everything is stale is still shown, and admits no move', () => {
    const world = rig({ ...two, silent: ['a', 'b', 'web', 'db'] });
    const { events } = world.start({ policy: webToB });
    world.until(seconds(20));
    expect(only(events, 'snapshot')[0]?.cluster.hosts.map(({ knowledge }) => knowledge.kind)).toEqual([
      'unseen',
      'unseen',
    ]);
    expect(only(events, 'admitted')).toEqual([]);
    expect(rulesAgainst(events)).toEqual(['known']);
  });

  test('a host that falls silent takes no guest from then on, and the others go on', () => {
    const world = rig({ ...two, hosts: [aHost('a'), aHost('b'), aHost('c')] });
    let silent: readonly string[] = [];
    const samples$ = new Subject<Reading>();
    const driver = { ...world.driver, samples: () => samples$ };
    interval(seconds(1), world.scheduler).subscribe(() => {
      for (const id of ['a', 'b', 'c'])
        if (!silent.includes(id)) samples$.next({ kind: 'host', id, at: world.scheduler.now() });
      for (const id of ['web', 'db']) samples$.next({ kind: 'guest', id, at: world.scheduler.now() });
    });
    const { events } = world.start({
      driver,
      policy: always(aMove('web', 'a', 'b'), aMove('db', 'a', 'c')),
      limits: { total: 0 },
    });
    world.until(seconds(15));
    silent = ['b'];
    world.until(seconds(70));
    const atLast = only(events, 'refused').filter(({ at }) => at === seconds(70));
    expect(atLast.map(({ because }) => because.map(({ rule }) => rule))).toEqual([
      ['engine.limits.total', 'known'],
      ['engine.limits.total'],
    ]);
  });
});

describe('admission in the loop', () => {
  test('a proposal refused for a limit is admitted at a later tick, if the policy proposes it again', () => {
    const world = rig({ ...two, course: () => ({ takes: seconds(4), ending: 'done' }) });
    const { events } = world.start({ policy: always(aMove('web', 'a', 'b'), aMove('db', 'a', 'b')) });
    world.until(seconds(30));
    expect(only(events, 'admitted').map(({ at, order }) => [at, order.guest])).toEqual([
      [seconds(10), 'web'],
      [seconds(20), 'db'],
    ]);
    expect(only(events, 'refused')[0]?.because.map(({ rule }) => rule)).toEqual([
      'engine.limits.perHost',
      'engine.limits.perHost',
    ]);
  });

  test('one move per host is the limit unless another is given', () => {
    const world = rig({ ...two, course: () => ({ takes: seconds(1000), ending: 'done' }) });
    const policy = always(aMove('web', 'a', 'b'), aMove('db', 'a', 'b'));
    world.start({ policy });
    world.until(seconds(50));
    expect(world.running.size).toBe(1);
    world.start({ policy, limits: { total: 5 }, driver: { ...world.driver, name: 'other' } });
    world.until(seconds(100));
    expect(world.running.size).toBeGreaterThan(1);
  });

  test('names of orders count up, and another naming can be given', () => {
    const plain = rig(two);
    const own = rig(two);
    const policy = always(aMove('web', 'a', 'b'), aMove('db', 'a', 'b'));
    const { events } = plain.start({ policy, limits: {} });
    const { events: named } = own.start({
      policy,
      limits: {},
      idOf: (_: unknown, at: number, n: number) => `${at}/${n}`,
    });
    plain.until(seconds(10));
    own.until(seconds(10));
    expect(only(events, 'admitted').map(({ order }) => order.id)).toEqual(['web@10000#0', 'db@10000#1']);
    expect(only(named, 'admitted').map(({ order }) => order.id)).toEqual(['10000/0', '10000/1']);
  });

  test('the count of names goes on from decision to decision', () => {
    const world = rig({ ...two, course: () => ({ takes: seconds(4), ending: 'done' }) });
    const policy = always(aMove('web', 'a', 'b'), aMove('db', 'a', 'b'));
    const { events } = world.start({ policy, idOf: (_: unknown, __: unknown, n: number) => `order ${n}` });
    world.until(seconds(20));
    expect(only(events, 'admitted').map(({ order }) => order.id)).toEqual(['order 0', 'order 1']);
  });

  test('a driver that answers within the call sees and shows no half-made round', () => {
    const world = rig({ ...two, course: () => ({ takes: 0, ending: 'done' }) });
    const { events } = world.start({ policy: always(aMove('web', 'a', 'b'), aMove('db', 'a', 'b')), limits: {} });
    world.until(seconds(10));
    expect(course(events).slice(2)).toEqual([
      '10000 snapshot',
      '10000 decided',
      '10000 admitted',
      '10000 admitted',
      '10000 inventory',
      '10000 ended',
      '10000 inventory',
      '10000 ended',
    ]);
  });

  test('a listener that triggers the next decision from within an event gets it after this one', () => {
    const world = rig({ ...two, course: () => ({ takes: seconds(5), ending: 'done' }) });
    const trigger = new Subject<void>();
    const events: EngineEvent[] = [];
    const { driver, scheduler } = world;
    const policy = always(aMove('web', 'a', 'b'), aMove('db', 'a', 'b'));
    engine({ driver, scheduler, policy, trigger, staleAfter: seconds(30), limits: { total: 2 } }).subscribe((event) => {
      events.push(event);
      if (event.kind === 'admitted' && event.order.guest === 'web') trigger.next();
    });
    trigger.next();
    expect(course(events).slice(2)).toEqual([
      '0 snapshot',
      '0 decided',
      '0 admitted',
      '0 admitted',
      '0 snapshot',
      '0 decided',
      '0 refused',
      '0 refused',
    ]);
  });
});

describe('inventory changes', () => {
  test('a guest that vanishes while it moves is followed to the end, and its hosts take nobody meanwhile', () => {
    const world = rig({ ...two, course: () => ({ takes: seconds(25), ending: 'done' }) });
    const { events } = world.start({ policy: always(aMove('web', 'a', 'b'), aMove('db', 'a', 'b')), limits: {} });
    world.until(seconds(12));
    world.inventory$.next({ ...two, guests: [aGuest('db', 'a')] });
    world.until(seconds(34));
    expect(
      only(events, 'refused')
        .at(-1)
        ?.because.map(({ rule }) => rule),
    ).toContain('engine.place');
    world.until(seconds(36));
    expect(only(events, 'ended').map(({ outcome }) => outcome.guest)).toEqual(['web', 'db']);
  });

  test('a host that vanishes while a guest moves to it takes nobody, and the move is followed to the end', () => {
    const world = rig({ ...two, course: () => ({ takes: seconds(25), ending: 'unreachable' }) });
    const { events, state } = world.start({ policy: always(aMove('web', 'a', 'b'), aMove('db', 'a', 'b')) });
    world.until(seconds(12));
    world.inventory$.next({ hosts: [aHost('a')], guests: two.guests });
    world.until(seconds(40));
    expect(only(events, 'failed').map(({ outcome }) => outcome.guest)).toEqual(['web']);
    expect(only(events, 'refused').at(-1)?.because).toEqual([
      expect.objectContaining({ subject: { kind: 'host', id: 'b' }, why: 'not in the inventory' }),
    ]);
    expect(state).toEqual({ completed: false, error: undefined });
  });

  test.each([
    ['names a host twice', { hosts: [aHost('a'), aHost('a')], guests: [] }, 'inventory: hosts[1].id'],
    ['places a guest nowhere', { hosts: [aHost('a')], guests: [aGuest('x', 'z')] }, 'inventory: guests[0].host'],
    ['holds a negative memory', { hosts: [aHost('a')], guests: [aGuest('x', 'a', -1)] }, 'inventory: guests[0].memory'],
    ['is none', 7, 'inventory'],
  ])('an inventory that %s is bad input, and the last sound one stays', (_, bad, place) => {
    const world = rig(two);
    const { events } = world.start({ policy: always() });
    world.inventory$.next(bad as never);
    world.until(seconds(10));
    expect(only(events, 'bad-input').map(({ input }) => input)).toContainEqual(
      expect.objectContaining({ source: 'scripted', problem: 'malformed', place }),
    );
    expect(only(events, 'snapshot')[0]?.cluster.guests).toHaveLength(2);
  });
});

describe('bad input', () => {
  const at = seconds(5);
  const told = (...readings: readonly unknown[]): readonly EngineEvent[] => {
    const world = rig(two);
    const driver = { ...world.driver, samples: () => of(...(readings as Reading[])) };
    world.until(at);
    const { events, state } = world.start({ driver, policy: webToB });
    world.until(seconds(30));
    expect(state.error).toBeUndefined();
    expect(only(events, 'snapshot').length).toBeGreaterThan(0);
    expect(only(events, 'admitted')).toEqual([]);
    return events;
  };
  const host = (change: object) => ({ kind: 'host', id: 'a', at: 0, cpu: { used: 0.5 }, ...change });

  test.each([
    ['of an unknown host', [host({ id: 'z' })], 'unknown subject'],
    ['of an unknown guest', [host({ kind: 'guest', id: 'z' })], 'unknown subject'],
    ['out of order', [host({}), host({ at: -5 })], 'out of order'],
    ['that comes twice', [host({}), host({})], 'duplicate'],
    ['from the future', [host({ at: seconds(1000) })], 'from the future'],
    ['with NaN', [host({ cpu: { used: NaN } })], 'malformed'],
    ['with a negative value', [host({ cpu: { used: -0.5 } })], 'malformed'],
    ['that is none', [null], 'malformed'],
    [
      'that the source could not read',
      [{ kind: 'bad-input', source: 's', place: 'p', problem: 'malformed', message: 'm', value: 'v' }],
      'malformed',
    ],
  ])('a sample %s is an event, causes no move, and the stream lives on', (_, readings, problem) => {
    const inputs = only(told(...readings), 'bad-input').map(({ input }) => input);
    expect(inputs.map((input) => input.problem)).toEqual([problem]);
  });

  test('how far a sample may be ahead can be set', () => {
    const world = rig(two);
    const ahead: Reading = { kind: 'host', id: 'a', at: seconds(20) };
    const driver = { ...world.driver, samples: () => of(ahead) };
    const told = (tolerateFuture: number): number =>
      only(world.start({ driver, policy: webToB, tolerateFuture }).events, 'bad-input').length;
    expect([told(seconds(20)), told(seconds(19))]).toEqual([0, 1]);
  });

  test('that goes round in a circle is told of without following it', () => {
    const circle: Record<string, unknown> = { kind: 'migration' };
    circle['itself'] = circle;
    expect(() => told(circle)).not.toThrow();
  });
});

describe('a stream of the driver that fails', () => {
  const flaky = (what: 'inventory' | 'samples' | 'inFlight', failures: number) => {
    const world = rig(two);
    let asked = 0;
    const answer = (): unknown => {
      asked += 1;
      if (asked === 1) throw new Error('a throw in the call');
      return asked <= failures ? throwError(() => new Error('gone')) : world.driver[what]();
    };
    return { world, driver: { ...world.driver, [what]: answer } };
  };

  test.each([
    ['inventory', 'inventory'],
    ['samples', 'samples'],
    ['inFlight', 'in flight'],
  ] as const)('%s is asked again with growing waits, and the engine lives on', (what, request) => {
    const { world, driver } = flaky(what, 3);
    const { events } = world.start({ driver, policy: webToB });
    world.until(seconds(30));
    expect(only(events, 'driver-failed').map(({ at, retryAt, failure }) => [at, retryAt, failure.kind])).toEqual([
      [0, seconds(1), 'protocol'],
      [seconds(1), seconds(3), 'protocol'],
      [seconds(3), seconds(7), 'protocol'],
    ]);
    expect(only(events, 'driver-failed').every((event) => event.request === request)).toBe(true);
    expect(only(events, 'ended')).toHaveLength(1);
  });

  test('a stream that came back and fails again is asked after the first wait', () => {
    const world = rig(two);
    let opened = 0;
    const samples = (): Observable<Reading> =>
      concat(
        (opened += 1) === 3 ? world.driver.samples().pipe(take(1)) : EMPTY,
        throwError(() => new Error('gone')),
      );
    const { events } = world.start({ driver: { ...world.driver, samples }, policy: webToB });
    world.until(seconds(6));
    expect(only(events, 'driver-failed').map(({ at, retryAt }) => (retryAt ?? NaN) - at)).toEqual(
      [1, 2, 1, 2, 4].map(seconds),
    );
  });

  test('an inventory that ends is a failure; samples that end are not', () => {
    const world = rig(two);
    const driver = { ...world.driver, inventory: () => of(two), samples: () => EMPTY };
    const { events } = world.start({ driver, policy: webToB });
    world.until(500);
    expect(only(events, 'driver-failed')).toMatchObject([
      { request: 'inventory', failure: { kind: 'unreachable', message: 'the inventory ended' } },
    ]);
  });

  test('nothing is decided once the inventory has been out of reach for as long as a sample may be old', () => {
    const world = rig(two);
    let opened = 0;
    const broken = new Subject<never>();
    const driver = {
      ...world.driver,
      inventory: () => {
        opened += 1;
        return opened > 1 ? throwError(() => new Error('still gone')) : merge(world.driver.inventory(), broken);
      },
    };
    const { events } = world.start({ driver, policy: always() });
    world.until(seconds(15));
    broken.error(new Error('gone'));
    world.until(seconds(100));
    expect(only(events, 'decided').map(({ at }) => at)).toEqual([10, 20, 30, 40].map(seconds));
  });
});
