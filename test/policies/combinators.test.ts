import { describe, expect, test } from 'vitest';
import { cpu, level, type Watch } from '../../src/metrics/index.js';
import {
  compare,
  gibibytes,
  guestSubject,
  minutes,
  nothing,
  type PassedOver,
  type Plan,
  type Proposal,
  sayReason,
  wholeCluster,
} from '../../src/model/index.js';
import {
  allOf,
  constrained,
  damped,
  definePolicy,
  enoughMemory,
  firstOf,
  gated,
  limited,
  type Policy,
  SettingsError,
  stay,
  withinPins,
} from '../../src/policies/index.js';
import { cluster, guest, host, migration, movesOf, now, outcome } from './build.js';

const because = (id: string): Proposal['because'] => [
  compare({
    rule: 'wish',
    subject: guestSubject(id),
    measure: 'wish',
    value: 1,
    relation: 'above',
    limit: 0,
    unit: 'none',
  }),
];

/** A policy that wants what it is told to: `x a b` moves x from a to b. */
const wants = (...wishes: readonly string[]): Policy =>
  definePolicy({
    name: `wants(${wishes.join('; ')})`,
    watch: {},
    plan: (): Plan => ({
      moves: wishes.map((wish) => {
        const [id = '', from = '', to = ''] = wish.split(' ');
        return { guest: id, from, to, because: because(id) };
      }),
      passedOver: [],
    }),
  });

const said = (passedOver: readonly PassedOver[]): readonly string[] =>
  passedOver.map(
    ({ subject, to, because: reasons }) =>
      `${'id' in subject ? subject.id : 'cluster'}${to === undefined ? '' : `→${to}`}: ${reasons.map((reason) => sayReason(reason)).join('; ')}`,
  );

const state = cluster(
  ['a', 'b', 'c'].map((id) => host(id)),
  [guest('x', 'a'), guest('y', 'a'), guest('z', 'b')],
);

describe('firstOf (first that proposes)', () => {
  test('the first policy that proposes a move decides, and later ones are not asked', () => {
    let asked = 0;
    const counts = definePolicy({
      name: 'counts',
      watch: {},
      plan: () => {
        asked++;
        return nothing();
      },
    });
    expect(movesOf(firstOf(stay(), wants('x a b'), wants('y a b'), counts).plan(state))).toEqual(['x a→b']);
    expect(asked).toBe(0);
  });

  test('what the earlier ones passed over stays, but for guests that move after all', () => {
    const holds = (id: string): Policy =>
      definePolicy({ name: 'holds', watch: {}, plan: () => nothing({ subject: guestSubject(id), because: [] }) });
    expect(said(firstOf(holds('x'), holds('z'), wants('x a b')).plan(state).passedOver)).toEqual(['z: ']);
  });
});

describe('allOf (all together with conflicts resolved)', () => {
  test('the moves of all are taken, in the order of the policies', () => {
    expect(movesOf(allOf(wants('y a c'), wants('x a b')).plan(state))).toEqual(['y a→c', 'x a→b']);
  });

  test('a guest moves at most once; the later wish is passed over with the reason', () => {
    const { moves, passedOver } = allOf(wants('x a b'), wants('x a c')).plan(state);
    expect(movesOf({ moves })).toEqual(['x a→b']);
    expect(said(passedOver)).toEqual(['x→c: x state moving to b, not at rest']);
  });

  test('the same wish twice is one', () => {
    expect(allOf(wants('x a b'), wants('x a b')).plan(state)).toEqual(allOf(wants('x a b')).plan(state));
  });

  test('memory is judged again in order, and the loser is passed over', () => {
    const tight = cluster(
      [host('a'), host('b', { memory: { total: gibibytes(5), reserved: gibibytes(1) } })],
      [guest('x', 'a', 0, { memory: gibibytes(3) }), guest('y', 'a', 0, { memory: gibibytes(2) })],
    );
    const { moves, passedOver } = allOf(wants('x a b'), wants('y a b')).plan(tight);
    expect(movesOf({ moves })).toEqual(['x a→b']);
    expect(said(passedOver)).toEqual(['y→b: b memory 1.0 GiB free, 2.0 GiB needed']);
  });

  test('guests to keep apart do not meet through two policies', () => {
    const rivals = cluster(
      ['a', 'b', 'c'].map((id) => host(id)),
      [guest('x', 'a', 0, { apart: ['db'] }), guest('z', 'b', 0, { apart: ['db'] })],
    );
    expect(movesOf(allOf(wants('x a c'), wants('z b c')).plan(rivals))).toEqual(['x a→c']);
  });

  test('guests that stand together go together, or not at all', () => {
    const shop = (memory: number): ReturnType<typeof cluster> =>
      cluster(
        [host('a'), host('b', { memory: { total: gibibytes(5), reserved: gibibytes(1) } })],
        ['x', 'y'].map((id) => guest(id, 'a', 0, { together: ['shop'], memory: gibibytes(memory) })),
      );
    expect(movesOf(allOf(wants('x a b', 'y a b')).plan(shop(2)))).toEqual(['x a→b', 'y a→b']);
    expect(said(allOf(wants('x a b', 'y a b')).plan(shop(3)).passedOver)).toEqual([
      'x→b: b memory 1.0 GiB free, 3.0 GiB needed',
      'y→b: b memory 1.0 GiB free, 3.0 GiB needed',
    ]);
    expect(movesOf(allOf(wants('x a b')).plan(shop(2)))).toEqual([]);
  });
});

describe('constrained', () => {
  test('what a constraint refuses is passed over with its reasons; what it allows carries them', () => {
    const pinned = cluster(
      ['a', 'b'].map((id) => host(id)),
      [guest('x', 'a', 0, { pins: ['a'] }), guest('y', 'a', 0, { pins: ['a', 'b'] })],
    );
    const { moves, passedOver } = constrained(wants('x a b', 'y a b'), [withinPins]).plan(pinned);
    expect(moves[0]?.because.map((reason) => sayReason(reason))).toEqual([
      'y wish 1.00 above 0.00',
      'y pinned host b among a, b',
    ]);
    expect(said(passedOver)).toEqual(['x→b: x pinned host b, not a']);
  });

  test('a proposal about what the snapshot does not hold is passed over', () => {
    expect(said(constrained(wants('nobody a b'), [enoughMemory]).plan(state).passedOver)).toEqual([
      'nobody→b: nobody guest, source or destination not in the inventory',
    ]);
  });
});

describe('damped (by cool-down)', () => {
  const past = [outcome('x', 'b', 'a', now - minutes(5))];

  test('a guest that moved not long ago stays, others go', () => {
    const recent = cluster(state.hosts, state.guests, { past });
    const { moves, passedOver } = damped(wants('x a b', 'y a b'), { guest: minutes(30) }).plan(recent);
    expect(movesOf({ moves })).toEqual(['y a→b']);
    expect(said(passedOver)).toEqual(['x→b: x time since its last move 5.0 min not at least 30.0 min']);
  });

  test('so do the guests of a host that took part in a move', () => {
    const recent = cluster(state.hosts, state.guests, { past });
    expect(movesOf(damped(wants('y a c', 'z b c'), { guest: 0, host: minutes(10) }).plan(recent))).toEqual([]);
  });

  test('moves of one plan do not damp each other', () => {
    expect(
      movesOf(damped(wants('x a c', 'y a c'), { guest: minutes(30), host: minutes(10) }).plan(state)),
    ).toHaveLength(2);
  });

  test('a guest in flight stays', () => {
    const flying = cluster(state.hosts, state.guests, { migrations: [migration('x', 'a', 'c')] });
    expect(movesOf(damped(wants('x a b'), { guest: 0 }).plan(flying))).toEqual([]);
  });

  test('a negative time is refused by name', () => {
    expect(() => damped(stay(), { guest: -1 })).toThrow(/^damped\.guest: /);
  });
});

describe('limited', () => {
  test('moves are taken in order up to the limit', () => {
    const { moves, passedOver } = limited(wants('x a b', 'y a c', 'z b c'), { moves: 2 }).plan(state);
    expect(movesOf({ moves })).toEqual(['x a→b', 'y a→c']);
    expect(said(passedOver)).toEqual(['z→c: the cluster moves in the plan 3 not at most 2']);
  });

  test('a limit for each host counts both ends', () => {
    const { moves, passedOver } = limited(wants('x a b', 'y a c', 'z b c'), { moves: 9, perHost: 1 }).plan(state);
    expect(movesOf({ moves })).toEqual(['x a→b']);
    expect(said(passedOver)).toEqual([
      'y→c: a moves in the plan 2 not at most 1',
      'z→c: b moves in the plan 2 not at most 1',
    ]);
  });

  test('guests that stand together are not parted by a limit', () => {
    const shop = cluster(
      [host('a'), host('b')],
      [guest('w', 'a'), ...['x', 'y'].map((id) => guest(id, 'a', 0, { together: ['shop'] }))],
    );
    expect(movesOf(limited(wants('x a b', 'y a b', 'w a b'), { moves: 1 }).plan(shop))).toEqual(['w a→b']);
  });

  test('half a move is refused', () => {
    expect(() => limited(stay(), { moves: 0.5 })).toThrow(SettingsError);
  });
});

describe('gated', () => {
  const gate = (open: boolean): { name: string; watch: Watch; judge: () => readonly ReturnType<typeof compare>[] } => ({
    name: 'door',
    watch: { host: { cpu: level(cpu) } },
    judge: () => [
      compare({
        rule: 'door',
        subject: wholeCluster,
        measure: 'door',
        value: open ? 1 : 0,
        relation: 'at least',
        limit: 1,
        unit: 'count',
      }),
    ],
  });

  test('while the gate is open the policy decides', () => {
    expect(gated(wants('x a b'), gate(true)).plan(state)).toEqual(wants('x a b').plan(state));
  });

  test('while it is shut nothing moves, and the plan says why', () => {
    const { moves, passedOver } = gated(wants('x a b'), gate(false)).plan(state);
    expect(moves).toEqual([]);
    expect(said(passedOver)).toEqual(['cluster: the cluster door 0 not at least 1']);
  });

  test('the gate’s signals are watched beside the policy’s', () => {
    expect(gated(stay(), gate(true)).watch.host?.['cpu']?.name).toBe(level(cpu).name);
  });
});

test('stay never moves anything (W24)', () => {
  expect(stay().plan(state)).toEqual({ moves: [], passedOver: [] });
});
