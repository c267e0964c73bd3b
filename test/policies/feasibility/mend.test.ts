import { describe, expect, test } from 'vitest';
import { gibibytes, type ObservedGuest, type ObservedHost } from '../../../src/model/index.js';
import { cpu, level } from '../../../src/metrics/index.js';
import { mend, type MendSettings } from '../../../src/policies/index.js';
import { cluster, guest, host, migration, movesOf, whole } from '../build.js';
import { toldMoves, toldPassed } from '../told.js';

const sized = (id: string, memory: number): ObservedHost =>
  host(id, { memory: { total: gibibytes(memory), reserved: 0 } });
const gib = (id: string, on: string, memory: number, changes: Parameters<typeof guest>[3] = {}): ObservedGuest =>
  guest(id, on, 0.1, { memory: gibibytes(memory), ...changes });
const moves = (...given: Parameters<typeof cluster>): readonly string[] => movesOf(mend().plan(cluster(...given)));

const rivals = { apart: ['db'] };
const pair = { together: ['app'] };

describe('what a plan of mending says', () => {
  const state = cluster(
    [host('a'), host('b'), sized('c', 2)],
    [
      gib('x', 'a', 3, rivals),
      gib('y', 'a', 2, rivals),
      gib('p', 'b', 1, { pins: ['a', 'c'] }),
      gib('t1', 'a', 1, pair),
      gib('t2', 'b', 4, pair),
      gib('lost', 'nowhere', 1, { pins: ['a'] }),
      gib('stuck', 'c', 1, { pins: ['a'], migratable: false }),
    ],
  );

  test('of each move: the rule that is broken, the room, and what the constraints say', () => {
    expect(toldMoves(mend().plan(state))).toEqual([
      'p b→c: [mend.pins] p hosts among a, c that it stands on 0 below 1',
      'p b→c: [evacuate.cpu] c cpu afterwards 5 % at most 95 %',
      'p b→c: [pins] p pinned host c among a, c',
      'p b→c: [architecture] c architecture x86_64',
      'p b→c: [cores] c cores 4 at least 1',
      'p b→c: [image] c storage shared',
      'p b→c: [memory] c memory 1.0 GiB free, 1.0 GiB needed',
      't1 a→b: [mend.together] t1 guests of the together-group app elsewhere (t2) 1 above 0',
      't1 a→b: [evacuate.cpu] b cpu afterwards 5 % at most 95 %',
      't1 a→b: [architecture] b architecture x86_64',
      't1 a→b: [cores] b cores 4 at least 1',
      't1 a→b: [image] b storage shared',
      't1 a→b: [together] t1 guests of the together-group app at b, against those left at a 1 at least 0',
      't1 a→b: [memory] b memory 11.0 GiB free, 1.0 GiB needed',
      'y a→b: [mend.apart] y guests of the apart-group db beside it (x) 1 above 0',
      'y a→b: [evacuate.cpu] b cpu afterwards 7.5 % at most 95.0 %',
      'y a→b: [architecture] b architecture x86_64',
      'y a→b: [cores] b cores 4 at least 1',
      'y a→b: [image] b storage shared',
      'y a→b: [apart] b guests of the apart-group db 0 at most 0',
      'y a→b: [memory] b memory 10.0 GiB free, 2.0 GiB needed',
    ]);
  });

  test('of each guest that stands badly: where it cannot go, or that nobody knows where it stands', () => {
    expect(toldPassed(mend().plan(state))).toEqual([
      'guest lost: ✗ [mend] lost host nowhere, of which there is none',
      'guest p not to b: ✗ [elsewhere] p destination b, not one of a, c',
      'guest p not to b: ✗ [pins] p pinned host b, not one of a, c',
      'guest p not to a: ✗ [evacuate.fit] a memory to spare afterwards 56.3 % not below 0.0 %',
      'guest stuck not to a: ✗ [migratable] stuck migration forbidden, not allowed',
      'guest stuck not to b: ✗ [migratable] stuck migration forbidden, not allowed',
      'guest stuck not to b: ✗ [pins] stuck pinned host b, not a',
      'guest stuck not to c: ✗ [elsewhere] stuck destination c, not one of a, b',
      'guest stuck not to c: ✗ [migratable] stuck migration forbidden, not allowed',
      'guest stuck not to c: ✗ [pins] stuck pinned host c, not a',
      'guest stuck not to c: ✗ [memory] c memory 0.0 GiB free, 1.0 GiB needed',
      'guest stuck: ✗ [mend] c hosts that can take it 0 not at least 1',
      'guest t1 not to a: ✗ [elsewhere] t1 destination a, not one of b, c',
      'guest t1 not to c: ✗ [memory] c memory 0.0 GiB free, 1.0 GiB needed',
      'guest y not to a: ✗ [elsewhere] y destination a, not one of b, c',
      'guest y not to a: ✗ [apart] a guests of the apart-group db (x) 1 not at most 0',
      'guest y not to c: ✗ [memory] c memory 0.0 GiB free, 2.0 GiB needed',
    ]);
  });

  test('of rivals and companions all are named', () => {
    const three = ['x', 'y', 'z'].map((id) => gib(id, 'a', 1, rivals));
    expect(toldMoves(mend().plan(cluster([host('a'), host('b'), host('c')], three)))[0]).toBe(
      'x a→b: [mend.apart] x guests of the apart-group db beside it (y, z) 2 above 0',
    );
    const torn = ['x', 'y', 'z'].map((id) => gib(id, id === 'x' ? 'a' : 'b', 1, pair));
    expect(toldMoves(mend().plan(cluster([host('a'), host('b')], torn)))[0]).toBe(
      'x a→b: [mend.together] x guests of the together-group app elsewhere (y, z) 2 above 0',
    );
  });
});

describe('what is mended, and how', () => {
  const three = [host('a'), host('b'), host('c')];

  test('nothing where every guest stands well', () => {
    const plan = mend().plan(
      cluster(three, [gib('x', 'a', 1, rivals), gib('y', 'b', 1, rivals), gib('p', 'a', 1, { pins: ['a'] })]),
    );
    expect(plan).toEqual({ moves: [], passedOver: [] });
  });

  test('the smallest first, and of equals the first by name', () => {
    expect(moves(three, [gib('x', 'a', 2, rivals), gib('y', 'a', 1, rivals)])).toEqual(['y a→b']);
    expect(moves(three, [gib('y', 'a', 1, rivals), gib('x', 'a', 1, rivals)])).toEqual(['x a→b']);
  });

  test('a guest on its way counts where it goes: what it mends or breaks there is no more or already so', () => {
    const going = { migrations: [migration('x', 'a', 'b')] };
    expect(moves(three, [gib('x', 'a', 1, rivals), gib('y', 'a', 2, rivals)], going)).toEqual([]);
    expect(moves(three, [gib('x', 'a', 1, rivals), gib('y', 'b', 2, rivals)], going)).toEqual(['y b→c']);
    expect(moves(three, [gib('x', 'a', 1, { pins: ['b'] })], going)).toEqual([]);
    expect(moves(three, [gib('x', 'a', 1, pair), gib('y', 'b', 1, pair)], going)).toEqual([]);
  });

  test('of several groups the one that is broken is mended', () => {
    const both = { apart: ['cache', 'db'] };
    expect(moves(three, [gib('x', 'a', 1, both), gib('y', 'a', 2, rivals)])).toEqual(['x a→b']);
    expect(moves(three, [gib('x', 'a', 1, { together: ['web', 'app'] }), gib('y', 'c', 2, pair)])).toEqual(['x a→c']);
  });

  test('a torn group comes together where most memory need not move, and nowhere else', () => {
    const torn = [gib('x', 'a', 1, pair), gib('y', 'b', 4, pair)];
    expect(moves([host('a'), sized('b', 4), host('c')], torn)).toEqual(['y b→a']);
    expect(moves([sized('a', 4), sized('b', 4), host('c')], torn)).toEqual([]);
  });

  test('a guest that is pinned elsewhere takes its companions along', () => {
    const here = [gib('x', 'a', 1, { ...pair, pins: ['b'] }), gib('y', 'a', 1, { ...pair, pins: ['b'] })];
    expect(moves(three, here)).toEqual(['x a→b', 'y a→b']);
  });

  test('destinations are filled to the given share of their processors as long as another one is left', () => {
    const guests = [gib('x', 'a', 1, rivals), gib('y', 'a', 2, rivals), whole('z', 'b', 0.5, { memory: gibibytes(8) })];
    expect(moves(three, guests)).toEqual(['x a→b']);
    expect(movesOf(mend({ cpu: 0.5 }).plan(cluster(three, guests)))).toEqual(['x a→c']);
  });
});

describe('settings of mending', () => {
  test.each<[unknown, string]>([
    [{ cpu: 1.01 }, 'mend.cpu: Too big: expected number to be <=1'],
    [{ cpu: -0.01 }, 'mend.cpu: Too small: expected number to be >=0'],
    [
      { constraints: [null, 1] },
      'mend.constraints[0]: must be a constraint\nmend.constraints[1]: must be a constraint',
    ],
    [{ within: 1 }, 'mend.within: no such setting'],
  ])('%j are refused', (settings, message) => {
    let said = '';
    try {
      // Settings from outside have no type.
      mend(settings as MendSettings);
    } catch (error) {
      said = error instanceof Error ? error.message : '';
    }
    expect(said).toBe(message);
  });

  test('it watches the processors of guests', () => {
    const { name, watch } = mend({ cpu: 0, constraints: [] });
    expect([name, Object.keys(watch), watch.guest?.['cpu']?.name]).toEqual(['mend', ['guest'], level(cpu).name]);
  });
});
