import { describe, expect, test } from 'vitest';
import {
  afterFailure,
  afterSuccess,
  backOffDelay,
  backOffReasons,
  type BackOffs,
  forgiven,
  noBackOffs,
} from '../../src/engine/index.js';
import { holds, minutes, seconds } from '../../src/model/index.js';

const settings = { first: seconds(60), factor: 2, longest: minutes(60) };
const toB = { guest: 'web', from: 'a', to: 'b' };
const toC = { guest: 'web', from: 'a', to: 'c' };

/** Until when a move has to wait, the latest of all its waits. */
const waitsUntil = (backOffs: BackOffs, move: typeof toB): number =>
  Math.max(0, ...backOffReasons(backOffs, move, 0).map((reason) => (reason.kind === 'compared' ? reason.limit : NaN)));

describe('back-off after failure', () => {
  test('the wait doubles from failure to failure, up to the longest', () => {
    expect([1, 2, 3, 6, 7, 5000].map((failures) => backOffDelay(settings, failures))).toEqual(
      [1, 2, 4, 32, 60, 60].map(minutes),
    );
  });

  test('a guest whose move failed waits, wherever it is to go', () => {
    const after = afterFailure(noBackOffs, settings, toB, 0);
    expect(waitsUntil(after, toB)).toBe(seconds(60));
    expect(waitsUntil(after, toC)).toBe(seconds(60));
  });

  test('another guest does not wait', () => {
    const after = afterFailure(noBackOffs, settings, toB, 0);
    expect(backOffReasons(after, { ...toB, guest: 'db' }, 0)).toEqual([]);
  });

  test('the refusal says until when', () => {
    const after = afterFailure(noBackOffs, settings, toB, seconds(5));
    expect(backOffReasons(after, toB, seconds(10))[0]).toEqual({
      kind: 'compared',
      rule: 'engine.backOff',
      subject: { kind: 'guest', id: 'web' },
      measure: 'time',
      value: seconds(10),
      relation: 'at least',
      limit: seconds(65),
      unit: 'milliseconds',
      holds: false,
    });
  });

  test('the wait is over at its end, not a moment before', () => {
    const after = afterFailure(noBackOffs, settings, toB, 0);
    expect(backOffReasons(after, toB, seconds(60) - 1).every(holds)).toBe(false);
    expect(backOffReasons(after, toB, seconds(60)).every(holds)).toBe(true);
  });

  test('a success elsewhere clears the guest, and not its way to where it failed', () => {
    const twice = afterFailure(afterFailure(noBackOffs, settings, toB, 0), settings, toB, seconds(60));
    const after = afterSuccess(twice, toC);
    expect(waitsUntil(after, toC)).toBe(0);
    expect(waitsUntil(after, toB)).toBe(seconds(180));
  });

  test('a failure is forgiven when its wait has been over for as long as the longest wait', () => {
    const after = afterFailure(noBackOffs, settings, toB, 0);
    const end = seconds(60) + minutes(60);
    expect(forgiven(after, settings, end - 1).waits.size).toBe(2);
    expect(forgiven(after, settings, end).waits.size).toBe(0);
  });

  test('names of any form are kept apart', () => {
    const after = afterFailure(noBackOffs, settings, { guest: 'a","b', from: 'x', to: 'c' }, 0);
    expect(backOffReasons(after, { guest: 'a', from: 'x', to: 'b","c' }, 0)).toEqual([]);
  });
});
