import { describe, expect, test } from 'vitest';
import type { Estimator, MoveFacts } from '../../src/estimators/index.js';
import { precopy } from '../../src/estimators/index.js';
import {
  type Cluster,
  gbps,
  gibibytes,
  gigahertz,
  mbps,
  mebibytes,
  mebibytesPerSecond,
  minutes,
  percent,
  type Reason,
  sayReason,
  seconds,
} from '../../src/model/index.js';
import { cslb, paysOff, type PaysOffSettings } from '../../src/policies/index.js';
import { cluster, guest, host, migration, movesOf } from './build.js';

const inner = cslb({ light: percent(30), heavy: percent(80), guards: { noSwap: true } });

/** A move takes ten seconds and no downtime. */
const tenSeconds: Estimator = () => ({
  convergence: 'converges',
  duration: seconds(10),
  interval: { low: seconds(10), high: seconds(10) },
  downtime: 0,
  bytes: gibibytes(1),
  rounds: 1,
});

interface Scene {
  /** How long the source has been busy. */
  readonly held?: number;
  readonly dirty?: { readonly rate: number; readonly window: number } | undefined;
  readonly rest?: Parameters<typeof cluster>[2];
  readonly hostCpu?: number | undefined;
  readonly networks?: Parameters<typeof host>[1];
}

/** Eight guests of one vCPU each, all of the time busy, on four processors; four more are idle elsewhere. */
const crowded = ({
  held = minutes(10),
  dirty = { rate: mebibytesPerSecond(1), window: 1000 },
  rest,
  hostCpu,
  networks = {},
}: Scene & { hostCpu?: number }): Cluster =>
  cluster(
    [
      host('a', { signals: { cpu: hostCpu ?? 1, busy: { holds: true, held, value: 1 } } }),
      host('b', { signals: { cpu: 0, busy: { holds: false, held: 0, value: 0 } }, ...networks }),
    ],
    Array.from({ length: 8 }, (_, i) => guest(`g${i}`, 'a', 1, { signals: { cpu: 1, dirty, used: mebibytes(512) } })),
    rest,
  );

const gate = (estimator: Estimator, settings: PaysOffSettings = {}): ReturnType<typeof paysOff> =>
  paysOff(inner, estimator, settings);

const verdict = (
  state: Cluster,
  estimator: Estimator = tenSeconds,
  settings: PaysOffSettings = {},
): Reason | undefined => {
  const { moves, passedOver } = gate(estimator, settings).plan(state);
  return [...moves, ...passedOver.filter(({ to }) => to !== undefined)]
    .flatMap(({ because }) => because)
    .find(({ kind, rule }) => kind === 'weighed' || rule === 'paysOff');
};

describe('paysOff (only if it pays off)', () => {
  test('a guest that waits half of the time gains as much again, while the spell lasts', () => {
    // The host lacks four of eight processors, and two after... each move gives the four lacking ones one more.
    const reason = verdict(crowded({}));
    // (a + t) / a integrated from 10 s to 600 s at age 600 s: 600·ln(1200/610) s of one processor.
    expect(reason).toMatchObject({ kind: 'weighed', holds: true });
    const { gain, cost } = reason as { gain: number; cost: number };
    expect(gain).toBeCloseTo(600_000 * Math.log(1200 / 610), 0);
    // Slowed down by a tenth for as long as it is still busy in the ten seconds.
    expect(cost).toBeCloseTo(0.1 * 600_000 * Math.log(610 / 600), 0);
  });

  test('the reason is told', () => {
    expect(sayReason(verdict(crowded({})) as Reason)).toBe(
      'it pays: takes 10.0 s (1 round, 1.0 GiB), 0 ms still; gains 6.8 min, costs 1.0 s',
    );
  });

  test('a spell that has just begun is not expected to last, so the move is not made (W16)', () => {
    const halting: Estimator = (facts) => ({ ...tenSeconds(facts), downtime: 300 }) as ReturnType<Estimator>;
    expect(verdict(crowded({ held: 50 }), halting)).toMatchObject({ holds: false });
    expect(gate(halting).plan(crowded({ held: 50 })).moves).toEqual([]);
    expect(verdict(crowded({ held: minutes(1) }), halting)).toMatchObject({ holds: true });
  });

  test('a host that is not in a busy spell at all has none to be relieved of', () => {
    expect(verdict(crowded({ held: 0 }))).toMatchObject({ gain: 0, holds: false });
  });

  test('what is believed of the spell is a setting', () => {
    const stays: PaysOffSettings = { life: () => ({ kind: 'stays' }), horizon: minutes(5) };
    expect(verdict(crowded({ held: 500 }), tenSeconds, stays)).toMatchObject({
      holds: true,
      gain: 290_000,
      cost: 1000,
    });
  });

  test('a move that never settles is not made', () => {
    expect(verdict(crowded({}), () => ({ convergence: 'never' }))).toMatchObject({ holds: false });
    expect(movesOf(gate(() => ({ convergence: 'never' })).plan(crowded({})))).toEqual([]);
  });

  test('a move of which it is not known what it takes is not made', () => {
    const dirtyUnknown = crowded({ dirty: undefined });
    const silent = cluster(
      dirtyUnknown.hosts,
      dirtyUnknown.guests.map((one) => ({ ...one, signals: { cpu: 1 } })),
    );
    expect(gate(precopy()).plan(silent).moves).toEqual([]);
    expect(verdict(silent, precopy())).toMatchObject({
      estimate: { convergence: 'unknown', missing: ['dirty rate'] },
      holds: false,
    });
  });

  test('where it is uncertain it stays, unless told to weigh', () => {
    const uncertain: Estimator = (facts) =>
      ({ ...tenSeconds(facts), convergence: 'uncertain' }) as ReturnType<Estimator>;
    expect(verdict(crowded({}), uncertain)).toMatchObject({ holds: false });
    expect(verdict(crowded({}), uncertain, { uncertain: 'weigh' })).toMatchObject({ holds: true });
  });

  test('where nobody waits there is nothing to gain', () => {
    const roomy = cluster(
      [
        host('a', {
          cpu: { clock: gigahertz(2), cores: 2, threads: 2, architecture: 'x86_64' },
          signals: { cpu: 1, busy: { holds: true, held: minutes(60), value: 1 } },
        }),
        host('b', { signals: { cpu: 0 } }),
      ],
      ['x', 'y'].map((id) => guest(id, 'a', 1, { signals: { cpu: 1, dirty: { rate: 1e6, window: 1000 } } })),
    );
    expect(movesOf(inner.plan(roomy))).toEqual(['x a→b']);
    expect(verdict(roomy)).toMatchObject({ gain: 0, holds: false });
  });

  test('what the hypervisor takes for itself is not there for guests', () => {
    const half = (own: number): Cluster =>
      cluster(
        [
          host('a', { signals: { cpu: Math.min(1, 0.85 + own), busy: { holds: true, held: minutes(60), value: 1 } } }),
          host('b', { signals: { cpu: 0 } }),
        ],
        Array.from({ length: 4 }, (_, i) =>
          guest(`g${i}`, 'a', 0.85, { signals: { cpu: 0.85, dirty: { rate: 1e6, window: 1000 } } }),
        ),
      );
    const gain = (own: number): number => (verdict(half(own)) as { gain: number }).gain;
    expect(gain(0.15)).toBeGreaterThan(gain(0));
  });
});

describe('the facts that an estimate gets', () => {
  const asked = (state: Cluster): MoveFacts | undefined => {
    const facts: MoveFacts[] = [];
    gate((given) => {
      facts.push(given);
      return tenSeconds(given);
    }).plan(state);
    return facts[0];
  };

  test('memory, what of it is in use, the dirty rate with its window, and the bandwidth', () => {
    expect(asked(crowded({}))).toEqual({
      memory: gibibytes(1),
      nonZero: mebibytes(512),
      demand: { kind: 'sampled', rate: mebibytesPerSecond(1), window: 1000 },
      bandwidth: gbps(1),
    });
  });

  test('a dirty rate of zero is no measurement (H8)', () => {
    expect(asked(crowded({ dirty: { rate: 0, window: 1000 } }))?.demand).toEqual({ kind: 'unknown' });
  });

  test('the bandwidth is that of the slower migration network', () => {
    const slow = { networks: [{ role: 'migration' as const, link: 'net', bandwidth: mbps(300) }] };
    expect(asked(crowded({ networks: slow }))?.bandwidth).toBe(mbps(300));
  });

  test('moves in flight on the same link take their share', () => {
    expect(asked(crowded({ rest: { migrations: [migration('g7', 'a', 'b')] } }))?.bandwidth).toBe(gbps(0.5));
  });

  test('without a migration network nothing is estimated and nothing moves', () => {
    const state = crowded({ networks: { networks: [] } });
    expect(asked(state)).toBeUndefined();
    expect(sayReason(verdict(state) as Reason)).toBe('b migration network not in the inventory');
  });

  test('a host without a cpu reading is not weighed', () => {
    const state = crowded({});
    const silent = { ...state, hosts: state.hosts.map((one) => (one.id === 'b' ? { ...one, signals: {} } : one)) };
    expect(gate(tenSeconds).plan(silent).moves).toEqual([]);
    expect(sayReason(verdict(silent) as Reason)).toBe('b cpu not measured');
  });
});

test('settings are checked by name', () => {
  expect(() => paysOff(inner, tenSeconds, { slowdown: 10 })).toThrow(/^paysOff\.slowdown: /);
  expect(() => paysOff(inner, tenSeconds, { horzion: 1 } as PaysOffSettings)).toThrow(
    'paysOff.horzion: no such setting',
  );
});

test('it watches what it weighs, beside what the policy watches', () => {
  const { host: hosts, guest: guests } = paysOff(inner, tenSeconds).watch;
  expect(Object.keys(hosts ?? {})).toEqual(['cpu', 'busy']);
  expect(Object.keys(guests ?? {})).toEqual(['cpu', 'dirty', 'used']);
});
