import { describe, expect, test } from 'vitest';
import { cpu, diskTraffic, level, smoothed } from '../../src/metrics/index.js';
import { type Cluster, gibibytes, mebibytesPerSecond, percent, sayReason, seconds } from '../../src/model/index.js';
import { cslb, type CslbSettings, definePolicy, SettingsError, standardConstraints } from '../../src/policies/index.js';
import { applied } from '../../src/testing/index.js';
import { cluster, guest, host, migration, movesOf, now, whole } from './build.js';

const wide = { light: percent(30), heavy: percent(80) };

const moves = (settings: CslbSettings, state: Cluster): readonly string[] => movesOf(cslb(settings).plan(state));

/** What is said of a guest or host that is passed over. */
const said = (settings: CslbSettings, state: Cluster, id: string): readonly string[] =>
  cslb(settings)
    .plan(state)
    .passedOver.filter(({ subject }) => subject.kind !== 'cluster' && subject.id === id)
    .flatMap(({ because, to }) => because.map((reason) => `${to === undefined ? '' : `${to}: `}${sayReason(reason)}`));

describe('the worked example (W14)', () => {
  /** Two hosts of four processors: five busy guests share one, three busy and an idle one are on the other. */
  const start = cluster(
    [host('a'), host('b')],
    [
      ...['v1', 'v2', 'v3', 'v4', 'v5'].map((id) => guest(id, 'a', 0.8)),
      ...['v6', 'v7', 'v8'].map((id) => guest(id, 'b', 1)),
      guest('v9', 'b', 0),
    ],
  );

  test('loads 100 % and 75 %, amount 12.5 %: all exceed it, so the smallest goes, by name', () => {
    const { moves: planned } = cslb().plan(start);
    expect(movesOf({ moves: planned })).toEqual(['v1 a→b']);
    expect(planned[0]?.because.slice(0, 3).map((reason) => sayReason(reason))).toEqual([
      'a cpu 100 % above 95 %',
      'b cpu 75 % below 80 %',
      'v1 cpu, the smallest as all exceed the amount wanted, 20.0 % above 12.5 %',
    ]);
  });

  test('then no host is light, and it rests', () => {
    expect(moves({}, applied(start, cslb().plan(start)))).toEqual([]);
  });
});

describe('the rule (W12, W13)', () => {
  test('the guest with the largest load within the amount goes', () => {
    const state = cluster([host('a'), host('b')], [whole('x', 'a', 0.4), whole('y', 'a', 0.3), whole('z', 'a', 0.2)]);
    // Middle of 30 and 80 is 55: 40 fits.
    expect(moves(wide, state)).toEqual(['x a→b']);
    expect(said(wide, state, 'y')).toEqual(['b: y cpu 30 % not above 40 %']);
  });

  test('a guest of just the amount does not exceed it', () => {
    const state = cluster([host('a'), host('b')], [whole('x', 'a', 0.55), whole('y', 'a', 0.3)]);
    expect(moves(wide, state)).toEqual(['x a→b']);
  });

  test('one that exceeds the amount is passed over for it', () => {
    const state = cluster([host('a'), host('b')], [whole('x', 'a', 0.6), whole('y', 'a', 0.3)]);
    expect(moves(wide, state)).toEqual(['y a→b']);
    expect(said(wide, state, 'x')).toEqual(['b: x cpu against the amount wanted 60 % not at most 55 %']);
  });

  test('without a light host nothing moves, and every guest of the heavy host hears why', () => {
    const state = cluster([host('a'), host('b')], [whole('x', 'a', 0.9), whole('y', 'b', 0.5)]);
    expect(moves(wide, state)).toEqual([]);
    expect(said(wide, state, 'x')).toEqual(['the cluster light hosts 0 not at least 1']);
    expect(said(wide, state, 'b')).toEqual(['b cpu 50 % not above 80 %']);
  });

  test('heaviest is paired with lightest, next with next, one guest a pair', () => {
    const state = cluster(
      ['a', 'b', 'c', 'd'].map((id) => host(id)),
      [whole('a1', 'a', 0.85), whole('b1', 'b', 0.95), whole('c1', 'c', 0.2), whole('d1', 'd', 0.1)],
    );
    expect(moves(wide, state)).toEqual(['b1 b→d', 'a1 a→c']);
  });

  test('with fewer light than heavy hosts the least heavy waits', () => {
    const state = cluster(
      ['a', 'b', 'c'].map((id) => host(id)),
      [whole('a1', 'a', 0.85), whole('b1', 'b', 0.95), whole('c1', 'c', 0.1)],
    );
    expect(moves(wide, state)).toEqual(['b1 b→c']);
    expect(said(wide, state, 'a1')).toEqual(['a light hosts left for it 0 not at least 1']);
  });

  test('the middle may be the median of the moderate hosts', () => {
    const state = cluster(
      ['a', 'b', 'c'].map((id) => host(id)),
      [whole('x', 'a', 0.5), whole('y', 'a', 0.36), whole('c1', 'c', 0.35)],
    );
    expect(moves(wide, state)).toEqual(['x a→b']);
    // The median of the moderate is 35 %, which y exceeds as x does, so the smallest goes.
    expect(moves({ ...wide, middle: 'median' }, state)).toEqual(['y a→b']);
  });

  test('thresholds may move with the average (W11)', () => {
    const state = cluster([host('a'), host('b')], [whole('x', 'a', 0.2), whole('y', 'a', 0.1), whole('z', 'b', 0.1)]);
    expect(moves({}, state)).toEqual([]);
    // Average 20 %: 10 % is below 16 %, 30 % above 24 %, and 10 % is wanted.
    expect(moves({ moving: {} }, state)).toEqual(['y a→b']);
    expect(moves({ moving: { above: 1 } }, state)).toEqual([]);
  });

  test('processors kept busy are the other unit', () => {
    const state = cluster([host('a'), host('b')], [whole('x', 'a', 0.5), whole('y', 'a', 0.25)]);
    expect(moves({ unit: 'cpu', light: 1, heavy: 2.5 }, state)).toEqual(['y a→b']);
  });

  test('the policy may be told to evaluate the loads again after each move', () => {
    const state = cluster(
      [host('a'), host('b')],
      [whole('x', 'a', 0.3), whole('y', 'a', 0.3), whole('z', 'a', 0.4), whole('w', 'a', 0.3)],
    );
    expect(moves(wide, state)).toEqual(['z a→b']);
    // 130 % and 0 %: the 40 % goes; 90 % and 40 %: b is no longer light.
    expect(moves({ ...wide, pairing: 're-evaluated' }, state)).toEqual(['z a→b']);
    // With wider bounds b stays light for one more: 15 % are wanted, all exceed it, the first of the smallest goes.
    expect(moves({ light: 0.5, heavy: 0.6, pairing: 're-evaluated' }, state)).toEqual(['z a→b', 'w a→b']);
  });

  test('disk traffic in place of the processor (W18)', () => {
    const disk = {
      name: 'disk',
      measure: diskTraffic,
      taken: (rate: number): number => rate,
      capacity: (): number => mebibytesPerSecond(100),
      unit: 'fraction',
    } as const;
    const state = cluster(
      [host('a'), host('b')],
      [70, 20].map((rate, i) => guest(`g${i}`, 'a', 0, { signals: { disk: mebibytesPerSecond(rate) } })),
    );
    expect(cslb({ resource: disk }).watch).toEqual({
      guest: { disk: expect.objectContaining({ name: level(diskTraffic).name }) as unknown },
    });
    expect(moves({ ...wide, resource: disk }, state)).toEqual(['g1 a→b']);
  });

  test('it folds the latest cpu reading of guests, or a signal of one’s own', () => {
    expect(cslb().watch.guest?.['cpu']?.name).toBe(level(cpu).name);
    const signal = smoothed(cpu, { over: seconds(60) });
    expect(cslb({ signal }).watch.guest?.['cpu']).toBe(signal);
  });
});

describe('the traps of the rule as printed (W15)', () => {
  const idle = cluster([host('a'), host('b')], [whole('x', 'a', 0.9), whole('idle', 'a', 0)]);

  test('an idle guest fits, and is moved to no effect', () => {
    expect(moves(wide, idle)).toEqual(['idle a→b']);
  });

  test('guarded: a guest must have a load worth the move', () => {
    expect(moves({ ...wide, guards: { smallestGain: percent(5) } }, idle)).toEqual(['x a→b']);
    expect(said({ ...wide, guards: { smallestGain: percent(5) } }, idle, 'idle')).toEqual([
      'b: idle cpu 0 % not at least 5 %',
    ]);
  });

  const single = cluster([host('a'), host('b')], [whole('x', 'a', 0.9)]);

  test('a single large guest goes, and goes back, for ever', () => {
    const policy = cslb({ light: percent(30), heavy: percent(70) });
    const there = applied(single, policy.plan(single));
    expect(movesOf(policy.plan(single))).toEqual(['x a→b']);
    expect(movesOf(policy.plan(there))).toEqual(['x b→a']);
  });

  test('guarded: only if the larger of the two loads falls', () => {
    const settings = { light: percent(30), heavy: percent(70), guards: { noSwap: true } };
    expect(moves(settings, single)).toEqual([]);
    expect(said(settings, single, 'x')).toEqual(['b: x larger cpu of a and b after the move 90 % not below 90 %']);
  });

  test('guarded: not if the destination becomes heavy', () => {
    const settings = { light: percent(30), heavy: percent(70), guards: { keepBelowHeavy: true } };
    expect(moves(settings, single)).toEqual([]);
    expect(said(settings, single, 'x')).toEqual(['b: b cpu with x 90 % not at most 70 %']);
  });

  test('a guard that holds is part of the evidence', () => {
    const settings = { ...wide, guards: { smallestGain: percent(5), noSwap: true, keepBelowHeavy: true } };
    const state = cluster([host('a'), host('b')], [whole('x', 'a', 0.5), whole('y', 'a', 0.4)]);
    expect(
      cslb(settings)
        .plan(state)
        .moves[0]?.because.map(({ rule }) => rule),
    ).toEqual([
      'cslb.heavy',
      'cslb.light',
      'cslb.selection',
      'cslb.guards.smallestGain',
      'cslb.guards.noSwap',
      'cslb.guards.keepBelowHeavy',
      'architecture',
      'cores',
      'image',
      'memory',
    ]);
  });
});

describe('what may not move, and what is not known', () => {
  test('a guest that may not go is left out before the selection', () => {
    const state = cluster([host('a'), host('b')], [whole('x', 'a', 0.5, { migratable: false }), whole('y', 'a', 0.4)]);
    expect(moves(wide, state)).toEqual(['y a→b']);
    expect(said(wide, state, 'x')).toEqual(['b: x migration forbidden, not allowed']);
  });

  test('moves of one plan count for each other: memory is not promised twice', () => {
    const roomy = { memory: { total: gibibytes(9), reserved: gibibytes(1) } };
    const state = cluster(
      [host('a'), host('b'), host('c', roomy), host('d', roomy)],
      [
        whole('a1', 'a', 0.95, { memory: gibibytes(6) }),
        whole('b1', 'b', 0.9, { memory: gibibytes(6) }),
        whole('c1', 'c', 0.1, { memory: gibibytes(1) }),
        whole('d1', 'd', 0.2, { memory: gibibytes(4) }),
      ],
    );
    expect(moves(wide, state)).toEqual(['a1 a→c']);
    expect(said(wide, state, 'b1')).toEqual(['d: d memory 4.0 GiB free, 6.0 GiB needed']);
  });

  test('a host of which a guest says nothing takes no part', () => {
    const state = cluster([host('a'), host('b'), host('c')], [whole('x', 'a', 0.9), whole('y', 'b')]);
    expect(moves(wide, state)).toEqual(['x a→c']);
    expect(said(wide, state, 'b')).toEqual(['y cpu not measured']);
  });

  test('a draining host is no destination but may be a source', () => {
    const draining = host('b', { state: 'draining' });
    expect(moves(wide, cluster([host('a'), draining], [whole('x', 'a', 0.9)]))).toEqual([]);
    expect(moves(wide, cluster([host('a'), draining], [whole('x', 'b', 0.9)]))).toEqual(['x b→a']);
  });

  test('a host that is off takes no part, and says so', () => {
    const state = cluster([host('a'), host('b', { state: 'off' })], [whole('x', 'a', 0.9)]);
    expect(moves(wide, state)).toEqual([]);
    expect(said(wide, state, 'b')).toEqual(['b state off, not active']);
  });

  test('a guest in flight is counted where it goes, and does not move again', () => {
    const state = cluster([host('a'), host('b')], [whole('x', 'a', 0.5), whole('y', 'a', 0.4)], {
      migrations: [migration('x', 'a', 'b')],
    });
    expect(moves(wide, state)).toEqual([]);
    const busier = cluster(
      [host('a'), host('b'), host('c')],
      [whole('x', 'a', 0.5), whole('y', 'a', 0.45), whole('z', 'a', 0.4)],
      {
        migrations: [migration('x', 'a', 'b')],
      },
    );
    expect(moves(wide, busier)).toEqual(['y a→c']);
    expect(said(wide, busier, 'x')).toEqual(['x state moving to b, not at rest']);
  });

  test('every guest of a heavy host and every host is in the plan', () => {
    const state = cluster(
      ['a', 'b', 'c', 'd'].map((id) => host(id)),
      [whole('a1', 'a', 0.5), whole('a2', 'a', 0.4), whole('a3', 'a', 0.3), whole('b1', 'b', 0.5)],
    );
    const { moves: planned, passedOver } = cslb(wide).plan(state);
    const heard = new Set([
      ...planned.map(({ guest: id }) => id),
      ...passedOver.map(({ subject }) => 'id' in subject && subject.id),
    ]);
    expect([...heard].sort()).toEqual(['a1', 'a2', 'a3', 'b', 'c', 'd']);
  });

  test('information, transfer and placement are separable: another list of constraints places otherwise (W8)', () => {
    const state = cluster([host('a'), host('b')], [whole('x', 'a', 0.9, { pins: ['a'] })]);
    expect(moves(wide, state)).toEqual([]);
    const lenient = standardConstraints.filter(({ name }) => name !== 'pins');
    expect(moves({ ...wide, constraints: lenient }, state)).toEqual(['x a→b']);
  });
});

describe('settings are checked when the policy is made', () => {
  const refused = (settings: unknown): string => {
    try {
      cslb(settings as CslbSettings);
    } catch (thrown) {
      if (SettingsError.is(thrown)) return thrown.message;
      throw thrown;
    }
    return 'taken';
  };

  test.each([
    [{ light: 0.3, heavy: 0.2 }, 'cslb.heavy: 0.2 is below light 0.3'],
    [{ light: 0.99 }, 'cslb.heavy: 0.95 is below light 0.99'],
    [{ heavy: 80 }, 'cslb.heavy: 80 is above 1, all that a host offers; percent(80) is 0.8'],
    [{ haevy: 0.8 }, 'cslb.haevy: no such setting'],
    [{ guards: { noSwaps: true } }, 'cslb.guards.noSwaps: no such setting'],
    [{ light: -0.1 }, 'cslb.light: Too small: expected number to be >=0'],
    [{ unit: 'cpu', light: 1 }, 'cslb.heavy: must be given, as a number of processors'],
    [{ moving: {}, light: 0.5 }, 'cslb.light: is not taken beside moving, which takes its place'],
    [{}, 'taken'],
    [{ unit: 'cpu', light: 1, heavy: 3 }, 'taken'],
  ])('%j: %s', (settings, message) => {
    expect(refused(settings)).toBe(message);
  });

  test('NaN is no threshold', () => {
    expect(refused({ light: NaN })).toMatch(/^cslb\.light: /);
  });

  test('zod’s issues are kept', () => {
    expect(() => cslb({ heavy: 2 })).toThrow(
      expect.objectContaining({ issues: [expect.objectContaining({ path: ['heavy'] })] }) as Error,
    );
  });
});

test('a policy gets its snapshots in the order of names, however they are listed', () => {
  const seen: string[] = [];
  const policy = definePolicy({
    name: 'looks',
    watch: {},
    plan: ({ hosts, at }) => {
      seen.push(...hosts.map(({ id }) => id));
      expect(at).toBe(now);
      return { moves: [], passedOver: [] };
    },
  });
  policy.plan(cluster([host('c'), host('a'), host('b')], []));
  expect(seen).toEqual(['a', 'b', 'c']);
});
