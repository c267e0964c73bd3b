/** Sound order: no beginning of a plan is worse than no plan; moves that help are brought forward, what cannot be mended is cut off. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlannerState, PlannerStep } from '../../../src/policies/index.js';
import { fits } from '../../../src/policies/planner/shortened.js';
import { soundOrder } from '../../../src/policies/planner/sound.js';
import { measuresOf, type Spread, spreadOf } from '../../../src/policies/planner/spread.js';
import { clusterOf, type GuestOf, stateOf } from './states.js';

const step = (guest: number, from: number, to: number): PlannerStep => ({ guest, from, to });
const spreadFor = (state: PlannerState): Spread => spreadOf(measuresOf(state, { cpu: 1, memory: 0 }), 'mean deviation');
const sound = (state: PlannerState, steps: readonly PlannerStep[]): readonly PlannerStep[] =>
  soundOrder(state, steps, spreadFor(state));
const stateFrom = (hosts: readonly (readonly GuestOf[])[]): PlannerState => stateOf(clusterOf(hosts));

describe('an order', () => {
  // 0.6, 0.3 and 0 of a host.
  const uneven = stateFrom([
    [
      [0.4, 4],
      [0.2, 4],
    ],
    [[0.3, 4]],
    [],
  ]);

  test('each move of which helps stays as it is', () => {
    const steps = [step(1, 0, 2)];
    expect(sound(uneven, steps)).toEqual(steps);
    expect(sound(uneven, [])).toEqual([]);
  });

  test('that begins with a move for the worse begins with one that helps', () => {
    // Guest 2 onto the hottest host first is worse than nothing; after guest 0 has left, it is not.
    const steps = [step(2, 1, 0), step(0, 0, 2)];
    expect(sound(uneven, steps)).toEqual([step(0, 0, 2), step(2, 1, 0)]);
  });

  test('that cannot be mended is cut off before what makes it worse', () => {
    expect(sound(uneven, [step(1, 0, 2), step(0, 0, 1)])).toEqual([step(1, 0, 2)]);
    expect(sound(uneven, [step(2, 1, 0)])).toEqual([]);
    expect(sound(uneven, [step(1, 0, 2), step(2, 1, 0), step(1, 2, 0)])).toEqual([step(1, 0, 2)]);
  });

  test('may leave as much as there was, and no more', () => {
    // To swap names: 0.4 on one host, then on another.
    const even = stateFrom([[[0.4, 4]], [], [[0.2, 4]]]);
    expect(sound(even, [step(0, 0, 1)])).toEqual([step(0, 0, 1)]);
    expect(sound(even, [step(1, 2, 0)])).toEqual([]);
  });

  test('does not bring a move forward that then has no memory', () => {
    const tight = stateFrom([
      [
        [0.4, 40],
        [0.2, 8],
      ],
      [[0.3, 30]],
      [],
    ]);
    // Guest 0 has room on host 1 only once guest 2 has gone to host 0, which is worse than nothing.
    const steps = [step(2, 1, 0), step(0, 0, 1)];
    expect(fits(tight, [step(0, 0, 1)])).toBe(false);
    expect(sound(tight, steps)).toEqual([]);
  });

  test('does not bring forward the second move of a guest before its first', () => {
    const steps = [step(2, 1, 0), step(2, 0, 2), step(1, 0, 2)];
    const order = sound(uneven, steps);
    const own = order.filter(({ guest }) => guest === 2);
    expect(own).toEqual([step(2, 1, 0), step(2, 0, 2)].slice(0, own.length));
  });

  test('leaves the spread that it was given as it was', () => {
    const spread = spreadFor(uneven);
    const before = spread.value();
    soundOrder(uneven, [step(2, 1, 0), step(0, 0, 2)], spread);
    expect(spread.value()).toBeCloseTo(before, 12);
  });
});

test('no beginning is worse than no move, all moves find their memory, and none is invented', () => {
  const load = fc.integer({ min: 1, max: 40 }).map((n) => n / 100);
  const hosts = fc.array(fc.array(fc.tuple(load, fc.integer({ min: 1, max: 30 })), { maxLength: 2 }), {
    minLength: 2,
    maxLength: 4,
  });
  fc.assert(
    fc.property(hosts, fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 8 }), (list, wanted) => {
      const state = stateFrom(list);
      if (state.guests.length === 0) return;
      const at = Array.from(state.guestHost);
      const steps: PlannerStep[] = [];
      for (const [a, b] of wanted) {
        const [guest, to] = [a % at.length, b % list.length];
        const next = step(guest, at[guest] ?? 0, to);
        if (next.from === to || steps.some((each) => each.guest === guest) || !fits(state, [...steps, next])) continue;
        steps.push(next);
        at[guest] = to;
      }
      const order = sound(state, steps);
      expect(fits(state, order)).toBe(true);
      expect(new Set(order).size).toBe(order.length);
      for (const each of order) expect(steps).toContain(each);
      const spread = spreadFor(state);
      const before = spread.value();
      for (const { guest, from, to } of order) {
        spread.shift(guest, from, to);
        expect(spread.value()).toBeLessThanOrEqual(before + 1e-8);
      }
    }),
    { numRuns: 200 },
  );
});
