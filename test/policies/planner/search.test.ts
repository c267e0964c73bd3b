/** The parts of the search for few moves by example: chance, fitting guests, the finish among few hosts, the beam, effort. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlannerState, PlannerStep } from '../../../src/policies/index.js';
import { beam } from '../../../src/policies/planner/beam.js';
import { draw } from '../../../src/policies/planner/chance.js';
import { effortOf } from '../../../src/policies/planner/effort.js';
import { exact } from '../../../src/policies/planner/exact.js';
import { finish } from '../../../src/policies/planner/finish.js';
import { type Change, firstUpTo, fitting } from '../../../src/policies/planner/fitting.js';
import { climb } from '../../../src/policies/planner/ladder.js';
import { measuresOf, spreadOf } from '../../../src/policies/planner/spread.js';
import { movesOf, restart, type Walk, walkFrom } from '../../../src/policies/planner/walk.js';
import { clusterOf, type GuestOf, stateOf } from './states.js';

const goal = { of: { cpu: 1, memory: 0 }, by: 'mean deviation' } as const;
const plain = { mix: 'fits', careful: false, settles: false, trade: 0 } as const;
const walkOf = (hosts: readonly (readonly GuestOf[])[], memory = 64): Walk =>
  walkFrom(stateOf(clusterOf(hosts, memory)), goal);

const offOf = ({ x }: Pick<Walk, 'x'>): number => x.reduce((sum, each) => sum + Math.abs(each), 0);

/** What all hosts are off after some moves, from the state alone. */
const offAfter = ({ load, capacity, guestLoad }: PlannerState, steps: readonly PlannerStep[]): number => {
  const now = load.slice();
  for (const { guest, from, to } of steps) {
    now[from] = (now[from] ?? 0) - (guestLoad[guest] ?? 0);
    now[to] = (now[to] ?? 0) + (guestLoad[guest] ?? 0);
  }
  const mean = load.reduce((sum, each) => sum + each, 0) / capacity.reduce((sum, each) => sum + each, 0);
  return now.reduce((sum, each, h) => sum + Math.abs(each / (capacity[h] ?? 1) - mean), 0);
};

describe('chance', () => {
  test('draws the numbers of xorshift32 from its seed', () => {
    // From the seed 1 the first three states are 270369, 67634689 and 2647435461.
    const seed = Int32Array.of(1);
    expect([draw(seed, 2 ** 32 / 2 ** 12), draw(seed, 2 ** 20), draw(seed, 2 ** 20)]).toEqual([
      Math.floor(270369 / 2 ** 12),
      Math.floor(67634689 / 2 ** 12),
      Math.floor(2647435461 / 2 ** 12),
    ]);
    expect(seed[0]).toBe(2647435461 | 0);
  });

  test('draws every number below the limit, and no other', () => {
    const seed = Int32Array.of(7);
    expect([...new Set(Array.from({ length: 200 }, () => draw(seed, 5)))].sort()).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('guests that fit', () => {
  const loads = Float64Array.of(5, 4, 4, 1);

  test.each([
    [6, 0],
    [5, 0],
    [4.5, 1],
    [4, 1],
    [3, 3],
    [1, 3],
    [0.5, 4],
  ])('those of at most %d begin where heavier ones end', (most, place) => {
    expect(firstUpTo([0, 1, 2, 3], loads, most)).toBe(place);
  });

  /** All changes that are drawn in so many tries. */
  const drawn = (walk: Walk, moves: number, back: boolean): readonly Change[] =>
    Array.from({ length: 400 }, () => {
      const change: Change = { guest: -1, other: -1, third: -1, from: -1, to: -1 };
      return fitting(walk, moves, back, change) ? [change] : [];
    }).flat();
  const lines = (changes: readonly Change[]): readonly string[] =>
    [
      ...new Set(
        changes.map(({ guest, other, third, from, to }) => `${guest} ${from}>${to} back ${other} home ${third}`),
      ),
    ].sort();

  test('go from the host above the mean to the one below, the nearest to what they are off', () => {
    // Both are 0.2 off; 0.3 is the nearest above and 0.15 the nearest below.
    const walk = walkOf([
      [
        [0.4, 1],
        [0.3, 1],
        [0.15, 1],
        [0.05, 1],
      ],
      [[0.5, 1]],
    ]);
    expect(lines(drawn(walk, 3, false))).toEqual(['1 0>1 back -1 home -1', '2 0>1 back -1 home -1']);
  });

  test('are heavier by what comes back for them', () => {
    const walk = walkOf([
      [
        [0.4, 1],
        [0.2, 1],
        [0.1, 1],
      ],
      [[0.3, 1]],
    ]);
    // 0.2 off and 0.3 back: nothing weighs more than 0.5, and 0.4 is the nearest below.
    expect(lines(drawn(walk, 3, true))).toEqual(['0 0>1 back 3 home -1']);
  });

  test('are looked for as if a move had been taken back where all moves are spent', () => {
    const walk = walkOf([
      [
        [0.4, 1],
        [0.28, 1],
        [0.15, 1],
      ],
      [[0.25, 1]],
    ]);
    restart(walk, [{ guest: 0, from: 0, to: 1 }]);
    // With the first guest home again both hosts are 0.29 off: it is the nearest above, but has just gone.
    expect(lines(drawn(walk, 1, false))).toEqual(['1 0>1 back -1 home 0']);
    expect(drawn(walk, 2, false).every(({ third }) => third === -1)).toBe(true);
  });

  test('are none between equal hosts without guests', () => {
    expect(drawn(walkOf([[], []]), 1, false)).toEqual([]);
    expect(drawn(walkOf([[], []]), 1, true)).toEqual([]);
  });
});

const three = fc.array(
  fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: 40 }).map((n) => n / 100),
      fc.integer({ min: 1, max: 8 }),
    ),
    { minLength: 1, maxLength: 4 },
  ),
  { minLength: 3, maxLength: 3 },
);

describe('the finish', () => {
  test('finds the one move between two hosts that leaves least, and tells the sum over all', () => {
    const walk = walkOf([
      [
        [0.4, 1],
        [0.25, 1],
        [0.1, 1],
      ],
      [[0.3, 1]],
      [[0.7, 1]],
    ]);
    const before = offOf(walk);
    const end = finish(walk, [0, 1], 1, before);
    expect(end?.steps).toEqual([{ guest: 1, from: 0, to: 1 }]);
    expect(end?.sum).toBeCloseTo(offAfter(walk.state, end?.steps ?? []), 9);
  });

  test('finds chains of three moves', () => {
    // The heaviest must pass on what it gets: 0.5 to the second, whose 0.3 and 0.2 leave it.
    const walk = walkOf([
      [
        [0.5, 1],
        [0.4, 1],
        [0.3, 1],
      ],
      [[0.3, 1]],
      [[0.3, 1]],
    ]);
    const end = finish(walk, [0, 1, 2], 3, offOf(walk));
    expect(end?.sum).toBeCloseTo(0.2, 9);
  });

  test('is nothing where nothing beats what is asked', () => {
    const walk = walkOf([[[0.4, 1]], [[0.4, 1]]]);
    expect(finish(walk, [0, 1], 2, 0)).toBeUndefined();
  });

  test('sends no guest where the memory is wanting', () => {
    const walk = walkOf(
      [
        [
          [0.4, 8],
          [0.2, 8],
        ],
        [[0.1, 14]],
      ],
      20,
    );
    expect(finish(walk, [0, 1], 1, offOf(walk))).toBeUndefined();
  });

  test('never tells less than its moves leave, moves no guest twice, and leaves the walk as it was', () => {
    fc.assert(
      fc.property(three, fc.integer({ min: 0, max: 4 }), fc.integer({ min: 20, max: 64 }), (hosts, moves, memory) => {
        const walk = walkOf(hosts, Math.max(memory, 33));
        const [x, z, at] = [walk.x.slice(), walk.z.slice(), walk.at.slice()];
        const before = offOf(walk);
        const end = finish(walk, [0, 1, 2], moves, before - 1e-9);
        expect([walk.x, walk.z, walk.at]).toEqual([x, z, at]);
        if (!end) return;
        expect(end.steps.length).toBeLessThanOrEqual(Math.min(3, moves));
        expect(new Set(end.steps.map(({ guest }) => guest)).size).toBe(end.steps.length);
        expect(end.sum).toBeLessThan(before);
        expect(end.sum).toBeCloseTo(offAfter(walk.state, end.steps), 9);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the beam', () => {
  /** The best that it found, by the moves that it made. */
  const found = (walk: Walk, moves: number, width: number, best = 1): readonly PlannerStep[] => {
    let steps: readonly PlannerStep[] = [];
    beam(walk, {
      moves,
      width,
      best,
      better: (value) => {
        steps = movesOf(walk);
        expect(value * walk.hosts.length).toBeCloseTo(offAfter(walk.state, steps), 9);
        return true;
      },
    });
    return steps;
  };

  test('levels five hosts by a tree of four moves', () => {
    // Each host but the last has one guest that is just what it has too much once it has served the one before.
    const hosts: readonly (readonly GuestOf[])[] = [
      [
        [0.33, 1],
        [0.1, 1],
      ],
      [
        [0.2, 1],
        [0.17, 1],
      ],
      [
        [0.14, 1],
        [0.12, 1],
      ],
      [
        [0.1, 1],
        [0.21, 1],
      ],
      [
        [0.06, 1],
        [0.07, 1],
      ],
    ];
    const walk = walkOf(hosts);
    const steps = found(walk, 4, 200);
    expect(steps.length).toBeLessThanOrEqual(4);
    expect(offAfter(walk.state, steps)).toBeLessThan(offOf(walk) / 3);
  });

  test('does not begin with fewer moves than a tree needs, nor among three hosts', () => {
    const four: readonly (readonly GuestOf[])[] = [
      [
        [0.3, 1],
        [0.3, 1],
      ],
      [
        [0.3, 1],
        [0.3, 1],
      ],
      [],
      [],
    ];
    expect(found(walkOf(four), 2, 50)).toEqual([]);
    expect(found(walkOf(four), 3, 50).length).toBeGreaterThan(0);
    expect(found(walkOf(four.slice(1)), 3, 50)).toEqual([]);
  });

  test('tells nothing that is not better than what is asked', () => {
    const hosts: readonly (readonly GuestOf[])[] = [
      [
        [0.3, 1],
        [0.3, 1],
      ],
      [
        [0.3, 1],
        [0.3, 1],
      ],
      [],
      [],
    ];
    expect(found(walkOf(hosts), 4, 50, 0)).toEqual([]);
  });

  test('asks again with what comes later where what it told does not count', () => {
    const hosts: readonly (readonly GuestOf[])[] = [
      [
        [0.3, 1],
        [0.31, 1],
        [0.05, 1],
      ],
      [
        [0.3, 1],
        [0.29, 1],
      ],
      [[0.02, 1]],
      [],
    ];
    const asked: number[] = [];
    beam(walkOf(hosts), { moves: 4, width: 50, best: 1, better: (value) => asked.push(value) < 0 });
    expect(asked.length).toBeGreaterThan(1);
  });

  test('never sends more than a host has memory for, moves no guest twice and none of a group, and leaves the walk where it began', () => {
    const some = fc.array(
      fc.array(
        fc.tuple(
          fc.integer({ min: 1, max: 40 }).map((n) => n / 100),
          fc.integer({ min: 1, max: 8 }),
        ),
        { minLength: 1, maxLength: 4 },
      ),
      { minLength: 4, maxLength: 6 },
    );
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 40 }), (hosts, width) => {
        const cluster = clusterOf(hosts, 33);
        const state = stateOf({
          ...cluster,
          guests: cluster.guests.map((guest, i) => (i === 0 ? { ...guest, apart: ['a'] } : guest)),
        });
        const walk = walkFrom(state, goal);
        const before = walk.x.slice();
        const steps = found(walk, hosts.length, width);
        expect(steps.length).toBeLessThanOrEqual(hosts.length);
        const taken = state.taken.slice();
        for (const { guest, from, to } of steps) {
          expect([guest === 0, state.guestHost[guest]]).toEqual([false, from]);
          taken[from] = (taken[from] ?? 0) - (state.guestMemory[guest] ?? 0);
          taken[to] = (taken[to] ?? 0) + (state.guestMemory[guest] ?? 0);
        }
        taken.forEach((each, h) => expect(each).toBeLessThanOrEqual((state.room[h] ?? 0) * (1 + 1e-9)));
        expect(movesOf(walk)).toEqual([]);
        walk.x.forEach((each, h) => expect(each).toBeCloseTo(before[h] ?? 0, 9));
      }),
      { numRuns: 60 },
    );
  });
});

describe('the ladder', () => {
  const state = stateOf(
    clusterOf([
      [
        [0.3, 1],
        [0.3, 1],
      ],
      [],
    ]),
  );
  const climbed = (answers: readonly boolean[], width = 0): readonly PlannerStep[] => {
    let asked = 0;
    return climb(
      state,
      { ...goal, smallestGain: 0 },
      {
        rungs: [1],
        effort: () => ({ ...plain, width, stretches: [{ anew: false, tries: 500, warmth: 0.1 }] }),
        goOn: () => answers[asked++] ?? false,
      },
    ).steps;
  };

  test('asks before each rung and each walk whether to go on', () => {
    expect(climbed([])).toEqual([]);
    expect(climbed([true])).toEqual([]);
    expect(climbed([true, true])).toHaveLength(1);
  });

  test.each([1, 4, 0.25])(
    'finds on the rung of as many moves as hosts what a beam finds, without any walk, by a weight of %d',
    (cpu) => {
      const five = stateOf(
        clusterOf([
          [
            [0.2, 1],
            [0.2, 1],
          ],
          [
            [0.3, 1],
            [0.1, 1],
          ],
          [[0.2, 1]],
          [],
          [],
        ]),
      );
      const { steps } = climb(
        five,
        { ...goal, of: { cpu, memory: 0 }, smallestGain: 0 },
        {
          rungs: [1, 2, 3, 4, 5],
          effort: (rung) => ({ ...plain, width: rung === 5 ? 20 : 0, stretches: [] }),
          goOn: () => true,
        },
      );
      expect(offAfter(five, steps)).toBeCloseTo(0.2, 9);
    },
  );
});

test('the ladder comes near the best of all placements on small clusters', () => {
  const guest = fc.tuple(
    fc.integer({ min: 1, max: 30 }).map((n) => n / 100),
    fc.integer({ min: 1, max: 8 }),
  );
  const list = fc.array(fc.array(guest, { maxLength: 3 }), { minLength: 2, maxLength: 3 });
  const gaps: number[] = [];
  fc.assert(
    fc.property(list, fc.integer({ min: 1, max: 4 }), (hosts, moves) => {
      const state = stateOf(clusterOf(hosts, 128));
      const worth = spreadOf(measuresOf(state, goal.of), goal.by);
      const left = (steps: readonly PlannerStep[]): number => offAfter(state, steps) / hosts.length;
      const all = exact(state, worth, [{ of: new Float64Array(state.guests.length).fill(1), most: moves }]);
      const { steps } = climb(
        state,
        { ...goal, smallestGain: 0 },
        {
          rungs: Array.from({ length: moves }, (_, i) => i + 1),
          effort: effortOf(state, goal),
          goOn: () => true,
        },
      );
      const gap = left(steps) - left(all.steps);
      expect(gap).toBeGreaterThanOrEqual(-1e-9);
      gaps.push(gap);
    }),
    { numRuns: 100 },
  );
  expect(gaps.filter((gap) => gap > 1e-3).length).toBeLessThanOrEqual(1);
});

describe('effort', () => {
  const stateFor = (n: number, share: number): PlannerState =>
    stateOf(
      clusterOf(
        Array.from({ length: n }, () => Array.from({ length: 10 }, () => [0.05, share] as const)),
        10,
      ),
    );
  const rung = (n: number, share: number, at: number, other: Partial<Parameters<typeof effortOf>[1]> = {}) =>
    effortOf(stateFor(n, share), { ...goal, ...other })(at);

  const triesOf = ({ stretches }: ReturnType<typeof rung>): readonly number[] => stretches.map(({ tries }) => tries);

  test('a beam is cast on the rung of as many moves as hosts, the narrower the more hosts there are', () => {
    expect([9, 10, 11].map((at) => rung(10, 0.5, at).width)).toEqual([0, 800, 0]);
    expect(rung(5, 0.5, 5).width).toBe(800);
    expect(rung(20, 0.5, 20).width).toBe(100);
    expect(rung(43, 0.5, 43).width).toBe(10);
    expect(rung(44, 0.5, 44).width).toBe(0);
  });

  test('guests are looked for by load where memory hardly hinders and processors count, but not for the largest host; where it hinders, swaps are tried', () => {
    expect([rung(10, 0.85, 10).mix, rung(10, 0.86, 10).mix]).toEqual(['fits', 'swaps']);
    expect(rung(10, 0.86, 10).width).toBe(0);
    expect(rung(10, 0.5, 10, { of: { cpu: 0, memory: 1 } }).mix).toBe('any');
    expect(rung(10, 0.86, 10, { by: 'both' }).mix).toBe('any');
    expect(rung(10, 0.5, 10, { by: 'largest host' }).mix).toBe('any');
  });

  test('a beam is cast for the mean distance of processors alone', () => {
    for (const other of [{ of: { cpu: 1, memory: 1 } }, { by: 'both' }, { by: 'standard deviation' }] as const) {
      const { mix, width, stretches } = rung(10, 0.5, 10, other);
      expect([mix, width, stretches.length]).toEqual(['fits', 0, 'of' in other ? 100 : 48]);
    }
  });

  test('hosts exchange guests in pairs, but where the largest one alone counts, and there walks are longer', () => {
    expect(rung(10, 0.5, 10).settles).toBe(true);
    const largest = rung(10, 0.5, 10, { by: 'largest host' });
    expect(largest.settles).toBe(false);
    expect(triesOf(largest)).toEqual([45_000, 120_000, 45_000, 120_000, 45_000]);
  });

  test('walks see to an order themselves where two measures are to be even in short memory', () => {
    const both = { of: { cpu: 1, memory: 1 } };
    expect([rung(10, 0.9, 10, both), rung(10, 0.5, 10, both), rung(10, 0.9, 10)].map(({ careful }) => careful)).toEqual(
      [true, false, false],
    );
  });

  test('rungs that are given as budgets get most of the time', () => {
    const tries = (at: number, share: number): number => triesOf(rung(10, share, at)).reduce((sum, each) => sum + each);
    expect([4, 5, 9, 10, 11, 20, 21].map((at) => tries(at, 0.5))).toEqual([
      3_000, 72_000, 3_000, 140_000, 500, 9_600, 500,
    ]);
    expect([4, 5, 9, 10, 11, 20, 21].map((at) => tries(at, 0.9))).toEqual([
      6_000, 161_000, 6_000, 180_000, 1_000, 7_200, 1_000,
    ]);
  });

  test('small clusters get less, but not less than three tenths, and two measures eight tenths', () => {
    expect(triesOf(rung(10, 0.5, 4))).toEqual([3_000]);
    expect(triesOf(rung(8, 0.5, 4))).toEqual([1_920]);
    expect(triesOf(rung(2, 0.5, 4))).toEqual([900]);
    expect(triesOf(rung(10, 0.5, 4, { of: { cpu: 1, memory: 1 } }))).toEqual([4_800]);
    expect(triesOf(rung(10, 0.5, 4, { of: { cpu: 0, memory: 1 } }))).toEqual([6_000]);
  });
});
