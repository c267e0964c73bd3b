import { describe, expect, test } from 'vitest';
import { diskTraffic } from '../../src/metrics/index.js';
import { gigahertz, holds, mebibytesPerSecond, sayReason } from '../../src/model/index.js';
import {
  amountFor,
  classify,
  cpuCount,
  cpuCycles,
  evaluateLoads,
  firstThatTakes,
  groupOf,
  middleOf,
  movingBounds,
  profitability,
  type ReadingOf,
  type Resource,
  selectTask,
} from '../../src/policies/index.js';
import { cluster, guest, host, migration, whole } from './build.js';

const cpuOf: ReadingOf = ({ signals }) => signals['cpu'] as number | undefined;

describe('load evaluation (the first of the five phases, W9, W12.1)', () => {
  const shares = (...given: Parameters<typeof cluster>): Record<string, unknown> =>
    Object.fromEntries(
      evaluateLoads(cluster(...given), cpuCycles, cpuOf).map((load) => [
        load.host.id,
        load.kind === 'known' ? load.share : load.because.map((reason) => sayReason(reason)),
      ]),
    );

  test('the load of a host is the sum of what its guests take, as a share of its capacity', () => {
    expect(shares([host('a'), host('b')], [guest('x', 'a', 1), guest('y', 'a', 0.6), whole('z', 'b', 0.75)])).toEqual({
      a: 0.4,
      b: 0.75,
    });
  });

  test('an idle host has no load, not an unknown one', () => {
    expect(shares([host('a')], [])).toEqual({ a: 0 });
  });

  test('unequal hosts are compared in capacity units (W13)', () => {
    const fast = host('b', { cpu: { clock: gigahertz(4), cores: 2, threads: 4, architecture: 'x86_64' } });
    expect(shares([host('a'), fast], [guest('x', 'a', 1), guest('y', 'b', 1)])).toEqual({ a: 0.25, b: 0.5 });
  });

  test('a guest in flight counts where it goes', () => {
    const rest = { migrations: [migration('x', 'a', 'b')] };
    expect(shares([host('a'), host('b')], [whole('x', 'a', 0.5), whole('y', 'a', 0.25)], rest)).toEqual({
      a: 0.25,
      b: 0.5,
    });
  });

  test('a guest without a reading makes the load unknown, not smaller', () => {
    expect(shares([host('a')], [whole('x', 'a', 0.5), whole('y', 'a')])).toEqual({ a: ['y cpu not measured'] });
  });

  test.each([NaN, -0.1, Infinity])('a reading of %s is none', (reading) => {
    expect(shares([host('a')], [whole('x', 'a', reading)])).toEqual({ a: ['x cpu not measured'] });
  });

  test('a host or guest that is stale, unseen or known in part makes it unknown', () => {
    const stale = { knowledge: { kind: 'stale', at: 0, age: 90_000 } } as const;
    expect(shares([host('a', stale)], [])).toEqual({ a: ['a samples stale'] });
    expect(shares([host('a', { knowledge: { kind: 'unseen' } })], [])).toEqual({ a: ['a samples never seen'] });
    expect(shares([host('a')], [whole('x', 'a', 0.5, stale)])).toEqual({ a: ['x samples stale'] });
  });

  test('a guest that arrives and is not in the inventory makes it unknown', () => {
    expect(shares([host('a')], [], { migrations: [migration('stranger', 'b', 'a')] })).toEqual({
      a: ['stranger cpu not in the inventory'],
    });
  });

  test('processors kept busy are the other unit (W13)', () => {
    const [load] = evaluateLoads(cluster([host('a')], [guest('x', 'a', 1), whole('y', 'a', 0.5)]), cpuCount, cpuOf);
    expect(load).toMatchObject({ kind: 'known', share: 3 });
  });

  test('another resource replaces the processor by changing the measure (W12.1, W18)', () => {
    const disk: Resource = {
      name: 'disk',
      measure: diskTraffic,
      taken: (rate) => rate,
      capacity: () => mebibytesPerSecond(200),
      unit: 'fraction',
    };
    const guests = [guest('x', 'a', 0, { signals: { disk: mebibytesPerSecond(50) } })];
    const [load] = evaluateLoads(cluster([host('a')], guests), disk, ({ signals }) => signals['disk'] as number);
    expect(load).toMatchObject({ share: 0.25 });
  });
});

describe('three groups', () => {
  const bounds = { light: 0.3, heavy: 0.8 };

  test.each([
    [0.29, 'light'],
    [0.3, 'moderate'],
    [0.8, 'moderate'],
    [0.81, 'heavy'],
    [undefined, undefined],
    [NaN, undefined],
  ])('%s is %s: the bounds themselves are moderate (W13)', (value, group) => {
    expect(groupOf(value, bounds)).toBe(group);
  });

  test('it sorts anything that has a value, and keeps its order', () => {
    const jars = [
      ['jam', 0.9],
      ['honey', 0.1],
      ['salt', undefined],
      ['oil', 0.5],
      ['tea', 0.2],
    ] as const;
    expect(classify(jars, ([, fill]) => fill, bounds)).toEqual({
      light: [jars[1], jars[4]],
      moderate: [jars[3]],
      heavy: [jars[0]],
      unknown: [jars[2]],
    });
  });

  test('moving bounds follow the average: avg·(1 − a) and avg·(1 + b) (W11)', () => {
    const { light, heavy } = movingBounds([0.2, 0.6], { below: 0.2, above: 0.5, most: 1 });
    expect([light, heavy]).toEqual([0.4 * 0.8, 0.4 * 1.5]);
  });

  test('moving bounds are clipped to what a host offers', () => {
    expect(movingBounds([0.9, 0.9], { below: 0.2, above: 0.2, most: 1 }).heavy).toBe(1);
    expect(movingBounds([], { below: 0.2, above: 0.2, most: 1 })).toEqual({ light: 0, heavy: 0 });
  });
});

describe('profitability (W12.2)', () => {
  test.each([
    [1, 1, true],
    [0, 3, false],
    [2, 0, false],
    [0, 0, false],
  ])('%i heavy and %i light hosts: %s', (heavy, light, worth) => {
    const reasons = profitability({ heavy: Array<string>(heavy).fill('h'), light: Array<string>(light).fill('l') });
    expect(reasons.every(holds)).toBe(worth);
    expect(reasons.map((reason) => sayReason(reason))[0]).toBe(
      heavy > 0 ? `the cluster heavy hosts ${heavy} at least 1` : 'the cluster heavy hosts 0 not at least 1',
    );
  });
});

describe('work transfer vector (W12.3)', () => {
  const bounds = { light: 0.8, heavy: 0.95 };

  test('the middle is the mean of the bounds', () => {
    expect(middleOf('mean', bounds, [0.81])).toBe(0.875);
  });

  test('or the median load of the moderate hosts (W13)', () => {
    expect(middleOf('median', bounds, [0.94, 0.81, 0.9])).toBe(0.9);
    expect(middleOf('median', bounds, [0.82, 0.94])).toBeCloseTo(0.88, 12);
  });

  test('where no host is moderate there is no median, and the mean takes its place (W13)', () => {
    expect(middleOf('median', bounds, [])).toBe(0.875);
  });

  test('the amount is what the light host lacks to the middle', () => {
    expect(amountFor(0.875, 0.75)).toBe(0.125);
  });
});

describe('task selection (W12.4)', () => {
  const tasks = (...loads: readonly number[]): readonly { readonly load: number; readonly n: number }[] =>
    loads.map((load, n) => ({ load, n }));

  test('the largest that does not exceed the amount', () => {
    expect(selectTask(tasks(0.1, 0.3, 0.5), 0.4)).toMatchObject({ task: { n: 1 }, as: 'largest' });
  });

  test('equal to the amount does not exceed it (W13)', () => {
    expect(selectTask(tasks(0.1, 0.4), 0.4)).toMatchObject({ task: { n: 1 }, as: 'largest' });
  });

  test('if all exceed it, the smallest', () => {
    expect(selectTask(tasks(0.6, 0.5, 0.7), 0.4)).toMatchObject({ task: { n: 1 }, as: 'smallest' });
  });

  test('of equal ones the first, so ties go to the lowest name (W13)', () => {
    expect(selectTask(tasks(0.3, 0.3), 0.4)).toMatchObject({ task: { n: 0 } });
    expect(selectTask(tasks(0.5, 0.5), 0.4)).toMatchObject({ task: { n: 0 } });
  });

  test('of nothing nothing', () => {
    expect(selectTask([], 0.4)).toBeUndefined();
  });
});

describe('task migration: the first destination that takes something', () => {
  const proposal = { guest: 'x', from: 'a', to: 'c', because: [] };
  const refused = (to: string): { subject: { kind: 'guest'; id: string }; to: string; because: [] } => ({
    subject: { kind: 'guest', id: 'x' },
    to,
    because: [],
  });

  test('those before it are passed over, those after it are not asked', () => {
    const asked: string[] = [];
    const placement = firstThatTakes(['b', 'c', 'd'], (to) => {
      asked.push(to);
      return to === 'c' ? { proposal, passedOver: [] } : { passedOver: [refused(to)] };
    });
    expect(placement).toEqual({ proposal, to: 'c', passedOver: [refused('b')] });
    expect(asked).toEqual(['b', 'c']);
  });

  test('if none takes anything, all are passed over', () => {
    expect(firstThatTakes(['b', 'c'], (to) => ({ passedOver: [refused(to)] }))).toEqual({
      passedOver: [refused('b'), refused('c')],
    });
  });
});
