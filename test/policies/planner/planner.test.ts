/** Planners by example: relief and its bound, chains, budgets, consolidation, following a cluster. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainPlan } from '../../../src/model/index.js';
import {
  follow,
  planner,
  plannerRules,
  type PlannerSettings,
  SettingsError,
  solve,
  wholePlan,
} from '../../../src/policies/index.js';
import { clusterOf, type GuestOf, stateOf } from './states.js';

const movesOf = (
  settings: PlannerSettings,
  hosts: readonly (readonly GuestOf[])[],
  memory?: number,
): readonly string[] =>
  wholePlan(settings, clusterOf(hosts, memory)).moves.map(({ guest, to, wave }) => `${wave}: ${guest} ${to}`);

describe('relief', () => {
  test('takes the fewest guests, and of sets of so many the one of least bulk', () => {
    const hosts = [
      [
        [0.3, 30],
        [0.3, 4],
        [0.35, 16],
        [0.05, 1],
      ],
      [[0.2, 4]],
      [[0.3, 4]],
    ] as const;
    expect(movesOf({ goal: { relieve: { mark: 0.8 } } }, hosts)).toEqual(['1: guest-0-1 host-1']);
  });

  test('takes the least memory even where that is more guests', () => {
    const hosts = [
      [
        [0.4, 32],
        [0.1, 2],
        [0.1, 2],
        [0.35, 32],
      ],
      [[0.2, 4]],
    ] as const;
    expect(
      wholePlan({ goal: { relieve: { mark: 0.8, minimise: 'memory' } }, perHost: 4 }, clusterOf(hosts, 128)).moves,
    ).toHaveLength(2);
  });

  test('sends a guest on to make room where memory is tight', () => {
    const hosts = [
      [
        [0.5, 30],
        [0.4, 30],
      ],
      [[0.1, 40]],
      [[0.7, 20]],
    ] as const;
    const { moves, left } = wholePlan({ goal: { relieve: { mark: 0.8 } } }, clusterOf(hosts, 64));
    expect(left).toEqual([]);
    expect(moves.map(({ guest, to, wave }) => `${wave}: ${guest} ${to}`)).toEqual([
      '1: guest-2-0 host-1',
      '2: guest-0-1 host-2',
    ]);
  });

  test('names a host that cannot be relieved, and why', () => {
    const hosts = [[[0.95, 30]], [[0.5, 40]]] as const;
    const { moves, left, passedOver } = wholePlan({ goal: { relieve: { mark: 0.8 } } }, clusterOf(hosts, 64));
    expect([moves, left]).toEqual([[], ['host-0']]);
    expect(explainPlan({ moves, passedOver })).toContain(
      'orders of moves that find room for what must leave 0 not at least 1',
    );
  });

  test('says of each move what it gains, what it costs and what the runner-up would have left', () => {
    const hosts = [
      [
        [0.5, 4],
        [0.5, 8],
      ],
      [[0.2, 4]],
      [[0.4, 4]],
    ] as const;
    expect(explainPlan(planner({ goal: { balance: {} } }).plan(clusterOf(hosts)))).toMatchInlineSnapshot(`
      "move guest-0-0  host-0 → host-1
        because the cluster spread of cpu afterwards 0.11 below 0.31
            and host-1 memory 60.0 GiB free, 4.0 GiB needed
        passed over host-2: the cluster spread of cpu afterwards 0.24 not at most 0.11
      leave host-0
        because cpu away from the mean once all has moved 3.3 % not at most 1.0 %
            and moves and exchanges that bring it nearer 0 not at least 1
      leave host-1
        because cpu away from the mean once all has moved 3.3 % not at most 1.0 %
            and moves and exchanges that bring it nearer 0 not at least 1
      leave host-2
        because cpu away from the mean once all has moved 6.7 % not at most 1.0 %
            and moves and exchanges that bring it nearer 0 not at least 1"
    `);
  });
});

/** The least spread at the end of any order of so many moves, no beginning of which is worse than none; memory plenty. */
const exhaustive = (hosts: readonly (readonly GuestOf[])[], budget: number): number => {
  const guests = hosts.flatMap((list, h) => list.map(([load]) => ({ load, h })));
  const n = hosts.length;
  const mean = guests.reduce((sum, { load }) => sum + load, 0) / n;
  const spread = (loads: readonly number[]): number => loads.reduce((sum, load) => sum + Math.abs(load - mean), 0) / n;
  const start = hosts.map((list) => list.reduce((sum, [load]) => sum + load, 0));
  const search = (loads: readonly number[], moved: readonly number[], left: number): number => {
    const ends = guests.flatMap(({ load, h }, i) => {
      if (left === 0 || moved.includes(i)) return [];
      return hosts.flatMap((_, to) => {
        const next = loads.map((each, host) => each + (host === to ? load : 0) - (host === h ? load : 0));
        return to === h || spread(next) > spread(start) + 1e-9 ? [] : [search(next, [...moved, i], left - 1)];
      });
    });
    return Math.min(spread(loads), ...ends);
  };
  return search(start, [], budget);
};

const small = fc.array(
  fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: 30 }).map((n) => n / 100),
      fc.integer({ min: 1, max: 8 }),
    ),
    { maxLength: 3 },
  ),
  { minLength: 2, maxLength: 3 },
);
const budgeted = (moves: number): PlannerSettings => ({ goal: { balance: {} }, budget: { moves } });

describe('balance', () => {
  test('is never beaten by exhaustive search on small cases', () => {
    fc.assert(
      fc.property(small, fc.integer({ min: 0, max: 3 }), (hosts, moves) => {
        const { reached } = solve(stateOf(clusterOf(hosts, 128)), plannerRules(budgeted(moves)));
        expect(reached).toBeLessThanOrEqual(exhaustive(hosts, moves) + 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  test('a larger budget never gives a worse end', () => {
    fc.assert(
      fc.property(small, fc.integer({ min: 0, max: 5 }), (hosts, moves) => {
        const state = stateOf(clusterOf(hosts, 12));
        const [less, more] = [moves, moves + 1].map((most) => solve(state, plannerRules(budgeted(most))).reached);
        expect(more).toBeLessThanOrEqual((less ?? 0) + 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  test('a plan does not change but in names when hosts and guests are renamed', () => {
    // Loads that differ, so that no tie is left to names.
    const hosts = [
      [
        [0.41, 4],
        [0.333, 8],
        [0.07, 2],
      ],
      [
        [0.11, 4],
        [0.049, 1],
      ],
      [
        [0.29, 4],
        [0.013, 2],
      ],
    ] as const;
    const end = (cluster: ReturnType<typeof clusterOf>): readonly string[] =>
      wholePlan(budgeted(2), cluster).moves.map(({ guest, to }) => `${guest} ${to}`);
    const back = (id: string): string => id.replace(/\d+/, (n) => String(2 - Number(n)));
    const plain = clusterOf(hosts);
    const renamed = {
      ...plain,
      hosts: plain.hosts.map((host) => ({ ...host, id: back(host.id) })),
      guests: plain.guests.map((guest) => ({ ...guest, id: back(guest.id), host: back(guest.host) })),
    };
    expect(end(renamed).map((line) => line.split(' ').map(back).join(' '))).toEqual(end(plain));
  });

  test('a cluster made of copies is planned copy by copy alike', () => {
    const hosts = [
      [
        [0.4, 4],
        [0.35, 8],
        [0.07, 2],
      ],
      [
        [0.1, 4],
        [0.05, 1],
      ],
      [[0.3, 4]],
    ] as const;
    const one = wholePlan({ goal: { balance: {} } }, clusterOf(hosts)).moves;
    const [a, b] = ['a-', 'b-'].map((name) => clusterOf(hosts, 64, name));
    const both = wholePlan(
      { goal: { balance: {} } },
      {
        ...clusterOf([]),
        hosts: [...(a?.hosts ?? []), ...(b?.hosts ?? [])],
        guests: [...(a?.guests ?? []), ...(b?.guests ?? [])],
      },
    ).moves;
    expect(one.length).toBeGreaterThan(0);
    for (const name of ['a-', 'b-'])
      expect(both.filter(({ guest }) => guest.startsWith(name)).map(({ guest }) => guest.slice(2))).toEqual(
        one.map(({ guest }) => guest),
      );
  });

  test('swaps two guests where no single move suffices', () => {
    expect(
      movesOf({ goal: { balance: {} } }, [
        [
          [0.5, 4],
          [0.5, 4],
        ],
        [
          [0.15, 4],
          [0.15, 4],
        ],
      ]),
    ).toEqual(['1: guest-0-0 host-1', '2: guest-1-0 host-0']);
  });

  test('stops when the caller has no more time, with the best so far', () => {
    const { steps } = solve(
      stateOf(
        clusterOf([
          [
            [0.4, 4],
            [0.4, 4],
          ],
          [],
        ]),
      ),
      plannerRules({ goal: { balance: {} } }),
      () => false,
    );
    expect(steps).toEqual([]);
  });
});

describe('consolidation', () => {
  test('empties a host whose guests fit elsewhere, and none where the rest could not carry one that fails', () => {
    const hosts = [[[0.2, 4]], [[0.2, 4]], [[0.2, 4]]] as const;
    expect(movesOf({ goal: { consolidate: { surviveOne: false } } }, hosts)).toHaveLength(2);
    expect(movesOf({ goal: { consolidate: {} } }, hosts)).toHaveLength(1);
  });
});

test('settings that are wrong are refused with their path', () => {
  expect(() => planner({ goal: { relieve: { mark: 2 } } })).toThrow(SettingsError);
  expect(() => planner({ goal: { balance: {} }, perHost: 0 })).toThrow('planner.perHost');
});

test('a follower that is told of one guest plans as if it had read the whole snapshot', () => {
  const settings: PlannerSettings = { goal: { relieve: { mark: 0.8 } } };
  const before = clusterOf([
    [
      [0.4, 4],
      [0.3, 8],
    ],
    [[0.1, 4]],
  ]);
  const [one] = before.guests;
  if (!one) throw new Error('the cluster has guests');
  const changed = { ...one, signals: { cpu: 0.6 } };
  const after = { ...before, guests: before.guests.map((guest) => (guest.id === changed.id ? changed : guest)) };
  const follower = follow(settings, before);
  expect(follower.atRest()).toBe(true);
  expect(follower.change([changed])).toBe(true);
  expect(follower.solve().steps).toEqual(follow(settings, after).solve().steps);
  expect(follower.change([{ ...changed, host: 'host-1' }])).toBe(false);
});
