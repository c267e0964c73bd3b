/** Balancing by the spread of loads, as other balancers know it: the same input, and the decision of a sound engine. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldSignal } from '../../src/metrics/index.js';
import {
  type Cluster,
  explainPlan,
  gibibytes,
  gigahertz,
  mebibytes,
  type ObservedGuest,
  type ObservedHost,
  percent,
} from '../../src/model/index.js';
import {
  cpuCycles,
  even,
  type EvenSettings,
  held,
  limited,
  memoryGranted,
  type Policy,
  spreadOf,
} from '../../src/policies/index.js';
import { spreadAround } from '../../src/policies/evenness/spread.js';
import { applied, clusters } from '../../src/testing/index.js';
import { cluster, guest, host, whole } from '../policies/build.js';
import { decided } from './ways.js';

const sized = (id: string, cores: number, memory: number): ObservedHost =>
  host(id, {
    cpu: { clock: gigahertz(2), cores, threads: cores, architecture: 'x86_64' },
    memory: { total: gibibytes(memory), reserved: 0 },
  });
const names = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `n${i + 1}`);

/** Proxmox: coefficient of variation above 0.3, and a move must lower it by a tenth; three parts processor, two parts memory. */
const of = [
  { resource: cpuCycles, weight: 3 },
  { resource: memoryGranted, weight: 2 },
];
const proxmox = even({ by: 'variation', above: 0.3, margin: percent(10), of, ties: 'first by name' });
const proxmoxHosts = names(3).map((id) => sized(id, 24, 32));

/** So many processors kept busy, and memory in MiB. */
const uses = (
  id: string,
  on: string,
  processors: number,
  memory: number,
  changes: Parameters<typeof guest>[3] = {},
): ObservedGuest => guest(id, on, processors / 24, { vcpus: 24, memory: mebibytes(memory), ...changes });

/** How uneven a state is, as the policy itself says it. */
const spreadIn = (state: Cluster, policy: Policy = proxmox): number => {
  const { moves, passedOver } = policy.plan(state);
  const said = [...moves, ...passedOver]
    .flatMap(({ because }) => because)
    .find((reason) => reason.kind === 'compared' && reason.rule === 'even.above');
  return said?.kind === 'compared' ? said.value : NaN;
};

/** The spread after each move of a plan. */
const falling = (state: Cluster, policy: Policy = proxmox): readonly string[] => {
  const { moves } = policy.plan(state);
  return moves.map((_, i) => spreadIn(applied(state, { moves: moves.slice(0, i + 1), passedOver: [] })).toFixed(2));
};

describe('spread and margin', () => {
  const shares = [0.07, 0.07, 0.8, 0.05, 0.05];
  const memory = [7, 5, 29, 8, 4];
  const state = cluster(
    names(5).map((id) => sized(id, 4, 132)),
    names(5).flatMap((id, i) =>
      [0, 1].map((half) =>
        whole(`${id}-${half}`, id, (shares[i] ?? 0) / 2, { memory: gibibytes((memory[i] ?? 0) / 2) }),
      ),
    ),
  );

  test.each([
    ['processors', {}, 0.25, 0.3, 0.296],
    ['memory', { of: [{ resource: memoryGranted }] }, 0.05, 0.1, 0.071],
  ] as const)(
    'B1: the deviation of %s is above the lower mark and below the higher one',
    (_, rest, low, high, deviation) => {
      expect(decided(even({ above: low, ...rest }), state).length).toBeGreaterThan(0);
      expect(decided(even({ above: high, ...rest }), state)).toEqual([]);
      expect(spreadIn(state, even({ above: high, ...rest }))).toBeCloseTo(deviation, 3);
    },
  );

  test('B3: of four equal guests one goes to each of the other two, and then nothing pays any more', () => {
    const four = cluster(
      proxmoxHosts,
      [101, 102, 103, 104].map((n) => uses(`vm${n}`, 'n1', 1, 4096)),
    );
    expect(decided(proxmox, four)).toEqual(['vm101 n1→n2', 'vm102 n1→n3']);
    expect(spreadIn(four)).toBeCloseTo(1.41, 2);
    expect(falling(four)).toEqual(['0.94', '0.35']);
    expect(decided(limited(proxmox, { moves: 1 }), four)).toEqual(['vm101 n1→n2']);
    expect(decided(proxmox, applied(four, proxmox.plan(four)))).toEqual([]);
  });

  const changed = cluster(proxmoxHosts, [
    uses('vm101', 'n1', 0.9, 5192),
    uses('vm102', 'n1', 1.2, 2500),
    uses('vm103', 'n2', 0.8, 5192),
    uses('vm104', 'n2', 0.9, 2500),
    uses('vm105', 'n3', 7.8, 7912),
    uses('vm106', 'n3', 5.7, 8192),
    uses('vm107', 'n3', 6.0, 8011),
  ]);

  test('B5: after a change of load the one whose move evens most out goes', () => {
    expect(decided(limited(proxmox, { moves: 1 }), changed)).toEqual(['vm105 n3→n2']);
    expect(spreadIn(changed)).toBeCloseTo(0.85, 2);
    expect(falling(changed)[0]).toBe('0.42');
  });

  describe('B7: gap of memory between two hosts, by level', () => {
    const gaps: Readonly<Record<number, number>> = { 1: 1, 2: percent(25), 3: percent(15), 4: percent(5), 5: 0 };
    const at = (
      level: number,
      rest: Omit<EvenSettings, 'above' | 'by'> = { of: [{ resource: memoryGranted }] },
    ): Policy => even({ by: 'gap', above: gaps[level] ?? 0, ...rest });
    const site = (size: number, ...memories: readonly (readonly number[])[]): Cluster =>
      cluster(
        names(2).map((id) => sized(id, 16, size)),
        memories.flatMap((list, h) =>
          list.map((memory, i) => guest(`v${h}${i}`, `n${h + 1}`, 0.1, { memory: gibibytes(memory) })),
        ),
      );

    test.each([
      ['(a) 24 + 16 against 8 of 64, level 1', 1, site(64, [24, 16], [8]), []],
      ['(a) the same at level 5: evenly', 5, site(64, [24, 16], [8]), ['v01 n1→n2']],
      ['(b) 20 against 14 of 64, level 2', 2, site(64, [10, 10], [14]), []],
      ['(c) 20 + 20 against none of 100, level 2', 2, site(100, [20, 20], []), ['v00 n1→n2']],
      ['(d) 15 against 5 of 100, level 4', 4, site(100, [5, 5, 5], [5]), ['v00 n1→n2']],
      ['(e) 32 against 32, level 5', 5, site(64, [16, 16], [32]), []],
    ])('B7 %s', (_, level, state, moves) => {
      expect(decided(at(level), state)).toEqual(moves);
    });

    test('B7 (f) processors at 60 and 50 %, level 3', () => {
      const state = cluster(
        [host('n1'), host('n2')],
        [whole('a', 'n1', 0.3), whole('b', 'n1', 0.3), whole('c', 'n2', 0.5)],
      );
      expect(decided(at(3, {}), state)).toEqual([]);
    });
  });

  test('B13: two do not both go where one was best; one move leaves a gap of 20 points, where the peer’s two leave 65', () => {
    const own = (on: string, share: number): ObservedGuest => whole(`own-${on}`, on, share, { migratable: false });
    const state = cluster(
      ['a', 'b', 'c'].map((id) => host(id)),
      [own('a', 0.1), whole('x', 'a', 0.35), whole('y', 'a', 0.45), own('b', 0.05), own('c', 0.3)],
    );
    const policy = even({ by: 'gap', above: percent(10) });
    expect(decided(policy, state)).toEqual(['y a→b']);
    expect(spreadIn(applied(state, policy.plan(state)), policy)).toBeCloseTo(0.2);
  });
});

describe('groups and pins', () => {
  const pair = { together: ['pair'] };
  const both = [uses('vm101', 'n1', 0.9, 2500, pair), uses('vm102', 'n1', 7.9, 8192, pair)];

  test('E3 (a): a pair that must stand together, alone: moving all of it evens nothing out, and half of it may not', () => {
    expect(decided(proxmox, cluster(proxmoxHosts, both))).toEqual([]);
  });

  test('E3 (b): with a third guest the pair moves whole', () => {
    const state = cluster(proxmoxHosts, [...both, uses('vm103', 'n1', 4, 4096)]);
    expect(decided(proxmox, state)).toEqual(['vm101 n1→n2', 'vm102 n1→n2']);
    expect(spreadIn(state)).toBeCloseTo(1.41, 2);
    expect(falling(state).at(-1)).toBe('0.86');
  });

  test('E3 (c): three that are pinned stay, the free one goes', () => {
    const pinned = [101, 102, 103].map((n) => uses(`vm${n}`, 'n1', 4, 4096, { pins: ['n1'] }));
    const state = cluster(proxmoxHosts, [...pinned, uses('vm104', 'n1', 4, 4096)]);
    expect(decided(proxmox, state)).toEqual(['vm104 n1→n2']);
    expect(explainPlan(proxmox.plan(state))).toContain('passed over n2: vm101 pinned host n2, not n1');
  });

  test('E3 (variation): of the two moves that even out the same, the cheaper is the third guest’s', () => {
    const state = cluster(proxmoxHosts, [...both, uses('vm103', 'n1', 4, 4096)]);
    expect(decided(even({ by: 'variation', above: 0.3, margin: percent(10), of }), state)).toEqual(['vm103 n1→n2']);
  });

  test('E3 (variation): a pair of which one may not stand beside a rival goes elsewhere, whole', () => {
    const state = cluster(proxmoxHosts, [
      uses('vm101', 'n1', 0.9, 2500, { ...pair, apart: ['rivals'] }),
      uses('vm102', 'n1', 7.9, 8192, pair),
      uses('vm103', 'n1', 4, 4096, { migratable: false }),
      uses('rival', 'n2', 0.1, 256, { apart: ['rivals'], migratable: false }),
    ]);
    expect(decided(proxmox, state)).toEqual(['vm101 n1→n3', 'vm102 n1→n3']);
  });
});

test('F1: of two moves that even out the same the one of 0.5 GB is made, not the one of 8 GB', () => {
  const state = cluster(
    ['a', 'b'].map((id) => sized(id, 4, 32)),
    [guest('large', 'a', 0.1, { memory: gibibytes(8) }), guest('small', 'a', 0.1, { memory: gibibytes(0.5) })],
  );
  const byMemory = even({ by: 'gap', above: 0, of: [{ resource: memoryGranted }] });
  expect(decided(byMemory, state)).toEqual(['small a→b']);
  expect(decided(even({ above: 0 }), state)).toEqual(['small a→b']);
});

describe('time', () => {
  const round = (
    state: readonly number[],
    at: number,
  ): readonly { readonly id: string; readonly at: number; readonly used: number }[] =>
    state.map((used, i) => ({ id: `v${i}`, at, used }));
  /** The state after some rounds, with what a policy watches folded over them. */
  const after = (policy: Policy, rounds: readonly (readonly number[])[]): Cluster =>
    cluster(
      [host('a'), host('b'), host('c')],
      ['v0', 'v1'].map((id) =>
        whole(id, 'a', undefined, {
          signals: Object.fromEntries(
            Object.entries(policy.watch.guest ?? {}).map(([name, signal]) => [
              name,
              foldSignal(
                signal,
                rounds
                  .flatMap((loads, i) => round(loads, i * 10_000))
                  .filter((sample) => sample.id === id)
                  .map(({ at, used }) => ({
                    kind: 'guest' as const,
                    id,
                    at,
                    ...(Number.isNaN(used) ? {} : { cpu: { used } }),
                  })),
              ),
            ]),
          ),
        }),
      ),
    );
  const calm = [0.01, 0.01];
  const spike = [0.4, 0.3];
  const times = (count: number, loads: readonly number[]): readonly (readonly number[])[] =>
    Array.from({ length: count }, () => loads);
  const policies: readonly (readonly [string, Policy])[] = [
    ['by spread', held(even({ above: 0.1 }), { rounds: 6, same: 'anything' })],
    ['by source', held(even({ above: 0.1 }), { rounds: 6 })],
  ];

  test.each(policies)('G2: a spike shorter than the six rounds that must hold moves nothing, %s', (_, policy) => {
    for (const length of [1, 3, 5])
      expect(decided(policy, after(policy, [...times(6, calm), ...times(length, spike)]))).toEqual([]);
    expect(decided(policy, after(policy, times(6, spike))).length).toBeGreaterThan(0);
  });

  test.each(policies)(
    'G2 (variation): one calm round, or one without a reading, begins the count anew, %s',
    (_, policy) => {
      expect(decided(policy, after(policy, [...times(5, spike), calm, ...times(5, spike)]))).toEqual([]);
      expect(decided(policy, after(policy, [...times(5, spike), [NaN, 0.3], ...times(5, spike)]))).toEqual([]);
      expect(decided(policy, after(policy, times(5, spike)))).toEqual([]);
    },
  );

  test('G4: balancing the result of balancing does nothing', () => {
    const some = even({ above: percent(8) });
    fc.assert(
      fc.property(clusters({ watch: some.watch, hostile: false }), (any) => {
        // Within a plan no memory counts as left, so where it is short a next plan may use what this one freed.
        const state = { ...any, guests: any.guests.map((one) => ({ ...one, memory: mebibytes(1) })) };
        expect(some.plan(applied(state, some.plan(state))).moves).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('hostile data', () => {
  test('H1: guests whose readings are all zero are left alone, and do no harm', () => {
    const state = cluster([host('a'), host('b')], [whole('x', 'a', 0.5), whole('y', 'a', 0.4), whole('zero', 'a', 0)]);
    expect(decided(even({ above: 0.1 }), state)).toEqual(['x a→b']);
  });

  test('H6, H7: a host of which a guest is silent takes no part', () => {
    const state = cluster(
      ['a', 'b', 'c'].map((id) => host(id)),
      [whole('x', 'a', 0.5), whole('y', 'a', 0.4), whole('silent', 'b')],
    );
    expect(decided(even({ above: 0.1 }), state)).toEqual(['x a→c']);
  });

  test('H10: a host that offers nothing of a resource is not known', () => {
    const none = {
      name: 'disk',
      measure: cpuCycles.measure,
      taken: (n: number): number => n,
      capacity: () => 0,
      unit: 'fraction' as const,
    };
    const state = cluster([host('a'), host('b')], [guest('x', 'a', undefined, { signals: { disk: 1 } })]);
    expect(decided(even({ above: 0, of: [{ resource: none }] }), state)).toEqual([]);
  });
});

test.each([
  ['gap', [0.2, 0.9, 0.5], 0.7],
  ['deviation', [2, 4, 4, 4, 5, 5, 7, 9], 2],
  ['variation', [2, 4, 4, 4, 5, 5, 7, 9], 0.4],
  ['variation', [0, 0], 0],
  ['gap', [1], 0],
  ['deviation', [], 0],
] as const)('the %s of %j is %d', (by, values, expected) => {
  expect(spreadOf(by, values)).toBeCloseTo(expected);
});

test('the spread with two values changed is the same, whether all are looked at again or not', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(share, { minLength: 2, maxLength: 8 }),
      fc.nat(),
      fc.nat(),
      share,
      share,
      fc.constantFrom('gap' as const, 'deviation' as const, 'variation' as const),
      (values, a, b, atI, atJ, by) => {
        const i = a % values.length;
        const j = (i + 1 + (b % (values.length - 1))) % values.length;
        const changed = values.map((value, k) => (k === i ? atI : k === j ? atJ : value));
        fc.pre(changed.reduce((sum, value) => sum + value, 0) > 0.01);
        expect(spreadAround(by, values)(i, atI, j, atJ)).toBeCloseTo(spreadOf(by, changed), 5);
      },
    ),
  );
});
