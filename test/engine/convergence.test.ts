import { describe, expect, test } from 'vitest';
import { leaveAlone, settleWithin } from '../../src/engine/index.js';
import type { MigrationPhase, Progress } from '../../src/model/index.js';
import { seconds } from '../../src/model/index.js';

const migration = { id: 'm', guest: 'web', from: 'a', to: 'b', startedAt: seconds(100) };
const at = (elapsed: number, phase: MigrationPhase = 'copying'): Progress => ({
  at: seconds(100 + elapsed),
  phase,
  sent: 0,
});

describe('leaveAlone', () => {
  test('asks for nothing, however long it takes', () => {
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
