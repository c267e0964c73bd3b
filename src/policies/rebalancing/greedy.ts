/** GREEDY: takes the largest job off the most loaded processor k times, and puts them on the least loaded ones. */
import {
  type Assignment,
  better,
  checked,
  costOf,
  indexOfLargest,
  indexOfLeast,
  loadsOf,
  type Rebalanced,
  settled,
  standing,
} from './jobs.js';

/**
 * Moves at most `moves` jobs so that the largest load is at most (2 − 1/m) times the least that so many moves can reach on m
 * processors (Aggarwal, Motwani and Zhu, "The load rebalancing problem", J. Algorithms 60, 2006: GREEDY; W23). Each move
 * counts one, whatever it costs; jobs of infinite cost stay.
 *
 * Two departures that cost nothing: the largest job removed is placed first, and what is no better than the start is not done.
 *
 * @throws RangeError where a job or the number of moves makes no sense
 */
export const greedyRebalance = (start: Assignment, moves: number): Rebalanced => {
  const { jobs } = checked(start);
  if (!(moves >= 0)) throw new RangeError(`${moves} moves`);
  const on = [...standing(start)];
  const loads = loadsOf(start, on);
  const removed: number[] = [];
  const left = jobs.map((job, i) => ({ ...job, i })).filter((job) => costOf(job) < Infinity);
  left.sort((a, b) => b.size - a.size || a.i - b.i);
  while (removed.length < moves) {
    const most = indexOfLargest(loads);
    const at = left.findIndex((job) => job.on === most);
    // Nothing can leave the most loaded processor, so no number of moves makes the largest load smaller.
    if (at < 0) break;
    for (const { i, size } of left.splice(at, 1)) {
      loads[most] = (loads[most] ?? 0) - size;
      removed.push(i);
    }
  }
  const size = (i: number): number => jobs[i]?.size ?? 0;
  for (const i of removed.sort((a, b) => size(b) - size(a) || a - b)) {
    const least = indexOfLeast(loads);
    loads[least] = (loads[least] ?? 0) + size(i);
    on[i] = least;
  }
  return better(settled(start, standing(start)), settled(start, on));
};
