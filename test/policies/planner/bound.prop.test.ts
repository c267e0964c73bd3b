/** Bounds of balance: no placement that can be had, of however many moves, is below them, and they tell what nobody can help. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gibibytes } from '../../../src/model/index.js';
import { plannerRules, type PlannerSettings, solve } from '../../../src/policies/index.js';
import { leastSpread } from '../../../src/policies/planner/bound.js';
import { withoutHeld } from '../../../src/policies/planner/reluctance.js';
import { clusterOf, type GuestOf, stateOf } from './states.js';

type Hosts = readonly (readonly GuestOf[])[];

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);

/** How uneven shares of equal hosts are. */
const measures = {
  'mean deviation': (shares: readonly number[]) => {
    const mean = sum(shares) / shares.length;
    return sum(shares.map((each) => Math.abs(each - mean))) / shares.length;
  },
  'standard deviation': (shares: readonly number[]) => {
    const mean = sum(shares) / shares.length;
    return Math.sqrt(sum(shares.map((each) => (each - mean) ** 2)) / shares.length);
  },
  both: (shares: readonly number[]): number =>
    (measures['mean deviation'](shares) + measures['standard deviation'](shares)) / 2,
  'largest host': (shares: readonly number[]) => Math.max(...shares) - sum(shares) / shares.length,
};
type By = keyof typeof measures;

/** The least of all placements that memory allows, of so many guests elsewhere at most; guests of a host may be held there. */
const leastOf = (
  hosts: Hosts,
  memory: number,
  of: { readonly cpu: number; readonly memory: number },
  by: By,
  moves: number,
  held: readonly boolean[],
  priceOf: (guest: GuestOf) => number = () => 1,
): number => {
  const guests = hosts.flatMap((list, h) =>
    list.map((guest) => ({ load: guest[0], size: guest[1], price: priceOf(guest), home: h })),
  );
  let best = Infinity;
  const loads = hosts.map(() => 0);
  const sizes = hosts.map(() => 0);
  const place = (i: number, left: number): void => {
    const guest = guests[i];
    if (!guest) {
      if (sizes.some((size) => size > memory)) return;
      best = Math.min(
        best,
        of.cpu * measures[by](loads) + of.memory * measures[by](sizes.map((size) => size / memory)),
      );
      return;
    }
    for (let h = 0; h < hosts.length; h++) {
      const more = h === guest.home ? 0 : guest.price;
      if (more > left || (h !== guest.home && held[guest.home] === true)) continue;
      loads[h] = (loads[h] ?? 0) + guest.load;
      sizes[h] = (sizes[h] ?? 0) + guest.size;
      place(i + 1, left - more);
      loads[h] = (loads[h] ?? 0) - guest.load;
      sizes[h] = (sizes[h] ?? 0) - guest.size;
    }
  };
  place(0, moves);
  return best;
};

const hosts = fc.array(
  fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 60 }).map((n) => n / 100),
      fc.integer({ min: 1, max: 8 }),
    ),
    { maxLength: 3 },
  ),
  { minLength: 2, maxLength: 3 },
);
const weights = fc.constantFrom({ cpu: 1, memory: 0 }, { cpu: 0, memory: 1 }, { cpu: 1, memory: 0.5 });

describe.each(Object.keys(measures).map((by) => by as By))('of the %s', (by) => {
  test('no placement is below the bound, whatever the number of moves, the memory and the guests that stay', () => {
    fc.assert(
      fc.property(
        hosts,
        fc.integer({ min: 0, max: 6 }),
        weights,
        fc.constantFrom(0, 1, 2, Infinity),
        fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
        (list, spare, of, moves, held) => {
          const memory = Math.max(...list.map((guests) => sum(guests.map(([, size]) => size)))) + spare;
          if (memory === 0) return;
          const state = stateOf(clusterOf(list, memory));
          const stays = state.guests.map(({ host }) => held[Number(host.slice('host-'.length))] === true);
          const bound = leastSpread(
            withoutHeld(
              state,
              Float64Array.from(stays, (each) => (each ? Infinity : 1)),
            ),
            { of, by },
            moves,
          );
          expect(bound).toBeLessThanOrEqual(leastOf(list, memory, of, by, moves, held) + 1e-9);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('nor is one within a budget of bytes below its bound, or of time', () => {
    fc.assert(
      fc.property(hosts, fc.integer({ min: 0, max: 16 }), weights, (list, amount, of) => {
        const state = stateOf(clusterOf(list, 64));
        const bytes = { of: state.guestMemory, most: gibibytes(amount) };
        const time = { of: state.durations(), most: 250 * amount };
        const bound = (limit: typeof bytes): number => leastSpread(state, { of, by }, Infinity, Infinity, [limit]);
        expect(bound(bytes)).toBeLessThanOrEqual(leastOf(list, 64, of, by, amount, [], ([, size]) => size) + 1e-9);
        expect(bound(time)).toBeLessThanOrEqual(leastOf(list, 64, of, by, amount / 4, []) + 1e-9);
      }),
      { numRuns: 150 },
    );
  });
});

const boundOf = (list: Hosts, memory: number, by: By, more: Partial<PlannerSettings> = {}): number =>
  solve(stateOf(clusterOf(list, memory)), plannerRules({ goal: { balance: { by } }, ...more })).bound;

describe('the bound of so many bytes', () => {
  // A mean of 0.3, and 0.6 on the first.
  const list: Hosts = [
    [
      [0.2, 4],
      [0.4, 16],
    ],
    [],
  ];
  const bound = (gib: number, by: By = 'mean deviation'): number =>
    boundOf(list, 64, by, { budget: { memory: gibibytes(gib) } });

  test('lets the guests leave that take most of processors for their bytes, the last in part', () => {
    expect(bound(0)).toBeCloseTo(0.3, 9);
    expect(bound(4)).toBeCloseTo(0.1, 9);
    expect(bound(3)).toBeCloseTo(0.3, 9);
    expect(bound(4, 'largest host')).toBeCloseTo(0.1, 9);
    // Of the large one a fortieth for each tenth of its bytes would do, but it is larger than what is left.
    expect(bound(12)).toBeCloseTo(0.1, 9);
  });

  test('knows no bytes that a budget of others has', () => {
    expect(boundOf(list, 64, 'mean deviation', { budget: { memory: gibibytes(16), moves: 0 } })).toBeCloseTo(0.3, 9);
  });
});

describe('the bound of any number of moves', () => {
  test('is nothing where guests can be cut as they are', () => {
    const list: Hosts = [
      [
        [0.3, 4],
        [0.3, 4],
      ],
      [],
    ];
    expect(boundOf(list, 64, 'mean deviation')).toBe(0);
  });

  test('tells of a guest that is larger than a host’s part', () => {
    const list: Hosts = [[[0.9, 4]], [[0.1, 4]], [[0.2, 4]]];
    // The mean is 0.4: 0.5 above it on one host is 0.5 below it on the others.
    expect(boundOf(list, 64, 'mean deviation')).toBeCloseTo(1 / 3, 9);
    expect(boundOf(list, 64, 'largest host')).toBeCloseTo(0.5, 9);
  });

  test('tells of guests of which some host has two', () => {
    const list: Hosts = [
      [
        [0.3, 1],
        [0.3, 1],
        [0.3, 1],
      ],
      [],
    ];
    // A mean of 0.45, and 0.6 on one of two hosts.
    expect(boundOf(list, 64, 'mean deviation')).toBeCloseTo(0.15, 9);
    expect(boundOf(list, 64, 'standard deviation')).toBeCloseTo(0.15, 9);
    expect(boundOf(list, 64, 'both')).toBeCloseTo(0.15, 9);
    expect(boundOf(list, 64, 'largest host')).toBeCloseTo(0.15, 9);
  });

  test('tells of guests that no other host has the memory for', () => {
    const list: Hosts = [
      [
        [0.5, 60],
        [0.3, 1],
      ],
      [[0.1, 60]],
    ];
    // What can move is 0.3: 0.5 and 0.4 at best.
    expect(boundOf(list, 64, 'mean deviation')).toBeCloseTo(0.05, 9);
  });

  test('tells of hosts whose memory lets too little come', () => {
    const stay = (id: string): boolean => id === 'guest-1-0';
    const list: Hosts = [
      [
        [0.4, 8],
        [0.4, 8],
      ],
      [[0, 58]],
    ];
    expect(boundOf(list, 64, 'mean deviation', { reluctance: ({ id }) => (stay(id) ? Infinity : 1) })).toBeCloseTo(
      0.4,
      9,
    );
  });

  test('of hbal’s score is what pieces leave of its deviations, and the score itself is told', () => {
    const list: Hosts = [[[0.9, 16]], [[0.1, 16]]];
    const found = solve(stateOf(clusterOf(list, 64)), plannerRules({ goal: { hbal: { encoding: 'given' } } }));
    // Of utilisation 0.9 and 0.1 of a host, 0.4 stays away from the mean; memory and processors come out even.
    expect(found.bound).toBeCloseTo(0.4, 6);
    expect(found.reached).toBeCloseTo(0.4, 6);
  });
});

test('no score of hbal comes below its bound', () => {
  fc.assert(
    fc.property(
      hosts,
      fc.constantFrom('given', 'measured', 'ratio'),
      fc.constantFrom(0, 1, 2, 1000),
      (list, encoding, moves) => {
        const rules = plannerRules({ goal: { hbal: { encoding, minGain: 0, minGainLimit: 0 } }, budget: { moves } });
        const { bound, reached } = solve(stateOf(clusterOf(list, 64)), rules);
        expect(bound).toBeLessThanOrEqual(reached + 1e-9);
      },
    ),
    { numRuns: 100 },
  );
});
