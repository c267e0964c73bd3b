/** What CSLB says of its moves and of all that it leaves alone, word for word, and of settings that it refuses. */
import { describe, expect, test } from 'vitest';
import { diskTraffic } from '../../../src/metrics/index.js';
import { cslb, type CslbSettings, type Resource } from '../../../src/policies/index.js';
import { cluster, host, migration, movesOf, refused, told, whole } from '../build.js';

const wide: CslbSettings = { light: 0.3, heavy: 0.8 };
const hosts = (...ids: readonly string[]) => ids.map((id) => host(id));
const said = (settings: CslbSettings, ...state: Parameters<typeof cluster>): readonly string[] =>
  told(cslb(settings).plan(cluster(...state)));
const constraintsOf = (to: string, free: string): readonly string[] => [
  `architecture: ${to} architecture x86_64`,
  `cores: ${to} cores 4 at least 4`,
  `image: ${to} storage shared`,
  `memory: ${to} memory ${free} GiB free, 1.0 GiB needed`,
];

describe('a plan says everything (W12)', () => {
  test('of the largest guest within the amount, of the guards, and of each host and guest that stays', () => {
    const guests = [
      whole('a1', 'a', 0.5),
      whole('a2', 'a', 0.4),
      whole('a3', 'a', 0.3),
      whole('a4', 'a', 0.01),
      whole('b1', 'b', 0.5),
      whole('x', 'd'),
    ];
    const guards = { smallestGain: 0.05, noSwap: true, keepBelowHeavy: true };
    expect(said({ ...wide, guards }, hosts('a', 'b', 'c', 'd'), guests)).toEqual([
      'a1 a→c',
      'cslb.heavy: a cpu 121 % above 80 %',
      'cslb.light: c cpu 0 % below 30 %',
      'cslb.selection: a1 cpu, the largest within the amount wanted, 50 % at most 55 %',
      'cslb.guards.smallestGain: a1 cpu 50 % at least 5 %',
      'cslb.guards.noSwap: a1 larger cpu of a and c after the move 71 % below 121 %',
      'cslb.guards.keepBelowHeavy: c cpu with a1 50 % at most 80 %',
      ...constraintsOf('c', '16.0'),
      'b stays: cslb.heavy: b cpu 50 % not above 80 %',
      'c stays: cslb.heavy: c cpu 0 % not above 80 %',
      'd stays: load evaluation: x cpu not measured',
      'a4 stays off c: cslb.guards.smallestGain: a4 cpu 1 % not at least 5 %',
      'a2 stays off c: cslb.selection: a2 cpu 40 % not above 50 %',
      'a3 stays off c: cslb.selection: a3 cpu 30 % not above 50 %',
    ]);
  });

  test('of the smallest guest, where all exceed the amount', () => {
    expect(said(wide, hosts('a', 'b'), [whole('a1', 'a', 0.6), whole('a2', 'a', 0.7)])).toEqual([
      'a1 a→b',
      'cslb.heavy: a cpu 130 % above 80 %',
      'cslb.light: b cpu 0 % below 30 %',
      'cslb.selection: a1 cpu, the smallest as all exceed the amount wanted, 60 % above 55 %',
      ...constraintsOf('b', '16.0'),
      'b stays: cslb.heavy: b cpu 0 % not above 80 %',
      'a2 stays off b: cslb.selection: a2 cpu 70 % not below 60 %',
    ]);
  });

  test('of two guests of just the amount, the second is told to be no larger', () => {
    expect(said(wide, hosts('a', 'b'), [whole('a1', 'a', 0.55), whole('a2', 'a', 0.55)]).at(-1)).toBe(
      'a2 stays off b: cslb.selection: a2 cpu 55 % not above 55 %',
    );
  });

  test('of heavy hosts of which no guest may go, and of hosts that are off', () => {
    const stuck = { migratable: false };
    expect(
      said(
        wide,
        [...hosts('a', 'b', 'c'), host('d', { state: 'off' })],
        [whole('a1', 'a', 0.9, stuck), whole('c1', 'c', 0.85, stuck)],
      ),
    ).toEqual([
      'd stays: cslb: d state off, not active',
      'b stays: cslb.heavy: b cpu 0 % not above 80 %',
      'a1 stays off b: migratable: a1 migration forbidden, not allowed',
      'a stays: cslb.migration: a guests that a light host could take 0 not at least 1',
      'c1 stays off b: migratable: c1 migration forbidden, not allowed',
      'c stays: cslb.migration: c guests that a light host could take 0 not at least 1',
    ]);
  });

  test('of loads that are evaluated again after each move, those in flight counted, and of nothing twice', () => {
    const guests = [
      ...[0.4, 0.3, 0.25, 0.2, 0.15].map((share, i) => whole(`a${i + 1}`, 'a', share)),
      whole('x', 'a', 0.1),
      whole('c1', 'c', 0.05),
      whole('d1', 'd', 0.7),
      whole('d2', 'd', 0.2),
    ];
    const migrations = [migration('x', 'a', 'b'), migration('d2', 'd', 'c')];
    const settings: CslbSettings = { light: 0.5, heavy: 0.6, pairing: 're-evaluated' };
    expect(said(settings, hosts('a', 'b', 'c', 'd'), guests, { migrations })).toEqual([
      'a1 a→b',
      'cslb.heavy: a cpu 130 % above 60 %',
      'cslb.light: b cpu 10 % below 50 %',
      'cslb.selection: a1 cpu, the largest within the amount wanted, 40 % at most 45 %',
      ...constraintsOf('b', '15.0'),
      'a2 a→c',
      'cslb.heavy: a cpu 90 % above 60 %',
      'cslb.light: c cpu 25 % below 50 %',
      'cslb.selection: a2 cpu, the largest within the amount wanted, 30 % at most 30 %',
      ...constraintsOf('c', '14.0'),
      'b stays: cslb.heavy: b cpu 50 % not above 60 %',
      'c stays: cslb.heavy: c cpu 55 % not above 60 %',
      'x stays: settled: x state moving to b, not at rest',
      ...[30, 25, 20, 15].map(
        (load, i) => `a${i + 2} stays off b: cslb.selection: a${i + 2} cpu ${load} % not above 40 %`,
      ),
      ...[25, 20, 15].map((load, i) => `a${i + 3} stays off c: cslb.selection: a${i + 3} cpu ${load} % not above 30 %`),
      'a stays: cslb.heavy: a cpu 60 % not above 60 %',
      'd2 stays: settled: d2 state moving to c, not at rest',
      'd1 stays: cslb.profitability: the cluster light hosts 0 not at least 1',
    ]);
  });

  test('of guests that arrived while their move is still reserved, once', () => {
    const guests = [whole('a1', 'a', 0.5), whole('a2', 'a', 0.4), whole('b1', 'b', 0.2), whole('y', 'b', 0.1)];
    const state = [hosts('a', 'b'), guests, { migrations: [migration('y', 'a', 'b')] }] as const;
    const settings: CslbSettings = { light: 0.4, heavy: 0.75, pairing: 're-evaluated' };
    expect(said(settings, ...state).filter((line) => line.startsWith('cslb.') || line.includes('→'))).toEqual([
      'a2 a→b',
      'cslb.heavy: a cpu 90 % above 75 %',
      'cslb.light: b cpu 30 % below 40 %',
      'cslb.selection: a2 cpu, the smallest as all exceed the amount wanted, 40.0 % above 27.5 %',
    ]);
    expect(said(settings, ...state)).toContain('b stays: cslb.heavy: b cpu 70 % not above 75 %');
  });
});

describe('what bounds and groups are of (W11, W18)', () => {
  const disk = (unit: 'fraction' | 'count', offered: number): Resource => ({
    name: 'disk',
    measure: diskTraffic,
    taken: (rate) => rate,
    capacity: () => offered,
    unit,
  });
  const loads = (...shares: readonly number[]) =>
    shares.map((load, i) => whole(`g${i}`, ['a', 'b', 'c'][i] ?? '', 0, { signals: { cpu: load, disk: load } }));

  test('bounds that move stay within what a host offers, where loads are shares of it', () => {
    // The average is 90 %: heavy begins at 100 % and not at 108 %.
    const state = cluster(hosts('a', 'b', 'c'), loads(1.05, 0.95, 0.7));
    expect(movesOf(cslb({ moving: {} }).plan(state))).toEqual(['g0 a→c']);
  });

  test('where they are counts, no bound is too high', () => {
    const settings = { moving: {}, resource: disk('count', 1) } as const;
    expect(movesOf(cslb(settings).plan(cluster(hosts('a', 'b', 'c'), loads(6, 5, 4))))).toEqual([]);
    expect(movesOf(cslb(settings).plan(cluster(hosts('a', 'b', 'c'), loads(9, 5, 1))))).toEqual(['g0 a→c']);
  });

  test('a host that offers nothing and carries nothing is in no group', () => {
    const settings = { ...wide, resource: disk('fraction', 0) };
    expect(movesOf(cslb(settings).plan(cluster(hosts('a', 'b'), loads(0, 0))))).toEqual([]);
  });

  test('a draining host is not among the light ones, and then nothing is to be gained', () => {
    expect(said(wide, [host('a'), host('b', { state: 'draining' })], loads(0.9)).at(-1)).toBe(
      'g0 stays: cslb.profitability: the cluster light hosts 0 not at least 1',
    );
  });

  test('its name', () => expect(cslb().name).toBe('cslb'));
});

describe('settings that are refused', () => {
  const resource = { name: 'disk', measure: diskTraffic };
  test.each([
    [{ unit: 'cpu', light: 1, heavy: 2, resource }, 'cslb.unit: is of the processor, not of disk'],
    [{ unit: 'cpu', heavy: 0.5 }, 'cslb.light: must be given, as a number of processors'],
    [
      { unit: 'cpu' },
      'cslb.light: must be given, as a number of processors\ncslb.heavy: must be given, as a number of processors',
    ],
    [{ unit: 'cpu', light: 3, heavy: 2 }, 'cslb.heavy: 2 is below light 3'],
    [{ light: 0.5, heavy: 0.5 }, 'taken'],
    [{ heavy: 1 }, 'taken'],
    [{ heavy: 7, resource }, 'taken'],
    [{ moving: { below: 1.1 } }, 'cslb.moving.below: Too big: expected number to be <=1'],
    [{ unit: 'cpu', moving: {} }, 'taken'],
    [{ resource: 'disk' }, 'cslb.resource: must be a resource'],
    [{ signal: null }, 'cslb.signal: must be a signal'],
    [{ constraints: ['memory'] }, 'cslb.constraints[0]: must be a constraint'],
  ])('%j: %s', (settings, message) => {
    // What JavaScript may pass.
    expect(refused(() => cslb(settings as unknown as CslbSettings))).toBe(message);
  });
});
