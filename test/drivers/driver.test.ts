import { EMPTY, NEVER, of } from 'rxjs';
import { describe, expectTypeOf, expect, test } from 'vitest';
import { type Driver, DriverError, type MigrationEvent } from '../../src/drivers/index.js';
import type { ConvergenceAction, MigrationId, MigrationOrder } from '../../src/model/index.js';

/** The least that a driver can be: it reaches nothing, and says so. */
const unreachable: Driver = {
  name: 'unreachable',
  inventory: () => NEVER,
  samples: () => EMPTY,
  migrate: ({ guest }) => {
    throw new DriverError({ kind: 'not found', retryable: false, message: `no guest ${guest}` });
  },
  steer: () => EMPTY,
  inFlight: () => of([]),
  follow: () => EMPTY,
};

describe('Driver', () => {
  test('can be written by anybody from six functions and a name', () => {
    expect(Object.keys(unreachable).sort()).toEqual([
      'follow',
      'inFlight',
      'inventory',
      'migrate',
      'name',
      'samples',
      'steer',
    ]);
  });

  test('moves by an order, and acts on the move by its name', () => {
    expectTypeOf<Parameters<Driver['migrate']>>().toEqualTypeOf<[MigrationOrder]>();
    expectTypeOf<Parameters<Driver['steer']>>().toEqualTypeOf<[MigrationId, ConvergenceAction]>();
    expectTypeOf<MigrationEvent['kind']>().toEqualTypeOf<'progress' | 'done'>();
    expect(() => unreachable.migrate({ id: 'm', guest: 'g', from: 'a', to: 'b' })).toThrow('no guest g');
  });
});
