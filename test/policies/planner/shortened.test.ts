/** Shortened: one move in place of several of the same guest, where the order of all leaves the memory for it. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlannerState, PlannerStep } from '../../../src/policies/index.js';
import { fits, shortened } from '../../../src/policies/planner/shortened.js';
import { clusterOf, type GuestOf, stateOf } from './states.js';

const step = (guest: number, from: number, to: number): PlannerStep => ({ guest, from, to });
/** Hosts of 64 GiB by the memories of their guests. */
const state = (...hosts: readonly (readonly number[])[]): PlannerState =>
  stateOf(clusterOf(hosts.map((sizes) => sizes.map((size): GuestOf => [0.1, size]))));

describe('an order fits', () => {
  test('where each move finds its memory, to the last byte', () => {
    expect(fits(state([32], [32]), [step(0, 0, 1)])).toBe(true);
    expect(fits(state([32], [33]), [step(0, 0, 1)])).toBe(false);
  });

  test('where what goes before makes way, and not where it only goes after', () => {
    const full = state([40], [40], []);
    expect(fits(full, [step(1, 1, 2), step(0, 0, 1)])).toBe(true);
    expect(fits(full, [step(0, 0, 1), step(1, 1, 2)])).toBe(false);
  });

  test('of no moves always', () => {
    expect(fits(state([64], [64]), [])).toBe(true);
  });
});

describe('a guest that moves twice', () => {
  test('moves once, where its last move stood, if there is room by then', () => {
    const steps = [step(0, 0, 1), step(1, 1, 2), step(0, 1, 2)];
    // In its first place it would come before the other one, which is as good; the first that fits is taken.
    expect(shortened(state([8], [8], []), steps)).toEqual([step(0, 0, 2), step(1, 1, 2)]);
  });

  test('waits for its last place where what makes way for it goes in between', () => {
    const steps = [step(0, 0, 1), step(1, 2, 3), step(0, 1, 2)];
    expect(shortened(state([40], [], [40], []), steps)).toEqual([step(1, 2, 3), step(0, 0, 2)]);
  });

  test('still waits elsewhere where another one needs its place before', () => {
    // Guest 1 takes the place of guest 0 before it makes way for it.
    const steps = [step(0, 0, 2), step(1, 1, 0), step(0, 2, 1)];
    const blocked = state([40], [40], []);
    expect(fits(blocked, steps)).toBe(true);
    expect(shortened(blocked, steps)).toEqual(steps);
  });

  test('does not move at all where it comes home again', () => {
    expect(shortened(state([8], [], []), [step(0, 0, 1), step(0, 1, 0)])).toEqual([]);
    expect(shortened(state([8, 4], [], []), [step(0, 0, 1), step(1, 0, 2), step(0, 1, 0)])).toEqual([step(1, 0, 2)]);
  });

  test('moves away and back where its room is needed meanwhile', () => {
    const swap = state([40, 8], [60], []);
    const steps = [step(0, 0, 2), step(2, 1, 0), step(2, 0, 1), step(0, 2, 0)];
    // Guest 2 comes home as well, so that nothing is left to do.
    expect(shortened(swap, steps)).toEqual([]);
  });

  test('or three times moves once', () => {
    expect(shortened(state([8], [], [], []), [step(0, 0, 1), step(0, 1, 2), step(0, 2, 3)])).toEqual([step(0, 0, 3)]);
  });
});

test('steps of guests that move once stay as they are', () => {
  const steps = [step(1, 1, 2), step(0, 0, 2)];
  expect(shortened(state([8], [8], []), steps)).toBe(steps);
});

test('what stands where in the end is the same, in an order that fits, of no more moves', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 24 }), { maxLength: 2 });
  const draws = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 14 });
  fc.assert(
    fc.property(fc.array(sizes, { minLength: 2, maxLength: 4 }), draws, (hosts, wanted) => {
      const cluster = state(...hosts);
      const count = cluster.guests.length;
      if (count === 0) return;
      const at = Array.from(cluster.guestHost);
      const steps: PlannerStep[] = [];
      for (const [a, b] of wanted) {
        const [guest, to] = [a % count, b % hosts.length];
        const next = step(guest, at[guest] ?? 0, to);
        if (next.from === to || !fits(cluster, [...steps, next])) continue;
        steps.push(next);
        at[guest] = to;
      }
      const short = shortened(cluster, steps);
      const end = Array.from(cluster.guestHost);
      for (const { guest, from, to } of short) {
        expect(end[guest]).toBe(from);
        end[guest] = to;
      }
      expect(end).toEqual(at);
      expect(fits(cluster, short)).toBe(true);
      expect(short.length).toBeLessThanOrEqual(steps.length);
    }),
    { numRuns: 200 },
  );
});
