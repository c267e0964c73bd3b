import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { percent } from '../../../src/model/index.js';
import {
  dynamic,
  type DynamicSettings,
  toFewest,
  toLightest,
  toTightest,
  whenOverloaded,
  whenUneven,
} from '../../../src/policies/index.js';
import { clusters, expectLawful } from '../../../src/testing/index.js';
import { cluster, host, migration, movesOf, whole } from '../build.js';

const hot = whenOverloaded({ heavy: percent(70) });
const plan = (settings: DynamicSettings, ...[hosts, guests, rest]: Parameters<typeof cluster>) =>
  dynamic(settings).plan(cluster(hosts, guests, rest));
const three = ['a', 'b', 'c'].map((id) => host(id));
/** 90 %, 30 % by two guests, and 40 % by one. */
const guests = [
  whole('big', 'a', 0.4),
  whole('mid', 'a', 0.3),
  whole('small', 'a', 0.2),
  whole('b1', 'b', 0.15),
  whole('b2', 'b', 0.15),
  whole('c1', 'c', 0.4),
];

describe('a policy of a transfer and a placement that know nothing of each other (W8)', () => {
  test.each([
    ['the largest to the lightest', { transfer: hot, placement: toLightest }, ['big a→b']],
    [
      'the smallest to the lightest',
      { transfer: whenOverloaded({ heavy: percent(70), guest: 'smallest' }), placement: toLightest },
      ['small a→b'],
    ],
    ['the largest to the one with fewest guests', { transfer: hot, placement: toFewest }, ['big a→c']],
    [
      'the largest to the fullest that it fits',
      { transfer: hot, placement: toTightest({ upTo: percent(75) }) },
      ['big a→b'],
    ],
    ['above the average by a fifth', { transfer: whenUneven(), placement: toFewest }, ['big a→c']],
    [
      'none, as nobody is that far above the average',
      { transfer: whenUneven({ above: 1 }), placement: toLightest },
      [],
    ],
  ] as const)('%s', (_, settings, moves) => {
    expect(movesOf(plan(settings, three, guests))).toEqual(moves);
  });

  test('no host that can take it: every one is passed over with its reason', () => {
    const { moves, passedOver } = plan({ transfer: hot, placement: toTightest({ upTo: percent(45) }) }, three, guests);
    expect(moves).toEqual([]);
    expect(
      passedOver.filter(({ subject }) => subject.kind === 'guest' && subject.id === 'big').map(({ to }) => to),
    ).toEqual(['c', 'b']);
  });

  test('a host of which a guest is not measured takes no part', () => {
    const { moves, passedOver } = plan({ transfer: hot, placement: toLightest }, three, [
      ...guests,
      whole('dark', 'b'),
    ]);
    expect(movesOf({ moves })).toEqual(['big a→c']);
    expect(passedOver[0]).toMatchObject({ subject: { id: 'b' }, because: [{ kind: 'unknown' }] });
  });

  test('a guest in flight counts where it goes', () => {
    const rest = { migrations: [migration('big', 'a', 'b')] };
    expect(movesOf(plan({ transfer: hot, placement: toLightest }, three, guests, rest))).toEqual([]);
  });

  test('a move that does not lower the larger of the two loads is not made, so one large guest is not sent to and fro', () => {
    const swap = [whole('x', 'a', 0.9)];
    expect(movesOf(plan({ transfer: hot, placement: toLightest }, three, swap))).toEqual([]);
  });

  test.each([
    [{ transfer: {}, placement: toLightest }, 'dynamic.transfer: must be a transfer policy'],
    [{ transfer: hot, placement: {} }, 'dynamic.placement: must be a placement policy'],
  ])('settings are refused with their path', (settings, message) => {
    expect(() => dynamic(settings as never)).toThrow(message);
  });

  test.each([
    ['overloaded, to the lightest', dynamic({ transfer: hot, placement: toLightest })],
    ['overloaded, to the fewest', dynamic({ transfer: hot, placement: toFewest })],
    ['uneven, to the tightest', dynamic({ transfer: whenUneven(), placement: toTightest({ upTo: 0.8 }) })],
  ])('%s keeps the laws of policies', (_, policy) => {
    const lessDataNoMoreMoves =
      'a host that falls silent is no destination any more, and its load is not in the average';
    fc.assert(
      fc.property(clusters({ watch: policy.watch }), (state) => expectLawful(policy, state, { lessDataNoMoreMoves })),
      { numRuns: 60 },
    );
  });
});
