/** Guests that must stand together: a plan moves all of them at once, and counts each. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admit, noBackOffs } from '../../../src/engine/index.js';
import { type Cluster, gibibytes, type ObservedGuest } from '../../../src/model/index.js';
import {
  follow,
  judge,
  planner,
  type PlannerSettings,
  prefers,
  ratherApart,
  standardConstraints,
  unitsOf,
  wholePlan,
  type WholePlan,
} from '../../../src/policies/index.js';
import { sift } from '../../../src/policies/sift.js';
import { tastesOf } from '../../../src/policies/planner/tastes.js';
import { clusterOf, type GuestOf, stateOf } from './states.js';

/** The cluster with some guests, by name, in a together-group. */
const joined = (
  hosts: readonly (readonly GuestOf[])[],
  names: readonly string[],
  change: Partial<ObservedGuest> = {},
): Cluster => {
  const cluster = clusterOf(hosts);
  return {
    ...cluster,
    guests: cluster.guests.map((guest) =>
      names.includes(guest.id) ? { ...guest, together: ['pair'], ...change } : guest,
    ),
  };
};

const short = ({ moves }: Pick<WholePlan, 'moves'>): readonly string[] =>
  moves.map(({ guest, to, wave }) => `${guest.slice(6)} > ${to.slice(5)}, ${wave}`);

const plan = (cluster: Cluster, settings: PlannerSettings): readonly string[] => short(wholePlan(settings, cluster));

/** Of the first host, which is hot, any guest but those of the pair is too small. */
const hot: readonly (readonly GuestOf[])[] = [
  [
    [0.3, 8],
    [0.3, 8],
    [0.05, 2],
    [0.3, 30],
  ],
  [[0.1, 4]],
  [[0.2, 4]],
];
const pair = ['guest-0-0', 'guest-0-1'];
const relieve = (minimise: 'moves' | 'memory' | 'time'): PlannerSettings => ({
  goal: { relieve: { mark: 0.8, minimise } },
});

describe('guests that must stand together', () => {
  test('leave a hot host together in one wave where that costs least', () => {
    const { moves, reached, bound } = wholePlan(relieve('memory'), joined(hot, pair));
    expect(short({ moves })).toEqual(['0-0 > 1, 1', '0-1 > 1, 1']);
    expect([bound, reached]).toEqual([gibibytes(16), gibibytes(16)]);
    for (const { because } of moves) expect(because.length).toBeGreaterThan(0);
  });

  test('count each where the number of moves is kept small', () => {
    expect(plan(joined(hot, pair), relieve('moves'))).toEqual(['0-3 > 1, 1']);
    const three = joined(hot, [...pair, 'guest-0-2']);
    const { bound } = wholePlan(relieve('moves'), {
      ...three,
      guests: three.guests.filter(({ id }) => id !== 'guest-0-3'),
    });
    expect(bound).toBe(0);
    expect(wholePlan(relieve('moves'), joined(hot, [...pair, 'guest-0-2', 'guest-0-3'])).left).toEqual(['host-0']);
  });

  test('stay where one of them may not be moved, or may not go where the others may', () => {
    const held = joined(hot, ['guest-0-1'], { migratable: false });
    const cluster = {
      ...held,
      guests: held.guests.map((g) => (g.id === 'guest-0-0' ? { ...g, together: ['pair'] } : g)),
    };
    expect(plan(cluster, relieve('memory'))).toEqual(['0-3 > 2, 1']);
    const pinned = joined(hot, pair);
    const two = pinned.guests.map((g) => (g.id === 'guest-0-1' ? { ...g, pins: ['host-0', 'host-2'] } : g));
    expect(plan({ ...pinned, guests: two }, relieve('memory'))).toEqual(['0-0 > 2, 1', '0-1 > 2, 1']);
  });

  test('move singly where the constraints let them', () => {
    const constraints = standardConstraints.filter(({ name }) => name !== 'together');
    expect(plan(joined(hot, pair), { ...relieve('memory'), constraints })).toEqual(['0-0 > 1, 1']);
  });

  test('take as much of a budget as they are', () => {
    const even: readonly (readonly GuestOf[])[] = [
      [
        [0.2, 4],
        [0.2, 4],
      ],
      [
        [0.2, 4],
        [0.2, 4],
      ],
      [],
    ];
    const cluster = joined(even, ['guest-0-0', 'guest-0-1']);
    const of = (moves: number): readonly string[] => plan(cluster, { goal: { balance: {} }, budget: { moves } });
    expect(of(1).length).toBe(1);
    expect(of(1)[0]).toMatch(/^1-/);
    expect(of(3).length).toBeLessThanOrEqual(3);
    expect(plan(cluster, { goal: { balance: {} }, budget: { memory: gibibytes(7) } }).length).toBe(1);
  });

  test('are weighed together: one that must stay keeps the others', () => {
    const reluctance = ({ id }: ObservedGuest): number => (id === 'guest-0-1' ? Infinity : 1);
    expect(plan(joined(hot, pair), { ...relieve('memory'), reluctance })).toEqual(['0-3 > 1, 1']);
    const heavy = ({ id }: ObservedGuest): number => (id === 'guest-0-1' ? 3.5 : 1);
    // Memory by the mean of what they weigh: 16 GB times 2.25 against 30 GB.
    expect(plan(joined(hot, pair), { ...relieve('memory'), reluctance: heavy })).toEqual(['0-3 > 1, 1']);
  });

  test('leave a host that is emptied', () => {
    const hosts: readonly (readonly GuestOf[])[] = [
      [
        [0.1, 8],
        [0.1, 8],
      ],
      [[0.3, 20]],
    ];
    const moves = plan(joined(hosts, ['guest-0-0', 'guest-0-1']), {
      goal: { consolidate: { fill: 0.8, surviveOne: false } },
    });
    expect(moves).toEqual(['0-0 > 1, 1', '0-1 > 1, 1']);
  });

  test('stay where hbal plans, for it moves guests singly', () => {
    const moves = plan(joined(hot, pair), { goal: { hbal: { encoding: 'given' } } });
    expect(moves.length).toBeGreaterThan(0);
    expect(moves.filter((move) => move.startsWith('0-0') || move.startsWith('0-1'))).toEqual([]);
  });

  test('and those that must stand apart, as hbal plans: two of a kind never come to one host', () => {
    const rivals = clusterOf([
      [
        [0.2, 8],
        [0.2, 8],
        [0.2, 8],
        [0.2, 8],
      ],
      [],
    ]);
    const guests = rivals.guests.map((guest) => ({ ...guest, apart: ['rivals'] }));
    const settings: PlannerSettings = { goal: { hbal: { encoding: 'measured' } } };
    expect(plan(rivals, settings).length).toBe(2);
    expect(plan({ ...rivals, guests }, settings).length).toBe(1);
  });

  test('are proposed whole by the policy, and let in by the engine', () => {
    const cluster = joined(hot, pair);
    const { moves } = planner(relieve('memory')).plan(cluster);
    const verdicts = admit(moves, {
      cluster,
      underWay: [],
      limits: { perHost: 1 },
      backOffs: noBackOffs,
      constraints: standardConstraints,
      nameOf: ({ guest }) => `move ${guest}`,
    });
    expect(verdicts.map(({ kind }) => kind)).toEqual(['admitted', 'admitted']);
  });

  test('need a whole snapshot where one of them reads otherwise', () => {
    const cluster = joined(hot, pair);
    const follower = follow(relieve('memory'), cluster);
    const [first, , third] = cluster.guests.map((guest) => ({ ...guest, signals: { cpu: 0.01 } }));
    expect(first && follower.change([first])).toBe(false);
    expect(third && follower.change([third])).toBe(true);
  });

  test('cost as a preference says of each of them where they stand together', () => {
    const cluster = joined(hot, pair);
    const state = stateOf(cluster);
    const tastes = tastesOf(state, [
      prefers({ name: 'second', weight: 0.1, hosts: ({ id }) => id === 'host-1' }),
      ratherApart({ name: 'apart', weight: 0.1, group: ({ id }) => (id < 'guest-1' ? 'all' : undefined) }),
    ]);
    const before = tastes.value();
    const change = tastes.change(0, 0, 1);
    // Two more stand right; of four that stood with three others, two pairs stand with one.
    expect(change).toBeCloseTo(-0.2 - 0.1 * (4 - 4 / 3), 12);
    tastes.shift(0, 0, 1);
    expect(tastes.value()).toBeCloseTo(before + change, 12);
    tastes.shift(0, 1, 0);
    expect(tastes.value()).toBeCloseTo(before, 12);
    expect(tastes.cost(0, 0)).toBeCloseTo(2 * (0.1 + 0.1), 12);
  });

  test('keep every rule in every wave, whatever the goal, and no budget is passed', () => {
    const some = fc.array(
      fc.array(
        fc.tuple(
          fc.integer({ min: 1, max: 40 }).map((n) => n / 100),
          fc.integer({ min: 1, max: 12 }),
          // Of what kind of group, if any: one of the host, one across hosts, or one that is kept apart.
          fc.constantFrom(0, 0, 1, 2, 3, 3, 3),
        ),
        { maxLength: 5 },
      ),
      { minLength: 2, maxLength: 5 },
    );
    const goals: readonly (readonly [PlannerSettings['goal'], number])[] = [
      [{ relieve: { mark: 0.6, minimise: 'moves' } }, Infinity],
      [{ relieve: { mark: 0.6, minimise: 'memory' } }, Infinity],
      [{ relieve: { mark: 0.6, minimise: 'time' } }, 4],
      [{ balance: {} }, Infinity],
      [{ balance: {} }, 3],
      [{ balance: { of: 'cpu+memory' } }, 5],
      [{ balance: { of: 'memory', by: 'largest host' } }, 6],
      [{ consolidate: { fill: 0.8, surviveOne: false } }, Infinity],
    ];
    const wishes: readonly Partial<PlannerSettings>[] = [
      { preferences: [prefers({ name: 'first', weight: 0.1, hosts: ({ id }) => id === 'host-0' })] },
      { reluctance: ({ id }) => (id.endsWith('1') ? 2 : id.endsWith('2') ? 0.5 : 1) },
      { perHost: 2 },
    ];
    const size = fc.integer({ min: 20, max: 50 });
    let whole = 0;
    fc.assert(
      fc.property(
        some,
        fc.constantFrom(...goals),
        fc.subarray([...wishes]),
        size,
        (drawn, [goal, moves], wish, memory) => {
          const plain = clusterOf(
            drawn.map((list) => list.map(([load, size]) => [load, size] as const)),
            memory,
          );
          const kinds = drawn.flat().map(([, , kind]) => kind);
          let cluster: Cluster = {
            ...plain,
            guests: plain.guests.map((guest, i) => ({
              ...guest,
              together: kinds[i] === 0 || kinds[i] === 1 ? [guest.host] : kinds[i] === 2 ? ['torn'] : [],
              apart: kinds[i] === 1 ? ['apart'] : [],
            })),
          };
          const budget = moves < Infinity ? { moves } : {};
          const found = wholePlan(
            wish.reduce<PlannerSettings>((all, each) => ({ ...all, ...each }), { goal, budget }),
            cluster,
          );
          expect(found.moves.length).toBeLessThanOrEqual(moves);
          const last = Math.max(0, ...found.moves.map(({ wave }) => wave));
          for (let number = 1; number <= last; number++) {
            const wave = found.moves.filter((each) => each.wave === number);
            const kept = sift('test', cluster, { moves: wave, passedOver: [] }, (move, soFar) =>
              judge(standardConstraints, move, soFar),
            );
            expect(kept.passedOver).toEqual([]);
            whole += wave.length - unitsOf(cluster, wave).length;
            const ends = new Map(wave.map(({ guest, to }) => [guest, to]));
            cluster = {
              ...cluster,
              guests: cluster.guests.map((guest) => ({ ...guest, host: ends.get(guest.id) ?? guest.host })),
            };
          }
        },
      ),
      {
        numRuns: 300,
        // Plans once broke groups here: two torn members changed places; one made room for another; one that an end had brought went
        // on; one was sent to a host that was cleared for another.
        examples: [
          [
            [
              [
                [0.02, 1, 2],
                [0.07, 1, 0],
              ],
              [
                [0.01, 1, 2],
                [0.02, 1, 0],
              ],
            ],
            [{ balance: {} }, Infinity],
            wishes.slice(0, 1),
            50,
          ],
          [
            [
              [
                [0.17, 1, 0],
                [0.31, 1, 2],
                [0.33, 1, 0],
              ],
              [
                [0.31, 1, 3],
                [0.31, 1, 0],
                [0.14, 1, 0],
                [0.05, 1, 0],
              ],
              [
                [0.07, 1, 0],
                [0.13, 1, 0],
                [0.11, 1, 2],
              ],
              [
                [0.4, 1, 0],
                [0.1, 3, 2],
              ],
            ],
            [{ consolidate: { fill: 0.8, surviveOne: false } }, Infinity],
            [],
            50,
          ],
          [
            [
              [
                [0.03, 4, 3],
                [0.01, 6, 1],
                [0.13, 7, 3],
              ],
              [[0.24, 6, 0]],
              [
                [0.07, 1, 0],
                [0.26, 1, 1],
                [0.07, 2, 2],
                [0.06, 5, 2],
                [0.15, 8, 3],
              ],
              [[0.11, 10, 0]],
            ],
            [{ balance: { of: 'cpu+memory' } }, 5],
            wishes.slice(0, 1),
            50,
          ],
          [
            [
              [[0.19, 1, 0]],
              [
                [0.37, 1, 3],
                [0.05, 1, 1],
                [0.37, 1, 3],
              ],
              [
                [0.01, 1, 1],
                [0.36, 1, 2],
                [0.2, 2, 3],
                [0.05, 1, 0],
              ],
            ],
            [{ relieve: { mark: 0.6, minimise: 'moves' } }, Infinity],
            [],
            20,
          ],
        ],
      },
    );
    // Else it would hold for plans that move none of them.
    expect(whole).toBeGreaterThan(20);
  });
});
