import { concat, delay, EMPTY, NEVER, type Observable, of, Subject, throwError, timer, map } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type Driver, DriverError } from '../../../src/drivers/index.js';
import {
  engine,
  type EngineEvent,
  type HostService,
  type HostState,
  polled,
  type PollFailure,
} from '../../../src/engine/index.js';
import { type Reading, seconds } from '../../../src/model/index.js';
import { virtualTime, type VirtualTime } from '../../../src/simulation/index.js';
import { aGuest, aHost, always, aMove, only } from '../rig.js';

interface Site {
  readonly time: VirtualTime;
  readonly services: readonly HostService[];
  /** What was asked of hosts, in order. */
  readonly log: string[];
  readonly push: Readonly<Record<string, Subject<HostState>>>;
  readonly state: (host: string) => HostState;
  /** Hosts that do not answer. */
  readonly dead: Set<string>;
}

const site = (names: readonly string[] = ['a', 'b']): Site => {
  const time = virtualTime();
  const stands = new Map([['web', 'a']]);
  const log: string[] = [];
  const dead = new Set<string>();
  const push = Object.fromEntries(names.map((name) => [name, new Subject<HostState>()]));
  const state = (name: string): HostState => {
    const at = time.now();
    const guests = [...stands].filter(([, host]) => host === name).map(([id, host]) => aGuest(id, host));
    const readings: Reading[] = [
      { kind: 'host', id: name, at, cpu: { used: 0.5 } },
      ...guests.map(({ id }): Reading => ({ kind: 'guest', id, at, cpu: { used: 0.5 } })),
    ];
    return { host: aHost(name), guests, readings };
  };
  const services = names.map((host): HostService => ({
    host,
    query: () => {
      log.push(`${time.now() / 1000} query ${host}`);
      return dead.has(host) ? NEVER : of(state(host)).pipe(delay(100, time.scheduler));
    },
    pushed: () => push[host] ?? EMPTY,
    migrate: (order) =>
      concat(
        of({ kind: 'progress' as const, progress: { at: time.now(), phase: 'copying' as const, sent: 0 } }),
        timer(seconds(5), time.scheduler).pipe(
          map(() => {
            stands.set(order.guest, order.to);
            log.push(`${host} moved ${order.guest} to ${order.to}`);
            return { kind: 'done' as const, at: time.now() };
          }),
        ),
      ),
    steer: () => EMPTY,
    inFlight: () => (dead.has(host) ? NEVER : of([])),
    follow: () => throwError(() => new DriverError({ kind: 'not found', retryable: false, message: 'none' })),
  }));
  return { time, services, log, push, state, dead };
};

const driverOf = ({ time, services }: Site, more: Partial<Parameters<typeof polled>[0]> = {}) =>
  polled({ hosts: services, every: seconds(10), deadline: seconds(2), scheduler: time.scheduler, ...more });

const listen = <Value>(stream: Observable<Value>): Value[] => {
  const heard: Value[] = [];
  stream.subscribe((value) => heard.push(value));
  return heard;
};

describe('a driver over host services (W2)', () => {
  test('the inventory comes once every host has answered, and again only when it changed', () => {
    const world = site();
    const inventories = listen(driverOf(world).inventory());
    world.time.run(seconds(45));
    expect(inventories.map(({ hosts, guests }) => [hosts.map(({ id }) => id), guests.map(({ host }) => host)])).toEqual(
      [[['a', 'b'], ['a']]],
    );
  });

  test('inventory and samples share the questions', () => {
    const world = site();
    const driver = driverOf(world);
    listen(driver.inventory());
    const samples = listen(driver.samples());
    world.time.run(seconds(5));
    expect(world.log).toEqual(['0 query a', '0 query b']);
    expect(samples.map((sample) => sample.kind !== 'bad-input' && sample.id)).toEqual(['a', 'web', 'b']);
  });

  test('a state that is pushed counts at once, and not again when it is asked for', () => {
    const world = site();
    const samples = listen(driverOf(world).samples());
    world.time.run(seconds(4));
    const pushed = world.state('b');
    world.push['b']?.next(pushed);
    world.push['b']?.next(pushed);
    expect(samples.map(({ kind }) => kind)).toEqual(['host', 'guest', 'host', 'host']);
  });

  test('a host that does not answer holds up no other, is told as a failure and asked again later', () => {
    const world = site();
    world.dead.add('b');
    const driver = driverOf(world, { backOff: { first: seconds(5), factor: 2, longest: seconds(60) } });
    const failures: PollFailure[] = listen(driver.failures);
    const inventories = listen(driver.inventory());
    world.time.run(seconds(20));
    expect(inventories.map(({ hosts }) => hosts.map(({ id }) => id))).toEqual([['a']]);
    expect(failures.map(({ at, host, failure, retryAt }) => [at, host, failure.kind, retryAt])).toEqual([
      [2000, 'b', 'timed out', 7000],
      [9000, 'b', 'timed out', 19_000],
    ]);
    world.dead.clear();
    world.time.run(seconds(60));
    expect(inventories.at(-1)?.hosts.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('a pushed stream that breaks off is taken up again', () => {
    const world = site(['a']);
    let opened = 0;
    const service = world.services[0];
    if (!service) throw new Error('one host');
    const hosts = [
      { ...service, pushed: () => ((opened += 1) < 3 ? throwError(() => new Error('cut')) : NEVER) },
    ] as const;
    const driver = polled({ hosts, every: seconds(10), scheduler: world.time.scheduler });
    const failures = listen(driver.failures);
    listen(driver.inventory());
    world.time.run(seconds(9));
    expect(opened).toBe(3);
    expect(failures.map(({ request }) => request)).toEqual(['push', 'push']);
  });

  test('a state that is no state, or of another host, is bad input with its place', () => {
    const world = site();
    const samples = listen(driverOf(world).samples());
    world.push['a']?.next({ ...world.state('a'), guests: [{ ...aGuest('x', 'a'), vcpus: -1 }] });
    world.push['a']?.next(world.state('b'));
    expect(samples.map((sample) => sample.kind === 'bad-input' && [sample.place, sample.problem])).toEqual([
      ['host a: guests[0].vcpus', 'malformed'],
      ['host a', 'unknown subject'],
    ]);
  });

  test('nothing is asked before somebody listens, nor after the last one left', () => {
    const world = site();
    const driver = driverOf(world);
    world.time.run(seconds(5));
    expect(world.log).toEqual([]);
    const subscription = driver.inventory().subscribe();
    world.time.run(seconds(6));
    subscription.unsubscribe();
    world.time.run(seconds(60));
    expect(world.log).toHaveLength(2);
  });

  test('an order goes to the host that the guest leaves', () => {
    const world = site();
    const events: EngineEvent[] = [];
    engine({
      driver: driverOf(world),
      policy: always(aMove('web', 'a', 'b')),
      every: seconds(10),
      scheduler: world.time.scheduler,
    }).subscribe((event) => events.push(event));
    world.time.run(seconds(60));
    expect(world.log.filter((line) => line.includes('moved'))).toEqual(['a moved web to b']);
    expect(only(events, 'ended')).toHaveLength(1);
    expect(only(events, 'inventory').at(-1)?.inventory.guests[0]?.host).toBe('b');
  });

  test.each([
    ['wait', 0],
    ['none', 1],
  ] as const)('where a host does not say what it has under way: %s', (withoutAnswer, admitted) => {
    const world = site(['a', 'b', 'c']);
    world.dead.add('c');
    const events: EngineEvent[] = [];
    engine({
      driver: driverOf(world, { withoutAnswer }),
      policy: always(aMove('web', 'a', 'b')),
      every: seconds(10),
      scheduler: world.time.scheduler,
    }).subscribe((event) => events.push(event));
    world.time.run(seconds(25));
    expect(only(events, 'admitted')).toHaveLength(admitted);
  });

  test('a host that is listed twice is refused with its path', () => {
    const world = site();
    expect(() => driverOf(world, { hosts: [...world.services, ...world.services] })).toThrow(
      'polled.hosts[2].host: "a" is listed twice',
    );
  });
});

describe('the engine acts only through the driver interface (W1)', () => {
  test('a spy in its place sees all that the engine does, and nothing else of the driver is touched', () => {
    const world = site();
    const inner = driverOf(world);
    const touched = new Set<PropertyKey>();
    const spy = new Proxy<Driver>(inner, {
      get: (target, key, receiver): unknown => {
        touched.add(key);
        return Reflect.get(target, key, receiver);
      },
      set: () => {
        throw new Error('the driver was changed');
      },
    });
    const events: EngineEvent[] = [];
    const running = engine({
      driver: spy,
      policy: always(aMove('web', 'a', 'b')),
      every: seconds(10),
      convergence: () => ({ kind: 'raise downtime', limit: 100 }),
      scheduler: world.time.scheduler,
    }).subscribe((event) => events.push(event));
    world.time.run(seconds(60));
    running.unsubscribe();
    expect(only(events, 'ended')).toHaveLength(1);
    expect(only(events, 'steered')).toHaveLength(1);
    expect([...touched].sort()).toEqual(['follow', 'inFlight', 'inventory', 'migrate', 'name', 'samples', 'steer']);
  });
});
