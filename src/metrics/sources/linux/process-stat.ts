/** Turns the text of `/proc/[pid]/stat` into a process' name, state, processor time and memory. */
import { failed, ok, type ProcessState } from '../../../model/index.js';
import { completeLines, counter, type Parsed, wordsOf, wrongLine } from './kernel-text.js';

/** What `/proc/[pid]/stat` holds. */
export interface ProcessCounters {
  readonly pid: number;
  readonly name: string;
  readonly state: ProcessState;
  /** User and system time of the process itself since it began, in clock ticks; that of its children is theirs. */
  readonly cpu: number;
  /** When it began, in clock ticks since the machine's start: tells a process from a later one of the same number. */
  readonly began: number;
  /** Resident memory, in pages. */
  readonly pages: number;
}

const states: Readonly<Record<string, ProcessState>> = {
  R: 'runnable',
  D: 'uninterruptible',
  S: 'sleeping',
  I: 'sleeping',
  K: 'sleeping',
  W: 'sleeping',
  P: 'sleeping',
  T: 'stopped',
  t: 'stopped',
  Z: 'dead',
  X: 'dead',
  x: 'dead',
};

/**
 * Reads `/proc/[pid]/stat`. The name may hold spaces and brackets, even line ends, so it goes from the first bracket to the last.
 */
export const parseProcessStat = (text: string, file: string): Parsed<ProcessCounters> => {
  const wrong = (message: string): Parsed<never> => failed(wrongLine(file, 1, text, message));
  const lines = completeLines(file, text);
  if (!lines.ok) return lines;
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return wrong('a name in brackets is needed');
  const pid = counter(text.slice(0, open).trim());
  const words = wordsOf(text.slice(close + 1));
  const state = states[words[0] ?? ''];
  if (pid === undefined || state === undefined) return wrong('a number, a name and a state are needed');
  // Fields 14, 15, 22 and 24 of proc(5); the state is the third.
  const [user, system, began, pages] = [words[11], words[12], words[19], words[21]].map(counter);
  if (user === undefined || system === undefined || began === undefined || pages === undefined)
    return wrong('processor times, start time and resident pages are needed');
  return ok({ pid, name: text.slice(open + 1, close), state, cpu: user + system, began, pages });
};
