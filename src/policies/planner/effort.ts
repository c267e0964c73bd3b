/** Effort: how long each rung of the ladder is searched, in which ways, and how many rungs there are. */
import type { BalanceGoal } from './goal.js';
import type { Effort, Stretch } from './ladder.js';
import type { State } from './state.js';

/** Rungs of the ladder at most; from there on further moves are made one by one. */
export const rungs = 40;

/** Share of all memory that is free where hardly a move is hindered by it. */
const roomy = 0.15;

/** Ways that a beam keeps for ten hosts; for others so many that it takes as long. */
const most = 800;
const narrowest = 10;

/** Hosts times guests up to which a cluster is small. */
const smallUpTo = 1_500;

const walked = (anew: boolean, tries: number, warmth: number): Stretch => ({ anew, tries, warmth });
const times = (count: number, stretch: Stretch): readonly Stretch[] => Array.from({ length: count }, () => stretch);

/** Rungs that people give as budgets get most of the time. */
const isFor = (rung: number): rung is 5 | 10 | 20 => rung === 5 || rung === 10 || rung === 20;

/** On any other rung one walk, to have something to go on from. */
const onwards = (tries: number): readonly Stretch[] => [walked(false, tries, 0.15)];

/** Short walks from the best so far: where one ends, hosts exchange guests until no two can, and that gains more than a longer walk. */
const short = (count: number, tries: number, warmth = 0.2): readonly Stretch[] =>
  times(count, walked(false, tries, warmth));

/**
 * Where memory hardly hinders: walks anew for five moves, and from there on from the best. Two measures leave more to gain than one. In a small
 * cluster a short walk has seen enough, and the more of them there are the better.
 */
const roomily = (rung: number, measures: number, small: boolean): readonly Stretch[] => {
  if (!isFor(rung)) return onwards(measures > 1 ? (rung < 10 ? 6_000 : 1_000) : rung < 10 ? 3_000 : 500);
  if (rung === 5)
    return small && measures === 1
      ? times(60, walked(true, 1_200, 0.5))
      : [
          ...times(3, walked(true, 15_000, 0.5)),
          ...times(2, walked(true, 15_000, 0.7)),
          ...times(8, walked(false, 5_000, 0.2)),
        ];
  if (!small) return rung === 10 ? short(measures > 1 ? 60 : 44, 2_500) : short(measures > 1 ? 8 : 4, 2_500, 0.25);
  if (rung === 10)
    return measures > 1
      ? short(100, 600)
      : [...short(22, 2_500), ...times(8, walked(true, 5_000, 0.5)), ...short(18, 2_500)];
  return measures > 1 ? short(30, 600, 0.25) : short(8, 1_200, 0.25);
};

/** Where hosts do not exchange guests: from the rung below, anew and warmer, and from the best so far once more. */
const slowly = (rung: number): readonly Stretch[] => {
  const long = rung === 10 ? 3 : rung === 5 ? 1.5 : 0.6;
  if (!isFor(rung)) return onwards(rung < 10 ? 6_000 : 1_000);
  return [
    walked(false, 15_000 * long, 0.15),
    walked(true, 40_000 * long, 0.5),
    walked(false, 15_000 * long, 0.4),
    walked(true, 40_000 * long, 0.7),
    walked(false, 15_000 * long, 0.4),
  ];
};

/** Where memory hinders: walks anew, to see many ways, and from the best; of twenty moves what fewer come to is near enough. */
const tightly = (rung: number, small: boolean): readonly Stretch[] => {
  if (rung === 10) return [walked(true, 40_000, 0.5), walked(true, 40_000, 0.7), ...short(40, 2_500)];
  if (rung === 20) return small ? short(12, 600, 0.25) : short(5, 2_500);
  return rung === 5 && small ? [...times(25, walked(true, 5_000, 0.5)), ...short(30, 1_200)] : slowly(rung);
};

/**
 * How hard to look on each rung. The rungs that people give as budgets, and the one on which there is a move for every host, get most of
 * the time; moves beyond some dozens leave little to gain. It depends on the state and the goal, not on the budget: else what a smaller
 * budget finds would not be a rung of the larger one.
 *
 * @param last - a rung that gets time whatever its number
 */
export const effortOf = (
  { hosts, guests, room, taken }: Pick<State, 'hosts' | 'guests' | 'room' | 'taken'>,
  { of, by }: Pick<BalanceGoal, 'of' | 'by'>,
  last = 0,
): ((rung: number) => Effort) => {
  const likeness = (rung: number): number => (rung !== last ? rung : rung <= 7 ? 5 : rung <= 14 ? 10 : 20);
  const n = hosts.length;
  // Two measures take longer to keep than one, and a small cluster has less to try.
  const scale = Math.min(1, Math.max(0.3, (n * guests.length) / 1000));
  const share = scale * (of.memory > 0 && of.cpu > 0 ? 0.8 : 1);
  const sum = (values: Float64Array): number => values.reduce((all, each) => all + each, 0);
  const fits = of.cpu > 0 && by !== 'largest host' && sum(taken) <= (1 - roomy) * sum(room);
  // What a beam keeps, and how walks go on from there, is about the distance from the mean of processors alone.
  const alone = fits && of.memory === 0 && by === 'mean deviation';
  const widest = Math.min(most, Math.round((most * 1000) / n ** 3));
  // What two hosts have to exchange does not show in the largest one alone.
  const settles = by !== 'largest host';
  const measures = of.cpu > 0 && of.memory > 0 ? 2 : 1;
  const small = n * guests.length <= smallUpTo;
  const stretches = (rung: number): readonly Stretch[] =>
    fits ? roomily(rung, measures, small) : settles ? tightly(rung, small) : slowly(rung);
  const effort = (rung: number, width: number): Effort => ({
    mix: fits ? 'fits' : of.memory === 0 && by === 'mean deviation' ? 'swaps' : 'any',
    width,
    careful: !fits && measures > 1,
    settles,
    // Of many hosts there are too many pairs; and for ten moves, where memory is roomy, walks anew find more in the same time.
    trade: measures > 1 ? 3 : fits && !(small && (rung === 5 || rung === 20)) ? 0 : 2,
    stretches: stretches(rung).map((each) => ({ ...each, tries: Math.ceil(share * each.tries) })),
  });
  return (rung) => effort(likeness(rung), alone && rung === n && widest >= narrowest ? widest : 0);
};

/** How hard to look on the rungs of a budget of bytes or of time: there are many, most of them hardly above the one below. */
export interface PricedEffort {
  readonly light: Effort;
  /** On those that come twice with each doubling. */
  readonly round: Effort;
}

/** How hard to look for a budget of bytes or of time: each rung begins near its end, so little will do; now and then one is looked through anew. */
export const effortByPrice = (
  state: Pick<State, 'hosts' | 'guests' | 'room' | 'taken'>,
  goal: Pick<BalanceGoal, 'of' | 'by'>,
): PricedEffort => {
  const { mix, careful, settles } = effortOf(state, goal)(1);
  const plain = { mix, careful, settles, width: 0, trade: 0 };
  return {
    light: { ...plain, stretches: short(1, 1_500, 0.1) },
    round: { ...plain, stretches: [walked(true, 15_000, 0.5), ...short(3, 2_500)] },
  };
};
