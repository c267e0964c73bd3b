/** M-PARTITION: guesses the largest load that can be reached, and moves what does not fit the guess. */
import { cheapestRemoval, type Removal } from './cheapest-removal.js';
import {
  type Assignment,
  better,
  checked,
  costOf,
  indexOfLeast,
  type Job,
  loadsOf,
  type Rebalanced,
  settled,
  sizeOf,
  standing,
} from './jobs.js';

/** How near the guess comes to the least one that is known to do, relatively. */
const precision = 1e-7;

/** What would have to leave one processor: as one that is to hold a large job, and as one that is not. */
interface Options {
  readonly processor: number;
  readonly holding: Removal;
  readonly plain: Removal;
  readonly large: boolean;
}

const byIndex = (jobs: readonly number[], { removed, cost }: Removal): Removal => ({
  removed: removed.map((i) => jobs[i] ?? -1),
  cost,
});

/** As one that holds a large job: one large job stays, the dearest, and small ones up to half of the guess. */
const asHolding = (all: readonly Job[], here: readonly number[], guess: number): Removal => {
  const job = (i: number): Job => all[i] ?? { size: 0, on: 0 };
  const large = here.filter((i) => job(i).size > guess / 2);
  const small = here.filter((i) => job(i).size <= guess / 2);
  const [, ...extra] = large.sort((a, b) => costOf(job(b)) - costOf(job(a)) || job(a).size - job(b).size || a - b);
  const { removed, cost } = byIndex(small, cheapestRemoval(small.map(job), guess / 2));
  return { removed: [...extra, ...removed], cost: extra.reduce((sum, i) => sum + costOf(job(i)), cost) };
};

/** What must leave each processor so that all can be placed within 1.5 times the guess; `undefined` where nothing will do. */
const removals = ({ jobs, processors }: Assignment, guess: number): Removal | undefined => {
  const here = Array.from({ length: processors }, (): number[] => []);
  jobs.forEach(({ on }, i) => here[on]?.push(i));
  const options = here.map((indices, processor): Options => ({
    processor,
    holding: asHolding(jobs, indices, guess),
    plain: byIndex(
      indices,
      cheapestRemoval(
        indices.map((i) => jobs[i] ?? { size: 0, on: 0 }),
        guess,
      ),
    ),
    large: indices.some((i) => (jobs[i]?.size ?? 0) > guess / 2),
  }));
  const large = jobs.filter(({ size }) => size > guess / 2).length;
  // Two large jobs on one processor are above the guess.
  if (large > processors || options.some(({ plain }) => plain.cost === Infinity)) return undefined;
  const chosen = [...options]
    .sort(
      (a, b) =>
        a.holding.cost - a.plain.cost - (b.holding.cost - b.plain.cost) ||
        Number(b.large) - Number(a.large) ||
        a.processor - b.processor,
    )
    .map(({ holding, plain }, i) => (i < large ? holding : plain));
  const cost = chosen.reduce((sum, removal) => sum + removal.cost, 0);
  return cost === Infinity ? undefined : { removed: chosen.flatMap(({ removed }) => removed), cost };
};

/** Puts what was removed where there is room: large ones where no large one stands, then each on the least loaded. */
const place = (start: Assignment, removed: readonly number[], guess: number): readonly number[] => {
  const { jobs, processors } = start;
  const size = (i: number): number => jobs[i]?.size ?? 0;
  const gone = new Set(removed);
  const on = [...standing(start)];
  const rest: Assignment = { jobs: jobs.map((job, i) => (gone.has(i) ? { ...job, size: 0 } : job)), processors };
  const loads = loadsOf(rest, on);
  const holding = new Set(jobs.flatMap((job, i) => (!gone.has(i) && job.size > guess / 2 ? [job.on] : [])));
  for (const i of [...removed].sort((a, b) => size(b) - size(a) || a - b)) {
    const isLarge = size(i) > guess / 2;
    const least = indexOfLeast(isLarge ? loads.map((load, at) => (holding.has(at) ? Infinity : load)) : loads);
    loads[least] = (loads[least] ?? 0) + size(i);
    if (isLarge) holding.add(least);
    on[i] = least;
  }
  return on;
};

/**
 * Moves jobs for at most `budget`, so that the largest load is at most 1.5 times the least that the budget can reach (Aggarwal,
 * Motwani and Zhu, "The load rebalancing problem", J. Algorithms 60, 2006: M-PARTITION; W23). With costs of one, which is the
 * default, the budget is the number of moves. Jobs of infinite cost stay. Where a processor has more than twelve jobs of
 * different costs, 1 % is added to the factor: what has to leave it is then a knapsack whose sizes are rounded.
 *
 * For a guess of the largest load, a job is large if it is above half of it. As many processors as there are large jobs will
 * hold one each, those for which that is cheapest, and small jobs up to half of the guess; the others keep jobs up to the guess.
 * The guess is the least, found by bisection, whose removals are within the budget; for no reachable load are they above it.
 * (The paper walks through all loads at which the removals change; halving the interval down to a ten-millionth comes to
 * the same.) What is no better than the start is not done.
 *
 * @throws RangeError where a job or the budget makes no sense
 */
export const partitionRebalance = (start: Assignment, budget: number): Rebalanced => {
  const { jobs, processors } = checked(start);
  if (!(budget >= 0)) throw new RangeError(`a budget of ${budget}`);
  const stays = settled(start, standing(start));
  const within = (guess: number): Removal | undefined => {
    const removal = removals(start, guess);
    return removal && removal.cost <= budget ? removal : undefined;
  };
  // No load is below the average or below the largest job.
  let low = jobs.reduce((most, { size }) => Math.max(most, size), sizeOf(jobs) / processors);
  let high = stays.load;
  let found = within(low);
  if (found) high = low;
  while (high - low > precision * high) {
    const guess = (low + high) / 2;
    const removal = within(guess);
    if (removal) [high, found] = [guess, removal];
    else low = guess;
  }
  return found ? better(stays, settled(start, place(start, found.removed, high))) : stays;
};
