/** Expressions as data: what they work out, and that nothing but reckoning is possible in them. */
import { create, all } from 'mathjs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expressionBounds, readExpression } from '../../src/configuration/index.js';

const names = ['clock', 'cpu', 'iowait'];
const valueOf = (text: string, numbers: Readonly<Record<string, number>> = {}): number | undefined | string => {
  const read = readExpression(text, names);
  return read.ok ? read.value.value(...read.value.names.map((name) => numbers[name] ?? 0)) : read.error;
};

test.each<[string, Readonly<Record<string, number>>, number]>([
  ['clock * (1 - cpu)', { clock: 3, cpu: 0.5 }, 1.5],
  ['2 * iowait + cpu', { iowait: 0.25, cpu: 0.5 }, 1],
  ['-cpu ^ 2 + max(1, 2, iowait) / abs(-4)', { cpu: 0.5 }, 0.25],
  ['sqrt(min(16, clock))', { clock: 25 }, 4],
  ['+1.5e1', {}, 15],
])('%s', (text, numbers, expected) => {
  expect(valueOf(text, numbers)).toBeCloseTo(expected, 12);
});

test('an expression names what it asks for, each once', () => {
  const read = readExpression('cpu + clock * cpu', names);
  expect(read.ok && read.value.names).toEqual(['cpu', 'clock']);
});

test.each(['1 / 0', 'sqrt(-1)', '10 ^ 400', '0 / cpu'])('%s is no finite number, so it is not known', (text) => {
  expect(valueOf(text)).toBeUndefined();
});

describe('what is refused', () => {
  test.each([
    ['constructor', /nothing is called constructor; there are clock, cpu, iowait/],
    ['__proto__', /nothing is called __proto__/],
    ['toString', /nothing is called toString/],
    ['cpu.constructor', /Accessor has no place/],
    ['cpu["constructor"]', /Accessor has no place|Index/],
    ['constructor("return 1")()', /Value expected/],
    ['hasOwnProperty(cpu)', /no function is called hasOwnProperty/],
    ['import("fs")', /no function is called import|is not a number/],
    ['import({pi: 4}, {override: true})', /Object has no place|no function is called import/],
    ['createUnit("foo")', /no function is called createUnit|is not a number/],
    ['evaluate("1")', /no function is called evaluate|is not a number/],
    ['parse("1")', /no function is called parse|is not a number/],
    ['config(cpu)', /no function is called config/],
    ['simplify(cpu)', /no function is called simplify/],
    ['random()', /no function is called random/],
    ['cellWith(cpu)', /no function is called cellWith/],
    ['f(x) = x', /FunctionAssignment has no place/],
    ['cpu = 1', /Assignment has no place/],
    ['cpu.x = 1', /Assignment has no place/],
    ['1:10', /Range has no place/],
    ['[1, 2, 3]', /Array has no place/],
    ['{a: 1}', /Object has no place/],
    ['cpu > 1', /is not among its operations/],
    ['cpu ? 1 : 2', /Conditional has no place/],
    ['1; 2', /Block has no place/],
    ['1\n2', /Block has no place/],
    ['"text"', /is not a number/],
    ['true', /is not a number|nothing is called true/],
    ['cpu!', /is not among its operations/],
    ["cpu'", /is not among its operations/],
    ['5 cm', /nothing is called cm/],
    ['i', /nothing is called i/],
    ['1e999', /is not a number/],
    ['NaN', /is not a number|nothing is called NaN/],
    ['cpu +', /Unexpected end/],
    ['abs(1, 2)', /abs does not take 2 values/],
    ['min()', /min does not take 0 values/],
    ['', /is empty/],
    ['cpuu', /nothing is called cpuu/],
  ])('%s', (text, message) => {
    const read = readExpression(text, names);
    expect(read.ok).toBe(false);
    expect(read.ok ? '' : read.error).toMatch(message);
  });

  test('a text that is too long, before it is parsed', () => {
    expect(valueOf('1+'.repeat(100_000) + '1')).toMatch(/is longer than 300 characters/);
  });

  test('too many parts', () => {
    expect(valueOf(Array.from({ length: 120 }, () => '1').join('+'))).toMatch(
      /has more than 100 parts|nested more than/,
    );
  });

  test('brackets in brackets in brackets', () => {
    expect(valueOf('('.repeat(140) + '1' + ')'.repeat(140))).toMatch(/is nested more than 20 deep/);
  });
});

test('whatever is written, nothing is thrown and the language of the page is left as it was', () => {
  const words = fc.constantFrom(
    'cpu',
    'constructor',
    'import',
    '(',
    ')',
    '[',
    ']',
    '=',
    '+',
    '*',
    '.',
    ',',
    '"',
    ':',
    '1',
    '{',
    '}',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 30 }), (parts) => {
      const read = readExpression(parts.join(''), names);
      if (!read.ok) expect(read.error).not.toBe('');
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('what is taken has the value that mathjs gives', () => {
  const math = create(all ?? {}, {});
  const leaf = fc.oneof(fc.constantFrom(...names), fc.integer({ min: 0, max: 9 }).map(String));
  const expressions = fc
    .array(fc.tuple(fc.constantFrom('+', '-', '*'), leaf, fc.boolean()), { minLength: 1, maxLength: 6 })
    .map((parts) =>
      parts.reduce(
        (text, [sign, one, nested]) => (nested ? `(${text}) ${sign} ${one}` : `${text} ${sign} ${one}`),
        'cpu',
      ),
    );
  const numbers = { clock: 3, cpu: 0.5, iowait: 0.25 };
  fc.assert(
    fc.property(expressions, (text) => {
      expect(valueOf(text, numbers)).toBeCloseTo(math.evaluate(text, { ...numbers }) as number, 9);
    }),
    { numRuns: 100 },
  );
});

test('the bounds are what the documentation says', () => {
  expect(expressionBounds).toEqual({ length: 300, parts: 100, depth: 20 });
});
