/** Windows: some lines of many files, drawn so that each line is as likely as any other. */
import { readFileSync } from 'node:fs';
import { numbersFrom } from '../numbers.js';

/** Lines of one window: about one function. */
const height = 12;

/** Ranges `FILE:FIRST-LAST` of so many lines in all, no two of them the same. */
export const windows = (files: readonly string[], lines: number, seed: number): readonly string[] => {
  const all = files.flatMap((file) => {
    const count = readFileSync(file, 'utf8').split('\n').length;
    return Array.from(
      { length: Math.ceil(count / height) },
      (_, i) => `${file}:${i * height + 1}-${Math.min(count, (i + 1) * height)}`,
    );
  });
  const next = numbersFrom(seed);
  const drawn: string[] = [];
  while (drawn.length < lines / height && all.length > 0) drawn.push(...all.splice(Math.floor(next() * all.length), 1));
  return drawn;
};
