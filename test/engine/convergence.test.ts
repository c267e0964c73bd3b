import { describe, expect, test } from 'vitest';
import {
  atBestMoment,
  firstToAct,
  leaveAlone,
  newerXen,
  olderXen,
  pauseAfter,
  settleWithin,
  stepwiseDowntime,
  whenStalled,
  xenLimits,
} from '../../src/engine/index.js';
import type { MigrationPhase, Progress } from '../../src/model/index.js';
import { seconds } from '../../src/model/index.js';

const migration = { id: 'm', guest: 'web', from: 'a', to: 'b', startedAt: seconds(100) };
const at = (elapsed: number, phase: MigrationPhase = 'copying'): Progress => ({
  at: seconds(100 + elapsed),
  phase,
  sent: 0,
});

const MB = 1e6;
/** The beginning of a round, each 10 s after the one before, over a link of 100 MB/s. */
const start = (round: number, remaining?: number, rest: Partial<Progress> = {}): Progress => ({
  ...at(10 * round),
  round,
  ...(remaining === undefined ? {} : { remaining: remaining * MB }),
  dirtyRate: 120 * MB,
  bandwidth: 100 * MB,
  ...rest,
});
const goOn = { kind: 'continue' };
const pause = { kind: 'pause' };

describe('leaveAlone', () => {
  test("M36: is QEMU's own way, and asks for nothing, however long it takes", () => {
    expect(leaveAlone([at(1e6)], migration)).toEqual({ kind: 'continue' });
  });
});

describe('settleWithin', () => {
  const policy = settleWithin({ patience: seconds(30), raiseTo: seconds(1), then: 'post-copy' });

  test('gives pre-copy its time', () => {
    expect(policy([at(0), at(29.9)], migration)).toEqual({ kind: 'continue' });
  });

  test('then allows a longer downtime', () => {
    expect(policy([at(0), at(30)], migration)).toEqual({ kind: 'raise downtime', limit: 1000 });
  });

  test('and after as long again ends it', () => {
    expect(policy([at(59.9)], migration)).toEqual({ kind: 'raise downtime', limit: 1000 });
    expect(policy([at(60)], migration)).toEqual({ kind: 'post-copy' });
    expect(settleWithin({ patience: seconds(30), raiseTo: seconds(1), then: 'abort' })([at(61)], migration)).toEqual({
      kind: 'abort',
    });
  });

  test('ends it at once where no longer downtime is allowed', () => {
    expect(settleWithin({ patience: seconds(30), then: 'abort' })([at(30)], migration)).toEqual({ kind: 'abort' });
  });

  test.each(['stopped', 'post-copy'] as const)('leaves a guest that is %s to finish', (phase) => {
    expect(policy([at(500, phase)], migration)).toEqual({ kind: 'continue' });
  });

  test('does not judge what has reported nothing', () => {
    expect(policy([], migration)).toEqual({ kind: 'continue' });
  });

  test.each([
    [{ patience: 0 }, 'settleWithin.patience'],
    [{ patience: NaN }, 'settleWithin.patience'],
    [{ patience: Infinity }, 'settleWithin.patience'],
    [{ patience: 1, raiseTo: -1 }, 'settleWithin.raiseTo'],
  ])('refuses %o at construction', (setting, path) => {
    expect(() => settleWithin({ ...setting, then: 'abort' })).toThrow(path);
  });
});

describe('xenLimits', () => {
  test('M36: the newer Xen stops the guest after five rounds', () => {
    const policy = xenLimits(newerXen);
    expect(policy([start(1, 1000), start(5, 500)], migration)).toEqual(goOn);
    expect(policy([start(1, 1000), start(5, 500), start(6, 500)], migration)).toEqual(pause);
  });

  test('M36: the older Xen stops it when its memory was sent three times, or after 29 rounds', () => {
    const policy = xenLimits(olderXen);
    const sent = (bytes: number): Progress => start(7, 500, { sent: bytes * MB });
    expect(policy([start(1, 1000), sent(3000)], migration)).toEqual(goOn);
    expect(policy([start(1, 1000), sent(3001)], migration)).toEqual(pause);
    expect(policy([start(29, 500)], migration)).toEqual(goOn);
    expect(policy([start(30, 500)], migration)).toEqual(pause);
  });

  test('M36: the memory is what was sent and what remains at the first report that says so', () => {
    const history = [at(0), start(1, 0), start(1, 400, { sent: 600 * MB })];
    expect(xenLimits(olderXen)([...history, start(5, 300, { sent: 3000 * MB })], migration)).toEqual(goOn);
    expect(xenLimits(olderXen)([...history, start(5, 300, { sent: 3001 * MB })], migration)).toEqual(pause);
  });
});

describe('pauseAfter', () => {
  test('M42d, M48: pauses the guest once pre-copy had its time', () => {
    const policy = pauseAfter({ patience: seconds(30) });
    expect(policy([at(29.9)], migration)).toEqual(goOn);
    expect(policy([at(30)], migration)).toEqual(pause);
  });

  test('M42d: does not pause a guest of which nothing is copied yet', () => {
    expect(pauseAfter({ patience: seconds(30) })([at(99, 'preparing')], migration)).toEqual(goOn);
  });
});

describe('stepwiseDowntime', () => {
  const policy = stepwiseDowntime({ from: 100, factor: 2, longest: 500, every: seconds(10) });
  const limited = (elapsed: number, downtimeLimit: number): Progress => ({ ...at(elapsed), downtimeLimit });

  test.each([
    [0, 100],
    [9.9, 100],
    [10, 200],
    [20, 400],
    [30, 500],
    [1e9, 500],
  ])('M48: after %d s the limit is %d ms', (elapsed, limit) => {
    expect(policy([limited(elapsed, 30)], migration)).toEqual({ kind: 'raise downtime', limit });
  });

  test('M48: never lowers a limit', () => {
    expect(policy([limited(10, 200)], migration)).toEqual(goOn);
    expect(policy([limited(10, 300)], migration)).toEqual(goOn);
    expect(policy([limited(10, 300), at(11)], migration)).toEqual(goOn);
    expect(policy([limited(20, 100), limited(5, 100)], migration)).toEqual({ kind: 'raise downtime', limit: 400 });
  });

  test('asks for nothing where the limit in force is not known', () => {
    expect(policy([at(30)], migration)).toEqual(goOn);
    expect(policy([limited(30, 0)], migration)).toEqual(goOn);
  });
});

describe('whenStalled', () => {
  const policy = whenStalled({ rounds: 2, then: 'post-copy' });
  const sizes = (...remaining: readonly (number | undefined)[]): Progress[] =>
    remaining.map((size, i) => start(i + 1, size));

  test('M48: acts when what remains did not fall below its least for so many rounds', () => {
    expect(policy(sizes(1000, 500, 500), migration)).toEqual(goOn);
    expect(policy(sizes(1000, 500, 600, 500), migration)).toEqual({ kind: 'post-copy' });
    expect(policy(sizes(1000, 500, 600, 550), migration)).toEqual({ kind: 'post-copy' });
  });

  test('a fall below the least begins the count anew', () => {
    expect(policy(sizes(1000, 500, 600, 499, 500), migration)).toEqual(goOn);
  });

  test('what remains is compared at the beginnings of rounds, not within them', () => {
    const within = [start(1, 1000), start(1, 10, { at: seconds(115) }), start(2, 800), start(3, 700)];
    expect(policy(within, migration)).toEqual(goOn);
    // The history opens in the middle of a round.
    expect(policy([start(4, 10), start(5, 500), start(6, 400), start(7, 300)], migration)).toEqual(goOn);
  });

  const [remaining, dirtyRate] = [500 * MB, 120 * MB];
  test.each([
    ['round', (): Partial<Progress> => ({ remaining, dirtyRate })],
    ['remaining', (round: number): Partial<Progress> => ({ round, dirtyRate })],
    ['dirty rate', (round: number): Partial<Progress> => ({ round, remaining })],
    ['remaining above zero', (round: number): Partial<Progress> => ({ round, remaining: 0, dirtyRate })],
    ['dirty rate above zero', (round: number): Partial<Progress> => ({ round, remaining, dirtyRate: 0 })],
  ])('without %s a round is not judged', (_, readings) => {
    const rounds = [1, 2, 3, 4, 5];
    const reported = rounds.map((round) => ({ ...at(10 * round), ...readings(round) }));
    expect(policy(reported, migration)).toEqual(goOn);
    const whole = reported.map((report, i) => ({ ...report, round: i + 1, remaining, dirtyRate }));
    expect(policy(whole, migration)).toEqual({ kind: 'post-copy' });
  });

  test.each([
    ['abort', { kind: 'abort' }],
    ['pause', pause],
    [
      { kind: 'throttle', share: 0.5 },
      { kind: 'throttle', share: 0.5 },
    ],
    [
      { kind: 'raise downtime', limit: 900 },
      { kind: 'raise downtime', limit: 900 },
    ],
  ] as const)('%j is done about it', (then, action) => {
    expect(whenStalled({ rounds: 1, then })(sizes(1000, 500, 500), migration)).toEqual(action);
  });
});

describe('atBestMoment', () => {
  const policy = atBestMoment({ timeBudget: seconds(60), downtimeBudget: seconds(4), then: 'post-copy' });
  const before = [start(1, 1000), start(2, 600)];

  test('M48: pauses at the beginning of a round where least remains and the rest fits the downtime budget', () => {
    expect(policy([...before, start(3, 400)], migration)).toEqual(pause);
  });

  test.each([
    { where: 'more remains than can be sent in that time', then: [start(3, 401)] },
    { where: 'more remains than a round before', then: [start(3, 350), start(4, 360)] },
    { where: 'the next round is predicted to leave less', then: [start(3, 300, { dirtyRate: 90 * MB })] },
    { where: 'the round has begun before', then: [start(3, 300), start(3, 200)] },
    { where: 'what remains is not known', then: [start(3)] },
    { where: 'nothing remains', then: [start(3, 0)] },
    { where: 'the dirty rate is not measured', then: [start(3, 300, { dirtyRate: 0 })] },
    { where: 'the bandwidth is not measured', then: [start(3, 300, { bandwidth: 0 })] },
  ])('M48: waits where $where', ({ then }) => {
    expect(policy([...before, ...then], migration)).toEqual(goOn);
  });

  test('a round that would leave hardly less is not waited for', () => {
    expect(policy([...before, start(3, 300, { dirtyRate: 97 * MB })], migration)).toEqual(pause);
  });

  test('M48: when the time is over it is ended the other way', () => {
    expect(policy([...before, at(59.9)], migration)).toEqual(goOn);
    expect(policy([...before, at(60)], migration)).toEqual({ kind: 'post-copy' });
    expect(policy([...before, start(6, 300)], migration)).toEqual({ kind: 'post-copy' });
  });

  test('a pause that was asked for shortly before has its own budget', () => {
    const paused = [...before, start(5, 300, { at: seconds(159) })];
    expect(policy(paused, migration)).toEqual(pause);
    expect(policy([...paused, at(62.9)], migration)).toEqual(goOn);
    expect(policy([...paused, at(63)], migration)).toEqual({ kind: 'post-copy' });
  });

  test('preparations that take too long can be aborted, not ended by post-copy', () => {
    const abort = atBestMoment({ timeBudget: seconds(60), downtimeBudget: seconds(4), then: 'abort' });
    expect(abort([at(60, 'preparing')], migration)).toEqual({ kind: 'abort' });
    expect(policy([at(60, 'preparing')], migration)).toEqual(goOn);
  });
});

describe('firstToAct', () => {
  test('gives what the first says that does not go on', () => {
    const policy = firstToAct(
      leaveAlone,
      settleWithin({ patience: seconds(60), then: 'abort' }),
      pauseAfter({ patience: seconds(30) }),
    );
    expect(policy([at(29)], migration)).toEqual(goOn);
    expect(policy([at(30)], migration)).toEqual(pause);
    expect(policy([at(60)], migration)).toEqual({ kind: 'abort' });
  });

  test('of none, nothing is ever asked', () => {
    expect(firstToAct()([at(1e6)], migration)).toEqual(goOn);
  });
});

test.each([
  [() => xenLimits({ rounds: 0 }), 'xenLimits.rounds'],
  [() => xenLimits({ rounds: 5, volume: 0 }), 'xenLimits.volume'],
  [() => pauseAfter({ patience: NaN }), 'pauseAfter.patience'],
  [() => stepwiseDowntime({ from: 9, factor: 1, longest: 9, every: 1 }), 'stepwiseDowntime.factor'],
  [() => stepwiseDowntime({ from: 9, factor: 2, longest: 8, every: 1 }), 'stepwiseDowntime.longest'],
  [() => whenStalled({ rounds: 1.5, then: 'abort' }), 'whenStalled.rounds'],
  [() => whenStalled({ rounds: 1, then: { kind: 'throttle', share: 2 } }), 'whenStalled.then'],
  [() => atBestMoment({ timeBudget: 0, downtimeBudget: 1, then: 'abort' }), 'atBestMoment.timeBudget'],
  // @ts-expect-error [ts2345] a name is not a policy
  [() => firstToAct('leaveAlone'), 'firstToAct[0]'],
])('settings that cannot work are refused at construction: %#', (make, path) => {
  expect(make).toThrow(path);
});
