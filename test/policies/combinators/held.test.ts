import { describe, expect, test } from 'vitest';
import { type AnySignal, cpu, foldSignal, level } from '../../../src/metrics/index.js';
import type { Cluster, ObservedGuest, Proposal } from '../../../src/model/index.js';
import { definePolicy, held, type Holding, inTurn, netMoves, type Policy } from '../../../src/policies/index.js';
import { cluster, guest, host, movesOf } from '../build.js';
import { toldMoves, toldPassed } from '../told.js';

const move = (id: string, from: string, to: string): Proposal => ({ guest: id, from, to, because: [] });

/** Sends away every guest that is busy, to c. */
const busyOnesLeave: Policy = definePolicy({
  name: 'busy ones leave',
  watch: { guest: { cpu: level(cpu) } },
  plan: ({ guests }) => ({
    moves: guests.filter(({ signals }) => signals.cpu === 1).map(({ id, host: from }) => move(id, from, 'c')),
    passedOver: [],
  }),
});
const read = (id: string, on: string, ...values: readonly (number | undefined)[]): ObservedGuest =>
  guest(id, on, undefined, { signals: { cpu: values } });
const hosts = ['a', 'b', 'c'].map((id) => host(id));
const state = (...guests: readonly ObservedGuest[]): Cluster => cluster(hosts, guests);
const moves = (holding: Holding, ...guests: readonly ObservedGuest[]): readonly string[] =>
  movesOf(held(busyOnesLeave, holding).plan(state(...guests)));

describe('a policy that must ask for some rounds in a row', () => {
  test('what it asks for in every one of them is done, and says how often it was asked for', () => {
    const plan = held(busyOnesLeave, { rounds: 3 }).plan(state(read('x', 'a', 1, 1, 1), read('y', 'b', 1, 0, 1)));
    expect(toldMoves(plan)[0]).toBe('x a→c: [held] a rounds in which a guest was to leave it 3 at least 3');
    expect(toldPassed(plan)).toEqual([
      'guest y not to c: ✗ [held] b rounds in which a guest was to leave it 2 not at least 3',
    ]);
  });

  test('by its source: another guest of the same host will do, one of another host will not', () => {
    expect(moves({ rounds: 2 }, read('x', 'a', 1, 0), read('y', 'a', 0, 1))).toEqual(['y a→c']);
    expect(moves({ rounds: 2 }, read('x', 'b', 1, 0), read('y', 'a', 0, 1))).toEqual([]);
  });

  test('by anything: any move will do, none will not', () => {
    const any = { rounds: 2, same: 'anything' } as const;
    expect(moves(any, read('x', 'b', 1, 0), read('y', 'a', 0, 1))).toEqual(['y a→c']);
    expect(moves(any, read('x', 'b', 0, 0), read('y', 'a', 0, 1))).toEqual([]);
    expect(toldMoves(held(busyOnesLeave, any).plan(state(read('y', 'a', 1, 1))))).toEqual([
      'y a→c: [held] the cluster rounds in which a guest was to move 2 at least 2',
      'y a→c: [memory] c memory 16.0 GiB free, 1.0 GiB needed',
    ]);
  });

  test('of one round it asks at once; what it asked for before and not now is not done', () => {
    expect(moves({ rounds: 1 }, read('x', 'a', 1))).toEqual(['x a→c']);
    expect(moves({ rounds: 2 }, read('x', 'a', 1, 0))).toEqual([]);
    expect(moves({ rounds: 2 }, guest('x', 'a', undefined))).toEqual([]);
  });

  test('hosts’ readings are recalled as well', () => {
    const hot: Policy = definePolicy({
      name: 'hot',
      watch: { host: { cpu: level(cpu) } },
      plan: (at) => ({
        moves: at.hosts.some(({ signals }) => signals.cpu === 1) ? [move('x', 'a', 'b')] : [],
        passedOver: [],
      }),
    });
    const at = (...values: readonly number[]): readonly string[] =>
      movesOf(
        held(hot, { rounds: 2 }).plan(cluster([host('a', { signals: { cpu: values } }), host('b')], [guest('x', 'a')])),
      );
    expect(at(1, 1)).toEqual(['x a→b']);
    expect(at(0, 1)).toEqual([]);
  });
});

describe('what is folded for it', () => {
  const folded = (): readonly [string, AnySignal] | undefined =>
    Object.entries(held(busyOnesLeave, { rounds: 3 }).watch.guest ?? {})[0];
  const after = (...values: readonly (number | undefined)[]): unknown => {
    const [, signal] = folded() ?? [];
    const samples = values.map((used, i) => ({
      kind: 'guest' as const,
      id: 'x',
      at: i,
      ...(used === undefined ? {} : { cpu: { used } }),
    }));
    return signal && foldSignal(signal, samples);
  };

  test('the last readings, oldest first, as soon as there are as many', () => {
    const [name, signal] = folded() ?? [];
    expect([name, signal?.name]).toEqual(['cpu', `recalled(${level(cpu).name}, of 3)`]);
    expect(after(0.1, 0.2)).toBeUndefined();
    expect(after(0.1, 0.2, 0.3)).toEqual([0.1, 0.2, 0.3]);
    expect(after(0.1, 0.2, 0.3, 0.4, 0.5)).toEqual([0.3, 0.4, 0.5]);
  });

  test('nothing of hosts where nothing was asked for', () => {
    expect(held(busyOnesLeave, { rounds: 3 }).watch.host).toEqual({});
  });

  test.each<[unknown, string]>([
    [{ rounds: 0 }, 'held.rounds: Too small: expected number to be >=1'],
    [{ rounds: 2, same: 'guest' }, 'held.same: Invalid option: expected one of "source"|"anything"'],
  ])('%j is refused', (holding, message) => {
    // Settings from outside have no type.
    expect(() => held(busyOnesLeave, holding as Holding)).toThrow(message);
  });
});

describe('policies in turn', () => {
  const plans = (name: string, plan: Policy['plan']): Policy => definePolicy({ name, watch: {}, plan });
  const says = (...proposals: readonly Proposal[]): Policy =>
    plans('says', () => ({ moves: proposals, passedOver: [{ subject: { kind: 'cluster' }, because: [] }] }));

  test('the net of moves: the last destination from the first source, and nothing of what comes home', () => {
    expect(movesOf({ moves: netMoves([move('x', 'a', 'b'), move('y', 'a', 'b'), move('x', 'b', 'c')]) })).toEqual([
      'y a→b',
      'x a→c',
    ]);
    expect(netMoves([move('x', 'a', 'b'), move('x', 'b', 'a')])).toEqual([]);
  });

  test('the next one finds guests where the one before sent them', () => {
    const seen: string[] = [];
    const looks = plans('looks', ({ guests, migrations }) => {
      seen.push(
        ...guests.map(({ id, host: on }) => `${id} on ${on}`),
        ...migrations.map(({ guest: id }) => `${id} going`),
      );
      return { moves: [], passedOver: [] };
    });
    inTurn(says(move('x', 'a', 'b')), looks).plan(state(guest('x', 'a'), guest('y', 'a')));
    expect(seen).toEqual(['x on b', 'y on a']);
  });

  test('or on their way there, where a reading would mean another thing at another clock', () => {
    const seen: string[] = [];
    const looks = plans('looks', ({ guests, migrations }) => {
      seen.push(
        ...guests.map(({ id, host: on }) => `${id} on ${on}`),
        ...migrations.map(({ guest: id, to }) => `${id} to ${to}`),
      );
      return { moves: [], passedOver: [] };
    });
    const fast = host('b', { cpu: { clock: 4e9, cores: 4, threads: 4, architecture: 'x86_64' } });
    inTurn(says(move('x', 'a', 'b')), looks).plan(cluster([host('a'), fast], [guest('x', 'a')]));
    expect(seen).toEqual(['x on a', 'x to b']);
  });

  test('what all passed over is kept, and what together would break a rule falls', () => {
    const rivals = { apart: ['db'] };
    const plan = inTurn(says(move('x', 'a', 'c')), says(move('y', 'b', 'c'))).plan(
      state(guest('x', 'a', 0.1, rivals), guest('y', 'b', 0.1, rivals)),
    );
    expect(movesOf(plan)).toEqual(['x a→c']);
    expect(plan.passedOver).toHaveLength(3);
    expect(toldPassed(plan)).toEqual([
      'guest y not to c: ✗ [apart] c guests of the apart-group db (x) 1 not at most 0',
    ]);
  });
});
