/** Makes cluster states from seeds, for whoever wants to try a planner on states that nobody has seen. */
import { writeFileSync } from 'node:fs';
import * as z from 'zod';
import { number, readFlags } from './flags.js';
import { madeState, shapes, stateText } from './made-state.js';

/** How to call it. */
export const statesUsage =
  `  states --shape ${shapes.join('|')} --hosts H --guests G --seed S [--out FILE]\n` +
  '                   a cluster state (format cluster-state/1) made from a seed, to a file or to the standard output';

const count = number.pipe(z.number().int().positive());
const options = z.strictObject({
  shape: z.enum(shapes),
  hosts: count,
  guests: count,
  seed: number.pipe(z.number().int()),
  out: z.exactOptional(z.string()),
});

/**
 * Makes one.
 *
 * @returns the exit code
 */
export const makeStates = (
  words: readonly string[],
  write: (text: string) => void,
  complain: (line: string) => void,
): number => {
  const read = readFlags(words, options, []);
  if (!read.ok || read.files.length > 0) {
    for (const each of read.ok ? read.files.map((word) => `${word}: has no place here`) : read.wrong) complain(each);
    complain(`usage: npm run evaluate -- COMMAND\n${statesUsage}`);
    return 2;
  }
  const { out, ...making } = read.options;
  const text = stateText(madeState(making));
  if (out === undefined) write(text);
  else writeFileSync(out, text);
  return 0;
};
