/** Turns the text of `/proc/schedstat` into the time that tasks waited in the run queues. */
import { failed, ok } from '../../../model/index.js';
import { completeLines, counters, type Parsed, wordsOf, wrongLine } from './kernel-text.js';

/** Times of all run queues together, since start, in nanoseconds. */
export interface ProcSchedstat {
  readonly ran: number;
  /** Time that tasks could have run and did not. */
  readonly waited: number;
}

/**
 * Reads `/proc/schedstat`, versions 14 to 17 (kernel documentation, scheduler/sched-stats): the seventh and eighth number of
 * each processor's line. Kernels without CONFIG_SCHEDSTATS have no such file.
 */
export const parseSchedstat = (text: string, file = '/proc/schedstat'): Parsed<ProcSchedstat> => {
  const lines = completeLines(file, text);
  if (!lines.ok) return lines;
  let ran = 0;
  let waited = 0;
  let processors = 0;
  for (const [i, line] of lines.value.entries()) {
    const [label, ...words] = wordsOf(line);
    if (label === 'version') {
      const version = Number(words[0]);
      if (!(version >= 14 && version <= 17))
        return failed({
          ...wrongLine(file, i + 1, line, 'versions 14 to 17 are known'),
          problem: 'unsupported version',
        });
    }
    if (label === undefined || !/^cpu\d+$/.test(label)) continue;
    const numbers = counters(words);
    if (!numbers.ok) return failed(wrongLine(file, i + 1, line, `"${numbers.error}" is no counter`));
    const [running, waiting] = numbers.value.slice(6);
    if (running === undefined || waiting === undefined)
      return failed(wrongLine(file, i + 1, line, 'at least 8 counters are needed'));
    ran += running;
    waited += waiting;
    processors += 1;
  }
  return processors === 0
    ? failed(wrongLine(file, 1, lines.value[0] ?? '', 'no line is of a processor'))
    : ok({ ran, waited });
};
