/** Combinators that let a policy decide for a part: some guests, some hours, some hosts, or none at all. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cluster, explainPlan, hours, minutes, nothing, percent } from '../../../src/model/index.js';
import {
  agreement,
  canary,
  cslb,
  definePolicy,
  during,
  evacuate,
  gated,
  onlyFor,
  type Policy,
  SettingsError,
  shadow,
  stay,
} from '../../../src/policies/index.js';
import { clusters, expectLawful } from '../../../src/testing/index.js';
import { cluster, guest, host, whole } from '../build.js';

const balance = cslb({ light: percent(40), heavy: percent(60), guards: { noSwap: true } });
const leave = evacuate();

const hot = cluster(
  [host('a'), host('b'), host('c')],
  [whole('a1', 'a', 0.5, { labels: { tier: 'db' } }), whole('a2', 'a', 0.4, { labels: { tier: 'batch' } })],
);
const moved = (policy: Policy, of: Cluster = hot): readonly string[] =>
  policy.plan(of).moves.map(({ guest: id, from, to }) => `${id}: ${from} → ${to}`);

const everywhere = (check: (of: Cluster) => void): void => {
  fc.assert(fc.property(clusters({ watch: balance.watch }), check), { numRuns: 60 });
};

describe('onlyFor', () => {
  test('moves those that carry the labels, and lets the policy choose among them', () => {
    expect(moved(balance)).toEqual(['a1: a → b']);
    expect(moved(onlyFor(balance, { tier: 'batch' }))).toEqual(['a2: a → b']);
    expect(moved(onlyFor(balance, { tier: 'web' }))).toEqual([]);
  });

  test('a label that an object has anyway is no label', () => {
    expect(moved(onlyFor(balance, { constructor: 'x' }))).toEqual([]);
  });

  test('passes over what a policy proposes all the same, and says which label is missing', () => {
    const rash = cslb({ light: percent(40), heavy: percent(60), constraints: [] });
    const plan = onlyFor(rash, { tier: 'batch' }).plan(hot);
    expect(plan.moves).toEqual([]);
    expect(explainPlan(plan)).toContain('label tier db, not batch');
  });

  test('of no labels is the policy itself, and said twice is said once', () => {
    const some = onlyFor(balance, { tier: 'batch' });
    everywhere((of) => {
      expect(onlyFor(balance, {}).plan(of)).toEqual(balance.plan(of));
      expect(moved(onlyFor(some, { tier: 'batch' }), of)).toEqual(moved(some, of));
    });
  });
});

describe('during', () => {
  /** A Monday, at a time of the day in UTC. */
  const monday = (time: number): Cluster => ({ ...hot, at: Date.UTC(2026, 10, 23) + time });
  const open = (window: Parameters<typeof during>[1], time: number): boolean =>
    moved(during(balance, window), monday(time)).length > 0;

  test.each([
    [hours(22), hours(6), hours(21), false],
    [hours(22), hours(6), hours(22), true],
    [hours(22), hours(6), hours(3), true],
    [hours(22), hours(6), hours(6), false],
    [hours(8), hours(12), hours(8) - 1, false],
    [hours(8), hours(12), hours(12) - 1, true],
    [hours(8), hours(8), hours(3), true],
  ])('from %d to %d at %d', (from, to, time, expected) => {
    expect(open({ from, to }, time)).toBe(expected);
  });

  test('a window that goes past midnight belongs to the day on which it began', () => {
    const window = { from: hours(22), to: hours(6) };
    expect(open({ ...window, days: ['sunday'] }, hours(3))).toBe(true);
    expect(open({ ...window, days: ['monday'] }, hours(3))).toBe(false);
    expect(open({ ...window, days: ['monday'] }, hours(23))).toBe(true);
  });

  test('the clock is that of the zone, in summer as in winter', () => {
    const rome = during(balance, { from: hours(12), to: hours(13), timeZone: 'Europe/Rome' });
    const at = (month: number, hour: number): readonly string[] =>
      moved(rome, { ...hot, at: Date.UTC(2026, month, 15, hour, 30) });
    expect([at(0, 11).length, at(6, 11).length, at(0, 10).length, at(6, 10).length]).toEqual([1, 0, 0, 1]);
  });

  test('says while it is shut what was compared', () => {
    const plan = during(balance, { from: hours(22), to: hours(23) }).plan(monday(hours(21)));
    expect(explainPlan(plan)).toContain('time since the window opened 23.0 h not below 1.0 h');
  });

  test.each([
    [{ from: -1, to: 5 }, /during\.from/],
    [{ from: Number.NaN, to: 5 }, /during\.from/],
    [{ from: 0, to: hours(25) }, /during\.to/],
    [{ from: 0, to: 5, timeZone: 'Mars/Olympus' }, /during\.timeZone/],
    [{ from: 0, to: 5, days: [] }, /during\.days/],
  ])('refuses %j', (window, message) => {
    expect(() => during(balance, window)).toThrow(SettingsError);
    expect(() => during(balance, window)).toThrow(message);
  });

  test('all day long is the policy itself, and said twice is said once', () => {
    const night = { from: hours(0), to: hours(1) };
    everywhere((of) => {
      expect(during(balance, { from: 0, to: 0 }).plan(of)).toEqual(balance.plan(of));
      expect(during(during(balance, night), night).plan(of)).toEqual(during(balance, night).plan(of));
    });
  });
});

describe('shadow', () => {
  test('decides nothing, and tells what the other would have done', () => {
    const plan = shadow(stay(), balance).plan(hot);
    expect(plan.moves).toEqual([]);
    expect(explainPlan(plan)).toContain('cslb proposes a1: a → b');
  });

  test('a shadow that throws is told, and harms nobody', () => {
    const broken = definePolicy({
      name: 'broken',
      watch: {},
      plan: () => {
        throw new Error('no idea');
      },
    });
    const plan = shadow(balance, broken).plan(hot);
    expect(plan.moves).toEqual(balance.plan(hot).moves);
    expect(explainPlan(plan)).toContain('broken threw no idea');
  });

  test('never changes a move (identity)', () => {
    everywhere((of) => {
      expect(shadow(balance, leave).plan(of).moves).toEqual(balance.plan(of).moves);
      expect(shadow(leave, balance).plan(of).moves).toEqual(leave.plan(of).moves);
    });
  });

  test('agreement counts each move of both plans once', () => {
    everywhere((of) => {
      const [a, b] = [balance.plan(of), leave.plan(of)];
      const { both, first, second } = agreement(a, b);
      expect(both.length + first.length).toBe(a.moves.length);
      expect(both.length + second.length).toBe(b.moves.length);
      expect(agreement(a, a)).toEqual({ both: a.moves, first: [], second: [] });
    });
    expect(agreement(nothing(), nothing()).both).toEqual([]);
  });
});

describe('canary', () => {
  test('a share of all, or of none, is the one policy or the other', () => {
    everywhere((of) => {
      expect(moved(canary(balance, leave, { share: 1 }), of)).toEqual(moved(balance, of));
      expect(moved(canary(balance, leave, { share: 0 }), of)).toEqual(moved(leave, of));
    });
  });

  test('of one policy with itself takes a part of its moves', () => {
    everywhere((of) => {
      const all = moved(balance, of);
      for (const move of moved(canary(balance, balance, { share: 0.5 }), of)) expect(all).toContain(move);
    });
  });

  test('a host on trial stays on trial when the share grows, and when others come', () => {
    const names = Array.from({ length: 200 }, (_, i) => `host-${i}`);
    const mover = definePolicy({
      name: 'mover',
      watch: {},
      // One guest a host, to itself or its twin: what counts is where it starts.
      plan: ({ guests }) => ({
        moves: guests.map(({ id, host: from }) => ({ guest: id, from, to: from, because: [] })),
        passedOver: [],
      }),
    });
    const of = cluster(
      names.map((id) => host(id)),
      names.map((id) => guest(`g-${id}`, id)),
    );
    const onTrial = (share: number, word?: string): readonly string[] =>
      moved(canary(mover, stay(), { share, ...(word === undefined ? {} : { word }) }), of);
    expect(onTrial(0.5)).toEqual(expect.arrayContaining([...onTrial(0.2)]));
    // 200 draws: six standard deviations.
    expect(Math.abs(onTrial(0.5).length - 100)).toBeLessThan(43);
    expect(onTrial(0.5, 'another word')).not.toEqual(onTrial(0.5));
  });

  test('refuses a share that is none', () => {
    expect(() => canary(balance, leave, { share: 1.5 })).toThrow(/canary\.share/);
  });
});

test('gates and labels may come in any order', () => {
  const night = { from: hours(0), to: hours(1) } as const;
  const quiet = { name: 'never', watch: {}, judge: () => [] };
  everywhere((of) => {
    expect(moved(during(onlyFor(balance, { tier: 'db' }), night), of)).toEqual(
      moved(onlyFor(during(balance, night), { tier: 'db' }), of),
    );
    expect(moved(gated(during(balance, night), quiet), of)).toEqual(moved(during(gated(balance, quiet), night), of));
  });
});

test.each([onlyFor(balance, { tier: 'batch' }), during(balance, { from: 0, to: minutes(90) }), shadow(balance, leave)])(
  '$name keeps the laws that the policy within keeps',
  (policy) => {
    fc.assert(
      fc.property(clusters({ watch: policy.watch }), (of) => {
        expectLawful(policy, of);
      }),
      { numRuns: 30 },
    );
  },
);
