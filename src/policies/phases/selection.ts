/** Task selection, the fourth phase: which task of a heavy host goes, given how much is wanted. It knows nothing of guests. */

/** A task that may go, with its load in the unit of the wanted amount. */
export interface Candidate {
  readonly load: number;
}

/** What was selected, and by which of the two rules. */
export interface Selection<Task> {
  readonly task: Task;
  /** `largest`: the largest that does not exceed the amount; `smallest`: all exceed it, and this one least. */
  readonly as: 'largest' | 'smallest';
}

/**
 * The task with the largest load that does not exceed the amount; if all exceed it, the one with the smallest load (W12.4).
 * A load equal to the amount does not exceed it, and of equal loads the first is taken, so give the tasks in the order of
 * their names (W13). `undefined` of no tasks.
 */
export const selectTask = <Task extends Candidate>(
  tasks: readonly Task[],
  amount: number,
): Selection<Task> | undefined => {
  let largest: Task | undefined;
  let smallest: Task | undefined;
  for (const task of tasks) {
    if (task.load <= amount && (largest === undefined || task.load > largest.load)) largest = task;
    if (smallest === undefined || task.load < smallest.load) smallest = task;
  }
  if (largest) return { task: largest, as: 'largest' };
  return smallest && { task: smallest, as: 'smallest' };
};
