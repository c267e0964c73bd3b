/** Turns the text of `/proc/stat` into processor times and counts of tasks. */
import { failed, ok } from '../../../model/index.js';
import { completeLines, counter, counters, type Parsed, wordsOf, wrongLine } from './kernel-text.js';
import { known } from './known.js';

/**
 * Processor times since start, of all processors together, in clock ticks (proc(5)). Guest time is part of user time, and niced
 * guest time of nice time, so neither may be added again. Columns that an old kernel does not have are absent.
 */
export interface CpuTimes {
  readonly user: number;
  readonly nice: number;
  readonly system: number;
  readonly idle: number;
  /** Since Linux 2.5.41. Idle with a disk request under way; it may go backwards, and vanishes where other work keeps the processors busy. */
  readonly iowait?: number;
  /** Since 2.6.0. */
  readonly irq?: number;
  /** Since 2.6.0. */
  readonly softirq?: number;
  /** Since 2.6.11. */
  readonly steal?: number;
  /** Since 2.6.24; contained in `user`. */
  readonly guest?: number;
  /** Since 2.6.33; contained in `nice`. */
  readonly guestNice?: number;
}

/** What `/proc/stat` holds. */
export interface ProcStat {
  readonly cpu: CpuTimes;
  /** Processors that are online: lines `cpu0`, `cpu1`, and so on. */
  readonly processors: number;
  /** Tasks that run or could run now. */
  readonly running?: number;
  /** Tasks that wait for a disk now. */
  readonly blocked?: number;
}

/** Reads `/proc/stat` of any kernel since 2.4: four columns of processor time or more. */
export const parseStat = (text: string, file = '/proc/stat'): Parsed<ProcStat> => {
  const lines = completeLines(file, text);
  if (!lines.ok) return lines;
  let cpu: CpuTimes | undefined;
  let processors = 0;
  let running: number | undefined;
  let blocked: number | undefined;
  for (const [i, line] of lines.value.entries()) {
    const [label, ...words] = wordsOf(line);
    if (label === 'cpu') {
      const numbers = counters(words);
      if (!numbers.ok) return failed(wrongLine(file, i + 1, line, `"${numbers.error}" is no processor time`));
      const [user, nice, system, idle, iowait, irq, softirq, steal, guest, guestNice] = numbers.value;
      if (user === undefined || nice === undefined || system === undefined || idle === undefined)
        return failed(wrongLine(file, i + 1, line, 'user, nice, system and idle time are needed'));
      cpu = known({ user, nice, system, idle, iowait, irq, softirq, steal, guest, guestNice });
    } else if (label !== undefined && /^cpu\d+$/.test(label)) processors += 1;
    else if (label === 'procs_running' || label === 'procs_blocked') {
      const tasks = counter(words[0]);
      if (tasks === undefined) return failed(wrongLine(file, i + 1, line, `${label} must be a count`));
      if (label === 'procs_running') running = tasks;
      else blocked = tasks;
    }
  }
  if (cpu === undefined) return failed(wrongLine(file, 1, lines.value[0] ?? '', 'no line begins with "cpu"'));
  // A kernel for one processor may leave its line out.
  return ok(known({ cpu, processors: Math.max(1, processors), running, blocked }));
};
