import { EMPTY, NEVER, of, throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { DriverError, type Driver } from '../../../src/drivers/index.js';
import { engine, type EngineState, engineStateSchema } from '../../../src/engine/index.js';
import { cpu, smoothed } from '../../../src/metrics/index.js';
import { type Migration, minutes, seconds } from '../../../src/model/index.js';
import { definePolicy } from '../../../src/policies/index.js';
import { aGuest, aHost, always, aMove, only, type Rig, rig } from '../rig.js';
import { mortal } from './outliving.js';

const two = { hosts: [aHost('a'), aHost('b')], guests: [aGuest('web', 'a'), aGuest('db', 'a')] };
const webToB = always(aMove('web', 'a', 'b'));
const order: Migration = { id: 'web-1', guest: 'web', from: 'a', to: 'b', startedAt: seconds(-5) };
const pending = (
  change: Partial<EngineState> = {},
  standing: 'running' | 'lost' | 'settling' = 'running',
): EngineState => ({
  version: 1,
  at: seconds(-1),
  orders: 1,
  moves: [
    {
      migration: order,
      standing,
      since: seconds(-5),
      history: [],
      handle: 'web-1',
      action: { kind: 'continue' },
      losses: 0,
    },
  ],
  past: [],
  waits: [],
  ...change,
});

const resume = (world: Rig, state: EngineState, driver: Driver = world.driver) =>
  world.start({ state, policy: webToB, driver, limits: {} });

describe('the state of an engine (W3)', () => {
  test('is told before an order is given, and whenever the book of moves changes', () => {
    const world = rig(two);
    const { events } = world.start({ policy: webToB, tellState: 'moves' });
    world.until(seconds(21));
    const kinds = events.flatMap((event) =>
      event.kind === 'state'
        ? [`state ${event.state.moves.map(({ standing }) => standing).join()}`]
        : ['admitted', 'ended'].includes(event.kind)
          ? [event.kind]
          : [],
    );
    expect(kinds).toEqual(['state ', 'admitted', 'state running', 'ended', 'state ']);
  });

  test('is not told unless asked for', () => {
    const world = rig(two);
    const { events } = world.start({ policy: webToB });
    world.until(seconds(21));
    expect(only(events, 'state')).toEqual([]);
  });

  test('survives JSON, and the schema takes what an engine told', () => {
    const world = rig({ ...two, course: () => ({ takes: seconds(7), ending: 'conflict', reports: 2 }) });
    const { events } = world.start({ policy: webToB, tellState: 'everything' });
    world.until(seconds(45));
    const states = only(events, 'state').map(({ state }) => state);
    expect(states.some(({ moves }) => moves.some(({ history }) => history.length > 0))).toBe(true);
    expect(states.at(-1)?.waits.map(({ guest, to }) => [guest, to])).toEqual([
      ['web', undefined],
      ['web', 'b'],
    ]);
    for (const state of states) expect(engineStateSchema.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  test('names the policy in force, the orders given so far, and the outcomes', () => {
    const world = rig(two);
    const { events } = world.start({ policy: webToB, tellState: 'moves' });
    world.until(seconds(21));
    expect(only(events, 'state').at(-1)?.state).toMatchObject({
      policy: 'scripted',
      orders: 1,
      past: [{ guest: 'web', ending: { result: 'done' } }],
    });
  });

  test('that is none is refused with the path of what is wrong', () => {
    const world = rig(two);
    const bad =
      (state: unknown): (() => unknown) =>
      () =>
        engine({ driver: world.driver, policy: webToB, every: 1, state: state as EngineState });
    expect(bad({ ...pending(), version: 2 })).toThrow(/^engine\.state\.version: /);
    expect(bad({ ...pending(), waits: [{ guest: 'web', failures: 0, until: 1 }] })).toThrow(
      /^engine\.state\.waits\[0\]\.failures: /,
    );
    const twice = [...pending().moves, ...pending().moves];
    expect(bad({ ...pending(), moves: twice })).toThrow('engine.state.moves[1].migration.id: is in the book twice');
  });
});

describe('an engine that goes on from a state (W3)', () => {
  test('follows an order that the hypervisor still has under way, and does not give it again', () => {
    const world = rig({ ...two, underWay: [{ migration: order, course: { takes: seconds(30), ending: 'done' } }] });
    const { events } = resume(world, pending());
    world.until(seconds(60));
    expect(world.log.filter((line) => line.startsWith('migrate'))).toEqual([]);
    expect(only(events, 'resumed', 'ended').map(({ kind }) => kind)).toEqual(['resumed', 'ended']);
  });

  test('judges an order that the hypervisor does not know by where the guest is: at its destination, it was done', () => {
    const world = rig({ hosts: two.hosts, guests: [aGuest('web', 'b'), aGuest('db', 'a')] });
    const { events } = resume(world, pending());
    world.until(seconds(30));
    expect(only(events, 'ended', 'failed').map(({ kind, outcome }) => [kind, outcome.id])).toEqual([
      ['ended', 'web-1'],
    ]);
    expect(world.log.filter((line) => line.startsWith('migrate'))).toEqual([]);
  });

  test('judges it by where the guest is: still at its source, it failed, and is given again only after its back-off', () => {
    const world = rig(two);
    const { events } = resume(world, pending());
    world.until(minutes(3));
    expect(only(events, 'failed')[0]).toMatchObject({
      at: 0,
      outcome: { id: 'web-1', ending: { failure: { kind: 'cancelled' } } },
    });
    expect(only(events, 'admitted')[0]?.at).toBeGreaterThanOrEqual(minutes(1));
    expect(only(events, 'ended')).toHaveLength(1);
  });

  test('a guest that is gone makes its order a failure, and nothing is ordered for it', () => {
    const world = rig({ hosts: two.hosts, guests: [aGuest('db', 'a')] });
    const { events } = resume(world, pending());
    world.until(minutes(3));
    expect(only(events, 'failed')).toHaveLength(1);
    expect(only(events, 'admitted')).toEqual([]);
  });

  test('a guest that the hypervisor moves elsewhere by now is followed as the other move that it is', () => {
    const elsewhere = { ...order, id: 'other', to: 'c' };
    const world = rig({
      hosts: [...two.hosts, aHost('c')],
      guests: two.guests,
      underWay: [{ migration: elsewhere, course: { takes: seconds(5), ending: 'done' } }],
    });
    const { events } = resume(world, pending());
    world.until(seconds(9));
    expect(only(events, 'failed', 'ended').map(({ kind, outcome }) => [kind, outcome.id])).toEqual([
      ['failed', 'web-1'],
      ['ended', 'other'],
    ]);
  });

  test('decides nothing before it knows what became of its orders', () => {
    const world = rig(two);
    const silent: Driver = { ...world.driver, inFlight: () => NEVER };
    const { events } = resume(world, pending(), silent);
    world.until(minutes(5));
    expect(only(events, 'snapshot', 'admitted')).toEqual([]);
  });

  test('keeps waits, outcomes and the count of orders, so that no name is given twice', () => {
    const world = rig(two);
    const waits = [{ guest: 'web', failures: 3, until: seconds(95) }];
    const { events } = world.start({ state: { ...pending(), moves: [], orders: 7, waits }, policy: webToB });
    world.until(seconds(110));
    expect(only(events, 'admitted')).toMatchObject([{ at: seconds(100), order: { id: `web@${seconds(100)}#7` } }]);
  });

  test('keeps a move that had not settled reserved until the inventory shows it', () => {
    const world = rig(two);
    const { events } = world.start({ state: pending({}, 'settling'), policy: webToB, settle: seconds(25) });
    world.until(seconds(12));
    expect(only(events, 'snapshot')[0]?.cluster.migrations).toHaveLength(1);
    world.place('web', 'b');
    world.until(seconds(25));
    expect(only(events, 'snapshot').at(-1)?.cluster.migrations).toEqual([]);
  });

  test('a move that ended between the question and the following is judged by the inventory from then on', () => {
    const world = rig(two);
    const driver: Driver = {
      ...world.driver,
      inFlight: () => (world.inventory$.value.guests[0]?.host === 'a' ? of([order]) : of([])),
      follow: () => {
        world.place('web', 'b');
        return throwError(() => new DriverError({ kind: 'not found', retryable: false, message: 'over' }));
      },
    };
    const { events } = resume(world, pending(), driver);
    world.until(seconds(30));
    expect(only(events, 'ended', 'failed').map(({ kind }) => kind)).toEqual(['ended']);
  });

  test('has warm signals where the samples were told: what was seen before counts', () => {
    const watching = definePolicy({
      name: 'watching',
      watch: { host: { calm: smoothed(cpu, { over: seconds(60) }) } },
      plan: () => ({ moves: [], passedOver: [] }),
    });
    const world = rig({ ...two, silent: [] });
    const first = mortal(world.driver, {
      policy: watching,
      every: seconds(10),
      tellState: 'everything',
      scheduler: world.scheduler,
    });
    world.until(seconds(31));
    first.kill();
    const seen = first.events.findLast((event) => event.kind === 'snapshot');
    expect(seen?.kind === 'snapshot' && seen.cluster.hosts[0]?.signals['calm']).toBeCloseTo(0.5, 9);
    const samples = first.state()?.samples;
    const mute: Driver = { ...world.driver, samples: () => EMPTY };
    const second = mortal(mute, {
      policy: watching,
      every: seconds(1),
      staleAfter: seconds(30),
      state: { ...pending(), moves: [], samples: samples ?? [] },
      scheduler: world.scheduler,
    });
    world.until(seconds(33));
    const again = second.events.findLast((event) => event.kind === 'snapshot');
    expect(again?.kind === 'snapshot' && again.cluster.hosts[0]?.signals['calm']).toBeCloseTo(0.5, 9);
  });
});
