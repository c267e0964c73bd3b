/** Preferences and priorities by example: what is rather wanted of where guests stand, weighed against evenness. */
import { describe, expect, test } from 'vitest';
import { type Cluster, explainPlan, type ObservedHost } from '../../../src/model/index.js';
import {
  avoids,
  follow,
  planner,
  plannerRules,
  type PlannerSettings,
  type Preference,
  prefers,
  ratherApart,
  ratherTogether,
  SettingsError,
  wholePlan,
} from '../../../src/policies/index.js';
import { tastesOf } from '../../../src/policies/planner/tastes.js';
import { clusterOf, type GuestOf, stateOf } from './states.js';

/** Hosts with labels, by number. */
const labelled = (cluster: Cluster, labels: readonly Readonly<Record<string, string>>[]): Cluster => ({
  ...cluster,
  hosts: cluster.hosts.map((host, h): ObservedHost => ({ ...host, labels: labels[h] ?? {} })),
});
const isFast = ({ labels }: ObservedHost): boolean => labels['disk'] === 'ssd';
const likesFast = (weight: number): Preference => prefers({ name: 'fast disks', weight, hosts: isFast });
const movesOf = (settings: PlannerSettings, cluster: Cluster): readonly string[] =>
  wholePlan({ perHost: 9, ...settings }, cluster).moves.map(({ guest, to }) => `${guest} ${to}`);

describe('a guest goes where it would rather be', () => {
  const hosts: readonly (readonly GuestOf[])[] = [
    [
      [0.5, 4],
      [0.5, 5],
    ],
    [[0.1, 4]],
    [[0.15, 4]],
  ];
  const cluster = labelled(clusterOf(hosts), [{ disk: 'ssd' }, {}, { disk: 'ssd' }]);

  test('in relief, if that host may carry it, though another is cooler', () => {
    const goal = { relieve: { mark: 0.8 } } as const;
    expect(movesOf({ goal }, cluster)).toEqual(['guest-0-0 host-1']);
    expect(movesOf({ goal, preferences: [likesFast(0.01)] }, cluster)).toEqual(['guest-0-0 host-2']);
  });

  test('in relief not where the host would come above its mark', () => {
    const full = labelled(clusterOf([...hosts.slice(0, 2), [[0.31, 4]]]), [{ disk: 'ssd' }, {}, { disk: 'ssd' }]);
    const goal = { relieve: { mark: 0.8 } } as const;
    expect(movesOf({ goal, preferences: [likesFast(1)] }, full)).toEqual(['guest-0-0 host-1']);
    const just = labelled(clusterOf([...hosts.slice(0, 2), [[0.3, 4]]]), [{ disk: 'ssd' }, {}, { disk: 'ssd' }]);
    expect(movesOf({ goal, preferences: [likesFast(1)] }, just)).toEqual(['guest-0-0 host-2']);
  });

  test('in balance with a budget, if that costs less of evenness than it is worth', () => {
    const settings: PlannerSettings = { goal: { balance: {} }, budget: { moves: 1 } };
    // To host-2 costs 0.1 of a host more than to host-1.
    const to = (preferences: readonly Preference[]): readonly string[] =>
      wholePlan({ ...settings, preferences }, cluster).moves.map((move) => move.to);
    expect(to([])).toEqual(['host-1']);
    expect(to([likesFast(0.09)])).toEqual(['host-1']);
    expect(to([likesFast(0.11)])).toEqual(['host-2']);
  });

  test('in balance without a budget as well', () => {
    const even: readonly (readonly GuestOf[])[] = [
      [
        [0.3, 4],
        [0.3, 4],
      ],
      [[0.3, 4]],
      [[0.3, 4]],
      [],
    ];
    const four = labelled(clusterOf(even), [{}, {}, { disk: 'ssd' }, {}]);
    const only = (id: string): Preference =>
      prefers({ name: 'fast disks', weight: 0.02, guests: (guest) => guest.id === id, hosts: isFast });
    expect(movesOf({ goal: { balance: {} } }, four)).toEqual(['guest-0-0 host-3']);
    // All hosts are even whichever of the two goes, and afterwards two guests change places.
    expect(movesOf({ goal: { balance: {} }, preferences: [only('guest-1-0')] }, four)).toEqual([
      'guest-0-0 host-3',
      'guest-1-0 host-2',
      'guest-2-0 host-1',
    ]);
  });

  test('in consolidation, where hosts that stay in use have room for it', () => {
    const three: readonly (readonly GuestOf[])[] = [[[0.1, 2]], [[0.2, 8]], [[0.2, 6]]];
    const settings: PlannerSettings = { goal: { consolidate: { fill: 0.8, surviveOne: false } }, budget: { moves: 1 } };
    const labels = [{}, {}, { disk: 'ssd' }];
    expect(movesOf(settings, labelled(clusterOf(three), labels))).toEqual(['guest-0-0 host-1']);
    expect(movesOf({ ...settings, preferences: [likesFast(0.01)] }, labelled(clusterOf(three), labels))).toEqual([
      'guest-0-0 host-2',
    ]);
  });

  test('and the plan says what the preference contributed', () => {
    const settings: PlannerSettings = {
      goal: { balance: {} },
      budget: { moves: 1 },
      preferences: [prefers({ name: 'fast disks', weight: 0.125, hosts: (host) => !isFast(host) })],
    };
    expect(explainPlan(wholePlan(settings, cluster))).toContain(
      'what stands amiss there of fast disks 0.0 % below 12.5 %',
    );
    const worse = {
      ...settings,
      preferences: [prefers({ name: 'home', weight: 0.01, hosts: ({ id }) => id === 'host-0' })],
    };
    expect(explainPlan(wholePlan(worse, cluster))).toContain('what stands amiss there of home 1 % above 0 %');
    expect(explainPlan(wholePlan(settings, cluster))).toContain('spread of cpu, and what stands amiss, afterwards');
    expect(explainPlan(wholePlan({ goal: settings.goal }, cluster))).not.toContain('amiss');
  });

  test('as a policy, and planning again comes to rest', () => {
    const own = prefers({ name: 'fast', weight: 0.3, guests: ({ id }) => id.startsWith('guest-0'), hosts: isFast });
    const { plan } = planner({ goal: { balance: {} }, preferences: [own] });
    const first = plan(cluster);
    expect(first.moves.map(({ guest, to }) => `${guest} ${to}`)).toEqual(['guest-0-0 host-2']);
    const after = {
      ...cluster,
      guests: cluster.guests.map((guest) => (guest.id === 'guest-0-0' ? { ...guest, host: 'host-2' } : guest)),
    };
    expect(plan(after).moves.filter(({ guest }) => guest === 'guest-0-0')).toEqual([]);
  });
});

describe('what preferences cost', () => {
  const labels = [{ rack: 'a' }, { rack: 'a' }, { rack: 'b' }, {}];
  const state = stateOf(
    labelled(
      clusterOf([
        [
          [0.1, 1],
          [0.1, 1],
        ],
        [[0.1, 1]],
        [[0.1, 1]],
        [],
      ]),
      labels,
    ),
  );

  test('is the weight times what is amiss, all guests together, nothing for what is no number', () => {
    const one = (amiss: number): number => tastesOf(state, [{ name: 'one', weight: 0.5, amiss: () => amiss }]).value();
    expect([one(1), one(0.25), one(0), one(7), one(-1), one(Number.NaN)]).toEqual([2, 0.5, 0, 2, 0, 0]);
  });

  test('is 1 for each that stands where it would rather not, or not where it would', () => {
    const on = ({ labels: { rack } }: ObservedHost): boolean => rack === 'a';
    const of = (preference: Preference): number => tastesOf(state, [preference]).value();
    expect(of(avoids({ name: 'a', weight: 1, hosts: on }))).toBe(3);
    expect(of(prefers({ name: 'a', weight: 1, hosts: on }))).toBe(1);
    expect(of(avoids({ name: 'a', weight: 1, hosts: on, guests: ({ id }) => id.startsWith('guest-0') }))).toBe(2);
    expect(of(prefers({ name: 'a', weight: 1, hosts: on, guests: ({ id }) => id.startsWith('guest-0') }))).toBe(0);
  });

  test('of company is for each guest the share of its group that is elsewhere, or in the same place', () => {
    const group = (): string => 'all';
    const place = ({ labels: { rack } }: ObservedHost): string | undefined => rack;
    const of = (preference: Preference): number => tastesOf(state, [preference]).value();
    // In rack a stand three, each with two of three others; in rack b one, alone.
    expect(of(ratherTogether({ name: 'near', weight: 0.5, group, place }))).toBeCloseTo(0.5 * (3 * (1 / 3) + 1), 12);
    expect(of(ratherApart({ name: 'far', weight: 0.5, group, place }))).toBeCloseTo(0.5 * (3 * (2 / 3)), 12);
    // Of hosts by themselves, only two stand together.
    expect(of(ratherApart({ name: 'far', weight: 0.5, group }))).toBeCloseTo(0.5 * (2 / 3), 12);
    expect(of(ratherTogether({ name: 'one', weight: 1, group: ({ id }) => id }))).toBe(0);
    expect(of(ratherApart({ name: 'none', weight: 1, group: () => undefined }))).toBe(0);
  });

  test('changes with moves by what is told before, and hosts without a place stand alone', () => {
    const place = ({ labels: { rack } }: ObservedHost): string | undefined => rack;
    const tastes = tastesOf(state, [
      ratherApart({ name: 'far', weight: 1, group: () => 'all', place }),
      prefers({ name: 'last', weight: 0.25, hosts: ({ id }) => id === 'host-3' }),
    ]);
    expect(tastes.value()).toBeCloseTo(3, 12);
    expect(tastes.change(0, 0, 3)).toBeCloseTo(-4 / 3 - 0.25, 12);
    expect(tastes.change(0, 0, 1)).toBe(0);
    expect(tastes.parts(0, 0, 3)).toEqual([
      { name: 'far', here: 2 / 3, there: 0 },
      { name: 'last', here: 0.25, there: 0 },
    ]);
    expect(tastes.parts(0, 0, 1)).toEqual([]);
    tastes.shift(0, 0, 3);
    expect(tastes.value()).toBeCloseTo(3 - 4 / 3 - 0.25, 12);
    expect(tastes.cost(0, 3)).toBe(0);
    tastes.shift(0, 3, 0);
    expect(tastes.value()).toBeCloseTo(3, 12);
  });
});

describe('settings of preferences', () => {
  const wrong =
    (preferences: readonly Preference[], goal: PlannerSettings['goal'] = { balance: {} }): (() => unknown) =>
    () =>
      planner({ goal, preferences });

  test.each([
    ['a weight below zero', { ...likesFast(1), weight: -1 }],
    ['a weight that is no number', { ...likesFast(1), weight: Number.NaN }],
    ['a weight without end', { ...likesFast(1), weight: Infinity }],
  ])('%s is refused with its path', (_, preference) => {
    expect(wrong([likesFast(1), preference])).toThrow(SettingsError);
    expect(wrong([likesFast(1), preference])).toThrow(
      'planner.preferences[1]: must be a preference with a name and a weight that is finite and not negative',
    );
  });

  test('two of a name are refused', () => {
    expect(wrong([likesFast(1), likesFast(2)])).toThrow('planner.preferences: must have names that differ');
  });

  test('hbal takes none', () => {
    expect(wrong([likesFast(1)], { hbal: {} })).toThrow(
      "planner.preferences: must be empty for hbal's objective, whose steps are its own",
    );
    expect(() => planner({ goal: { hbal: {} }, preferences: [] })).not.toThrow();
  });

  test('those without weight are left out', () => {
    const { preferences } = plannerRules({ goal: { balance: {} }, preferences: [likesFast(0)] });
    expect(preferences).toEqual([]);
    expect(plannerRules({ goal: { balance: {} } }).preferences).toEqual([]);
  });
});

test('with preferences a follower does not call an even cluster at rest', () => {
  const cluster = labelled(clusterOf([[[0.3, 4]], [[0.3, 4]]]), [{}, { disk: 'ssd' }]);
  expect(follow({ goal: { balance: {} } }, cluster).atRest()).toBe(true);
  expect(follow({ goal: { balance: {} }, preferences: [likesFast(0.1)] }, cluster).atRest()).toBe(false);
  expect(follow({ goal: { relieve: {} }, preferences: [likesFast(0.1)] }, cluster).atRest()).toBe(true);
});

describe('priorities in balance', () => {
  const hosts: readonly (readonly GuestOf[])[] = [
    [
      [0.2, 4],
      [0.2, 4],
      [0.1, 4],
      [0.1, 4],
    ],
    [[0.2, 4]],
  ];
  const heavy =
    (weight: number): NonNullable<PlannerSettings['reluctance']> =>
    ({ id }) =>
      id === 'guest-0-0' || id === 'guest-0-1' ? weight : 1;
  const goal = { balance: {} } as const;

  test('guests of high weight stay where others can go for them', () => {
    expect(movesOf({ goal }, clusterOf(hosts))).toEqual(['guest-0-0 host-1']);
    expect(movesOf({ goal, reluctance: heavy(3) }, clusterOf(hosts))).toEqual(['guest-0-2 host-1', 'guest-0-3 host-1']);
  });

  test('a move counts for what it weighs against the budget, and never for less than one', () => {
    const budget = { moves: 2 };
    expect(movesOf({ goal, budget, reluctance: heavy(3) }, clusterOf(hosts))).toHaveLength(2);
    expect(movesOf({ goal, budget: { moves: 1 }, reluctance: heavy(3) }, clusterOf(hosts))).toHaveLength(1);
    const only: readonly (readonly GuestOf[])[] = [
      [
        [0.3, 4],
        [0.3, 4],
      ],
      [],
    ];
    expect(movesOf({ goal, budget, reluctance: heavy(3) }, clusterOf(only))).toEqual([]);
    expect(movesOf({ goal, budget, reluctance: heavy(2) }, clusterOf(only))).toHaveLength(1);
    expect(movesOf({ goal, budget: { moves: 0 }, reluctance: heavy(0.1) }, clusterOf(only))).toEqual([]);
  });

  test('guests of infinite weight stay whatever the goal', () => {
    const stay = { reluctance: heavy(Infinity), preferences: [] };
    const goals: readonly PlannerSettings['goal'][] = [
      { balance: {} },
      { hbal: {} },
      { relieve: { mark: 0.3 } },
      { consolidate: { surviveOne: false } },
    ];
    for (const each of goals)
      for (const name of movesOf({ goal: each, ...stay }, clusterOf(hosts))) expect(name).not.toMatch(/guest-0-[01]/);
  });
});
