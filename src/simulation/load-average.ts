/** Load average: the kernel's exponentially damped counts of runnable and uninterruptible tasks, taken every five seconds. */
import type { LoadAverages, Milliseconds } from '../model/index.js';

/** How often the kernel counts (Linux, `LOAD_FREQ`). */
const step: Milliseconds = 5000;

const minute = Math.exp(-5 / 60);
const fiveMinutes = Math.exp(-5 / 300);
const quarterHour = Math.exp(-5 / 900);

/** Load averages that follow a count of tasks. Times never go back. */
export interface LoadAverage {
  /** From now on so many tasks are runnable or uninterruptible. A fraction stands for a task that is so part of the time. */
  readonly count: (at: Milliseconds, tasks: number) => void;
  /** The averages at a time not before the last one that was asked for or told. */
  readonly at: (at: Milliseconds) => LoadAverages;
}

/** The average after one more count. Never passes the number of tasks from below or from above. */
const damped = (average: number, tasks: number, decay: number): number => average + (tasks - average) * (1 - decay);

/**
 * Load averages of a system that is idle at the start.
 *
 * One busy task brings the one-minute average towards 1 and never past it; n tasks bring it past 1 after
 * 60·ln(n/(n−1)) s (follows from Muda, §6.4, rule M12). A count at the very time of a change sees what was before.
 */
export const loadAverage = (start: Milliseconds = 0): LoadAverage => {
  let tasks = 0;
  let counted = Math.floor(start / step);
  let known: LoadAverages = { one: 0, five: 0, fifteen: 0 };

  const forward = (at: Milliseconds): LoadAverages => {
    const due = Math.floor(at / step);
    if (due === counted) return known;
    let { one, five, fifteen } = known;
    // Count by count, as the kernel does: the bits do not depend on when somebody looks.
    for (; counted < due; counted += 1) {
      one = damped(one, tasks, minute);
      five = damped(five, tasks, fiveMinutes);
      fifteen = damped(fifteen, tasks, quarterHour);
    }
    if (one !== known.one || five !== known.five || fifteen !== known.fifteen) known = { one, five, fifteen };
    return known;
  };

  return {
    count: (at, now) => {
      forward(at);
      tasks = now;
    },
    at: forward,
  };
};
