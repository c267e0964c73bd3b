/** Expression: a score or threshold that a person writes, `"clock * (1 - cpu)"`, as a function of named numbers. */
import { create, type MathJsInstance, type MathNode, parseDependencies } from 'mathjs';
import { failed, ok, printable, type Result } from '../model/index.js';

/** An expression that was read once, and can be worked out as often as wanted. */
export interface Expression {
  readonly text: string;
  /** The names that it asks for, each once, in the order in which they are come by. */
  readonly names: readonly string[];
  /** Its value, given a number for each of its names in their order; not known where it is no finite number. */
  readonly value: (...numbers: readonly number[]) => number | undefined;
}

/** Longest text, most parts, and deepest nesting of an expression. What people write is far below. */
export const expressionBounds = { length: 300, parts: 100, depth: 20 } as const;

let instance: MathJsInstance | undefined;

/** An instance of our own that parses and can do nothing else; made at the first question. */
// The types of mathjs list its collections of factories by any name, so they may seem to be missing.
const math = (): MathJsInstance => (instance ??= create(parseDependencies ?? {}, {}));

type Reckon = (numbers: readonly number[]) => number;
type Operation = (...values: readonly number[]) => number;

/** All that an expression may do. Nothing of mathjs itself is ever called with a name from outside. */
const operators: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['add', (a = NaN, b = NaN) => a + b],
  ['subtract', (a = NaN, b = NaN) => a - b],
  ['multiply', (a = NaN, b = NaN) => a * b],
  ['divide', (a = NaN, b = NaN) => a / b],
  ['pow', (a = NaN, b = NaN) => a ** b],
  ['unaryMinus', (a = NaN) => -a],
  ['unaryPlus', (a = NaN) => a],
]);

const functions: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['min', Math.min],
  ['max', Math.max],
  ['abs', (a = NaN) => Math.abs(a)],
  ['sqrt', (a = NaN) => Math.sqrt(a)],
]);

/** How many values a function takes: min and max at least one, the others just one. */
const takes = (name: string, count: number): boolean => (name === 'min' || name === 'max' ? count >= 1 : count === 1);

/** Why an expression is not taken; it never leaves this module as a throw. */
class Refused extends Error {}

const refuse = (why: string): never => {
  throw new Refused(why);
};

interface Reading {
  readonly vocabulary: readonly string[];
  readonly names: string[];
  parts: number;
}

/** What a node of mathjs says of itself; every field is looked at before it is believed. */
interface Shape {
  readonly type: string;
  readonly value?: unknown;
  readonly name?: unknown;
  readonly fn?: unknown;
  readonly args?: unknown;
  readonly content?: MathNode;
}

const listed = (names: Iterable<string>): string => [...names].sort().join(', ');

const nameOf = (fn: unknown): string => {
  const { type, name } = (typeof fn === 'object' && fn !== null ? fn : {}) as Shape;
  return type === 'SymbolNode' && typeof name === 'string' ? name : refuse('calls something that has no name');
};

const compile = (node: MathNode, reading: Reading, depth: number): Reckon => {
  const { type, value, name, fn, args, content } = node as unknown as Shape;
  if (++reading.parts > expressionBounds.parts) refuse(`has more than ${expressionBounds.parts} parts`);
  if (depth > expressionBounds.depth) refuse(`is nested more than ${expressionBounds.depth} deep`);
  const inner = (): readonly Reckon[] =>
    (Array.isArray(args) ? args : []).map((one: MathNode) => compile(one, reading, depth + 1));
  const applied =
    (operation: Operation, parts: readonly Reckon[]): Reckon =>
    (numbers) =>
      operation(...parts.map((part) => part(numbers)));
  switch (type) {
    case 'ConstantNode': {
      if (typeof value !== 'number' || !Number.isFinite(value))
        return refuse(`${printable(String(value))} is not a number`);
      return () => value;
    }
    case 'SymbolNode': {
      if (typeof name !== 'string' || !reading.vocabulary.includes(name))
        return refuse(`nothing is called ${printable(String(name))}; there are ${listed(reading.vocabulary)}`);
      if (!reading.names.includes(name)) reading.names.push(name);
      const at = reading.names.indexOf(name);
      return (numbers) => numbers[at] ?? NaN;
    }
    case 'ParenthesisNode':
      return content ? compile(content, reading, depth + 1) : refuse('has empty brackets');
    case 'OperatorNode': {
      const operation = typeof fn === 'string' ? operators.get(fn) : undefined;
      return operation
        ? applied(operation, inner())
        : refuse(`${printable(String(fn))} is not among its operations: + - * / ^`);
    }
    case 'FunctionNode': {
      const called = nameOf(fn);
      const operation = functions.get(called);
      const parts = inner();
      if (!operation)
        return refuse(`no function is called ${printable(called)}; there are ${listed(functions.keys())}`);
      if (!takes(called, parts.length)) return refuse(`${called} does not take ${parts.length} values`);
      return applied(operation, parts);
    }
    default:
      return refuse(`${type.replace(/Node$/, '')} has no place in an expression`);
  }
};

/**
 * Reads an expression over a closed vocabulary: numbers, the names given, `+ - * / ^`, brackets, and `min max abs sqrt`. mathjs
 * parses it; the tree is checked node by node and turned into a function of our own, so nothing of mathjs is evaluated. Bounded
 * in length, parts and depth. Never throws.
 *
 * @param text - what a person wrote
 * @param vocabulary - the names that it may ask for
 * @returns the expression, or why it is not one
 */
export const readExpression = (text: string, vocabulary: readonly string[]): Result<Expression, string> => {
  const shown = `"${printable(text.slice(0, 60))}"`;
  if (text.length > expressionBounds.length)
    return failed(`${shown}… is longer than ${expressionBounds.length} characters`);
  if (text.trim() === '') return failed('an expression is empty');
  const reading: Reading = { vocabulary, names: [], parts: 0 };
  try {
    const reckon = compile(math().parse(text), reading, 1);
    return ok({
      text,
      names: reading.names,
      value: (...numbers) => {
        const value = reckon(numbers);
        return Number.isFinite(value) ? value : undefined;
      },
    });
  } catch (thrown) {
    // Whatever mathjs throws, it did not understand the text.
    return failed(`${shown}: ${thrown instanceof Error ? printable(thrown.message) : 'is not an expression'}`);
  }
};
