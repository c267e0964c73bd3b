/** Exact rebalancing: the least largest load that a budget can reach, by search; for small cases. */
import {
  type Assignment,
  better,
  checked,
  costOf,
  loadsOf,
  type Rebalanced,
  settled,
  sizeOf,
  standing,
} from './jobs.js';

/** Placements of single jobs after which the search gives up. */
const patience = 2_000_000;

/** The least largest load of the placements whose costs are allowed; `undefined` where the search has not ended. */
const leastLoad = (start: Assignment, allows: (cost: number) => boolean, steps: number): Rebalanced | undefined => {
  const { jobs, processors } = start;
  const order = jobs.map((job, i) => ({ ...job, i, cost: costOf(job) })).sort((a, b) => b.size - a.size || a.i - b.i);
  const least = sizeOf(jobs) / processors;
  const on = [...standing(start)];
  const loads = loadsOf({ jobs: [], processors }, []);
  let best = settled(start, standing(start));
  let left = steps;
  /** Places the jobs from the n-th on; tells whether the search may go on. */
  const search = (n: number, spent: number): boolean => {
    const job = order[n];
    if (job === undefined) {
      best = better(best, settled(start, on));
      return true;
    }
    let triedEmpty = false;
    for (let step = 0; step < processors; step++) {
      const to = (job.on + step) % processors;
      const before = loads[to] ?? 0;
      const cost = step === 0 ? spent : spent + job.cost;
      // Of processors that are empty and have nothing of their own to come, one is as good as the other.
      const empty = before === 0 && !order.slice(n).some((other) => other.on === to);
      if (!allows(cost) || before + job.size >= best.load || (empty && triedEmpty)) continue;
      triedEmpty ||= empty;
      if (left-- <= 0) return false;
      loads[to] = before + job.size;
      on[job.i] = to;
      const ended = search(n + 1, cost);
      loads[to] = before;
      on[job.i] = job.on;
      if (!ended) return false;
      if (best.load <= least) return true;
    }
    return true;
  };
  return search(0, 0) ? best : undefined;
};

/**
 * The best rebalancing within a budget (W23): jobs are placed largest first, where they stand before elsewhere, and what cannot
 * be better than the best so far is not followed; of what reaches the least load the cheapest. The problem is NP-hard, so the
 * search is exponential in the number of jobs; `undefined` where it has not ended after `steps` placements.
 *
 * @param budget - what the moves may cost together; with costs of one, which is the default, how many they may be
 * @throws RangeError where a job or the budget makes no sense
 */
export const exactRebalance = (start: Assignment, budget: number, steps = patience): Rebalanced | undefined => {
  checked(start);
  if (!(budget >= 0)) throw new RangeError(`a budget of ${budget}`);
  let best = leastLoad(start, (cost) => cost <= budget, steps);
  // A load once reached is not looked for again in one search, so what reaches it for less is looked for in the next.
  for (let cheaper = best; cheaper && best && cheaper.load <= best.load;) {
    best = cheaper;
    const { cost: most } = best;
    cheaper = most > 0 ? leastLoad(start, (cost) => cost < most, steps) : undefined;
  }
  return best;
};
