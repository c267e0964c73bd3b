/** Left over: what a plan does not reach, and why, as evidence. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import {
  compare,
  hostSubject,
  lookFor,
  type ObservedHost,
  type PassedOver,
  type Reason,
  type Subject,
  wholeCluster,
} from '../../model/index.js';
import { offRule, onRule } from '../power/power-advice.js';
import type { PlannerRules } from './goal.js';
import type { Found, Missed } from './solve.js';
import { meanOf, type State } from './state.js';

/** Why nothing more could be done for a host. */
const missed = (subject: Subject, why: Missed, measure: string): Reason =>
  why === 'given up' || why === 'budget'
    ? lookFor({
        rule: 'planner.search',
        subject,
        measure: 'search',
        value: why === 'budget' ? 'ended by the budget' : 'ended before all that might help had been tried',
        among: ['exhausted'],
      })
    : compare({ rule: 'planner.search', subject, measure, value: 0, relation: 'at least', limit: 1, unit: 'count' });

/** Hosts that stay above a mark. */
const stillHot = (state: State, rules: PlannerRules, { left }: Found, mark: number): readonly PassedOver[] =>
  left.map(({ host, why }) => {
    const subject = hostSubject(state.hosts[host]!.id);
    const share = state.load[host]! / state.capacity[host]!;
    const held = state.on[host]!.reduce((sum, guest) => sum + state.guestLoad[guest]!, 0) / state.capacity[host]!;
    const shared = { rule: `planner.${rules.goal.kind}`, subject, unit: 'fraction' } as const;
    const hot = compare({ ...shared, measure: rules.resource.name, value: share, relation: 'at most', limit: mark });
    const reason =
      why === 'stuck'
        ? compare({
            ...shared,
            measure: `${rules.resource.name} of guests that may leave`,
            value: held,
            relation: 'at least',
            limit: share - mark,
          })
        : missed(subject, why, 'orders of moves that find room for what must leave');
    return { subject, because: [hot, reason] };
  });

/** Hosts that stay away from the mean. */
const stillOff = (state: State, rules: PlannerRules, { left, steps }: Found, within: number): readonly PassedOver[] => {
  if (left.length === 0) return [];
  const load = state.load.slice();
  for (const { guest, from, to } of steps) {
    load[from] = load[from]! - state.guestLoad[guest]!;
    load[to] = load[to]! + state.guestLoad[guest]!;
  }
  const mean = meanOf(state);
  return left.map(({ host, why }) => {
    const subject = hostSubject(state.hosts[host]!.id);
    const off = compare({
      rule: 'planner.balance',
      subject,
      measure: `${rules.resource.name} away from the mean once all has moved`,
      value: Math.abs(load[host]! / state.capacity[host]! - mean),
      relation: 'at most',
      limit: within,
      unit: 'fraction',
    });
    return { subject, because: [off, missed(subject, why, 'moves and exchanges that bring it nearer')] };
  });
};

/** A better placement that no order of moves leads to. */
const outOfReach = ({ noPath, reached }: Found): readonly PassedOver[] =>
  noPath === undefined
    ? []
    : [
        {
          subject: wholeCluster,
          because: [
            compare({
              rule: 'planner.path',
              subject: wholeCluster,
              measure: 'spread of a placement to which no order of moves leads',
              value: noPath,
              relation: 'at least',
              limit: reached,
              unit: 'fraction',
            }),
          ],
        },
      ];

/** Hosts that could be switched off, and those that are off and wanted back, as {@link powerAdvice} reads them. */
const toSwitch = (state: State, all: readonly ObservedHost[], { empty, wantsMore }: Found): readonly PassedOver[] => [
  // One that is still to be emptied is named by the plan for the snapshot that shows it empty.
  ...(wantsMore === true ? [] : (empty ?? []).filter((host) => state.taken[host] === 0)).map((host) => {
    const subject = hostSubject(state.hosts[host]!.id);
    const guests = { measure: 'guests', value: 0, relation: 'at least', limit: 1, unit: 'count' } as const;
    return { subject, because: [compare({ rule: offRule, subject, ...guests })] };
  }),
  ...all.flatMap(({ id, state: value }) => {
    const subject = hostSubject(id);
    return wantsMore === true && value === 'off'
      ? [{ subject, because: [lookFor({ rule: onRule, subject, measure: 'state', value, among: ['active'] })] }]
      : [];
  }),
];

/** What is left of a goal. */
export const leftOver = (
  state: State,
  rules: PlannerRules,
  found: Found,
  all: readonly ObservedHost[],
): readonly PassedOver[] => {
  const { goal } = rules;
  switch (goal.kind) {
    case 'relieve':
      return stillHot(state, rules, found, goal.mark);
    case 'balance':
      return [...stillOff(state, rules, found, goal.within), ...outOfReach(found)];
    case 'consolidate':
      return [...stillHot(state, rules, found, goal.fill), ...toSwitch(state, all, found)];
    case 'hbal':
      return [];
  }
};
