import { describe, expect, test } from 'vitest';
import {
  type Cluster,
  gbps,
  gibibytes,
  gigahertz,
  sayReason,
  seconds,
  transferTime,
} from '../../../src/model/index.js';
import { SettingsError } from '../../../src/policies/index.js';
import { rebalance, type RebalanceSettings } from '../../../src/policies/rebalancing/index.js';
import { applied } from '../../../src/testing/index.js';
import { cluster, host, migration, movesOf, whole } from '../build.js';

const moves = (state: Cluster, settings: RebalanceSettings): readonly string[] =>
  movesOf(rebalance(settings).plan(state));

const told = (state: Cluster, settings: RebalanceSettings): readonly string[] =>
  rebalance(settings)
    .plan(state)
    .passedOver.flatMap(({ because, to }) =>
      because.map((reason) => `${to === undefined ? '' : `${to}: `}${sayReason(reason)}`),
    );

const pile = (on: string, ...shares: readonly number[]): ReturnType<typeof whole>[] =>
  shares.map((share, i) => whole(`${on}${i + 1}`, on, share));

const three = ['a', 'b', 'c'].map((id) => host(id));

describe('rebalance (W23)', () => {
  const state = cluster(three, pile('a', 0.3, 0.3, 0.3));

  test('no more guests move than are allowed', () => {
    expect(moves(state, { moves: 0 })).toEqual([]);
    expect(moves(state, { moves: 1 })).toHaveLength(1);
    expect(moves(state, { moves: 2 })).toHaveLength(2);
    expect(moves(state, { moves: 9 })).toHaveLength(2);
  });

  test('each move says what all of them gain, and what they are', () => {
    const [first] = rebalance({ moves: 2 }).plan(state).moves;
    expect(first?.because.slice(0, 3).map((reason) => sayReason(reason))).toEqual([
      'the cluster largest cpu of a, b, c afterwards 30 % at most 85 %',
      'the cluster moves in the plan 2 at most 2',
      'b cpu with a2 30 % at most 90 %',
    ]);
  });

  test.each(['best', 'greedy', 'partition'] as const)('%s finds two moves for three equal guests', (by) => {
    const after = applied(state, rebalance({ moves: 2, by }).plan(state));
    expect(new Set(after.guests.map((guest) => guest.host)).size).toBe(3);
    expect(moves(after, { moves: 2, by })).toEqual([]);
  });

  test('a budget of cost counts what each guest costs', () => {
    const costOf = ({ memory }: { readonly memory: number }): number => transferTime(memory, gbps(1));
    const heavy = cluster(
      [host('a'), host('b')],
      [whole('x', 'a', 0.4, { memory: gibibytes(8) }), whole('y', 'a', 0.4, { memory: gibibytes(1) })],
    );
    expect(moves(heavy, { cost: seconds(10), costOf })).toEqual(['y a→b']);
    expect(moves(heavy, { cost: seconds(5), costOf })).toEqual([]);
  });

  test('a guest whose cost is not known stays, and hears it', () => {
    const settings = { cost: seconds(10), costOf: (): undefined => undefined };
    expect(moves(state, settings)).toEqual([]);
    expect(told(state, settings)).toContain('a1 cost of a move not measured');
  });

  test('a gain below the smallest is no reason to move, and that is said', () => {
    const near = cluster([host('a'), host('b')], [...pile('a', 0.5, 0.04), ...pile('b', 0.5)]);
    expect(moves(near, { moves: 3 })).toEqual([]);
    expect(told(near, { moves: 3 })).toEqual(['the cluster largest cpu of a, b afterwards 54 % not at most 49 %']);
    const fine = cluster([host('a'), host('b')], [...pile('a', 0.5, 0.04), ...pile('b', 0.45)]);
    expect(moves(fine, { moves: 3, smallestGain: 0.01 })).toEqual(['a2 a→b']);
  });

  test('what may not go stays where it is, and another one goes', () => {
    const pinned = cluster(
      [host('a'), host('b')],
      [whole('x', 'a', 0.4, { pins: ['a'] }), whole('y', 'a', 0.4), whole('b1', 'b', 0.1)],
    );
    expect(moves(pinned, { moves: 1 })).toEqual(['y a→b']);
  });

  test('what one host refuses goes to another', () => {
    const full = cluster(
      [host('a'), host('b', { memory: { total: gibibytes(2), reserved: gibibytes(1) } }), host('c')],
      [...pile('a', 0.4, 0.4), whole('b1', 'b', 0), whole('c1', 'c', 0.1)],
    );
    expect(moves(full, { moves: 1 })).toEqual(['a2 a→c']);
    expect(told(full, { moves: 1 })).toEqual([expect.stringMatching(/^b: b memory .* free, 1.0 GiB needed$/)]);
  });

  test('hosts of unequal capacity are balanced each among their equals', () => {
    const fast = { cpu: { clock: gigahertz(4), cores: 4, threads: 4, architecture: 'x86_64' } };
    const mixed = cluster(
      [host('a'), host('b'), host('c', fast), host('d', fast)],
      [...pile('a', 0.4, 0.4), ...pile('c', 0.3, 0.3)],
    );
    expect(moves(mixed, { moves: 4 })).toEqual(['a2 a→b', 'c2 c→d']);
    expect(moves(mixed, { moves: 1 })).toEqual(['a2 a→b']);
  });

  test('a guest in flight counts where it goes', () => {
    const flying = cluster([host('a'), host('b')], pile('a', 0.4, 0.4), { migrations: [migration('a2', 'a', 'b')] });
    expect(moves(flying, { moves: 2 })).toEqual([]);
  });

  test('hosts that are not known, or leaving, take no part', () => {
    const odd = cluster(
      [host('a'), host('b'), host('c', { state: 'draining' })],
      [...pile('a', 0.4, 0.4), whole('b1', 'b')],
    );
    expect(moves(odd, { moves: 2 })).toEqual([]);
    expect(told(odd, { moves: 2 })).toEqual(
      expect.arrayContaining(['b1 cpu not measured', 'c state draining, not active']),
    );
  });
});

describe('settings of rebalance', () => {
  test.each([
    [{}, 'rebalance.moves: either moves or cost must be given'],
    [{ cost: 3 }, 'rebalance.costOf: cost and costOf belong together'],
    [{ cost: 3, costOf: () => 1, by: 'greedy' }, 'rebalance.by: greedy counts moves and knows no costs'],
  ])('%j is refused', (settings, message) => {
    let refusal = 'taken';
    try {
      // What a plain program might give.
      rebalance(settings as unknown as RebalanceSettings);
    } catch (thrown) {
      if (SettingsError.is(thrown)) refusal = thrown.message;
    }
    expect(refusal).toBe(message);
  });
});
