/** Shrinking: what an arbitrary cluster or stream comes down to where any, or almost any, will do. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpu, level } from '../../src/metrics/index.js';
import { type Cluster, gibibytes, lookup } from '../../src/model/index.js';
import { clusters, type Flavour, pictureOf, sampleStreams } from '../../src/testing/index.js';

const watch = { guest: { cpu: level(cpu) } };

/** The smallest cluster of which something is true, as the search for a counter-example to the contrary finds it. */
const smallest = (is: (cluster: Cluster) => boolean, flavour?: Flavour): Cluster => {
  const { counterexample } = fc.check(
    fc.property(clusters({ watch, ...(flavour ? { flavour } : {}) }), (cluster) => !is(cluster)),
    { numRuns: 2000 },
  );
  if (!counterexample) throw new Error('there is none');
  return counterexample[0];
};

describe('the smallest cluster …', () => {
  test('of all is one plain host', () => {
    expect(pictureOf(smallest(() => true))).toMatch(/^host-\w {2}4 cores, \d+ GiB of \d+ GiB free$/);
  });

  test('with a guest has one, idle and of one GiB', () => {
    expect(pictureOf(smallest(({ guests }) => guests.length > 0))).toMatch(/^.*\n {2}guest-\w\d {2}1 GiB, cpu 0$/);
  });

  test('with a load above 0.8 has one guest at 1', () => {
    const { guests } = smallest((cluster) => cluster.guests.some(({ signals }) => Number(signals['cpu']) > 0.8));
    expect(guests.map(({ signals }) => signals['cpu'])).toEqual([1]);
  });

  test('with a move in flight has two hosts, the guest that moves, and no other', () => {
    const { hosts, guests, migrations, past } = smallest((cluster) => cluster.migrations.length > 0);
    expect([hosts.length, guests.length, migrations.length, past.length]).toEqual([2, 1, 1, 0]);
  });

  test('with a stale guest has nothing else that is not fresh but its host', () => {
    const { hosts, guests } = smallest((cluster) => cluster.guests.some(({ knowledge }) => knowledge.kind === 'stale'));
    expect(guests.map(({ knowledge }) => knowledge.kind)).toEqual(['stale']);
    expect(hosts.map(({ knowledge }) => knowledge.kind)).toEqual(['partial']);
  });

  test('with a host that is nearly full holds that in one guest', () => {
    const isFull = (cluster: Cluster): boolean =>
      cluster.hosts.some(({ id }) => lookup(cluster).freeMemory(id) < gibibytes(1));
    const { hosts, guests } = smallest(isFull, 'full');
    expect([hosts.length, guests.length]).toEqual([1, 1]);
  });
});

test('clusters that are mapped by somebody else shrink as well', () => {
  const { counterexample } = fc.check(
    fc.property(
      clusters().map(({ hosts }) => hosts.length),
      (count) => count === 0,
    ),
  );
  expect(counterexample).toEqual([1]);
});

describe.each<Flavour>([
  'small',
  'realistic',
  'hostile',
  'idle',
  'full',
  'unequal',
  'half-known',
  'migrating',
  'computing',
])('the flavour %s', (flavour) => {
  const drawn = fc.sample(clusters({ flavour, watch }), { numRuns: 60, seed: 5 });
  const share = (is: (cluster: Cluster) => boolean): number => drawn.filter(is).length / drawn.length;
  const used = ({ guests }: Cluster): readonly unknown[] =>
    guests.map(({ signals }) => signals['cpu']).filter((value) => value !== undefined);

  test('is sane: no host is over-committed', () => {
    for (const cluster of drawn)
      for (const { id } of cluster.hosts) expect(lookup(cluster).freeMemory(id)).toBeGreaterThanOrEqual(0);
  });

  test('is what it says', () => {
    const claims: Readonly<Record<Flavour, () => boolean>> = {
      small: () => drawn.every(({ hosts, guests }) => hosts.length <= 3 && guests.length <= 6),
      realistic: () => drawn.every(({ hosts }) => new Set(hosts.map(({ cpu: { cores } }) => cores)).size === 1),
      hostile: () => share(({ migrations }) => migrations.length > 1) > 0.02,
      idle: () => drawn.flatMap(used).every((value) => value === 0),
      full: () =>
        drawn.every((cluster) =>
          cluster.hosts.every(
            ({ id }) => lookup(cluster).guestsOn(id).length === 0 || lookup(cluster).freeMemory(id) < 10,
          ),
        ),
      unequal: () => share(({ hosts }) => new Set(hosts.map(({ cpu: { cores } }) => cores)).size === 2) > 0.5,
      'half-known': () => share(({ guests }) => guests.some(({ knowledge }) => knowledge.kind !== 'fresh')) > 0.5,
      computing: () => drawn.flatMap(used).filter((value) => Number(value) >= 0.7).length > drawn.length / 2,
      migrating: () => share(({ migrations }) => migrations.length > 0) > 0.3,
    };
    expect(claims[flavour]()).toBe(true);
  });
});

describe('sample streams', () => {
  const subjects = [
    { kind: 'host', id: 'a' },
    { kind: 'guest', id: 'web' },
  ] as const;

  test('in order, where nobody plays tricks', () => {
    fc.assert(
      fc.property(sampleStreams({ subjects }), (stream) => {
        const times = stream.map((reading) => (reading.kind === 'bad-input' ? NaN : reading.at));
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
    );
  });

  test('with NaN, bad input, doubles and late ones, where somebody does', () => {
    const drawn = fc.sample(sampleStreams({ subjects, mischief: 0.5 }), { numRuns: 50, seed: 1 });
    const told = drawn.flat();
    expect(told.some((reading) => reading.kind === 'bad-input')).toBe(true);
    expect(told.some((reading) => reading.kind !== 'bad-input' && Number.isNaN(reading.cpu?.used))).toBe(true);
    expect(drawn.some((stream) => stream.some((reading, i) => stream.indexOf(reading) < i))).toBe(true);
    expect(
      drawn.some((stream) =>
        stream.some((reading, i) => {
          const before = stream[i - 1];
          return reading.kind !== 'bad-input' && before && before.kind !== 'bad-input' && before.at > reading.at;
        }),
      ),
    ).toBe(true);
  });

  test('they shrink to the one reading that matters', () => {
    const { counterexample } = fc.check(
      fc.property(sampleStreams({ subjects, mischief: 0.5 }), (stream) =>
        stream.every((reading) => reading.kind === 'bad-input' || !Number.isNaN(reading.cpu?.used)),
      ),
    );
    expect(counterexample?.[0]).toHaveLength(1);
  });
});
