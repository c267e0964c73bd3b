import { describe, expect, test } from 'vitest';
import { foldSignal } from '../../../src/metrics/index.js';
import { type Cluster, hours, minutes, type Milliseconds, sayReason, seconds } from '../../../src/model/index.js';
import { SettingsError } from '../../../src/policies/index.js';
import { consolidate, type ConsolidateSettings, powerAdvice } from '../../../src/policies/power/index.js';
import { applied } from '../../../src/testing/index.js';
import { cluster, host, migration, movesOf, whole } from '../build.js';

/** A host that has been below the lower mark, and above the upper one, for so long. */
const since = (
  id: string,
  { low = 0, high = 0 }: { readonly low?: Milliseconds; readonly high?: Milliseconds } = {},
  changes: Parameters<typeof host>[1] = {},
): ReturnType<typeof host> =>
  host(id, {
    signals: { low: { holds: low > 0, held: low, value: 0.3 }, high: { holds: high > 0, held: high, value: 0.9 } },
    ...changes,
  });

const quiet = (id: string): ReturnType<typeof host> => since(id, { low: hours(1) });
const hot = (id: string, high: Milliseconds = minutes(6)): ReturnType<typeof host> => since(id, { high });
const off = (id: string): ReturnType<typeof host> => host(id, { state: 'off' });

const moves = (state: Cluster, settings: ConsolidateSettings = {}): readonly string[] =>
  movesOf(consolidate(settings).plan(state));

const said = (state: Cluster, id: string, settings: ConsolidateSettings = {}): readonly string[] =>
  consolidate(settings)
    .plan(state)
    .passedOver.filter(({ subject }) => subject.kind !== 'cluster' && subject.id === id)
    .flatMap(({ because, to }) => because.map((reason) => `${to === undefined ? '' : `${to}: `}${sayReason(reason)}`));

const advice = (state: Cluster, settings: ConsolidateSettings = {}): ReturnType<typeof powerAdvice> =>
  powerAdvice(consolidate(settings).plan(state));

describe('gathering at low load (W20)', () => {
  test('a guest joins the busier host, and the host that it left may be switched off (D1)', () => {
    const state = cluster([quiet('a'), quiet('b')], [whole('x', 'a', 0.1), whole('y', 'b', 0.3)]);
    expect(moves(state)).toEqual(['x a→b']);
    expect(advice(state)).toEqual({ off: [], on: [] });
    const after = applied(state, consolidate().plan(state));
    expect(moves(after)).toEqual([]);
    expect(advice(after)).toEqual({ off: ['a'], on: [] });
    expect(said(after, 'a')[0]).toBe('a guests 0 not at least 1');
  });

  test('all of its guests move, or none', () => {
    const state = cluster(
      [quiet('a'), quiet('b')],
      [whole('x', 'a', 0.2), whole('y', 'a', 0.2), whole('z', 'b', 0.42)],
    );
    expect(moves(state)).toEqual([]);
    expect(said(state, 'a')).toEqual(['a guests, or groups of them, that fit elsewhere, 1 not at least 2']);
    expect(moves(state, { fill: 0.85, high: 0.9 })).toEqual(['x a→b', 'y a→b']);
  });

  test('the least loaded host is emptied, one a plan unless more are allowed', () => {
    const state = cluster(
      ['a', 'b', 'c'].map((id) => quiet(id)),
      [whole('x', 'a', 0.1), whole('y', 'b', 0.05), whole('z', 'c', 0.3)],
    );
    expect(moves(state)).toHaveLength(1);
    expect(moves(state)[0]).toMatch(/^y b/);
    expect(moves(state, { atOnce: 2 })).toHaveLength(2);
    expect(said(state, 'c')).toContain('c hosts emptied at once, with it, 2 not at most 1');
  });

  test('hosts are filled to the mark and no further, and empty ones are not filled', () => {
    const state = cluster(
      [quiet('a'), quiet('b'), since('c'), quiet('d')],
      [whole('x', 'a', 0.2), whole('y', 'b', 0.44), whole('z', 'c', 0.5)],
    );
    expect(moves(state)).toEqual([]);
    expect(said(state, 'x')).toEqual(
      expect.arrayContaining([
        'b: b cpu afterwards 64 % not at most 63 %',
        'c: c cpu afterwards 70 % not at most 63 %',
      ]),
    );
  });

  test('a host on its way to being busy is not emptied', () => {
    const state = cluster([quiet('a'), quiet('b')], [whole('x', 'a', 0.1), whole('y', 'b', 0.3)], {
      migrations: [migration('y', 'b', 'a')],
    });
    expect(moves(state)).toEqual([]);
    expect(said(state, 'a')).toContain('a guests on their way to it 1 not at most 0');
  });

  test('guests that must stand together leave together', () => {
    const pair = { together: ['pair'] };
    const state = cluster(
      [quiet('a'), since('b'), since('c')],
      [whole('x', 'a', 0.1, pair), whole('y', 'a', 0.1, pair), whole('b1', 'b', 0.5), whole('c1', 'c', 0.42)],
    );
    expect(moves(state)).toEqual(['x a→c', 'y a→c']);
  });

  test('nothing is emptied where the window is not known', () => {
    const state = cluster([host('a'), host('b')], [whole('x', 'a', 0.1), whole('y', 'b', 0.3)]);
    expect(moves(state)).toEqual([]);
    expect(said(state, 'a')).toEqual(['a time below the lower mark not measured']);
  });
});

describe('spreading when load rises (W20)', () => {
  const rising = (high: Milliseconds): Cluster =>
    cluster(
      [hot('a', high), since('b'), quiet('c')],
      [whole('x', 'a', 0.6), whole('y', 'a', 0.3), whole('z', 'b', 0.5)],
    );

  test('a host above the upper mark gives its largest guest away, and an empty host takes it', () => {
    expect(moves(rising(minutes(6)))).toEqual(['x a→c']);
  });

  test('no host is switched off meanwhile', () => {
    expect(advice(rising(minutes(6)))).toEqual({ off: [], on: [] });
  });

  test('where nobody can take a guest, hosts that are off are wanted back', () => {
    const state = cluster(
      [hot('a'), since('b'), off('c')],
      [whole('x', 'a', 0.6), whole('y', 'a', 0.3), whole('z', 'b', 0.7)],
    );
    expect(moves(state)).toEqual([]);
    expect(advice(state)).toEqual({ off: [], on: ['c'] });
    expect(said(state, 'a')).toEqual(['a guests that another host could take 0 not at least 1']);
  });

  test('up to the upper mark rather than not at all', () => {
    const state = cluster([hot('a'), since('b')], [whole('x', 'a', 0.6), whole('y', 'a', 0.3), whole('z', 'b', 0.5)]);
    expect(moves(state)).toEqual(['y a→b']);
  });

  test('as many guests leave as it takes', () => {
    const state = cluster(
      [hot('a'), since('b')],
      ['w', 'x', 'y', 'z'].map((id) => whole(id, 'a', 0.3)),
    );
    expect(moves(state)).toEqual(['w a→b', 'x a→b']);
  });
});

describe('asymmetric windows: up fast, down slow (W20)', () => {
  test('ten minutes above the mark are enough to spread, ten below are not enough to gather', () => {
    const busy = cluster([hot('a', minutes(10)), since('b')], [whole('x', 'a', 0.5), whole('y', 'a', 0.4)]);
    expect(moves(busy)).toEqual(['x a→b']);
    const idle = cluster(
      ['a', 'b'].map((id) => since(id, { low: minutes(10) })),
      [whole('x', 'a', 0.1), whole('y', 'b', 0.2)],
    );
    expect(moves(idle)).toEqual([]);
    expect(said(idle, 'a')).toEqual(['a time below the lower mark 10.0 min not at least 40.0 min']);
  });

  test('three minutes above the mark are not enough', () => {
    const busy = cluster([hot('a', minutes(3)), since('b')], [whole('x', 'a', 0.5), whole('y', 'a', 0.4)]);
    expect(moves(busy)).toEqual([]);
    expect(said(busy, 'a')).toEqual(['a time above the upper mark 3.0 min not at least 5.0 min']);
  });

  test('the windows are signals of the hosts’ own readings: five minutes, and forty', () => {
    const { watch } = consolidate();
    const folded = (used: number, length: Milliseconds): unknown =>
      Object.entries(watch.host ?? {}).map(([name, signal]) => {
        const samples = Array.from({ length: length / seconds(30) + 1 }, (_, i) => ({
          kind: 'host' as const,
          id: 'a',
          at: i * seconds(30),
          cpu: { used },
        }));
        return [name, foldSignal(signal, samples)];
      });
    expect(folded(0.9, minutes(5))).toMatchObject([
      ['low', { holds: false }],
      ['high', { holds: true }],
    ]);
    expect(folded(0.2, minutes(39))).toMatchObject([
      ['low', { holds: false }],
      ['high', { holds: false }],
    ]);
    expect(folded(0.2, minutes(40))).toMatchObject([
      ['low', { holds: true }],
      ['high', { holds: false }],
    ]);
  });
});

describe('spare hosts (W20)', () => {
  const busy = [whole('x', 'a', 0.5)];

  test('with two hosts free and one to keep, one may be switched off (D5a)', () => {
    const state = cluster([since('a'), quiet('b'), quiet('c')], busy);
    expect(advice(state, { spare: 1 })).toEqual({ off: ['c'], on: [] });
    expect(said(state, 'b', { spare: 1 })).toEqual(['b empty hosts that are on, up to it, 1 not above 1']);
  });

  test('with none free and two off, either is wanted (D5b)', () => {
    const state = cluster([since('a'), off('b'), off('c')], busy);
    expect(advice(state, { spare: 1 })).toEqual({ off: [], on: ['b', 'c'] });
    expect(advice(state)).toEqual({ off: [], on: [] });
  });

  test('a host that has not been idle for long is not switched off', () => {
    expect(advice(cluster([since('a'), since('b', { low: minutes(30) })], busy))).toEqual({ off: [], on: [] });
  });
});

test('marks in the wrong order are refused', () => {
  expect(() => consolidate({ high: 0.5 })).toThrow('consolidate.high: 0.5 is below fill 0.63');
  expect(() => consolidate({ low: 0.7 })).toThrow(SettingsError);
});
