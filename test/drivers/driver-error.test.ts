import { describe, expect, test } from 'vitest';
import { DriverError, failureOf } from '../../src/drivers/index.js';

const lost = { kind: 'unreachable', retryable: true, message: 'no route to host-a' } as const;

describe('DriverError', () => {
  test('carries kind, whether to retry, message and cause', () => {
    const cause = new Error('ECONNREFUSED');
    const error = new DriverError(lost, cause);
    expect(error).toMatchObject({ ...lost, name: 'DriverError', cause });
    expect(error).toBeInstanceOf(Error);
  });

  test('has no cause where none is given', () => {
    expect('cause' in new DriverError(lost)).toBe(false);
  });

  test('is told by its brand, so that an error of another copy of the package is one too', () => {
    const fromAnotherCopy = Object.assign(new Error('gone'), { ...lost, brand: 'whither/driver-error' });
    expect(DriverError.is(new DriverError(lost))).toBe(true);
    expect(DriverError.is(fromAnotherCopy)).toBe(true);
    expect(failureOf(fromAnotherCopy)).toEqual(lost);
  });

  test.each([[new Error('plain')], ['text'], [undefined], [null], [{ kind: 'unreachable' }], [{ brand: 'another' }]])(
    'is not %s',
    (thrown) => {
      expect(DriverError.is(thrown)).toBe(false);
    },
  );
});

describe('failureOf', () => {
  test('keeps a DriverError as plain data that survives JSON, without stack or cause', () => {
    const failure = failureOf(new DriverError(lost, new Error('with a secret')));
    expect(failure).toEqual(lost);
    expect(JSON.parse(JSON.stringify(failure))).toEqual(lost);
  });

  test.each([
    [new TypeError('x is undefined'), 'x is undefined'],
    ['text', 'text'],
    [undefined, 'undefined'],
    [{ toString: () => 'spelled' }, 'spelled'],
    [Object.create(null), 'something without a text was thrown'],
  ])('takes any other thrown thing for a breach of the protocol that is not retried', (thrown, message) => {
    expect(failureOf(thrown)).toEqual({ kind: 'protocol', retryable: false, message });
  });
});
