import { concat, EMPTY, NEVER, of, Subject, throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { cpu, level } from '../../src/metrics/index.js';
import { type Cluster, nothing, type Plan, seconds } from '../../src/model/index.js';
import { definePolicy, type Policy } from '../../src/policies/index.js';
import { aGuest, aHost, always, aMove, only, proposing, rig } from './rig.js';

const two = { hosts: [aHost('a'), aHost('b')], guests: [aGuest('web', 'a'), aGuest('db', 'a')] };

describe('a policy replaced while running (W4)', () => {
  test('takes effect at the next decision', () => {
    const world = rig(two);
    const policy$ = new Subject<Policy>();
    const { events } = world.start({ policy: policy$ });
    policy$.next(proposing(() => [], 'first'));
    world.until(seconds(15));
    policy$.next(proposing(() => [], 'second'));
    world.until(seconds(20));
    expect(only(events, 'policy', 'decided').map(({ at, kind, policy }) => [at, kind, policy])).toEqual([
      [0, 'policy', 'first'],
      [seconds(10), 'decided', 'first'],
      [seconds(15), 'policy', 'second'],
      [seconds(20), 'decided', 'second'],
    ]);
  });

  test('in the middle of a decision takes effect at the next one', () => {
    const world = rig(two);
    const policy$ = new Subject<Policy>();
    const { events } = world.start({ policy: policy$ });
    const second = proposing(() => [], 'second');
    policy$.next(
      proposing(() => {
        policy$.next(second);
        return [aMove('web', 'a', 'b')];
      }, 'first'),
    );
    world.until(seconds(10));
    expect(events.slice(2).map(({ kind }) => kind)).toEqual(['snapshot', 'decided', 'admitted', 'policy']);
    world.until(seconds(20));
    expect(only(events, 'decided').map(({ policy }) => policy)).toEqual(['first', 'second']);
  });

  test('loses nothing: moves in flight go on, and no event is missing', () => {
    const world = rig({ ...two, course: () => ({ takes: seconds(16), ending: 'done', reports: 3 }) });
    const policy$ = new Subject<Policy>();
    const { events } = world.start({ policy: policy$ });
    policy$.next(always(aMove('web', 'a', 'b')));
    world.until(seconds(12));
    policy$.next(always());
    world.until(seconds(22));
    policy$.next(always(aMove('db', 'a', 'b')));
    world.until(seconds(40));
    expect(world.log).toEqual(['in flight?', 'migrate web a b', 'migrate db a b']);
    expect(only(events, 'progress').map(({ at }) => at)).toEqual([14, 18, 22, 34, 38].map(seconds));
    expect(only(events, 'ended').map(({ outcome }) => outcome.guest)).toEqual(['web']);
  });

  test('finds its signals warm, from the ring of recent samples', () => {
    const world = rig(two);
    const policy$ = new Subject<Policy>();
    const seen: unknown[] = [];
    world.start({ policy: policy$ });
    policy$.next(always());
    world.until(seconds(19.5));
    // Folds how many samples it has seen: cold, it would have seen none before the next decision.
    const count = { name: 'count', initial: 0, step: (n: number) => n + 1, value: (n: number) => n };
    policy$.next(
      definePolicy({
        name: 'watching',
        watch: { host: { count, cpu: level(cpu) } },
        plan: ({ hosts }) => {
          seen.push(hosts[0]?.signals.count, hosts[0]?.signals.cpu);
          return nothing();
        },
      }),
    );
    world.until(seconds(20));
    expect(seen).toEqual([20, 0.5]);
  });

  test('finds them as warm as the ring is long', () => {
    const world = rig(two);
    const policy$ = new Subject<Policy>();
    const seen: unknown[] = [];
    world.start({ policy: policy$, keep: 5 });
    policy$.next(always());
    world.until(seconds(19.5));
    const count = { name: 'count', initial: 0, step: (n: number) => n + 1, value: (n: number) => n };
    const plan = ({ guests }: { readonly guests: readonly { readonly signals: object }[] }): Plan => {
      seen.push(guests[0]?.signals);
      return nothing();
    };
    policy$.next(definePolicy({ name: 'watching', watch: { guest: { count } }, plan }));
    world.until(seconds(20));
    expect(seen).toEqual([{ count: 5 }]);
  });

  test('keeps back-off and the past', () => {
    const world = rig({ ...two, course: () => ({ takes: 0, ending: 'conflict' }) });
    const policy$ = new Subject<Policy>();
    const { events } = world.start({ policy: policy$ });
    policy$.next(always(aMove('web', 'a', 'b')));
    world.until(seconds(15));
    policy$.next(proposing(() => [aMove('web', 'a', 'b')], 'other'));
    world.until(seconds(20));
    expect(only(events, 'refused').at(-1)?.because[0]?.rule).toBe('engine.backOff');
    expect(only(events, 'snapshot').at(-1)?.cluster.past).toHaveLength(1);
  });

  test.each([
    ['is nothing', undefined, 'undefined is not a policy'],
    ['has no name', { watch: {}, plan: () => nothing() }, 'has no name'],
    ['cannot plan', { name: 'x', watch: {} }, 'has no function plan'],
    ['watches nothing', { name: 'x', plan: () => nothing() }, 'has no watch'],
    ['watches links', { name: 'x', watch: { link: {} }, plan: () => nothing() }, 'watches link'],
    ['watches a number', { name: 'x', watch: { host: 7 }, plan: () => nothing() }, 'watches 7 of each host'],
    [
      'watches no signal',
      { name: 'x', watch: { guest: { a: null } }, plan: () => nothing() },
      'watches a of each guest',
    ],
  ])('by something that %s leaves the old one in force and says why', (_, offered, message) => {
    const world = rig(two);
    const { events } = world.start({
      policy: concat(
        of(
          proposing(() => [], 'old'),
          offered as unknown as Policy,
        ),
        NEVER,
      ),
    });
    world.until(seconds(10));
    expect(only(events, 'policy-failed')).toMatchObject([{ at: 0, problem: 'not a policy' }]);
    expect(only(events, 'policy-failed')[0]?.message).toContain(message);
    expect(only(events, 'decided')[0]?.policy).toBe('old');
  });

  test('by a stream that fails or ends leaves the newest in force', () => {
    for (const end of [throwError(() => new Error('folder gone')), EMPTY]) {
      const world = rig(two);
      const { events } = world.start({ policy: concat(of(proposing(() => [], 'last')), end) });
      world.until(seconds(10));
      expect(only(events, 'decided').map(({ policy }) => policy)).toEqual(['last']);
    }
  });

  test('a stream of policies that fails is told of', () => {
    const world = rig(two);
    const { events } = world.start({ policy: throwError(() => new Error('folder gone')) });
    expect(only(events, 'policy-failed')).toEqual([
      { at: 0, kind: 'policy-failed', problem: 'no more policies', message: 'folder gone' },
    ]);
  });
});

describe('a policy that is wrong', () => {
  const sound = { ...aMove('web', 'a', 'b') };
  const reason = {
    kind: 'compared',
    rule: 'r',
    subject: { kind: 'cluster' },
    measure: 'm',
    value: 1,
    relation: 'above',
    limit: 0,
    unit: 'none',
    holds: true,
  };

  test.each<readonly [string, (cluster: Cluster) => unknown, string, string]>([
    [
      'throws',
      () => {
        throw new Error('division by a host');
      },
      'threw',
      'division by a host',
    ],
    [
      'throws nothing',
      () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- somebody's policy may do so
        throw undefined;
      },
      'threw',
      'undefined',
    ],
    [
      'throws what has no text',
      () => {
        throw Object.create(null);
      },
      'threw',
      'cannot be printed',
    ],
    ['promises a plan', async () => Promise.resolve(nothing()), 'promised', 'not a promise'],
    ['promises and breaks it', async () => Promise.reject(new Error('later')), 'promised', 'not a promise'],
    ['returns nothing', () => undefined, 'not a plan', 'plan: '],
    ['returns a number', () => NaN, 'not a plan', 'plan: '],
    ['returns no list', () => ({ moves: 'web', passedOver: [] }), 'not a plan', 'plan.moves: '],
    ['leaves out what it passed over', () => ({ moves: [] }), 'not a plan', 'plan.passedOver: '],
    ['passes over nonsense', () => ({ moves: [], passedOver: [1] }), 'not a plan', 'plan.passedOver: '],
    [
      'names a host by a number',
      () => ({ moves: [{ ...sound, to: NaN }], passedOver: [] }),
      'not a plan',
      'plan.moves[0].to: ',
    ],
    [
      'gives no evidence',
      () => ({ moves: [{ guest: 'web', from: 'a', to: 'b' }], passedOver: [] }),
      'not a plan',
      'plan.moves[0].because: ',
    ],
    [
      'gives nonsense as evidence',
      () => ({ moves: [{ ...sound, because: ['so'] }], passedOver: [] }),
      'not a plan',
      'plan.moves[0].because[0]: is not a reason',
    ],
    [
      'compares with NaN',
      () => ({ moves: [{ ...sound, because: [{ ...reason, limit: NaN }] }], passedOver: [] }),
      'not a plan',
      'plan.moves[0].because[0]: holds NaN',
    ],
    [
      'changes a host of the snapshot',
      ({ hosts }) => {
        Object.assign(hosts[1] ?? {}, { knowledge: { kind: 'fresh', at: 0 } });
      },
      'threw',
      'read only',
    ],
    [
      'makes room where there is none',
      ({ hosts }) => {
        Object.assign(hosts[1]?.memory ?? {}, { total: 1e15 });
      },
      'threw',
      'read only',
    ],
    [
      'changes the order of the snapshot',
      ({ guests }) => {
        (guests as unknown[]).reverse();
      },
      'threw',
      'read only',
    ],
    [
      'forgets moves in flight',
      ({ migrations }) => {
        (migrations as unknown[]).push(1);
      },
      'threw',
      'not extensible',
    ],
  ])('because it %s, is reported with its cause, and the engine goes on', (_, plan, problem, message) => {
    const world = rig(two);
    const policy = { name: 'wrong', watch: {}, plan } as unknown as Policy;
    const { events, state } = world.start({ policy });
    world.until(seconds(20));
    expect(only(events, 'policy-failed')).toMatchObject([
      { at: seconds(10), policy: 'wrong', problem },
      { at: seconds(20), policy: 'wrong', problem },
    ]);
    expect(only(events, 'policy-failed')[0]?.message).toContain(message);
    expect(only(events, 'admitted')).toEqual([]);
    expect(state.error).toBeUndefined();
  });

  test('and proposes unknown guests and hosts gets them refused, each with its reason', () => {
    const world = rig(two);
    const { events } = world.start({ policy: always(aMove('ghost', 'a', 'b'), aMove('web', 'a', 'limbo')) });
    world.until(seconds(10));
    expect(only(events, 'refused').flatMap(({ because }) => because)).toMatchObject([
      { subject: { id: 'ghost' }, why: 'not in the inventory' },
      { subject: { id: 'limbo' }, why: 'not in the inventory' },
    ]);
  });
});
