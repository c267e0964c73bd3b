/** Kernel text: the complete lines and the counters of a file of the kernel, and the bad input that says which line is none. */
import { type BadInput, failed, ok, printable, type Result } from '../../../model/index.js';

/** What a parser of kernel text gives: plain counters, or the file, the line and the value that it could not read. */
export type Parsed<Value> = Result<Value, BadInput>;

/** A line of kernel text that is not what it has to be. `line` counts from 1. */
export const wrongLine = (file: string, line: number, value: string, message: string): BadInput => ({
  kind: 'bad-input',
  source: file,
  place: `line ${line}`,
  problem: 'malformed',
  message,
  value: printable(value),
});

/**
 * The lines of a text. The kernel ends every line of these files, so a text that ends within one was cut, and its last number
 * may be a part of the true one: the whole text is refused.
 */
export const completeLines = (file: string, text: string): Parsed<readonly string[]> => {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  if (last !== '') return failed(wrongLine(file, lines.length + 1, last, 'the text ends within a line: it was cut'));
  return lines.length === 0 ? failed(wrongLine(file, 1, text, 'the text is empty')) : ok(lines);
};

/** The words of a line. */
export const wordsOf = (line: string): readonly string[] => line.split(/\s+/).filter((word) => word !== '');

/**
 * A counter of the kernel: decimal digits, at most as many as 64 bits fill. Above 2⁵³ the last digits are lost, which no
 * difference over seconds notices. `undefined` for anything else.
 */
export const counter = (word: string | undefined): number | undefined =>
  word !== undefined && /^\d{1,20}$/.test(word) ? Number(word) : undefined;

/** A number with decimals, not negative. `undefined` for anything else. */
export const decimal = (word: string | undefined): number | undefined =>
  word !== undefined && /^\d{1,20}(\.\d{1,20})?$/.test(word) ? Number(word) : undefined;

/** All words as counters, or the first word that is none. */
export const counters = (words: readonly string[]): Result<readonly number[], string> => {
  const numbers: number[] = [];
  for (const word of words) {
    const number = counter(word);
    if (number === undefined) return failed(word);
    numbers.push(number);
  }
  return ok(numbers);
};

/** Lines of a name and a counter, such as those of `/proc/vmstat`; only the names asked for, the first of each. */
export const namedCounters = <Name extends string>(
  file: string,
  text: string,
  names: readonly Name[],
  unit: string | undefined,
): Parsed<Readonly<Partial<Record<Name, number>>>> => {
  const lines = completeLines(file, text);
  if (!lines.ok) return lines;
  const found: Partial<Record<Name, number>> = {};
  for (const [i, line] of lines.value.entries()) {
    const [label, word, spelled] = wordsOf(line);
    const name = names.find((wanted) => label === wanted || label === `${wanted}:`);
    if (name === undefined || name in found) continue;
    const number = counter(word);
    if (number === undefined || spelled !== unit)
      return failed(
        wrongLine(file, i + 1, line, `${name} must be a counter${unit === undefined ? '' : ` in ${unit}`}`),
      );
    found[name] = number;
  }
  return ok(found);
};
