import { describe, expect, test } from 'vitest';
import { type Cluster, gibibytes, type HostState, type ObservedHost, sayReason } from '../../src/model/index.js';
import { evacuate } from '../../src/policies/index.js';
import { cluster, guest, host, movesOf, whole } from './build.js';

const leaving = (id: string, state: HostState = 'draining'): ObservedHost => host(id, { state });
const sized = (id: string, gib: number): ObservedHost =>
  host(id, { memory: { total: gibibytes(gib + 1), reserved: gibibytes(1) } });

const moves = (state: Cluster, settings = {}): readonly string[] => movesOf(evacuate(settings).plan(state));

describe('evacuate (W19)', () => {
  test.each(['draining', 'failing'] as const)('all guests leave a host that is %s', (state) => {
    expect(moves(cluster([leaving('a', state), host('b')], [guest('x', 'a', 0.5), guest('y', 'a', 0.5)]))).toEqual([
      'x a→b',
      'y a→b',
    ]);
  });

  test('guests of active hosts stay', () => {
    expect(moves(cluster([host('a'), host('b')], [whole('x', 'a', 1), whole('y', 'a', 1)]))).toEqual([]);
  });

  test('failing hosts come before draining ones, large guests before small ones', () => {
    const state = cluster(
      [leaving('a'), leaving('b', 'failing'), host('c')],
      [guest('a1', 'a', 0.1), guest('b1', 'b', 0.1), guest('b2', 'b', 0.1, { memory: gibibytes(2) })],
    );
    expect(moves(state)).toEqual(['b2 b→c', 'b1 b→c', 'a1 a→c']);
  });

  test('each goes where it fits best: least memory to spare afterwards', () => {
    const state = cluster(
      [leaving('a'), sized('b', 16), sized('c', 4), sized('d', 2)],
      [guest('x', 'a', 0.1, { memory: gibibytes(3) })],
    );
    const { moves: planned, passedOver } = evacuate().plan(state);
    expect(movesOf({ moves: planned })).toEqual(['x a→c']);
    expect(passedOver.map(({ to, because }) => [to, because.map((reason) => sayReason(reason))])).toEqual([
      ['d', ['d memory 2.0 GiB free, 3.0 GiB needed']],
      ['b', ['b memory to spare afterwards 81.3 % not below 25.0 %']],
    ]);
  });

  test('but not where processors would be wanted beyond the limit', () => {
    const state = cluster([leaving('a'), sized('b', 16), sized('c', 4)], [whole('x', 'a', 0.5), whole('c1', 'c', 0.6)]);
    expect(moves(state)).toEqual(['x a→b']);
  });

  test('unless there is no other: a loaded host is better than a failing one', () => {
    const state = cluster(
      [leaving('a', 'failing'), host('b'), host('c')],
      [whole('x', 'a', 0.8), whole('b1', 'b', 0.7), whole('c1', 'c', 0.6)],
    );
    expect(moves(state)).toEqual(['x a→c']);
  });

  test('a guest without a reading counts as wanting all that it has (H7)', () => {
    const state = cluster([leaving('a'), sized('b', 16), sized('c', 4)], [whole('x', 'a'), whole('c1', 'c', 0.1)]);
    expect(moves(state)).toEqual(['x a→b']);
  });

  test('guests that stand together leave together, to a host that takes them all', () => {
    const pair = ['x', 'y'].map((id) => guest(id, 'a', 0.1, { together: ['shop'], memory: gibibytes(3) }));
    expect(moves(cluster([leaving('a'), sized('b', 4), sized('c', 8)], pair))).toEqual(['x a→c', 'y a→c']);
    expect(moves(cluster([leaving('a'), sized('b', 4), sized('c', 5)], pair))).toEqual([]);
  });

  test('guests to keep apart leave for different hosts', () => {
    const rivals = ['x', 'y'].map((id) => guest(id, 'a', 0.1, { apart: ['db'] }));
    expect(moves(cluster([leaving('a'), host('b'), host('c')], rivals))).toEqual(['x a→b', 'y a→c']);
  });

  test('what can go nowhere is named with the reason', () => {
    const state = cluster([leaving('a'), host('b')], [guest('x', 'a', 0.1, { pins: ['a'] })]);
    const { passedOver } = evacuate().plan(state);
    expect(passedOver.map(({ to, because }) => [to, because.map((reason) => sayReason(reason))])).toEqual([
      ['b', ['x pinned host b, not a']],
      [undefined, ['a hosts that can take it 0 not at least 1']],
    ]);
  });

  test('a failing host may be silent itself', () => {
    const silent = host('a', { state: 'failing', knowledge: { kind: 'unseen' } });
    expect(moves(cluster([silent, host('b')], [guest('x', 'a', 0.1)]))).toEqual(['x a→b']);
  });

  test('the order says why: the state, the room', () => {
    const [move] = evacuate().plan(cluster([leaving('a'), host('b')], [guest('x', 'a', 0.4)])).moves;
    expect(move?.because.map((reason) => sayReason(reason))).toEqual([
      'a state draining among failing, draining',
      'b cpu afterwards 10 % at most 95 %',
      'b architecture x86_64',
      'b cores 4 at least 1',
      'b storage shared',
      'b memory 16.0 GiB free, 1.0 GiB needed',
    ]);
  });
});

test('settings are checked by name', () => {
  expect(() => evacuate({ cpu: 95 })).toThrow(/^evacuate\.cpu: /);
});
