import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { SettingsError } from '../../src/policies/index.js';
import { ordered } from '../../src/policies/ordered.js';
import { settingsOf } from '../../src/policies/settings.js';
import { cluster, guest, host, migration } from './build.js';

describe('settings that are refused', () => {
  const schema = z.strictObject({ marks: z.array(z.strictObject({ low: z.number() })), share: z.number().max(1) });
  const refused = (input: unknown): unknown => {
    try {
      return settingsOf('made', schema, input);
    } catch (error) {
      return error;
    }
  };

  test('every wrong value is named by its path, one a line; an unknown one by its own name', () => {
    const error = refused({ marks: [{ low: 1 }, { low: 'x', high: 2, top: 3 }], share: 2 });
    expect(error).toMatchObject({
      name: 'SettingsError',
      message: [
        'made.marks[1].low: Invalid input: expected number, received string',
        'made.marks[1].high: no such setting',
        'made.share: Too big: expected number to be <=1',
      ].join('\n'),
    });
    expect(error instanceof SettingsError && error.issues.map(({ code }) => code)).toEqual([
      'invalid_type',
      'unrecognized_keys',
      'too_big',
    ]);
  });

  test('what is right comes back as the schema gives it', () => {
    expect(refused({ marks: [], share: 1 })).toEqual({ marks: [], share: 1 });
  });

  test('a SettingsError is known as one wherever it comes from, by its brand; nothing else is', () => {
    expect(SettingsError.is(refused({}))).toBe(true);
    expect(SettingsError.is({ brand: 'whither/settings-error' })).toBe(true);
    for (const other of [
      undefined,
      null,
      'whither/settings-error',
      3,
      {},
      { brand: 'another' },
      new Error('no'),
      () => 0,
    ])
      expect(SettingsError.is(other)).toBe(false);
  });
});

describe('a snapshot in the order of names', () => {
  const state = cluster([host('a'), host('b')], [guest('x', 'a'), guest('y', 'a')], {
    migrations: [migration('x', 'a', 'b'), migration('y', 'a', 'b')],
  });

  test('is the same object where it is in order already', () => {
    expect(ordered(state)).toBe(state);
    expect(ordered(cluster([host('a'), host('a')], []))).toMatchObject({ hosts: [{ id: 'a' }, { id: 'a' }] });
    const twice = cluster([host('a'), host('a')], []);
    expect(ordered(twice)).toBe(twice);
  });

  test.each(['hosts', 'guests', 'migrations'] as const)('is sorted where %s are not', (list) => {
    const mixed = { ...state, [list]: state[list].toReversed() };
    expect(ordered(mixed)).toEqual(state);
    expect(ordered(mixed)).not.toBe(mixed);
  });
});
