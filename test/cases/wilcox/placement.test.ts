/** The arm that migration must beat: guests that were placed well, and are never moved. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  gigahertz,
  type Guest,
  hours,
  mebibytes,
  mebibytesPerSecond,
  minutes,
  percent,
} from '../../../src/model/index.js';
import { cslb, firstPlacement, type Policy, stay } from '../../../src/policies/index.js';
import { traceDemand, type Workload } from '../../../src/simulation/index.js';
import { clusters } from '../../../src/testing/index.js';
import { bareGuest, bareHost, play } from './arms.js';

const writes = { rate: mebibytesPerSecond(20), workingSet: mebibytes(50), pattern: 'random' as const };
const constant = (share: number): Workload => ({ demand: traceDemand([share], { step: hours(1), writes }) });

describe('W24: never migrate, place well', () => {
  const hosts = ['h0', 'h1', 'h2'].map((id) => bareHost(id));
  const loads = [0.9, 0.8, 0.7, 0.6, 0.35, 0.25, 0.2, 0.1, 0.05];
  const at = (i: number): string => `g${i}`;
  /** As they came, three by three: the busiest on one host. */
  const careless = loads.map((_, i) => bareGuest(at(i), `h${Math.floor(i / 3)}`, 3));
  const wants = ({ id }: Guest): number => (loads[Number(id.slice(1))] ?? 0) * 3 * gigahertz(2);
  const { places, passedOver } = firstPlacement({ hosts, guests: careless, wants });
  const careful = careless.map((one) => ({ ...one, host: places.get(one.id) ?? '' }));
  const steady = Object.fromEntries(careless.map(({ id }, i) => [id, constant(loads[i] ?? 0)]));
  const mover = cslb({
    light: percent(40),
    heavy: percent(90),
    guards: { noSwap: true, smallestGain: percent(2), keepBelowHeavy: true },
  });

  test('W24: those that want most are placed first, each on the host that is least loaded with it', () => {
    expect(passedOver).toEqual([]);
    const sums = hosts.map(({ id }) =>
      careful.filter((one) => one.host === id).reduce((sum, one) => sum + wants(one), 0),
    );
    expect(Math.max(...sums) / Math.min(...sums)).toBeLessThan(1.1);
  });

  test('W24: under a steady load, migration does not beat good placement; it beats bad placement', () => {
    const [bad, mended, good] = [
      play({ hosts, guests: careless, workloads: steady, policy: stay() }),
      play({ hosts, guests: careless, workloads: steady, policy: mover }),
      play({ hosts, guests: careful, workloads: steady, policy: stay() }),
    ];
    expect(mended.unserved).toBeLessThan(bad.unserved);
    expect(good.unserved).toBeLessThanOrEqual(mended.unserved);
    expect(good.moves).toEqual([]);
  });

  test('W24: where loads change for long after placement, migration beats even the good one', () => {
    const changing = Object.fromEntries(
      careful.map(({ id, host: on }, i) => [
        id,
        // After a quarter of an hour those on the first host want all that they can get, the others little.
        {
          demand: traceDemand([loads[i] ?? 0, ...Array.from({ length: 11 }, () => (on === 'h0' ? 1 : 0.1))], {
            step: minutes(15),
            writes,
          }),
        },
      ]),
    );
    const arm = (policy: Policy): number =>
      play({ hosts, guests: careful, workloads: changing, policy, length: hours(3) }).unserved;
    expect(arm(mover)).toBeLessThan(arm(stay()));
  });

  test('W24: constraints hold from the start, and who finds no place is told why', () => {
    const pair = { together: ['pair'] };
    const rivals = { apart: ['db'] };
    const some: readonly Guest[] = [
      { ...bareGuest('a', '', 1), ...pair },
      { ...bareGuest('b', '', 1), ...pair },
      ...['x', 'y', 'z', 'w'].map((id) => ({ ...bareGuest(id, '', 1), ...rivals })),
      { ...bareGuest('p', '', 1), pins: ['h2'] },
      { ...bareGuest('q', '', 64) },
    ];
    const found = firstPlacement({ hosts, guests: some, wants: () => gigahertz(1) });
    expect(found.places.get('a')).toBe(found.places.get('b'));
    expect(new Set(['w', 'x', 'y'].map((id) => found.places.get(id))).size).toBe(3);
    expect(found.places.has('z')).toBe(false);
    expect(found.places.get('p')).toBe('h2');
    expect(found.places.has('q')).toBe(false);
    expect(found.passedOver.filter(({ subject }) => subject.kind === 'guest' && subject.id === 'q')).toHaveLength(3);
  });

  test('W24: the largest load is within 4/3 of the best that any placement has, on every small case', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 }),
        (count, sizes) => {
          const equal = Array.from({ length: count }, (_, i) => bareHost(`h${i}`));
          const few = sizes.map((_, i) => bareGuest(at(i), '', 1));
          const size = ({ id }: Guest): number => sizes[Number(id.slice(1))] ?? 0;
          const placed = firstPlacement({ hosts: equal, guests: few, wants: size }).places;
          const largest = (place: (i: number) => string): number =>
            Math.max(...equal.map(({ id }) => sizes.reduce((sum, one, i) => sum + (place(i) === id ? one : 0), 0)));
          let best = Infinity;
          for (let code = 0; code < count ** sizes.length; code++)
            best = Math.min(
              best,
              largest((i) => `h${Math.floor(code / count ** i) % count}`),
            );
          expect(largest((i) => placed.get(at(i)) ?? '')).toBeLessThanOrEqual((4 / 3) * best + 1e-9);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('W24: nothing but staying is what the arm does, on any cluster', () => {
    fc.assert(
      fc.property(clusters({}), (state) => {
        expect(stay().plan(state)).toEqual({ moves: [], passedOver: [] });
      }),
      { numRuns: 20 },
    );
  });
});
