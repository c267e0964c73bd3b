/** Effort: how long each rung of the ladder is searched, in which ways, and how many rungs there are. */
import type { BalanceGoal } from './goal.js';
import type { Effort, Stretch } from './ladder.js';
import type { State } from './state.js';

/** Rungs of the ladder at most; from there on further moves are made one by one. */
export const rungs = 40;

/** Share of all memory that is free where hardly a move is hindered by it. */
const roomy = 0.15;

/** Ways that a beam keeps for ten hosts; for others so many that it takes as long. */
const widest = 800;
const narrowest = 10;

const walked = (anew: boolean, tries: number, warmth: number): Stretch => ({ anew, tries, warmth });
const times = (count: number, stretch: Stretch): readonly Stretch[] => Array.from({ length: count }, () => stretch);

/** Where nothing but processors counts and memory hardly hinders: a few walks anew for five moves, and from there on many short ones from the best so far. */
const byFit = (rung: number): readonly Stretch[] => {
  if (rung === 5)
    return [
      ...times(3, walked(true, 15_000, 0.5)),
      ...times(2, walked(true, 15_000, 0.7)),
      ...times(8, walked(false, 5_000, 0.2)),
    ];
  if (rung === 10) return times(50, walked(false, 5_000, 0.2));
  if (rung === 20) return times(15, walked(false, 5_000, 0.25));
  return [walked(false, rung < 10 ? 3_000 : 1_000, 0.15)];
};

/** Where memory hinders, or is to be even too: from the rung below, anew and warmer, and from the best so far once more. */
const byChance = (rung: number): readonly Stretch[] => {
  // Of ten moves there are most ways that look alike; of five nearly all are seen, and twenty leave little to gain.
  const long = rung === 10 ? 3 : rung === 5 ? 1.5 : 0.6;
  if (rung !== 5 && rung !== 10 && rung !== 20) return [walked(false, rung < 10 ? 6_000 : 1_000, 0.15)];
  return [
    walked(false, 15_000 * long, 0.15),
    walked(true, 40_000 * long, 0.5),
    walked(false, 15_000 * long, 0.4),
    walked(true, 40_000 * long, 0.7),
    walked(false, 15_000 * long, 0.4),
  ];
};

/**
 * How hard to look on each rung. The rungs that people give as budgets, and the one on which there is a move for every host, get most of
 * the time; moves beyond some dozens leave little to gain. It depends on the state and the goal, never on the budget: else what a smaller
 * budget finds would not be a rung of the larger one.
 */
export const effortOf = (
  { hosts, guests, room, taken }: Pick<State, 'hosts' | 'guests' | 'room' | 'taken'>,
  { of, by }: Pick<BalanceGoal, 'of' | 'by'>,
): ((rung: number) => Effort) => {
  const n = hosts.length;
  // Two measures take longer to keep than one, and a small cluster has less to try.
  const scale = Math.min(1, Math.max(0.3, (n * guests.length) / 1000));
  const share = scale * (of.memory > 0 && of.cpu > 0 ? 0.8 : 1);
  const sum = (values: Float64Array): number => values.reduce((all, each) => all + each, 0);
  const fits = of.cpu > 0 && by !== 'largest host' && sum(taken) <= (1 - roomy) * sum(room);
  // What a beam keeps, and how walks go on from there, is about the distance from the mean of processors alone.
  const alone = fits && of.memory === 0 && by === 'mean deviation';
  const width = Math.min(widest, Math.round((widest * 1000) / n ** 3));
  return (rung) => ({
    mix: fits ? 'fits' : of.memory === 0 && by === 'mean deviation' ? 'swaps' : 'any',
    width: alone && rung === n && width >= narrowest ? width : 0,
    stretches: (alone ? byFit : byChance)(rung).map((each) => ({ ...each, tries: Math.ceil(share * each.tries) })),
  });
};
