import { describe, expect, test } from 'vitest';
import { type Cluster, gibibytes, gigahertz, minutes, sayReason, seconds } from '../../../src/model/index.js';
import { SettingsError } from '../../../src/policies/index.js';
import { productivityLoss } from '../../../src/policies/productivity-loss/productivity-loss.js';
import type { ProductivityLossSettings } from '../../../src/policies/productivity-loss/settings.js';
import { applied } from '../../../src/testing/index.js';
import { cluster, host, migration, movesOf, whole } from '../build.js';

/** A guest of four vCPUs that wants a share of a host. */
const wants = (
  id: string,
  on: string,
  share?: number,
  changes: Parameters<typeof whole>[3] = {},
): ReturnType<typeof whole> => whole(id, on, share, { signals: { wanted: share }, ...changes });

const moves = (state: Cluster, settings: ProductivityLossSettings = {}): readonly string[] =>
  movesOf(productivityLoss(settings).plan(state));

const said = (state: Cluster, id: string, settings: ProductivityLossSettings = {}): readonly string[] =>
  productivityLoss(settings)
    .plan(state)
    .passedOver.filter(({ subject }) => subject.kind !== 'cluster' && subject.id === id)
    .flatMap(({ because, to }) => because.map((reason) => `${to === undefined ? '' : `${to}: `}${sayReason(reason)}`));

const three = ['a', 'b', 'c'].map((id) => host(id));
const free = { cost: (): number => 0 };

describe('P-loss (W22)', () => {
  test('where all get what they want, staying loses least', () => {
    const state = cluster(three, [wants('x', 'a', 0.6), wants('y', 'a', 0.4)]);
    expect(moves(state)).toEqual([]);
    expect(said(state, 'a')).toEqual([expect.stringMatching(/^a productivity lost 0.* not above 1/)]);
  });

  test('the move of least loss is made: here only one leaves nothing wanting', () => {
    // 130 % wanted of a. Without x, 70 % are left, and b then wants 110 %; without y all is well.
    const state = cluster(
      [host('a'), host('b')],
      [wants('x', 'a', 0.6), wants('y', 'a', 0.4), wants('z', 'a', 0.3), wants('b1', 'b', 0.5)],
    );
    const { moves: found } = productivityLoss(free).plan(state);
    expect(movesOf({ moves: found })).toEqual(['y a→b']);
    // 30 % of 8 GHz are won.
    expect(found[0]?.because[0]).toMatchObject({ rule: 'productivityLoss', value: -2.4e9, holds: true });
    expect(said(state, 'x', free)[0]).toMatch(/^b: x change of the productivity lost if it goes to b/);
  });

  test('equal losses: the first by name, to the first by name', () => {
    const state = cluster(
      three,
      ['x', 'y', 'z'].map((id) => wants(id, 'a', 0.4)),
    );
    expect(moves(state, free)).toEqual(['x a→b']);
  });

  test('migration cost is part of the loss: the guest of less memory goes where both help alike', () => {
    const state = cluster(three, [
      wants('x', 'a', 0.6, { memory: gibibytes(8) }),
      wants('y', 'a', 0.6, { memory: gibibytes(1) }),
    ]);
    expect(moves(state)).toEqual(['y a→b']);
  });

  test('a move that loses more on the way than it gains is not made', () => {
    const state = cluster([host('a'), host('b')], [wants('x', 'a', 0.51), wants('y', 'a', 0.5)]);
    expect(moves(state)).toHaveLength(1);
    expect(moves(state, { horizon: seconds(10), slowdown: 1 })).toEqual([]);
    expect(said(state, 'x', { horizon: seconds(10), slowdown: 1 })[0]).toMatch(/not below/);
  });

  test('a cost that is not known keeps the guest', () => {
    const state = cluster([host('a', { networks: [] }), host('b')], [wants('x', 'a', 0.7), wants('y', 'a', 0.7)]);
    expect(moves(state)).toEqual([]);
    expect(said(state, 'x')).toEqual(['b: x cost of the move not measured']);
    expect(moves(state, { cost: () => undefined })).toEqual([]);
  });

  test('several moves, each the best after those before it', () => {
    const state = cluster(
      three,
      ['w', 'x', 'y', 'z'].map((id) => wants(id, 'a', 0.5)),
    );
    expect(moves(state, free)).toHaveLength(1);
    expect(moves(state, { ...free, moves: 5 })).toEqual(['w a→b', 'x a→b']);
    expect(moves(applied(state, productivityLoss({ ...free, moves: 5 }).plan(state)), free)).toEqual([]);
  });

  test('the form of one host moves its own guests only', () => {
    const state = cluster(three, [
      ...['a1', 'a2'].map((id) => wants(id, 'a', 0.6)),
      ...['b1', 'b2'].map((id) => wants(id, 'b', 0.7)),
    ]);
    expect(moves(state, free)).toEqual(['b1 b→c']);
    expect(moves(state, { ...free, own: 'a' })).toEqual(['a1 a→c']);
    expect(moves(state, { ...free, own: 'c' })).toEqual([]);
  });

  test('with a spread of demand something is lost before a host is full, and an empty host takes it', () => {
    const state = cluster([host('a'), host('b')], [wants('x', 'a', 0.45), wants('y', 'a', 0.45)]);
    expect(moves(state)).toEqual([]);
    expect(moves(state, { demand: 'spread' })).toHaveLength(1);
  });

  test('a faster host takes what a slower one lacks', () => {
    const fast = { cpu: { clock: gigahertz(4), cores: 4, threads: 4, architecture: 'x86_64' } };
    const state = cluster(
      [host('a'), host('b'), host('c', fast)],
      [wants('x', 'a', 0.7), wants('y', 'a', 0.7), wants('b1', 'b', 0.6), wants('c1', 'c', 0.6)],
    );
    expect(moves(state, free)).toEqual(['x a→c']);
  });

  test('a best move that a constraint refuses leaves room for the next best', () => {
    const state = cluster(three, [wants('x', 'a', 0.7, { pins: ['a'] }), wants('y', 'a', 0.7)]);
    expect(moves(state, free)).toEqual(['y a→b']);
  });

  test('what is not known is neither lost nor gained', () => {
    const state = cluster([host('a'), host('b')], [wants('x', 'a', 0.7), wants('y', 'a', 0.7), wants('u', 'b')]);
    expect(moves(state, free)).toEqual([]);
    expect(said(state, 'b', free)).toEqual(['u cpu not measured']);
    expect(
      moves(cluster([host('a'), host('b', { state: 'draining' })], [wants('x', 'a', 0.7), wants('y', 'a', 0.7)]), free),
    ).toEqual([]);
  });

  test('a guest in flight counts where it goes', () => {
    const guests = [wants('x', 'a', 0.7), wants('y', 'a', 0.7)];
    expect(moves(cluster([host('a'), host('b')], guests, { migrations: [migration('x', 'a', 'b')] }), free)).toEqual(
      [],
    );
  });

  test('a gain below the smallest is no reason to move', () => {
    const state = cluster([host('a'), host('b')], [wants('x', 'a', 0.6), wants('y', 'a', 0.5)]);
    expect(moves(state, { ...free, smallestGain: gigahertz(0.7) })).toHaveLength(1);
    expect(moves(state, { ...free, smallestGain: gigahertz(0.9) })).toEqual([]);
  });

  test('settings are checked', () => {
    expect(() => productivityLoss({ slowdown: 2, horizon: minutes(0) })).toThrow(SettingsError);
  });
});
