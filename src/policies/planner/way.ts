/** Way: moves that help nothing by themselves, made because what the plan has left to do after them is less. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { type Cluster, compare, type Outcome, type Reason, wholeCluster } from '../../model/index.js';
import type { Found } from './found.js';
import { isBoundless, type PlannerRules } from './goal.js';
import type { State, Step } from './state.js';
import { membersOf } from './ties.js';

/** What a plan leaves, to be compared with another one by so much. */
interface Rest {
  readonly measure: string;
  readonly value: number;
  readonly near: number;
}

/** Half a point: what is left of a budget may leave so much more than the whole of it. */
const near = 5e-3;

/** What a plan leaves, and what it still takes. */
const restOf = (
  { goal, budget }: PlannerRules,
  { left, reached, steps }: Found,
): readonly [leaves: Rest, takes: Rest] => {
  const moves = { measure: 'moves that are left', value: steps.length, near: 0 };
  switch (goal.kind) {
    case 'relieve':
      return [
        { measure: 'hosts that stay above their mark', value: left.length, near: 0 },
        { measure: 'what is left to move', value: reached, near: 0 },
      ];
    case 'consolidate':
      return [{ measure: 'hosts in use in the end', value: reached, near: 0 }, moves];
    case 'hbal':
      return [{ measure: 'score in the end', value: reached, near }, moves];
    case 'balance':
      return [
        isBoundless(goal, budget)
          ? { measure: 'hosts that stay away from the mean', value: left.length, near: 0 }
          : { measure: 'what is left in the end', value: reached, near },
        moves,
      ];
  }
};

/** What speaks for moves after which another plan is found; `undefined` where that one leaves more, or takes no less. */
export const leadsOn = (rules: PlannerRules, before: Found, after: Found): Reason | undefined => {
  const [leaves, takes] = restOf(rules, before);
  const [thenLeaves, thenTakes] = restOf(rules, after);
  const less = thenLeaves.value < leaves.value - leaves.near;
  if (!less && (thenLeaves.value > leaves.value + leaves.near || thenTakes.value >= takes.value)) return undefined;
  const [now, then] = less ? [leaves, thenLeaves] : [takes, thenTakes];
  return compare({
    rule: 'planner.way',
    subject: wholeCluster,
    measure: `${now.measure}, once it has made way`,
    value: then.value,
    relation: 'below',
    limit: now.value,
    unit: 'none',
  });
};

/** The snapshot with moves made and remembered. */
export const afterwards = (cluster: Cluster, { guests, hosts, units }: State, steps: readonly Step[]): Cluster => {
  const made = steps.flatMap(({ guest, from, to }) =>
    membersOf(units, guest).map((member): Outcome => ({
      id: `planned:${guests[member]!.id}`,
      guest: guests[member]!.id,
      from: hosts[from]!.id,
      to: hosts[to]!.id,
      startedAt: cluster.at,
      endedAt: cluster.at,
      ending: { result: 'done' },
    })),
  );
  const ends = new Map(made.map(({ guest, to }) => [guest, to]));
  return {
    ...cluster,
    guests: cluster.guests.map((guest) => {
      const end = ends.get(guest.id);
      return end === undefined ? guest : { ...guest, host: end };
    }),
    past: [...cluster.past, ...made],
  };
};
