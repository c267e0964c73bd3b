import { describe, expect, test } from 'vitest';
import { diskTraffic } from '../../../src/metrics/index.js';
import { type Cluster, gibibytes, mebibytesPerSecond, percent, sayReason } from '../../../src/model/index.js';
import { SettingsError } from '../../../src/policies/index.js';
import type { SimpleSettings } from '../../../src/policies/simple-balancing/settings.js';
import { simple } from '../../../src/policies/simple-balancing/simple.js';
import { applied } from '../../../src/testing/index.js';
import { cluster, guest, host, migration, movesOf, whole } from '../build.js';

const moves = (state: Cluster, settings: SimpleSettings = {}): readonly string[] =>
  movesOf(simple(settings).plan(state));

/** What is said of a guest or host that is passed over. */
const said = (state: Cluster, id: string, settings: SimpleSettings = {}): readonly string[] =>
  simple(settings)
    .plan(state)
    .passedOver.filter(({ subject }) => subject.kind !== 'cluster' && subject.id === id)
    .flatMap(({ because, to }) => because.map((reason) => `${to === undefined ? '' : `${to}: `}${sayReason(reason)}`));

const three = ['a', 'b', 'c'].map((id) => host(id));

describe('Simple balancing (W21)', () => {
  test('the guest of highest demand leaves an overloaded host for the least loaded one below the threshold', () => {
    const state = cluster(three, [
      whole('x', 'a', 0.3),
      whole('y', 'a', 0.4),
      whole('z', 'a', 0.2),
      whole('b1', 'b', 0.3),
      whole('c1', 'c', 0.2),
    ]);
    const { moves: found } = simple().plan(state);
    expect(movesOf({ moves: found })).toEqual(['y a→c']);
    expect(found[0]?.because.slice(0, 2).map((reason) => sayReason(reason))).toEqual([
      'a cpu 90 % above 80 %',
      'c cpu 20 % below 80 %',
    ]);
    expect(said(state, 'x')).toEqual(['x cpu 30 % not above 40 %']);
  });

  test('a host of just the threshold is not overloaded, and hears so', () => {
    const state = cluster(three, [whole('x', 'a', 0.8)]);
    expect(moves(state)).toEqual([]);
    expect(said(state, 'a')).toEqual(['a cpu 80 % not above 80 %']);
  });

  test('the second rule: with no host below the threshold, the one with fewest guests, if fewer than here', () => {
    const state = cluster(three, [
      whole('x', 'a', 0.6),
      whole('y', 'a', 0.2),
      whole('z', 'a', 0.2),
      whole('b1', 'b', 0.4),
      whole('b2', 'b', 0.4),
      whole('c1', 'c', 0.8),
    ]);
    expect(moves(state)).toEqual(['x a→c']);
    expect(moves(state, { rules: ['load'] })).toEqual([]);
    expect(said(state, 'b', { rules: ['load'] })).toEqual(['b cpu 80 % not above 80 %', 'b cpu 80 % not below 80 %']);
  });

  test('a host with as many guests does not have fewer', () => {
    const state = cluster(
      [host('a'), host('b')],
      [whole('x', 'a', 0.9), whole('y', 'a', 0.1), whole('b1', 'b', 0.5), whole('b2', 'b', 0.3)],
    );
    expect(moves(state)).toEqual([]);
    expect(said(state, 'b')).toContain('b guests, against those on a, 2 not below 2');
  });

  test('the first rule is tried before the second, and either may stand alone', () => {
    const state = cluster(three, [
      whole('x', 'a', 0.9),
      ...['b1', 'b2'].map((id) => whole(id, 'b', 0.1)),
      whole('y', 'a', 0.05),
      whole('c1', 'c', 0.79),
    ]);
    expect(moves(state)).toEqual(['x a→b']);
    expect(moves(state, { rules: ['guests'] })).toEqual(['x a→c']);
    expect(moves(state, { rules: ['guests', 'load'] })).toEqual(['x a→c']);
  });

  test('each overloaded host sends one guest a plan, heaviest first, and sees what those before it send', () => {
    const state = cluster(
      ['a', 'b', 'c', 'd'].map((id) => host(id)),
      [
        ...['a1', 'a2'].map((id) => whole(id, 'a', 0.45)),
        ...['b1', 'b2'].map((id) => whole(id, 'b', 0.5)),
        whole('c1', 'c', 0.1),
        whole('d1', 'd', 0.2),
      ],
    );
    expect(moves(state)).toEqual(['b1 b→c', 'a1 a→d']);
  });

  test('the form of one host decides about its own guests and about no others', () => {
    const state = cluster(three, [
      ...['a1', 'a2'].map((id) => whole(id, 'a', 0.45)),
      ...['b1', 'b2'].map((id) => whole(id, 'b', 0.5)),
    ]);
    expect(moves(state, { own: 'a' })).toEqual(['a1 a→c']);
    expect(moves(state, { own: 'b' })).toEqual(['b1 b→c']);
    expect(moves(state, { own: 'c' })).toEqual([]);
    expect(simple({ own: 'a' }).name).toBe('simple(a)');
    expect(said(state, 'b', { own: 'a' })).toEqual([
      'b cpu 100 % not below 80 %',
      'b guests, against those on a, 2 not below 2',
    ]);
  });

  test('where no host can take the busiest guest the next busiest goes', () => {
    const state = cluster(
      [host('a'), host('b')],
      [whole('x', 'a', 0.5, { pins: ['a'] }), whole('y', 'a', 0.3), whole('z', 'a', 0.2)],
    );
    expect(moves(state)).toEqual(['y a→b']);
    expect(said(state, 'x')[0]).toMatch(/^b: /);
  });

  test('where nothing can go the host hears it', () => {
    const state = cluster([host('a'), host('b')], [whole('x', 'a', 0.9, { memory: gibibytes(20) })]);
    expect(moves(state)).toEqual([]);
    expect(said(state, 'a')).toEqual(['a guests that another host could take 0 not at least 1']);
  });

  test('as printed one large guest goes to and fro for ever; the guard against it holds it', () => {
    const state = cluster([host('a'), host('b')], [whole('x', 'a', 0.9)]);
    const there = applied(state, simple().plan(state));
    expect(moves(state)).toEqual(['x a→b']);
    expect(moves(there)).toEqual(['x b→a']);
    expect(moves(state, { noSwap: true })).toEqual([]);
    expect(said(state, 'x', { noSwap: true })).toEqual([
      'b: x larger cpu of a and b after the move 90 % not below 90 %',
    ]);
  });

  test('a guest in flight counts where it goes, and does not go again', () => {
    const guests = [whole('x', 'a', 0.5), whole('y', 'a', 0.4)];
    expect(moves(cluster(three, guests, { migrations: [migration('x', 'a', 'b')] }))).toEqual([]);
  });

  test('a host with a guest that is not measured neither sends nor takes', () => {
    const state = cluster(three, [whole('x', 'a', 0.9), whole('u', 'a'), whole('y', 'b', 0.5), whole('z', 'b', 0.4)]);
    expect(moves(state)).toEqual(['y b→c']);
    expect(said(state, 'a')).toEqual(['u cpu not measured']);
  });

  test('hosts that are off or draining take nothing', () => {
    const state = cluster(
      [host('a'), host('b', { state: 'off' }), host('c', { state: 'draining' })],
      [whole('x', 'a', 0.5), whole('y', 'a', 0.4)],
    );
    expect(moves(state)).toEqual([]);
    expect(said(state, 'b')).toEqual(['b state off, not active']);
  });

  test('another resource takes the place of the processor (W18)', () => {
    const disk = {
      name: 'disk',
      measure: diskTraffic,
      taken: (reading: number): number => reading,
      capacity: (): number => mebibytesPerSecond(100),
      unit: 'fraction' as const,
    };
    const reads = (id: string, on: string, rate: number): ReturnType<typeof guest> =>
      guest(id, on, undefined, { signals: { disk: mebibytesPerSecond(rate) } });
    const state = cluster([host('a'), host('b')], [reads('x', 'a', 60), reads('y', 'a', 30), reads('z', 'b', 10)]);
    expect(moves(state, { resource: disk })).toEqual(['x a→b']);
  });
});

describe('settings of Simple balancing', () => {
  const refusal = (settings: object): string => {
    try {
      simple(settings);
    } catch (thrown) {
      if (SettingsError.is(thrown)) return thrown.message;
    }
    return 'taken';
  };

  test.each([
    [{ heavy: percent(80), light: percent(90) }, 'simple.light: 0.9 is above heavy 0.8'],
    [{ heavy: 80 }, 'simple.heavy: 80 is above 1, all that a host offers; percent(80) is 0.8'],
    [{ heavier: 1 }, 'simple.heavier: no such setting'],
  ])('%j is refused', (settings, message) => {
    expect(refusal(settings)).toBe(message);
  });
});
