import { describe, expect, test } from 'vitest';
import { type Cluster, gibibytes, type HostState, type ObservedHost, sayReason } from '../../src/model/index.js';
import { cpu, level } from '../../src/metrics/index.js';
import { evacuate, type EvacuateSettings } from '../../src/policies/index.js';
import { cluster, guest, host, movesOf, whole } from './build.js';
import { toldMoves, toldPassed } from './told.js';

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

describe('what a plan of evacuation says', () => {
  const state = cluster(
    [leaving('a', 'failing'), host('b'), host('c'), host('s', { knowledge: { kind: 'unseen' } })],
    [whole('x', 'a', 0.5), whole('b1', 'b', 0.6), whole('c1', 'c', 0.9)],
  );

  test('by which rule each guest goes, and by which it does not go elsewhere', () => {
    const plan = evacuate().plan(state);
    expect(toldMoves(plan)).toEqual([
      'x a→b: [evacuate] a state failing among failing, draining',
      'x a→b: [evacuate.cpu] b cpu afterwards 110 % above 95 %',
      'x a→b: [architecture] b architecture x86_64',
      'x a→b: [cores] b cores 4 at least 4',
      'x a→b: [image] b storage shared',
      'x a→b: [memory] b memory 15.0 GiB free, 1.0 GiB needed',
    ]);
    expect(toldPassed(plan)).toEqual([
      'guest x not to s: ✗ [known] s samples never seen',
      'guest x not to c: ✗ [evacuate.cpu] c cpu afterwards 140 % not below 110 %',
    ]);
  });

  test('that a host is beyond the limit where another one is within it, and has more memory to spare where both are', () => {
    const within = cluster(
      [leaving('a'), host('b'), host('c'), sized('d', 4)],
      [whole('x', 'a', 0.5), whole('b1', 'b', 0.6), whole('c1', 'c', 0.4)],
    );
    expect(toldPassed(evacuate().plan(within))).toEqual([
      'guest x not to c: ✗ [evacuate.fit] c memory to spare afterwards 87.5 % not below 75.0 %',
      'guest x not to b: ✗ [evacuate.cpu] b cpu afterwards 110 % not at most 95 %',
    ]);
  });

  test('of guests that leave together only the one that may not go is named', () => {
    const pair = (id: string, changes = {}): ReturnType<typeof guest> =>
      guest(id, 'a', 0.1, { together: ['pair'], ...changes });
    const plan = evacuate().plan(cluster([leaving('a'), host('b')], [pair('x'), pair('y', { pins: ['a'] })]));
    expect(toldPassed(plan)).toEqual([
      'guest y not to b: ✗ [pins] y pinned host b, not a',
      'guest x: ✗ [evacuate] a hosts that can take it 0 not at least 1',
      'guest y: ✗ [evacuate] a hosts that can take it 0 not at least 1',
    ]);
  });

  test('a destination whose guests are not all known takes nobody, where constraints do not ask for that', () => {
    const silent = cluster(
      [leaving('a'), host('b')],
      [guest('x', 'a', 0.1), guest('y', 'b', 0.1, { knowledge: { kind: 'unseen' } })],
    );
    const plan = evacuate({ constraints: [] }).plan(silent);
    expect(plan.moves).toEqual([]);
    expect(toldPassed(plan)[0]).toBe('guest x not to b: ✗ [load evaluation] y samples never seen');
  });
});

describe('where each goes', () => {
  test('a host at the limit is within it', () => {
    const state = cluster([leaving('a'), sized('b', 8), host('c')], [whole('x', 'a', 0.5), whole('b1', 'b', 0.25)]);
    expect(moves(state, { cpu: 0.75 })).toEqual(['x a→b']);
    expect(moves(state, { cpu: 0.74 })).toEqual(['x a→c']);
  });

  test('of two that fit equally well the first by name, in whatever order they are listed', () => {
    const state = cluster([host('c'), host('b'), leaving('a')], [guest('x', 'a', 0.1)]);
    expect(moves(state)).toEqual(['x a→b']);
    const full = cluster(
      [host('c'), host('b'), leaving('a')],
      [whole('x', 'a', 1), whole('b1', 'b', 0.1), whole('c1', 'c', 0.1)],
    );
    expect(moves(full)).toEqual(['x a→b']);
  });

  test('of hosts that are left for one reason the first by name is left first, and of a host the first guest', () => {
    const state = cluster(
      [leaving('b'), leaving('a'), host('c')],
      [guest('z', 'a', 0.1), guest('y', 'a', 0.1), guest('x', 'b', 0.1)],
    );
    expect(moves(state)).toEqual(['y a→c', 'z a→c', 'x b→c']);
  });
});

describe('settings of evacuation', () => {
  test.each<[unknown, string]>([
    [{ cpu: 1.01 }, 'evacuate.cpu: Too big: expected number to be <=1'],
    [{ cpu: -0.01 }, 'evacuate.cpu: Too small: expected number to be >=0'],
    [
      { constraints: [null, 1] },
      'evacuate.constraints[0]: must be a constraint\nevacuate.constraints[1]: must be a constraint',
    ],
    [{ within: 1 }, 'evacuate.within: no such setting'],
  ])('%j are refused', (settings, message) => {
    let said = '';
    try {
      // Settings from outside have no type.
      evacuate(settings as EvacuateSettings);
    } catch (error) {
      said = error instanceof Error ? error.message : '';
    }
    expect(said).toBe(message);
  });

  test('it watches the processors of guests', () => {
    const { name, watch } = evacuate();
    expect([name, Object.keys(watch), watch.guest?.['cpu']?.name]).toEqual(['evacuate', ['guest'], level(cpu).name]);
  });
});
