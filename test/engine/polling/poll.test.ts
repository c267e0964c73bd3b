import { NEVER, Observable, of, throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { DriverError } from '../../../src/drivers/index.js';
import { polling, type PollingSettings, type Query } from '../../../src/engine/index.js';
import { type Failure, seconds } from '../../../src/model/index.js';
import { virtualTime } from '../../../src/simulation/index.js';

interface Polled {
  readonly answers: readonly (readonly [at: number, answer: string])[];
  readonly failures: readonly (readonly [at: number, failure: Failure, retryAt: number])[];
  readonly ended: unknown;
}

const poll = (query: Query<string>, settings: Partial<PollingSettings> = {}, until = seconds(60)): Polled => {
  const time = virtualTime();
  const answers: [number, string][] = [];
  const failures: [number, Failure, number][] = [];
  let ended: unknown;
  const running = polling(query, { every: seconds(10), scheduler: time.scheduler, ...settings }, (failure, retryAt) =>
    failures.push([time.now() / 1000, failure, retryAt / 1000]),
  ).subscribe({
    next: (answer) => answers.push([time.now() / 1000, answer]),
    error: (thrown: unknown) => (ended = thrown),
  });
  time.run(until);
  running.unsubscribe();
  return { answers, failures, ended };
};

const failing = (first: number): Query<string> => {
  let asked = 0;
  return () => ((asked += 1) <= first ? throwError(() => new Error('no route')) : of('state'));
};
const at = (times: Polled['answers'] | Polled['failures']): readonly number[] => times.map(([when]) => when);

describe('polling: the engine queries on a timer (W2)', () => {
  test('asks at once and then so long after each answer', () => {
    expect(at(poll(() => of('state')).answers)).toEqual([0, 10, 20, 30, 40, 50, 60]);
  });

  test('an answer that takes longer than the deadline is a failure of kind timed out, and its question is withdrawn', () => {
    const withdrawn: boolean[] = [];
    const { failures, answers } = poll(
      (signal) => {
        signal.addEventListener('abort', () => withdrawn.push(true));
        return NEVER;
      },
      { deadline: seconds(3), backOff: { first: seconds(2), factor: 2, longest: seconds(100) } },
      seconds(20),
    );
    expect(answers).toEqual([]);
    expect(at(failures)).toEqual([3, 8, 15]);
    expect(failures[0]?.[1]).toEqual({ kind: 'timed out', retryable: true, message: 'no answer within 3000 ms' });
    // The last of them was still under way when nobody listened any more.
    expect(withdrawn).toHaveLength(3);
  });

  test('after failures in a row the waits grow, up to the longest, and begin anew after an answer', () => {
    const backOff = { first: seconds(1), factor: 3, longest: seconds(5) };
    const { failures, answers } = poll(failing(3), { backOff });
    expect(failures.map(([when, , retryAt]) => [when, retryAt])).toEqual([
      [0, 1],
      [1, 4],
      [4, 9],
    ]);
    expect(at(answers).slice(0, 2)).toEqual([9, 19]);
  });

  test('it errors with the last failure where the attempts are used up, and only with a DriverError', () => {
    const { ended, failures } = poll(failing(9), { attempts: 3 });
    expect(failures).toHaveLength(2);
    expect(DriverError.is(ended) && [ended.kind, ended.retryable, ended.message]).toEqual([
      'unreachable',
      true,
      'no route',
    ]);
  });

  test('a question that throws, or is not answered at all, is a typed failure too', () => {
    const thrown = poll(
      () => {
        throw new DriverError({ kind: 'unsupported', retryable: false, message: 'old service' });
      },
      {},
      0,
    );
    expect(thrown.failures[0]?.[1]).toEqual({ kind: 'unsupported', retryable: false, message: 'old service' });
    const silent = poll(() => new Observable((subscriber) => subscriber.complete()), {}, 0);
    expect(silent.failures[0]?.[1].kind).toBe('protocol');
  });

  test.each([
    [{ every: 0 }, /^polling\.every: /],
    [{ deadline: -1 }, /^polling\.deadline: /],
    [{ attempts: 0 }, /^polling\.attempts: /],
    [{ backOff: { first: 1, factor: 0.5, longest: 2 } }, /^polling\.backOff\.factor: /],
  ])('settings %j are refused with their path', (settings, message) => {
    expect(() => poll(() => of(''), settings)).toThrow(message);
  });
});
