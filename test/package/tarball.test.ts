/** What the tarball check makes of what it finds behind each door. */
import { describe, expect, test } from 'vitest';
import { disagreements, faults } from '../../scripts/tarball/probe.js';
import { nodeMajors } from '../../scripts/tarball/tools.js';
import { typeConsumer } from '../../scripts/tarball/type-consumer.js';

const doors = ['whither/model', 'whither/testing'];

describe('behind the doors of the tarball', () => {
  test('each door gives names', () => {
    const found = { 'whither/model': { names: ['percent'] }, 'whither/testing': { names: ['clusters'] } };
    expect(faults(found, { doors, missing: {} })).toEqual([]);
  });
  test('a door that does not open, one without names and one that was not tried are faults', () => {
    expect(faults({ 'whither/model': { error: 'no such file' } }, { doors, missing: {} })).toEqual([
      'whither/model did not open: no such file',
      'whither/testing was not tried',
    ]);
    expect(faults({ 'whither/model': { names: [] } }, { doors: ['whither/model'], missing: {} })).toEqual([
      'whither/model gives no names',
    ]);
  });
  test('fast-check is needed by ./testing, which says so', () => {
    const missing = { 'whither/testing': 'fast-check' };
    const found = (error: string): Parameters<typeof faults>[0] => ({
      'whither/model': { names: ['percent'] },
      'whither/testing': { error },
    });
    expect(faults(found("Cannot find package 'fast-check'"), { doors, missing })).toEqual([]);
    expect(faults(found('undefined is not a function'), { doors, missing })).toHaveLength(1);
  });
  test('a door that opens without what it is said to need is a fault: it has swallowed it', () => {
    const found = { 'whither/testing': { names: ['clusters'] } };
    expect(faults(found, { doors: ['whither/testing'], missing: { 'whither/testing': 'fast-check' } })).toEqual([
      'whither/testing opened without fast-check',
    ]);
  });
  test('import and require give the same names', () => {
    const one = { 'whither/model': { names: ['a', 'b'] } };
    const other = { 'whither/model': { names: ['a'] } };
    expect(disagreements(one, one)).toEqual([]);
    expect(disagreements(one, other)).toHaveLength(1);
  });
});

test('the tarball is tried under Node 20, 22 and 24', () => {
  expect(nodeMajors).toEqual([20, 22, 24]);
});

test('the type consumer enters by every door in .mts and .cts, and holds a line that must not compile', () => {
  const files = typeConsumer(doors);
  for (const file of ['types.mts', 'types.cts']) {
    for (const door of doors) expect(files[file]).toContain(`from '${door}'`);
    expect(files[file]).toContain('@ts-expect-error');
  }
});
