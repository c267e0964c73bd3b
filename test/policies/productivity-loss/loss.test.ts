import { expect, test } from 'vitest';
import { cpuCycles, type GuestLoad, type HostLoad } from '../../../src/policies/index.js';
import { burdenOf } from '../../../src/policies/productivity-loss/loss.js';
import { host, whole } from '../build.js';

/** Two hosts' worth of the same guests: both stand here, or one of them is on its way. */
const here = host('a');
const loadOf = (id: string, share: number, on = 'a'): GuestLoad => {
  const guest = whole(id, on, share);
  return { guest, taken: cpuCycles.taken(share, guest, here) };
};
const [x, y] = [loadOf('x', 0.7), loadOf('y', 0.7)];
const carrying = (...guests: readonly GuestLoad[]): HostLoad => ({
  kind: 'known',
  host: here,
  taken: x.taken + y.taken,
  share: 1.4,
  guests,
});

test('what guests want above the capacity is lost (W22)', () => {
  // 140 % wanted of 8 GHz.
  expect(burdenOf('mean', carrying(x, y), []).loss).toBeCloseTo(3.2e9, -3);
});

test.each(['mean', 'spread'] as const)('a guest on its way wants as much as one that has landed: %s', (demand) => {
  // Else a plan of several moves would see gains that are gone when they are over, and guests would go to and fro.
  const landed = burdenOf(demand, carrying(x, y), []);
  const arriving = burdenOf(demand, carrying(x), [{ ...y, from: host('b') }]);
  expect(arriving.wanted).toEqual(landed.wanted);
  expect(arriving.loss).toBe(landed.loss);
});

test('with a spread more is lost than without (W22)', () => {
  expect(burdenOf('spread', carrying(x, y), []).loss).toBeGreaterThan(burdenOf('mean', carrying(x, y), []).loss);
});
