/** Compositions that resist noise: the same CSLB, given signals that forget single readings, or a cool-down. */
import { describe, expect, test } from 'vitest';
import { average, cpu, kOfN, mapped, smoothed } from '../../../src/metrics/index.js';
import { minutes, type Outcome, seconds } from '../../../src/model/index.js';
import { cslb, type CslbSettings, damped, type Policy } from '../../../src/policies/index.js';
import { applied } from '../../../src/testing/index.js';
import { cluster, host, now, whole } from '../build.js';

const bounds: CslbSettings = { light: 0.6, heavy: 0.8, guards: { noSwap: true } };

/** A peak counts in full only where it has been one in three of the last five readings. */
const lasting = mapped(
  kOfN({ measure: cpu, relation: 'above', limit: 0.35, k: 3, n: 5 }),
  'peaks that last',
  ({ holds, value }) => (holds ? value : Math.min(value, 0.35)),
);

const plain = cslb(bounds);
const averaged = cslb({ ...bounds, signal: average(cpu, { of: 5 }) });
const smooth = cslb({ ...bounds, signal: smoothed(cpu, { over: minutes(1) }) });
const counted = cslb({ ...bounds, signal: lasting });
const calm = damped(plain, { guest: minutes(30), host: minutes(5) });

/** A readings' series by guest: each round one reading, 10 s apart. */
type Series = (guest: string, round: number) => number;

/** Runs a policy over a series, its moves done by the next round; gives the rounds in which it moved anything. */
const rounds = (policy: Policy, series: Series, length: number): readonly number[] => {
  const names = ['a1', 'a2', 'b1', 'b2'];
  let standing = new Map(names.map((id) => [id, id.slice(0, 1)]));
  const states = new Map<string, unknown>();
  const past: Outcome[] = [];
  const moved: number[] = [];
  for (let round = 0; round < length; round++) {
    const at = now + seconds(10 * round);
    const guests = names.map((id) => {
      const signals = Object.entries(policy.watch.guest ?? {}).map(([name, signal]) => {
        const key = `${id}/${name}`;
        const before: unknown = states.has(key) ? states.get(key) : signal.initial;
        const after: unknown = signal.step(before, {
          kind: 'guest',
          id,
          at,
          cpu: { used: series(id, round) },
        });
        states.set(key, after);
        return [name, signal.value(after)] as const;
      });
      return whole(id, standing.get(id) ?? 'a', undefined, {
        signals: Object.fromEntries(signals),
        knowledge: { kind: 'fresh', at },
      });
    });
    const state = { ...cluster([host('a'), host('b')], guests, { past }), at };
    const plan = policy.plan(state);
    if (plan.moves.length > 0) moved.push(round);
    standing = new Map(applied(state, plan).guests.map((guest) => [guest.id, guest.host]));
    past.push(
      ...plan.moves.map(({ guest, from, to }): Outcome => ({
        id: `o-${round}-${guest}`,
        guest,
        from,
        to,
        startedAt: at,
        endedAt: at + seconds(5),
        ending: { result: 'done' },
      })),
    );
  }
  return moved;
};

/** Static load, but in one round two runs end at once on b and both guests of a are busier than usual. */
const hiccup: Series = (guest, round) => {
  if (round !== 10) return 0.35;
  return guest.startsWith('a') ? 0.45 : 0.2;
};

/** From round ten on the guests of a want more for good, and those of b less. */
const change: Series = (guest, round) => {
  if (round < 10) return 0.35;
  return guest.startsWith('a') ? 0.45 : 0.15;
};

/** The same static load with such a round every third time. */
const restless: Series = (guest, round) => hiccup(guest, round % 3 === 0 ? 10 : 0);

describe('spurious migrations (W17) and what resists them (W43)', () => {
  test('a single odd reading on static load makes the plain rule move a guest, and then move one back', () => {
    expect(rounds(plain, hiccup, 30)).toEqual([10, 11]);
  });

  test.each([
    ['the average of five readings', averaged],
    ['a mean smoothed over a minute', smooth],
    ['three of five readings', counted],
  ])('%s does not move any', (_, policy) => {
    expect(rounds(policy, hiccup, 30)).toEqual([]);
  });

  test.each([
    ['the average of five readings', averaged],
    ['a mean smoothed over a minute', smooth],
    ['three of five readings', counted],
  ])('%s still sees a change that lasts, some rounds later', (_, policy) => {
    const moved = rounds(policy, change, 90);
    expect(moved[0]).toBeGreaterThan(10);
    // And it rests when the signal has come to where the load is.
    expect(moved.at(-1)).toBeLessThan(40);
  });

  test('a cool-down does not prevent the first spurious move, but the ones that follow from it', () => {
    const often = rounds(plain, restless, 60);
    const seldom = rounds(calm, restless, 60);
    expect(often[0]).toBe(seldom[0]);
    expect(seldom.length).toBeGreaterThan(0);
    expect(seldom.length).toBeLessThan(often.length);
  });
});
