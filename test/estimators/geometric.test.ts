import { describe, expect, test } from 'vitest';
import {
  allBytes,
  clarkStops,
  forces,
  geometric,
  geometricSeries,
  liveLength,
  qemuStops,
  replayRounds,
  xenClassicStops,
  xenStops,
  type RoundsInput,
} from '../../src/estimators/index.js';
import { gibibytes, kibibytes, mbps, mebibytes, mebibytesPerSecond } from '../../src/model/index.js';
import { knownDemand, moveFacts } from './facts.js';

const rounds = (change: Partial<RoundsInput> = {}): RoundsInput => ({
  volume: mebibytes(1000),
  memory: mebibytes(1000),
  bandwidth: mebibytesPerSecond(100),
  dirtied: (from, to) => (to - from) * (mebibytesPerSecond(50) / 1000),
  rules: qemuStops(300),
  ...change,
});

const fast =
  (ratio: number): RoundsInput['dirtied'] =>
  (from, to) =>
    (to - from) * ((mebibytesPerSecond(100) * ratio) / 1000);

describe('rounds V λⁱ', () => {
  test('each round sends what the one before left', () => {
    const result = replayRounds(rounds());
    expect(result.rounds.map(({ bytes }) => Math.round(bytes / mebibytes(1)))).toEqual([1000, 500, 250, 125, 63, 31]);
    expect(result.last.bytes / mebibytes(1)).toBeCloseTo(15.6, 1);
  });

  test('the closed form of Liu et al. gives the same sums', () => {
    const replayed = replayRounds(rounds({ rules: [{ kind: 'few left', below: mebibytes(20) }] }));
    const series = geometricSeries(mebibytes(1000), mebibytesPerSecond(50), mebibytesPerSecond(100), mebibytes(20));
    expect(liveLength(replayed) + replayed.last.length).toBeCloseTo(series.duration, 6);
    expect(allBytes(replayed)).toBeCloseTo(series.bytes, 3);
    expect(series.rounds).toBe(replayed.rounds.length);
  });

  test('a guest that writes nothing goes over in one round', () => {
    expect(geometricSeries(gibibytes(1), 0, mbps(700), 1)).toMatchObject({ rounds: 0, bytes: gibibytes(1), last: 0 });
  });

  test.each([1, 1.5, 40])('λ = %d does not converge, and every figure is infinite, none negative', (ratio) => {
    const series = geometricSeries(gibibytes(1), mbps(700) * ratio, mbps(700), 1);
    expect(series).toEqual({
      ratio: expect.closeTo(ratio) as number,
      rounds: Infinity,
      duration: Infinity,
      bytes: Infinity,
      last: Infinity,
    });
    expect(replayRounds(rounds({ dirtied: fast(ratio) })).by).toBeUndefined();
  });

  test('capped rounds end at the price of the pause', () => {
    const result = replayRounds(rounds({ dirtied: fast(1), rules: xenStops }));
    expect(result.by).toEqual({ kind: 'rounds', most: 5 });
    expect(result.rounds).toHaveLength(5);
    expect(result.last.length).toBeCloseTo(10_000);
  });
});

describe('stop rules', () => {
  test('M36: QEMU has no rule that forces an end, Xen and Clark have', () => {
    expect(qemuStops().some(forces)).toBe(false);
    expect([xenStops, xenClassicStops, clarkStops(mbps(500))].every((rules) => rules.some(forces))).toBe(true);
  });

  test('M36: classic Xen stops when three times the memory has been sent', () => {
    expect(replayRounds(rounds({ dirtied: fast(1), rules: xenClassicStops })).by).toEqual({ kind: 'volume', times: 3 });
  });

  test('classic Xen stops after 29 rounds where they are small', () => {
    const small = replayRounds(rounds({ dirtied: () => kibibytes(400), rules: xenClassicStops }));
    expect(small.by).toEqual({ kind: 'rounds', most: 29 });
  });

  test('Xen sends a round of fewer than 50 pages live, and stops then', () => {
    const few = replayRounds(rounds({ dirtied: () => kibibytes(4 * 49), rules: xenStops, sendsLast: true }));
    expect(few.by).toMatchObject({ kind: 'few left' });
    expect(few.rounds).toHaveLength(2);
  });

  test('Clark: rounds follow the dirty rate, and end when it would pass the maximum', () => {
    const adaptive = { minimum: mbps(100), margin: mbps(50) };
    const calm = replayRounds(
      rounds({
        dirtied: (from, to) => ((to - from) / 1000) * mbps(60),
        rules: clarkStops(mbps(500)),
        bandwidth: mbps(500),
        adaptive,
      }),
    );
    expect(calm.by).toMatchObject({ kind: 'few left' });
    expect((calm.rounds[0]?.bytes ?? 0) / (calm.rounds[0]?.length ?? 1)).toBeCloseTo(mbps(100) / 1000);
    expect((calm.rounds[1]?.bytes ?? 0) / (calm.rounds[1]?.length ?? 1)).toBeCloseTo(mbps(110) / 1000);
    const busy = replayRounds(
      rounds({
        dirtied: (from, to) => ((to - from) / 1000) * mbps(480),
        rules: clarkStops(mbps(500)),
        bandwidth: mbps(500),
        adaptive,
      }),
    );
    expect(busy.by).toEqual({ kind: 'rate', most: mbps(500) });
  });

  test('QEMU’s rule ends when what is left fits into the limit (M35: 30 ms then, 300 ms now)', () => {
    const now = replayRounds(rounds());
    const then = replayRounds(rounds({ rules: qemuStops(30) }));
    expect(now.last.length).toBeLessThanOrEqual(300);
    expect(then.last.length).toBeLessThanOrEqual(30);
    expect(then.rounds.length).toBeGreaterThan(now.rounds.length);
  });
});

describe('the geometric series as an estimator', () => {
  test('it converges below the bandwidth and never above, where nothing forces an end', () => {
    const at = (ratio: number) =>
      geometric()(moveFacts({ demand: knownDemand({ writeRate: mbps(700) * ratio, workingSet: mebibytes(600) }) }));
    expect(at(0.5).convergence).toBe('converges');
    expect(at(1.1).convergence).toBe('never');
  });

  test('a working set below the stop threshold converges at any rate', () => {
    expect(
      geometric()(moveFacts({ demand: knownDemand({ writeRate: mbps(7000), workingSet: mebibytes(10) }) })).convergence,
    ).toBe('converges');
  });

  const known = (change: Partial<Parameters<typeof knownDemand>[0]>) =>
    geometric()(
      moveFacts({
        demand: knownDemand({ writeRate: mbps(600), workingSet: mebibytes(300), pattern: 'sweep', ...change }),
      }),
    );

  test('random writes hit pages that are dirty already, so less is sent than for a sweep', () => {
    const sweep = known({ pattern: 'sweep' });
    const random = known({ pattern: 'random' });
    if (!('bytes' in sweep && 'bytes' in random)) throw new Error('both must settle');
    expect(random.bytes).toBeLessThan(0.9 * sweep.bytes);
  });

  test('a hot guest whose job ends converges after that, where it would not have before', () => {
    const hot = { writeRate: mbps(1400) };
    expect(known(hot).convergence).toBe('never');
    const ends = known({
      ...hot,
      phases: [
        { length: 20_000, share: 1 },
        { length: 60_000, share: 0 },
      ],
    });
    expect(ends.convergence).toBe('converges');
  });

  test('a dirty rate that nobody measured is unknown', () => {
    expect(geometric()(moveFacts({ demand: { kind: 'unknown' } }))).toEqual({
      convergence: 'unknown',
      missing: ['dirty rate'],
    });
  });

  test('a move that takes longer than it is watched counts as never', () => {
    expect(geometric({ giveUpAfter: 1000 })(moveFacts()).convergence).toBe('never');
  });
});
