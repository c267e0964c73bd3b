/** Turns the text of a pressure file (`/proc/pressure/io`, `io.pressure` of a cgroup) into stalled time. */
import { failed, ok } from '../../../model/index.js';
import { completeLines, counter, type Parsed, wordsOf, wrongLine } from './kernel-text.js';
import { known } from './known.js';

/** Time in which tasks were held up since start, in microseconds (kernel documentation, accounting/psi). */
export interface StalledTime {
  /** At least one task was held up. */
  readonly some: number;
  /** All tasks that were not idle were held up. For processors since Linux 5.13. */
  readonly full?: number;
}

/** Reads a pressure file. The averages in it are left alone: a difference of totals is exact over any interval. */
export const parsePressure = (text: string, file: string): Parsed<StalledTime> => {
  const lines = completeLines(file, text);
  if (!lines.ok) return lines;
  let some: number | undefined;
  let full: number | undefined;
  for (const [i, line] of lines.value.entries()) {
    const words = wordsOf(line);
    const total = counter(words.find((word) => word.startsWith('total='))?.slice('total='.length));
    if (total === undefined) return failed(wrongLine(file, i + 1, line, 'a total is needed'));
    if (words[0] === 'some') some = total;
    else if (words[0] === 'full') full = total;
    else return failed(wrongLine(file, i + 1, line, 'must begin with "some" or "full"'));
  }
  return some === undefined
    ? failed(wrongLine(file, 1, lines.value[0] ?? '', 'no line begins with "some"'))
    : ok(known({ some, full }));
};
