/** Rules that must hold or cannot, consolidation, and what a move costs, as other balancers know them. */
import { describe, expect, test } from 'vitest';
import { geometric, precopy, type MoveFacts } from '../../src/estimators/index.js';
import {
  type Cluster,
  explainPlan,
  gbps,
  gibibytes,
  gigahertz,
  guestMemory,
  hours,
  lookup,
  mbps,
  nothing,
  type ObservedGuest,
  type ObservedHost,
  percent,
  type Proposal,
} from '../../src/model/index.js';
import {
  consolidate,
  definePolicy,
  evacuate,
  even,
  feasibility,
  type Feasibility,
  feasible,
  firstOf,
  gated,
  inTurn,
  memoryGranted,
  mend,
  netMoves,
  paysOff,
  powerAdvice,
  relieve,
  vcpusGranted,
} from '../../src/policies/index.js';
import { applied } from '../../src/testing/index.js';
import { cluster, guest, host, movesOf, whole } from '../policies/build.js';
import { decided } from './ways.js';

const sized = (id: string, memory: number, changes: Parameters<typeof host>[1] = {}): ObservedHost =>
  host(id, { memory: { total: gibibytes(memory), reserved: 0 }, ...changes });
const gib = (id: string, on: string, memory: number, changes: Parameters<typeof guest>[3] = {}): ObservedGuest =>
  guest(id, on, 0.1, { memory: gibibytes(memory), ...changes });

describe('consolidation and power', () => {
  const quiet = (id: string): ObservedHost =>
    host(id, {
      signals: { low: { holds: true, held: hours(1), value: 0.1 }, high: { holds: false, held: 0, value: 0.1 } },
    });

  test('D1: the guest of the less busy host joins the other, and the empty host may be switched off', () => {
    const state = cluster([quiet('a'), quiet('b')], [whole('x', 'a', 0.1), whole('y', 'b', 0.3)]);
    expect(decided(consolidate(), state)).toEqual(['x a→b']);
    expect(powerAdvice(consolidate().plan(applied(state, consolidate().plan(state)))).off).toEqual(['a']);
  });

  describe('D2: round trips', () => {
    const ten = (id: string): ObservedHost =>
      host(id, { cpu: { clock: gigahertz(2), cores: 10, threads: 10, architecture: 'x86_64' } });
    const state = cluster(
      [ten('n0'), ten('n1')],
      [1, 2, 4, 8].map((vcpus) => guest(`v${vcpus}`, 'n0', 1, { vcpus })),
    );
    const offload = relieve({ resource: vcpusGranted, above: 1, leaving: 'smallest' });

    test('D2: of 15 vCPUs on ten, one, two and four leave', () => {
      expect(decided(offload, state)).toEqual(['v1 n0→n1', 'v2 n0→n1', 'v4 n0→n1']);
    });

    test('D2: what a second policy returns does not move at all', () => {
      const giveBack = definePolicy({
        name: 'give back',
        watch: {},
        plan: ({ guests }) => ({
          ...nothing(),
          moves: guests
            .filter(({ id, host: on }) => on === 'n1' && id !== 'v4')
            .map(({ id }): Proposal => ({ guest: id, from: 'n1', to: 'n0', because: [] })),
        }),
      });
      expect(movesOf(inTurn(offload, giveBack).plan(state))).toEqual(['v4 n0→n1']);
    });

    test('D2: the net of moves: there and back is none, there and further is one', () => {
      const step = (guestId: string, from: string, to: string): Proposal => ({ guest: guestId, from, to, because: [] });
      const moves = [
        step('x', 'a', 'b'),
        step('y', 'a', 'b'),
        step('x', 'b', 'c'),
        step('y', 'b', 'a'),
        step('z', 'c', 'a'),
      ];
      expect(movesOf({ moves: netMoves(moves) })).toEqual(['x a→c', 'z c→a']);
      expect(netMoves(netMoves(moves))).toEqual(netMoves(moves));
    });
  });

  test.each([
    ['(a) of two free hosts that are on one may be switched off', [quiet('b'), quiet('c')], ['c'], []],
    [
      '(b) with none free and two off, either is wanted',
      [host('b', { state: 'off' }), host('c', { state: 'off' })],
      [],
      ['b', 'c'],
    ],
  ] as const)('D5 %s', (_, others, off, on) => {
    const state = cluster([quiet('a'), ...others], [whole('x', 'a', 0.5)]);
    expect(powerAdvice(consolidate({ spare: 1 }).plan(state))).toEqual({ off, on });
  });
});

describe('rules that are broken', () => {
  const rivals = { apart: ['db'] };

  test('E1: of two to keep apart on one host exactly one moves, the cheaper', () => {
    const state = cluster([host('a'), host('b')], [gib('x', 'a', 2, rivals), gib('y', 'a', 1, rivals)]);
    expect(decided(mend(), state)).toEqual(['y a→b']);
    expect(explainPlan(mend().plan(state))).toContain('y guests of the apart-group db beside it (x) 1 above 0');
    expect(decided(mend(), applied(state, mend().plan(state)))).toEqual([]);
  });

  test('E1 (variation): of three on one host two move, to two hosts', () => {
    const state = cluster(
      ['a', 'b', 'c'].map((id) => host(id)),
      ['x', 'y', 'z'].map((id) => gib(id, 'a', 1, rivals)),
    );
    const moves = decided(mend(), state);
    expect(moves).toHaveLength(2);
    expect(new Set(moves.map((move) => move.slice(-1)))).toEqual(new Set(['b', 'c']));
  });

  test('E1 (variation): a torn group comes together by the cheaper half, a misplaced guest goes where it is pinned', () => {
    const pair = { together: ['pair'] };
    const torn = cluster([host('a'), host('b')], [gib('x', 'a', 4, pair), gib('y', 'b', 1, pair)]);
    expect(decided(mend(), torn)).toEqual(['y b→a']);
    const misplaced = cluster([host('a'), host('b'), host('c')], [gib('x', 'a', 1, { pins: ['c'] }), gib('y', 'a', 1)]);
    expect(decided(mend(), misplaced)).toEqual(['x a→c']);
  });

  test('E8: memory fits, but the local storage has 50 GB free for a disk of 100 GB', () => {
    const disk = (id: string, free: number): ObservedHost =>
      host(id, { storage: [{ id: 'disk', access: 'local', free: gibibytes(free) }] });
    const state = cluster(
      [disk('a', 10), disk('b', 50)],
      ['x', 'y'].map((id) => whole(id, 'a', 0.45, { image: { storage: 'disk', size: gibibytes(100) } })),
    );
    for (const policy of [relieve({ above: percent(76.5) }), even({ above: 0 })])
      expect(decided(policy, state)).toEqual([]);
  });
});

describe('E6: rules that cannot be kept', () => {
  const two = [sized('a', 64), sized('b', 64)];
  const group = (kind: 'apart' | 'together', ...names: readonly string[]): Partial<ObservedGuest> => ({
    [kind]: names,
  });
  const clashing = (state: Cluster): readonly string[] | Feasibility['kind'] => {
    const verdict = feasibility(state);
    return verdict.kind === 'infeasible' ? verdict.clashing.map(({ kind }) => kind) : verdict.kind;
  };
  const whatever = firstOf(
    evacuate(),
    mend(),
    relieve({ above: percent(50) }),
    even({ above: 0, of: [{ resource: memoryGranted }] }),
  );

  const cases: readonly (readonly [string, Cluster, readonly string[]])[] = [
    [
      'three to keep apart on two hosts',
      cluster(
        two,
        ['x', 'y', 'z'].map((id) => gib(id, 'a', 1, group('apart', 'db'))),
      ),
      ['apart'],
    ],
    [
      'three of 24 GB together on hosts of 64 GB',
      cluster(
        two,
        ['x', 'y', 'z'].map((id, i) => gib(id, i < 2 ? 'a' : 'b', 24, group('together', 'app'))),
      ),
      ['together', 'memory'],
    ],
    [
      'a with b, b with c, a not with c',
      cluster(two, [
        gib('x', 'a', 8, { together: ['ab'], apart: ['ac'] }),
        gib('y', 'a', 8, { together: ['ab', 'bc'] }),
        gib('z', 'b', 8, { together: ['bc'], apart: ['ac'] }),
      ]),
      ['together', 'together', 'apart'],
    ],
    [
      'three of 24 GB on two hosts of 32 GB',
      cluster(
        [sized('a', 32), sized('b', 32), sized('c', 32, { state: 'draining' })],
        ['a', 'b', 'c'].map((on) => gib(`v-${on}`, on, 24)),
      ),
      ['state', 'memory'],
    ],
    [
      'all hosts in maintenance',
      cluster(
        ['a', 'b'].map((id) => sized(id, 64, { state: 'draining' })),
        [gib('x', 'a', 1)],
      ),
      ['state', 'state'],
    ],
    [
      'a guest that may not move, on a host in maintenance',
      cluster(
        [sized('a', 64), sized('b', 64, { state: 'draining' })],
        [gib('x', 'b', 8, { migratable: false }), gib('y', 'a', 8)],
      ),
      ['fixed', 'state'],
    ],
    [
      'a guest pinned to a host in maintenance (variation)',
      cluster([sized('a', 64), sized('b', 64, { state: 'draining' })], [gib('x', 'a', 8, { pins: ['b'] })]),
      ['pins', 'state'],
    ],
    [
      'two that go together, pinned to different hosts (variation)',
      cluster(two, [
        gib('x', 'a', 1, { pins: ['a'], together: ['pair'] }),
        gib('y', 'b', 1, { pins: ['b'], together: ['pair'] }),
      ]),
      ['together', 'pins', 'pins'],
    ],
    [
      'more memory than there is (variation)',
      cluster([sized('a', 8), sized('b', 8)], [gib('x', 'a', 8), gib('y', 'a', 8), gib('z', 'b', 8)]),
      ['memory'],
    ],
    [
      'a device that only a failing host has (variation)',
      cluster(
        [sized('a', 64, { devices: ['gpu'], state: 'failing' }), sized('b', 64)],
        [gib('x', 'a', 1, { devices: ['gpu'] })],
      ),
      ['needs', 'state'],
    ],
  ];

  test.each(cases)('E6: %s: the rules that clash are named, and there is no partial plan', (_, state, kinds) => {
    expect(clashing(state)).toEqual(kinds);
    const plan = gated(whatever, feasible()).plan(state);
    expect(plan.moves).toEqual([]);
    expect(explainPlan(plan)).toMatch(/placements that keep all of: .* 0 not at least 1/);
  });

  test.each(cases)('E6: %s: with any one of those rules lifted there is a placement', (_, state) => {
    const verdict = feasibility(state);
    if (verdict.kind !== 'infeasible') throw new Error('infeasible');
    expect(verdict.least).toBe(true);
    for (const rule of verdict.clashing) {
      const lifted: Cluster = {
        ...state,
        hosts: state.hosts.map((one) => ({
          ...one,
          state: rule.kind === 'state' && rule.host === one.id ? 'active' : one.state,
          memory: rule.kind === 'memory' ? { total: gibibytes(10_000), reserved: 0 } : one.memory,
        })),
        guests: state.guests.map((one) => ({
          ...one,
          apart: rule.kind === 'apart' ? one.apart.filter((name) => name !== rule.group) : one.apart,
          together: rule.kind === 'together' ? one.together.filter((name) => name !== rule.group) : one.together,
          pins: rule.kind === 'pins' && rule.guest === one.id ? [] : one.pins,
          migratable: rule.kind === 'fixed' && rule.guest === one.id ? true : one.migratable,
          devices: rule.kind === 'needs' && rule.guest === one.id ? [] : one.devices,
        })),
      };
      expect(feasibility(lifted).kind).toBe('feasible');
    }
  });

  test('E6: what can be kept is planned', () => {
    const state = cluster(
      two,
      ['x', 'y'].map((id) => gib(id, 'a', 1, group('apart', 'db'))),
    );
    expect(clashing(state)).toBe('feasible');
    expect(decided(gated(mend(), feasible()), state)).toEqual(['x a→b']);
  });

  test('E6: a search that is given up says so, and nothing is planned', () => {
    const state = cluster(
      two,
      ['x', 'y'].map((id) => gib(id, 'a', 1, group('apart', 'db'))),
    );
    expect(feasibility(state, { steps: 1 })).toEqual({ kind: 'undecided' });
    expect(gated(mend(), feasible({ steps: 1 })).plan(state).moves).toEqual([]);
  });

  test('E6: memory of a placement that was found suffices on every host', () => {
    const state = cluster(
      two,
      ['x', 'y', 'z'].map((id) => gib(id, 'a', 20)),
    );
    expect(feasibility(state).kind).toBe('feasible');
    expect(state.hosts.every((one) => guestMemory(one) >= 0 && lookup(state).host(one.id) !== undefined)).toBe(true);
  });
});

describe('what a move takes', () => {
  const megabytes = (n: number): number => n * 1e6;
  /** A gigabit that carries a ninth of its bits as bytes of the guest. */
  const facts = (memory: number, dirty: number, bandwidth = gbps(1) * (8 / 9)): MoveFacts => ({
    memory: megabytes(memory),
    demand: { kind: 'sampled', rate: megabytes(dirty), window: 1000 },
    bandwidth,
  });

  test.each([
    [6000, 23.6, 69],
    [8000, 22.6, 91],
    [2000, 0.001, 18],
  ])('F4: %d MB of which %d MB/s change take %d s', (memory, dirty, expected) => {
    const estimate = geometric()(facts(memory, dirty));
    if (!('duration' in estimate)) throw new Error(estimate.convergence);
    expect(estimate.duration / 1000 / expected).toBeGreaterThan(0.97);
    expect(estimate.duration / 1000 / expected).toBeLessThan(1.03);
  });

  test('F5: at 100 Mbit/s it never ends, and so is never the cheapest', () => {
    const never = facts(6000, 23.6, mbps(100) * (8 / 9));
    for (const estimator of [geometric(), precopy()]) expect(estimator(never).convergence).toBe('never');
    const state = cluster(
      [
        host('a', { signals: { busy: { holds: true, held: hours(1), value: 1 } } }),
        host('b', { networks: [{ role: 'migration', link: 'net', bandwidth: mbps(100) }] }),
      ],
      ['x', 'y'].map((id) =>
        whole(id, 'a', 0.5, {
          signals: { cpu: 0.5, dirty: { rate: megabytes(23.6), window: 1000 }, used: gibibytes(1) },
        }),
      ),
    );
    expect(decided(relieve({ above: 0.8 }), state)).toEqual(['x a→b']);
    expect(decided(paysOff(relieve({ above: 0.8 }), precopy()), state)).toEqual([]);
  });
});
