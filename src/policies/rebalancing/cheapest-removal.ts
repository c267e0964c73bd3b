/** Cheapest removal: which jobs to take off a processor, at the least cost, so that the rest is within a size. */
import { costOf, type Job, sizeOf } from './jobs.js';

/** What is taken off, by index into the jobs given, and what that costs; infinite where it cannot be done. */
export interface Removal {
  readonly removed: readonly number[];
  readonly cost: number;
}

const impossible: Removal = { removed: [], cost: Infinity };

/** Jobs up to which every set that is worth keeping is looked at: 2¹² of them at most. */
const exactly = 12;

/** By how much what is kept may be above the size where there are more jobs of different costs. */
const tolerance = 0.01;

type Numbered = Job & { readonly i: number };

/** Of jobs of one cost the largest go first, so that the fewest go. */
const largestFirst = (movable: readonly Numbered[], room: number): Removal => {
  const removed: Numbered[] = [];
  let rest = sizeOf(movable);
  for (const job of [...movable].sort((a, b) => b.size - a.size || a.i - b.i)) {
    if (rest <= room) break;
    removed.push(job);
    // Summed anew, so that no rounding of differences decides.
    rest = sizeOf(movable.filter((other) => !removed.includes(other)));
  }
  return { removed: removed.map(({ i }) => i), cost: removed.reduce((sum, job) => sum + costOf(job), 0) };
};

/** A set of jobs that is kept: as a list from the last one on. */
interface Kept {
  readonly size: number;
  readonly worth: number;
  readonly job?: number;
  readonly before?: Kept;
}

/** Of sets of no smaller size those of more worth only. */
const undominated = (sets: readonly Kept[]): readonly Kept[] => {
  const front: Kept[] = [];
  for (const set of [...sets].sort((a, b) => a.size - b.size || b.worth - a.worth))
    if (set.worth > (front.at(-1)?.worth ?? -1)) front.push(set);
  return front;
};

/** A knapsack: keeps what is worth most within the room, sizes counted in whole grains where there are many. */
const mostKept = (movable: readonly Numbered[], room: number): Removal => {
  const grain = movable.length > exactly ? (room * tolerance) / movable.length : 0;
  const counted = (size: number): number => (grain > 0 ? Math.floor(size / grain) * grain : size);
  let front: readonly Kept[] = [{ size: 0, worth: 0 }];
  for (const job of movable) {
    const more = front
      .map((before): Kept => ({
        size: before.size + counted(job.size),
        worth: before.worth + costOf(job),
        job: job.i,
        before,
      }))
      .filter(({ size }) => size <= room);
    front = undominated([...front, ...more]);
  }
  const kept = new Set<number>();
  for (let set = front.at(-1); set?.job !== undefined; set = set.before) kept.add(set.job);
  const removed = movable.filter(({ i }) => !kept.has(i));
  return { removed: removed.map(({ i }) => i), cost: removed.reduce((sum, job) => sum + costOf(job), 0) };
};

/**
 * The cheapest removal after which the jobs left sum to at most `room`. Jobs of infinite cost are never removed. Exact where
 * all costs are equal and for up to twelve jobs; else what is left may be above `room` by {@link tolerance} of it, at no more
 * than the exact cost.
 */
export const cheapestRemoval = (jobs: readonly Job[], room: number): Removal => {
  const numbered = jobs.map((job, i): Numbered => ({ ...job, i }));
  const movable = numbered.filter((job) => costOf(job) < Infinity);
  const free = room - sizeOf(jobs.filter((job) => costOf(job) === Infinity));
  if (free < 0) return impossible;
  if (sizeOf(movable) <= free) return { removed: [], cost: 0 };
  const [first] = movable;
  const equal = movable.every((job) => first !== undefined && costOf(job) === costOf(first));
  return equal ? largestFirst(movable, free) : mostKept(movable, free);
};
