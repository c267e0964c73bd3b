/** What all combinators have in common: their names tell of what they are made, and each part sees its own signals. */
import { describe, expect, test } from 'vitest';
import { precopy } from '../../../src/estimators/index.js';
import { type AnySignal, average, cpu, level } from '../../../src/metrics/index.js';
import { type Cluster, compare, minutes, type Proposal, wholeCluster } from '../../../src/model/index.js';
import {
  allOf,
  canary,
  constrained,
  damped,
  definePolicy,
  during,
  everythingKnown,
  firstOf,
  gated,
  held,
  inTurn,
  limited,
  onlyFor,
  paysOff,
  type Policy,
  shadow,
} from '../../../src/policies/index.js';
import { cluster, guest, host, movesOf, whole } from '../build.js';
import { tellReason, toldPassed } from '../told.js';

const named = (name: string): Policy => definePolicy({ name, watch: {}, plan: () => ({ moves: [], passedOver: [] }) });
const [x, y] = [named('x'), named('y')];

test.each<[string, () => Policy]>([
  ['allOf(x, y)', () => allOf(x, y)],
  ['firstOf(x, y)', () => firstOf(x, y)],
  ['inTurn(x, y)', () => inTurn(x, y)],
  ['gated(x, everythingKnown)', () => gated(x, everythingKnown())],
  ['constrained(x)', () => constrained(x, [])],
  ['damped(x)', () => damped(x, { guest: minutes(1) })],
  ['limited(x)', () => limited(x, { moves: 1 })],
  ['onlyFor(x)', () => onlyFor(x, {})],
  ['during(x)', () => during(x, { from: 0, to: 0 })],
  ['held(x, 3)', () => held(x, { rounds: 3 })],
  ['canary(x, y)', () => canary(x, y, { share: 0.5 })],
  ['shadow(x, y)', () => shadow(x, y)],
  ['paysOff(x)', () => paysOff(x, precopy())],
])('%s is called so', (name, made) => {
  expect(made().name).toBe(name);
});

describe('each part sees what it asked for, though another one asked for something else under the same name', () => {
  const move = (id: string, to: string): Proposal => ({ guest: id, from: 'a', to, because: [] });
  /** Moves `id` where its own `cpu` signal reads 1. */
  const wants = (id: string, to: string, signal: AnySignal<number> = level(cpu)): Policy =>
    definePolicy({
      name: `wants ${id}`,
      watch: { guest: { cpu: signal } },
      plan: ({ guests }) => ({
        moves: guests.some((one) => one.id === id && one.signals.cpu === 1) ? [move(id, to)] : [],
        passedOver: [],
      }),
    });
  const smooth = average(cpu, { of: 3 });
  const first = wants('p', 'b');
  const second = wants('q', 'c', smooth);
  /** Of p the latest reading is 1, of q the average is. */
  const state = (of: Policy): Cluster => {
    const names = Object.keys(of.watch.guest ?? {});
    const [plain, other] = [names[0] ?? '', names[1] ?? ''];
    return cluster(
      [host('a'), host('b'), host('c')],
      [
        guest('p', 'a', undefined, { signals: { [plain]: 1, [other]: 0 } }),
        guest('q', 'a', undefined, { signals: { [plain]: 0, [other]: 1 } }),
      ],
    );
  };

  test.each<[string, () => Policy, readonly string[]]>([
    ['allOf', () => allOf(first, second), ['p a→b', 'q a→c']],
    ['inTurn', () => inTurn(first, second), ['p a→b', 'q a→c']],
    ['firstOf', () => firstOf(wants('q', 'b'), second), ['q a→c']],
    ['shadow', () => shadow(first, second), ['p a→b']],
    ['canary, all on trial', () => canary(first, second, { share: 1 }), ['p a→b']],
    ['canary, none on trial', () => canary(first, second, { share: 0 }), ['q a→c']],
  ])('%s', (_, made, moves) => {
    const policy = made();
    expect(movesOf(policy.plan(state(policy)))).toEqual(moves);
  });

  test('the policy beside the one in force is shown its own readings as well', () => {
    const policy = shadow(first, second);
    expect(toldPassed(policy.plan(state(policy)))).toEqual([
      'cluster: ✗ [shadow.wants q] the cluster moves that wants q proposes too 0 not equal to 2',
      'guest q not to c: ✗ [shadow.wants q] q wants q proposes q: a → c, of which there is none',
    ]);
  });

  test('a gate sees its own, and so does the policy behind it', () => {
    const gate = {
      name: 'busy',
      watch: { guest: { cpu: smooth } },
      judge: ({
        guests,
      }: {
        readonly guests: readonly { readonly signals: { readonly cpu?: number | undefined } }[];
      }) => [
        compare({
          rule: 'busy',
          subject: wholeCluster,
          measure: 'guests',
          value: guests.filter(({ signals }) => signals.cpu === 1).length,
          relation: 'equal to',
          limit: 1,
          unit: 'count',
        }),
      ],
    };
    const policy = gated(first, gate);
    const both = state(policy);
    expect(movesOf(policy.plan(both))).toEqual(['p a→b']);
    const names = Object.keys(policy.watch.guest ?? {});
    const none = { ...both, guests: both.guests.map((one) => ({ ...one, signals: { [names[0] ?? '']: 1 } })) };
    expect(toldPassed(policy.plan(none))).toEqual(['cluster: ✗ [busy] the cluster guests 0 not equal to 1']);
  });

  test('paysOff weighs by its own readings', () => {
    const policy = paysOff(wants('p', 'b', smooth), precopy());
    expect(Object.keys(policy.watch.guest ?? {})).toEqual(['cpu', 'cpu (2)', 'dirty', 'used']);
    const bare = cluster(
      [host('a', { signals: { cpu: 1 } }), host('b', { signals: { cpu: 0 } })],
      [guest('p', 'a', undefined, { signals: { cpu: 1 } })],
    );
    expect(toldPassed(policy.plan(bare))).toEqual(['guest p not to b: ✗ [paysOff] p cpu not measured']);
  });
});

describe('the gate of what is known', () => {
  const unseen = { knowledge: { kind: 'unseen' } } as const;

  test('it names every host and guest that is not, but for hosts that take no part', () => {
    const state = cluster(
      [host('a', unseen), host('b', { ...unseen, state: 'off' }), host('c')],
      [whole('p', 'c', 0.1, unseen), whole('q', 'c', 0.1)],
    );
    const gate = everythingKnown();
    expect(gate.judge(state).map(tellReason)).toEqual([
      '✗ [everythingKnown] a samples never seen',
      '✗ [everythingKnown] p samples never seen',
    ]);
    expect([gate.name, gate.watch]).toEqual(['everythingKnown', {}]);
  });

  test('it is open where all is known', () => {
    expect(everythingKnown().judge(cluster([host('a')], [whole('p', 'a')]))).toEqual([]);
  });
});
