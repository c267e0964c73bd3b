/** Threshold relief and three groups, as other balancers know them: the same input, and the decision of a sound engine. */
import { describe, expect, test } from 'vitest';
import { average, cpu, foldSignal } from '../../src/metrics/index.js';
import {
  type Cluster,
  explainPlan,
  gibibytes,
  gigahertz,
  mebibytes,
  type ObservedGuest,
  type ObservedHost,
  percent,
} from '../../src/model/index.js';
import {
  consolidate,
  cpuCycles,
  groupOf,
  groupOfSeveral,
  guestPlaces,
  lowestOf,
  memoryFree,
  memoryGranted,
  type Policy,
  relieve,
  timesMean,
} from '../../src/policies/index.js';
import { applied } from '../../src/testing/index.js';
import { cluster, guest, host, whole } from '../policies/build.js';
import { decided } from './ways.js';

/** Xen Orchestra at a critical load of 90 %: acts above 0.85 of it, fills to 0.65 of it; of 1000 MB free, below 1.2 and to 1.5 times. */
const xenOrchestra = (critical = percent(90), free = mebibytes(1000)): Policy =>
  relieve({
    above: 0.85 * critical,
    fillTo: 0.65 * critical,
    also: [{ resource: memoryGranted, above: memoryFree(1.2 * free), fillTo: memoryFree(1.5 * free) }],
  });
const preventive = relieve({
  above: lowestOf(percent(76.5), timesMean(1.5, { least: percent(25) })),
  fillTo: percent(58.5),
});

const two = [host('h1'), host('h2')];
const three = [...two, host('h3')];
const own = (on: string, share: number): ObservedGuest => whole(`own-${on}`, on, share, { migratable: false });

const withMemory = (id: string, memory: number, cores = 4): ObservedHost =>
  host(id, {
    cpu: { clock: gigahertz(2), cores, threads: cores, architecture: 'x86_64' },
    memory: { total: memory, reserved: 0 },
  });

describe('relief of a hot host', () => {
  test('A1: two of 7 % fit, the one of 80 % fits nowhere and stays', () => {
    const state = cluster(two, [
      own('h1', 0.05),
      own('h2', 0.01),
      whole('v4', 'h2', 0.07),
      whole('v5', 'h2', 0.8),
      whole('v6', 'h2', 0.07),
    ]);
    expect(decided(xenOrchestra(), state)).toEqual(['v4 h2→h1', 'v6 h2→h1']);
    expect(explainPlan(xenOrchestra().plan(state))).toContain('cpu afterwards 99.0 % not at most 58.5 %');
  });

  test.each([
    [0.46, []],
    [0.47, ['v h2→h1']],
  ])('A2: at 76 % nothing, at 77 % only the one of 20 %', (rest, moves) => {
    const state = cluster(two, [own('h1', 0.05), own('h2', rest), whole('v', 'h2', 0.2), whole('w', 'h2', 0.1)]);
    expect(decided(xenOrchestra(), state)).toEqual(moves);
  });

  test('A3: with 20 % more the other one would be over the fill mark, so nothing moves', () => {
    const state = cluster(two, [own('h1', 0.5), own('h2', 0.6), whole('v', 'h2', 0.2)]);
    expect(decided(xenOrchestra(), state)).toEqual([]);
  });

  test('A4: prevention moves from a host far above the mean, though it is not hot; without it nothing moves', () => {
    const state = cluster(three, [
      own('h1', 0.31),
      whole('a', 'h1', 0.15),
      whole('b', 'h1', 0.14),
      own('h2', 0.1),
      own('h3', 0.1),
    ]);
    expect(decided(preventive, state)).toEqual(['a h1→h2', 'b h1→h3']);
    expect(decided(xenOrchestra(), state)).toEqual([]);
  });

  test('A4 (variation): below a quarter nobody is far above, however uneven', () => {
    expect(decided(preventive, cluster(three, [whole('a', 'h1', 0.12), whole('b', 'h1', 0.12)]))).toEqual([]);
  });

  const vcpus = (id: string, on: string, used: number): ObservedGuest => guest(id, on, used, { vcpus: 10 });
  const watcher = relieve({ above: percent(25), leaving: 'within surplus' });

  test('A5: of what is beyond the mean the largest that does not exceed it', () => {
    const hosts = ['n0', 'n1'].map((id) => withMemory(id, gibibytes(64), 40));
    const state = cluster(hosts, [
      vcpus('a', 'n0', 0.5),
      vcpus('b', 'n0', 0.8),
      vcpus('c', 'n1', 0.2),
      vcpus('d', 'n1', 0.1),
    ]);
    expect(decided(watcher, state)).toEqual(['a n0→n1']);
    expect(applied(state, watcher.plan(state)).guests.filter((one) => one.host === 'n1')).toHaveLength(3);
  });

  test('A6: the same by memory, of which no reading is asked for', () => {
    const state = cluster(
      ['n0', 'n1'].map((id) => withMemory(id, mebibytes(132))),
      [
        guest('a', 'n0', undefined, { memory: mebibytes(40) }),
        guest('b', 'n0', undefined, { memory: mebibytes(9) }),
        guest('c', 'n1', undefined, { memory: mebibytes(12) }),
        guest('d', 'n1', undefined, { memory: mebibytes(12) }),
      ],
    );
    const policy = relieve({ resource: memoryGranted, above: percent(30), leaving: 'within surplus' });
    expect(decided(policy, state)).toEqual(['b n0→n1']);
  });

  describe('A8: hosts of 1024 MB, over-used with less than 512 free, under-used with more than 900 free', () => {
    const memory = { resource: memoryGranted, above: memoryFree(mebibytes(512)) };
    const balance = relieve({ ...memory, under: memoryFree(mebibytes(900)) });
    const site = (a: readonly number[], b: readonly number[], cpus: readonly [number, number] = [0.1, 0.1]): Cluster =>
      cluster(
        ['a', 'b'].map((id) => withMemory(id, mebibytes(1024))),
        [
          ...a.map((size, i) => whole(`a${i}`, 'a', cpus[0] / a.length, { memory: mebibytes(size) })),
          ...b.map((size, i) => whole(`b${i}`, 'b', cpus[1] / b.length, { memory: mebibytes(size) })),
        ],
      );

    test('A8 (a): from 900 committed to 100', () => {
      const moves = decided(balance, site([300, 300, 300], [100]));
      expect(moves.length).toBeGreaterThan(0);
      expect(moves.every((move) => move.endsWith('a→b'))).toBe(true);
    });

    test('A8 (b): hot by processor, but the other is short of memory, so nothing moves', () => {
      const policy = relieve({ above: percent(80), also: [memory] });
      expect(decided(policy, site([50, 50], [800], [0.9, 0.05]))).toEqual([]);
    });

    test('A8 (c): at 50 % and 25 % nobody is emptied to save power', () => {
      const state = cluster(
        ['a', 'b'].map((id) => host(id, { signals: { low: { holds: true, held: 1e9, value: 0.1 } } })),
        [whole('x', 'a', 0.5), whole('y', 'b', 0.25)],
      );
      expect(decided(consolidate({ low: percent(20), fill: percent(75), high: percent(80) }), state)).toEqual([]);
    });
  });

  test.each([
    ['20 % and 20 %: nothing, though the gap is 40 points', [0.2, 0.2], []],
    ['87.5 % and 12.5 %: the small one goes, the large one stays', [0.875, 0.125], ['v1 a→b']],
  ])('A10: a gate of 80 %, %s', (_, loads, moves) => {
    const state = cluster(
      [host('a'), host('b')],
      loads.map((load, i) => whole(`v${i}`, 'a', load)),
    );
    expect(decided(relieve({ above: percent(80) }), state)).toEqual(moves);
  });

  test('B13: as the peer has it: emptied smallest first, each to where most is free by then, so both do not go to b', () => {
    const state = cluster(
      ['a', 'b', 'c'].map((id) => host(id)),
      [own('a', 0.1), whole('x', 'a', 0.35), whole('y', 'a', 0.45), own('b', 0.05), own('c', 0.3)],
    );
    const policy = relieve({ above: percent(80), until: percent(20), fillTo: percent(75), leaving: 'smallest' });
    expect(decided(policy, state)).toEqual(['x a→b', 'y a→c']);
  });
});

describe('three groups', () => {
  test('C1: four leave the host of eight: 30/50 by processor and by places, five of them may, one host is cordoned', () => {
    const places = guestPlaces(({ id }) => (id.endsWith('n1') ? 9 : 10));
    const state = cluster(
      [host('n1'), host('n2'), host('n3', { state: 'draining' })],
      [...Array.from({ length: 8 }, (_, i) => whole(`p${i}`, 'n1', 0.1, { migratable: i < 5 })), whole('q', 'n2', 0.1)],
    );
    const marks = { above: percent(50), under: percent(30) };
    const moves = decided(relieve({ ...marks, also: [{ ...marks, resource: places }] }), state);
    expect(moves).toEqual(['p0', 'p1', 'p2', 'p3'].map((id) => `${id} n1→n2`));
  });

  test('C1 (variation): by the processor alone three are enough', () => {
    const state = cluster(
      [host('n1'), host('n2')],
      [...Array.from({ length: 8 }, (_, i) => whole(`p${i}`, 'n1', 0.1)), whole('q', 'n2', 0.1)],
    );
    expect(decided(relieve({ above: percent(50), under: percent(30) }), state)).toHaveLength(3);
  });

  test('C5: above the high mark in any resource is over, below the low one in all is under', () => {
    const bounds = { light: percent(20), heavy: percent(50) };
    const group = (...values: readonly (number | undefined)[]): ReturnType<typeof groupOfSeveral> =>
      groupOfSeveral(values, [bounds, bounds]);
    expect(group(0.1, 0.6)).toBe('heavy');
    expect(group(0.1, 0.1)).toBe('light');
    expect(group(0.1, 0.3)).toBe('moderate');
    expect(group(undefined, 0.6)).toBe('heavy');
    expect(group(0.1, undefined)).toBeUndefined();
  });

  test('C5 (variation): a host with little processor and much memory taken is no destination, but a source', () => {
    const full = Array.from({ length: 10 }, (_, i) => whole(`m${i}`, 'b', 0.01, { memory: gibibytes(1) }));
    const state = cluster([host('a'), host('b')], full);
    const marks = { above: percent(50), under: percent(20) };
    const policy = relieve({ ...marks, also: [{ ...marks, resource: memoryGranted }] });
    expect(decided(policy, state).every((move) => move.endsWith('b→a'))).toBe(true);
    expect(decided(policy, state)).toHaveLength(2);
  });
});

describe('G7: a mark of one half', () => {
  const readings = (...values: readonly (number | undefined)[]): Parameters<typeof foldSignal>[1] =>
    values.map((used, i) => ({
      kind: 'host',
      id: 'a',
      at: i * 1000,
      ...(used === undefined ? {} : { cpu: { used } }),
    }));
  const over = (of: number, ...values: readonly (number | undefined)[]): boolean =>
    groupOf(foldSignal(average(cpu, { of }), readings(...values)), { light: 0, heavy: 0.5 }) === 'heavy';

  test.each([
    [1, [0.6], true],
    [1, [0.5], false],
    [1, [undefined], false],
    [1, [0.9, undefined], false],
    [2, [1.2, 0.4], true],
    [2, [0.4, 0.5], false],
    [2, [0.9], false],
    [2, [], false],
  ])('G7: by the mean of %i: %j is over: %s', (of, values, expected) => {
    expect(over(of, ...values)).toBe(expected);
  });
});

describe('hostile data', () => {
  test('H1: a guest whose samples are all zero changes nothing', () => {
    const loads = { a: 0.3, b: 0.25, c: 0.24, zero: 0 };
    const state = cluster(two, [
      own('h1', 0.05),
      own('h2', 0.01),
      ...Object.entries(loads).map(([id, load]) => whole(id, 'h2', load)),
    ]);
    expect(decided(xenOrchestra(), state)).toEqual(['a h2→h1']);
    const silent = cluster(
      two,
      state.guests.map((one) => (one.id === 'zero' ? whole('zero', 'h2') : one)),
    );
    // Not measured at all is another matter: what the host carries is not known.
    expect(decided(xenOrchestra(), silent)).toEqual([]);
  });

  test.each([0.2, 0.4])('H2: short of memory, though the processor is at %f: memory is relieved', (share) => {
    const state = cluster(
      [host('h1', { memory: { total: gibibytes(16), reserved: 0 } }), host('h2')],
      [
        whole('big', 'h1', share / 2, { memory: gibibytes(16) - mebibytes(1100) - gibibytes(2) }),
        whole('small', 'h1', share / 2, { memory: gibibytes(2) }),
        whole('other', 'h2', 0.2, { memory: gibibytes(4) }),
      ],
    );
    const moves = decided(xenOrchestra(), state);
    expect(moves).toHaveLength(1);
    expect(decided(xenOrchestra(), applied(state, xenOrchestra().plan(state)))).toEqual([]);
  });

  test('H3: the first destination in order lacks memory, so the second is used', () => {
    const state = cluster(
      [host('a'), withMemory('b', gibibytes(2)), withMemory('c', gibibytes(8))],
      [whole('x', 'a', 0.5, { memory: gibibytes(4) }), whole('y', 'a', 0.4, { memory: gibibytes(4) })],
    );
    expect(decided(relieve({ above: percent(76.5), fillTo: percent(58.5) }), state)).toEqual(['x a→c']);
  });

  test('H4: of two hosts over the mark the hotter is served first, and what is left is for the other', () => {
    const state = cluster(three, [
      whole('x', 'h1', 0.5),
      whole('x2', 'h1', 0.3),
      whole('y', 'h2', 0.55),
      whole('z', 'h2', 0.4),
    ]);
    expect(decided(xenOrchestra(), state)).toEqual(['y h2→h3']);
  });

  test('H6: a host whose guests deliver nothing is no destination', () => {
    const state = cluster(two, [whole('x', 'h1', 0.5), whole('y', 'h1', 0.4), whole('full', 'h2')]);
    expect(decided(xenOrchestra(), state)).toEqual([]);
    expect(explainPlan(xenOrchestra().plan(state))).toContain('full cpu not measured');
  });

  test('H7: a guest without a reading is not moved, and a destination at 79 of 80 % is not filled by it', () => {
    const state = cluster(two, [whole('x', 'h1', 0.9), whole('silent', 'h1'), own('h2', 0.79)]);
    expect(decided(relieve({ above: percent(80) }), state)).toEqual([]);
  });

  test('H7 (variation): readings that are no numbers are not measured', () => {
    for (const bad of [NaN, Infinity, -1]) {
      const state = cluster(two, [whole('x', 'h1', 0.5), whole('y', 'h1', 0.4), whole('bad', 'h1', bad)]);
      expect(decided(relieve({ above: percent(80) }), state)).toEqual([]);
    }
  });
});

test('unequal hosts: shares are of each host’s own capacity', () => {
  const state = cluster(
    [withMemory('a', gibibytes(16), 4), withMemory('b', gibibytes(16), 16)],
    [guest('x', 'a', 1, { vcpus: 2 }), guest('y', 'a', 1, { vcpus: 2 }), guest('z', 'b', 1, { vcpus: 4 })],
  );
  expect(decided(relieve({ above: percent(80), fillTo: percent(40) }), state)).toEqual(['x a→b']);
  expect(cpuCycles.capacity(host('a'))).toBe(gigahertz(8));
});
