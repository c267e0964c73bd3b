/** What combinators that let a policy decide for a part say, in full. */
import { describe, expect, test } from 'vitest';
import { type Cluster, hours, minutes, type Proposal, seconds } from '../../../src/model/index.js';
import {
  agreement,
  allOf,
  canary,
  constrained,
  type DayWindow,
  definePolicy,
  during,
  limited,
  onlyFor,
  type Policy,
  shadow,
  withinPins,
} from '../../../src/policies/index.js';
import { cluster, guest, host, movesOf } from '../build.js';
import { toldMoves, toldPassed } from '../told.js';

const move = (id: string, from: string, to: string): Proposal => ({ guest: id, from, to, because: [] });
const says = (name: string, ...moves: readonly Proposal[]): Policy =>
  definePolicy({ name, watch: {}, plan: () => ({ moves, passedOver: [] }) });
const state = cluster(
  [host('a'), host('b'), host('c')],
  [guest('x', 'a', 0.1, { labels: { tier: 'db' } }), guest('y', 'a', 0.1), guest('z', 'b', 0.1, { pins: ['b'] })],
);

describe('during', () => {
  const at = (window: DayWindow, time: number): readonly string[] =>
    toldPassed(during(says('s'), window).plan({ ...state, at: Date.UTC(2026, 10, 23) + time }));
  const shut = (since: string, length: string): string =>
    `cluster: ✗ [during] the cluster time since the window opened ${since} not below ${length}`;

  test('how long ago the window opened, to the millisecond', () => {
    const window = { from: hours(8), to: hours(9) };
    expect(at(window, hours(9) + minutes(30))).toEqual([shut('90.0 min', '60.0 min')]);
    const opened = (time: number): number => {
      const plan = during(says('s'), window).plan({ ...state, at: time });
      const reason = plan.passedOver[0]?.because[0];
      return reason?.kind === 'compared' ? reason.value : NaN;
    };
    expect(opened(Date.UTC(2026, 10, 23, 21, 43, 17, 251))).toBe(hours(13) + minutes(43) + seconds(17) + 251);
    expect(opened(Date.UTC(2026, 10, 23, 6, 59, 58, 999))).toBe(hours(22) + minutes(59) + seconds(58) + 999);
    // Before 1970 the clock goes on as ever.
    expect(opened(-1)).toBe(hours(16) - 1);
  });

  test('on which day it is, where it is not one of those', () => {
    expect(at({ from: 0, to: 0, days: ['tuesday', 'sunday'] }, hours(5))).toEqual([
      'cluster: ✗ [during] the cluster day monday, not one of tuesday, sunday',
    ]);
    expect(at({ from: hours(5), to: hours(4), days: ['monday'] }, hours(5))).toEqual([]);
    expect(at({ from: hours(5), to: hours(4), days: ['monday'] }, hours(5) - 1)).toEqual([
      shut('24.0 h', '23.0 h'),
      'cluster: ✗ [during] the cluster day sunday, not monday',
    ]);
  });

  test('a zone that nobody knows is refused by its path', () => {
    expect(() => during(says('s'), { from: 0, to: 0, timeZone: 'Mars/Olympus' })).toThrow(
      'during.timeZone: no such time zone',
    );
  });
});

describe('canary', () => {
  const proposals = [move('x', 'a', 'b'), move('z', 'b', 'c')];
  const part = (share: number, word?: string): readonly [readonly string[], readonly string[]] => {
    const plan = canary(says('new', ...proposals), says('old'), {
      share,
      ...(word === undefined ? {} : { word }),
    }).plan(state);
    return [toldMoves(plan), toldPassed(plan)];
  };

  test('which places both ends of a move have among the hosts', () => {
    const [moves, passed] = part(1);
    expect(moves).toHaveLength(4);
    for (const line of moves)
      expect(line).toMatch(/^[xz] [ab]→[bc]: \[canary\] [abc] place among the hosts [\d.]+ % below 100(\.0)? %$/);
    expect(passed).toEqual([]);
    const [none, all] = part(0);
    expect(none).toEqual([]);
    expect(all).toHaveLength(4);
    for (const line of all)
      expect(line).toMatch(/✗ \[canary\] [abc] place among the hosts [\d.]+ % not below 0(\.0)? %$/);
  });

  test('the policy that is proven has those at the share and above', () => {
    const plan = canary(says('new'), says('old', ...proposals), { share: 0 }).plan(state);
    for (const line of toldMoves(plan)) expect(line).toMatch(/place among the hosts [\d.]+ % at least 0(\.0)? %$/);
    expect(movesOf(plan)).toEqual(['x a→b', 'z b→c']);
  });

  test('the place of a host hangs on its name and on the word alone, and stays what it was', () => {
    const placeOf = (id: string, word?: string): number => {
      const settings = { share: 1, ...(word === undefined ? {} : { word }) };
      const hosts = cluster([host(id), host('other')], [guest('g', id)]);
      const [made] = canary(says('new', move('g', id, 'other')), says('old'), settings).plan(hosts).moves;
      const reason = made?.because[0];
      return reason?.kind === 'compared' ? Number(reason.value.toFixed(6)) : NaN;
    };
    expect([placeOf('a'), placeOf('host-1'), placeOf('host-2'), placeOf('a', 'spring')]).toEqual([
      0.584725, 0.29475, 0.291787, 0.189565,
    ]);
    expect(placeOf('a', '')).toBe(placeOf('a'));
  });
});

describe('shadow', () => {
  const told = (inForce: Policy, beside: Policy): readonly string[] => toldPassed(shadow(inForce, beside).plan(state));

  test('how many moves are the same of all, and each that is proposed besides', () => {
    const force = says('old', move('x', 'a', 'b'), move('y', 'a', 'b'));
    expect(told(force, says('new', move('x', 'a', 'b'), move('y', 'a', 'c'), move('z', 'b', 'c')))).toEqual([
      'cluster: ✗ [shadow.new] the cluster moves that new proposes too 1 not equal to 4',
      'guest y not to c: ✗ [shadow.new] y new proposes y: a → c, not y: a → b',
      'guest z not to c: ✗ [shadow.new] z new proposes z: b → c, of which there is none',
    ]);
  });

  test('that moves are missing where none is proposed besides, and nothing where all agree', () => {
    const force = says('old', move('x', 'a', 'b'), move('y', 'a', 'b'));
    expect(told(force, says('new', move('x', 'a', 'b')))).toEqual([
      'cluster: ✗ [shadow.new] the cluster moves that new proposes too 1 not equal to 2',
    ]);
    expect(told(force, says('new', move('y', 'a', 'b'), move('x', 'a', 'b')))).toEqual([]);
    expect(told(says('old', move('x', 'a', 'b')), says('new', move('x', 'a', 'c')))).toEqual([
      'cluster: ✗ [shadow.new] the cluster moves that new proposes too 0 not equal to 2',
      'guest x not to c: ✗ [shadow.new] x new proposes x: a → c, not x: a → b',
    ]);
  });

  test('what was thrown, be it an error or not', () => {
    const throws = (what: unknown): Policy =>
      definePolicy({
        name: 'new',
        watch: {},
        plan: () => {
          throw what;
        },
      });
    expect(told(says('old'), throws(new Error('no idea')))).toEqual([
      'cluster: ✗ [shadow.new] the cluster new threw no idea, of which there is none',
    ]);
    expect(told(says('old'), throws('a word'))).toEqual([
      'cluster: ✗ [shadow.new] the cluster new threw something that is no error, of which there is none',
    ]);
  });

  test('agreement tells moves apart by guest, source and destination', () => {
    const plan = (...moves: readonly Proposal[]): Parameters<typeof agreement>[0] => ({ moves, passedOver: [] });
    const [one, two, three] = [move('x', 'a', 'b'), move('x', 'a', 'c'), move('y', 'a', 'b')];
    expect(agreement(plan(one, three), plan(three, two))).toEqual({ both: [three], first: [one], second: [two] });
  });
});

describe('by which rule a move falls', () => {
  const both = [move('x', 'a', 'c'), move('y', 'a', 'c')];
  const told = (policy: Policy, of: Cluster = state): readonly string[] => toldPassed(policy.plan(of));

  test('onlyFor: the label that is missing, or that has another value', () => {
    expect(told(onlyFor(says('s', ...both), { tier: 'db' }))).toEqual([
      'guest y not to c: ✗ [onlyFor] y label tier none, not db',
    ]);
    expect(told(onlyFor(says('s', ...both), { tier: 'web' }))[0]).toBe(
      'guest x not to c: ✗ [onlyFor] x label tier db, not web',
    );
  });

  test('limited: how many there would be, in all and of each host', () => {
    expect(told(limited(says('s', ...both), { moves: 1, perHost: 1 }))).toEqual([
      'guest y not to c: ✗ [limited] the cluster moves in the plan 2 not at most 1',
      'guest y not to c: ✗ [limited] a moves in the plan 2 not at most 1',
      'guest y not to c: ✗ [limited] c moves in the plan 2 not at most 1',
    ]);
    expect(() => limited(says('s'), { moves: -1 })).toThrow('limited.moves: Too small: expected number to be >=0');
  });

  test('constrained: a guest or a host that is not there, and a companion that stays behind', () => {
    expect(told(constrained(says('s', move('gone', 'a', 'b')), []))).toEqual([
      'guest gone not to b: ✗ [constrained] gone guest, source or destination not in the inventory',
    ]);
    const pair = { together: ['pair'] };
    const torn = cluster(
      [host('a'), host('b')],
      [
        guest('p', 'a', 0.1, pair),
        guest('q', 'a', 0.1, { ...pair, pins: ['a'] }),
        guest('r', 'a', 0.1, { ...pair, pins: ['a'] }),
      ],
    );
    const all = ['p', 'r', 'q'].map((id) => move(id, 'a', 'b'));
    expect(told(constrained(says('s', ...all), [withinPins]), torn)).toEqual([
      'guest p not to b: ✗ [constrained] p companion that stays behind q, of which there is none',
      'guest r not to b: ✗ [pins] r pinned host b, not a',
      'guest q not to b: ✗ [pins] q pinned host b, not a',
    ]);
  });

  test('members of a group that go to different hosts are judged apart', () => {
    const pair = { together: ['pair'] };
    const of = cluster(
      [host('a'), host('b'), host('c')],
      [guest('p', 'a', 0.1, pair), guest('q', 'a', 0.1, { ...pair, pins: ['b'] })],
    );
    const apart = constrained(says('s', move('p', 'a', 'b'), move('q', 'a', 'c')), [withinPins]);
    expect(movesOf(apart.plan(of))).toEqual(['p a→b']);
  });

  test('allOf: one move asked for twice is one; of two for one guest the second falls; one from elsewhere is another', () => {
    const twice = allOf(says('s', move('x', 'a', 'b')), says('t', move('x', 'a', 'b'), move('y', 'a', 'b')));
    expect(movesOf(twice.plan(state))).toEqual(['x a→b', 'y a→b']);
    expect(twice.plan(state).passedOver).toEqual([]);
    const differ = allOf(says('s', move('x', 'a', 'b')), says('t', move('x', 'a', 'c')));
    expect(movesOf(differ.plan(state))).toEqual(['x a→b']);
    expect(toldPassed(differ.plan(state)).every((line) => line.startsWith('guest x not to c: ✗ [settled]'))).toBe(true);
    const odd = allOf(says('s', move('x', 'a', 'b')), says('t', move('x', 'nowhere', 'b')));
    expect(toldPassed(odd.plan(state))).toEqual([
      'guest x not to b: ✗ [allOf] x guest, source or destination not in the inventory',
    ]);
  });
});
