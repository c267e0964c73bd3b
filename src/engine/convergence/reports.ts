/** Reports: turns a history of progress into what can be judged: readings that were taken, and the beginnings of rounds. */
import type { Progress } from '../../model/index.js';

/** A reading that was taken. Hypervisors report zero for what they have not measured yet, so zero is not known. */
export const measured = (reading: number | undefined): number | undefined =>
  reading !== undefined && reading > 0 && reading < Infinity ? reading : undefined;

/** The newest report, where the guest still runs at its source and memory is copied: only then is there something to ask. */
export const whileCopying = (history: readonly Progress[]): Progress | undefined => {
  const latest = history.at(-1);
  return latest?.phase === 'copying' ? latest : undefined;
};

/**
 * The first report of each round, oldest first. Within a round `remaining` always falls; only here can it be compared. What
 * a history opens with may be the middle of its round, and counts in the first round only.
 */
export const roundStarts = (history: readonly Progress[]): readonly Progress[] => {
  const starts: Progress[] = [];
  let highest = 0;
  for (const report of history) {
    const round = measured(report.round);
    if (round === undefined || round <= highest) continue;
    if (highest > 0 || round <= 1) starts.push(report);
    highest = round;
  }
  return starts;
};
