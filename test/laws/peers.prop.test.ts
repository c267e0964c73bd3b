/** Laws that other balancers state or imply, over random clusters: each policy under each law that it promises. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Estimator, geometric, precopy } from '../../src/estimators/index.js';
import {
  type Cluster,
  type Fraction,
  gibibytes,
  lookup,
  mbps,
  mebibytes,
  mebibytesPerSecond,
  percent,
} from '../../src/model/index.js';
import {
  allOf,
  complementary,
  cpuCycles,
  cslb,
  evacuate,
  even,
  evaluateLoads,
  held,
  inTurn,
  limited,
  mend,
  type Policy,
  productivityLoss,
  rebalance,
  relieve,
  simple,
  spreadOf,
  stay,
} from '../../src/policies/index.js';
import { applied, clusters, expectLawful } from '../../src/testing/index.js';
import { cluster, guest, host } from '../policies/build.js';

const mark = percent(70);
const marks = { light: percent(40), heavy: mark };

/** Laws that not every policy promises. */
interface Promises {
  /** No host that was under its mark ends over it. */
  readonly mark?: Fraction;
  /** Planning the state that the plan leads to yields no move, where memory is not short. */
  readonly restsAtOnce?: true;
  /** What it lowers, in every beginning of a plan. */
  readonly lowers?: (loads: readonly number[]) => number;
}

const most = (loads: readonly number[]): number => Math.max(0, ...loads);
const beyond = (loads: readonly number[]): number => loads.reduce((sum, load) => sum + Math.max(0, load - mark), 0);

const policies: readonly (readonly [name: string, policy: Policy, promises: Promises])[] = [
  ['stay', stay(), { mark, restsAtOnce: true, lowers: most }],
  ['cslb', cslb({ ...marks, guards: { noSwap: true, keepBelowHeavy: true } }), { mark, lowers: most }],
  ['relieve', relieve({ above: mark, fillTo: percent(60) }), { mark, restsAtOnce: true, lowers: beyond }],
  [
    'relieve, smallest first',
    relieve({ above: mark, leaving: 'smallest' }),
    { mark, restsAtOnce: true, lowers: beyond },
  ],
  [
    'even by deviation',
    even({ above: percent(8) }),
    { restsAtOnce: true, lowers: (loads) => spreadOf('deviation', loads) },
  ],
  [
    'even by gap',
    even({ by: 'gap', above: percent(10) }),
    { restsAtOnce: true, lowers: (loads) => spreadOf('gap', loads) },
  ],
  [
    'even by variation, with a margin',
    even({ by: 'variation', above: 0.2, margin: percent(10) }),
    { lowers: (loads) => spreadOf('variation', loads) },
  ],
  ['held', held(relieve({ above: mark }), { rounds: 1 }), {}],
  ['inTurn', inTurn(relieve({ above: mark }), even({ above: percent(8) })), {}],
  ['mend', mend(), { restsAtOnce: true }],
  ['complementary', complementary({ resources: [cpuCycles], heavy: mark }), { mark }],
  ['simple', simple({ heavy: mark, noSwap: true }), {}],
  ['P-loss', productivityLoss(), {}],
  ['rebalance', rebalance({ moves: 2 }), { lowers: most }],
  ['evacuate and cslb', allOf(evacuate(), cslb(marks)), {}],
];

const shares = (state: Cluster): readonly number[] =>
  evaluateLoads(state, cpuCycles, ({ signals }) => {
    const used = signals['cpu'];
    return typeof used === 'number' ? used : Array.isArray(used) ? (used[0] as number) : undefined;
  }).map((load) => (load.kind === 'known' ? load.share : NaN));

const runs = { numRuns: 40 };
/** Equal clocks and one kind of processor, so that a reading means the same everywhere; memory is not short. */
const calm = (policy: Policy): fc.Arbitrary<Cluster> =>
  clusters({ watch: policy.watch, hostile: false }).map((state) => ({
    ...state,
    guests: state.guests.map((one) => ({ ...one, memory: mebibytes(1) })),
  }));

describe.each(policies)('%s', (_, policy, promises) => {
  test('an equally loaded cluster of equal hosts yields no move', () => {
    const load = fc.integer({ min: 0, max: 12 }).map((n) => n / 20);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(load, { maxLength: 3 }), (count, loads) => {
        const names = Array.from({ length: count }, (_unused, i) => `h${i}`);
        const state = cluster(
          names.map((id) => host(id)),
          names.flatMap((id) =>
            loads.map((used, i) =>
              guest(`${id}-${i}`, id, used, { signals: { cpu: policy.name.startsWith('held') ? [used] : used } }),
            ),
          ),
        );
        expect(policy.plan(state).moves).toEqual([]);
      }),
      runs,
    );
  });

  test('the sum of loads is unchanged by a plan, and no guest moves twice', () => {
    fc.assert(
      fc.property(clusters({ watch: policy.watch }), (state) => {
        const { moves } = policy.plan(state);
        expect(new Set(moves.map(({ guest: id }) => id)).size).toBe(moves.length);
        expect(applied(state, { moves, passedOver: [] }).guests.map(({ id, signals }) => [id, signals])).toEqual(
          state.guests.map(({ id, signals }) => [id, signals]),
        );
      }),
      runs,
    );
  });

  test('renaming hosts and guests, their order kept, only renames the plan', () => {
    const rename = (text: string): string => `site/${text}`;
    fc.assert(
      fc.property(calm(policy), (state) => {
        const renamed: Cluster = {
          ...state,
          hosts: state.hosts.map((one) => ({ ...one, id: rename(one.id) })),
          guests: state.guests.map((one) => ({ ...one, id: rename(one.id), host: rename(one.host) })),
        };
        const plain = policy.plan(state).moves.map((move) => [move.guest, move.from, move.to].map(rename));
        expect(policy.plan(renamed).moves.map((move) => [move.guest, move.from, move.to])).toEqual(plain);
      }),
      runs,
    );
  });

  const { mark: limit, restsAtOnce, lowers } = promises;

  test.runIf(limit !== undefined)('no host that was under its mark ends over it', () => {
    fc.assert(
      fc.property(calm(policy), (state) => {
        const [before, after] = [shares(state), shares(applied(state, policy.plan(state)))];
        before.forEach((share, i) => {
          if (share <= (limit ?? 0)) expect(after[i]).toBeLessThanOrEqual((limit ?? 0) + 1e-9);
        });
      }),
      runs,
    );
  });

  test.runIf(restsAtOnce)('planning the state that the plan leads to yields no move', () => {
    fc.assert(
      fc.property(calm(policy), (state) => {
        expect(policy.plan(applied(state, policy.plan(state))).moves).toEqual([]);
      }),
      runs,
    );
  });

  test.runIf(lowers !== undefined)('every beginning of a plan is at least as good as the one before it', () => {
    fc.assert(
      fc.property(calm(policy), (state) => {
        const { moves } = policy.plan(state);
        const bad = moves.map(
          (_unused, i) => lowers?.(shares(applied(state, { moves: moves.slice(0, i + 1), passedOver: [] }))) ?? 0,
        );
        [lowers?.(shares(state)) ?? 0, ...bad].reduce((before, after) => {
          expect(after).toBeLessThanOrEqual(before + 1e-9);
          return after;
        });
      }),
      runs,
    );
  });
});

describe('raising a threshold never adds moves, one step at a time', () => {
  const level = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);
  const kinds: readonly (readonly [string, (at: number) => Policy])[] = [
    ['relieve', (at) => relieve({ above: Math.max(0.3, at), fillTo: 0.3 })],
    ['even by gap', (at) => even({ by: 'gap', above: at })],
    ['even by deviation', (at) => even({ above: at / 2 })],
  ];

  test.each(kinds)('%s', (_, kind) => {
    fc.assert(
      fc.property(calm(kind(1)), level, level, (state, one, other) => {
        const count = (at: number): number => limited(kind(at), { moves: 1 }).plan(state).moves.length;
        expect(count(Math.max(one, other))).toBeLessThanOrEqual(count(Math.min(one, other)));
      }),
      runs,
    );
  });
});

describe('lower bandwidth, more dirty pages or more memory never make a move look cheaper', () => {
  const durationOf = (estimator: Estimator, memory: number, rate: number, bandwidth: number): number => {
    const estimate = estimator({ memory, demand: { kind: 'sampled', rate, window: 1000 }, bandwidth });
    return 'duration' in estimate ? estimate.duration : Infinity;
  };
  const more = fc.double({ min: 1, max: 4, noNaN: true });

  test.each([
    ['geometric', geometric()],
    ['precopy', precopy()],
  ] as const)('%s', (_, estimator) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 256, max: 16_384 }).map(mebibytes),
        fc.integer({ min: 1, max: 100 }).map(mebibytesPerSecond),
        fc.integer({ min: 200, max: 10_000 }).map(mbps),
        more,
        (memory, rate, bandwidth, factor) => {
          const plain = durationOf(estimator, memory, rate, bandwidth) * (1 - 1e-9);
          expect(durationOf(estimator, memory * factor, rate, bandwidth)).toBeGreaterThanOrEqual(plain);
          expect(durationOf(estimator, memory, rate, bandwidth / factor)).toBeGreaterThanOrEqual(plain);
          expect(durationOf(estimator, memory, rate * factor, bandwidth)).toBeGreaterThanOrEqual(plain);
        },
      ),
      runs,
    );
  });
});

describe('mend, where rules are broken here and there', () => {
  const policy = mend();
  /** Groups and pins strewn over guests, wherever they stand. */
  const disorderly = clusters({ watch: policy.watch, hostile: false, hosts: 5 }).map((state) => ({
    ...state,
    guests: state.guests.map((one, i) => ({
      ...one,
      memory: mebibytes(64 + i),
      apart: i % 3 === 0 ? [`rivals-${i % 2}`] : [],
      together: i % 4 === 1 ? ['friends'] : [],
      pins: i % 5 === 2 ? ['host-a', 'host-b'] : [],
    })),
  }));

  test('it keeps all laws, and it does move guests', () => {
    let moved = 0;
    fc.assert(
      fc.property(disorderly, (state) => {
        moved += policy.plan(state).moves.length;
        expectLawful(policy, state, { lessDataNoMoreMoves: 'another host may have room for two' });
      }),
      { numRuns: 60 },
    );
    expect(moved).toBeGreaterThan(30);
  });

  test('no plan leaves more guests beside rivals or away from their pins than before', () => {
    const wrong = ({ guests }: Cluster): number =>
      guests.filter(
        (one) =>
          (one.pins.length > 0 && !one.pins.includes(one.host)) ||
          guests.some(
            (other) =>
              other !== one && other.host === one.host && other.apart.some((group) => one.apart.includes(group)),
          ),
      ).length;
    fc.assert(
      fc.property(disorderly, (state) => {
        expect(wrong(applied(state, policy.plan(state)))).toBeLessThanOrEqual(wrong(state));
      }),
      { numRuns: 60 },
    );
  });
});

test('the laws are not empty: on such clusters relief and evenness do move guests', () => {
  const seen = { relieve: 0, even: 0 };
  const [cool, level] = [relieve({ above: mark }), even({ above: percent(8) })];
  fc.assert(
    fc.property(clusters({ watch: cool.watch }), (state) => {
      seen.relieve += cool.plan(state).moves.length;
      seen.even += level.plan(state).moves.length;
      expect(lookup(state).freeMemory('no host')).toBeLessThan(gibibytes(1));
    }),
    { numRuns: 200 },
  );
  expect(seen.relieve).toBeGreaterThan(20);
  expect(seen.even).toBeGreaterThan(20);
});
