/** What a heavy host gives to a light one: every guest is judged, one is selected, the others are passed over with reasons. */
import {
  compare,
  type Compared,
  type Cluster,
  guestSubject,
  holds,
  hostSubject,
  type Listed,
  type PassedOver,
  type Reason,
} from '../../model/index.js';
import { judge } from '../constraint.js';
import type { Bounds, Group } from '../phases/classify.js';
import type { Attempt } from '../phases/destination.js';
import { type HostLoad, shareOf } from '../phases/load.js';
import { type Selection, selectTask } from '../phases/selection.js';
import { amountFor } from '../phases/transfer.js';
import type { CslbRules } from './settings.js';

/** Puts a host into its group, and says by what. */
export interface Grouping {
  readonly group: (load: HostLoad) => Group | undefined;
  readonly isHeavy: (load: HostLoad) => Compared | Listed;
  readonly isLight: (load: HostLoad) => Compared | Listed;
}

/** What the choice between two hosts depends on. */
export interface Pair {
  readonly heavy: HostLoad;
  readonly light: HostLoad;
  readonly bounds: Bounds;
  readonly grouping: Grouping;
  /** Middle of the moderate band. */
  readonly middle: number;
  /** The snapshot with the moves planned so far in flight. */
  readonly cluster: Cluster;
}

interface Task {
  readonly heavy: HostLoad;
  readonly guest: HostLoad['guests'][number]['guest'];
  /** As a share of what the light host offers. */
  readonly load: number;
  readonly because: readonly Reason[];
}

/** Nine decimals, as loads have them, so that a guest of just the amount does not exceed it. */
const rounded = (value: number): number => Math.round(value * 1e9) / 1e9;

const guarded = (
  { guards, resource }: CslbRules,
  { heavy, light, bounds }: Pair,
  { guest, taken }: HostLoad['guests'][number],
): readonly Reason[] => {
  const { name: measure, unit } = resource;
  const subject = guestSubject(guest.id);
  const there = shareOf(light.taken + taken, light.host, resource);
  const here = shareOf(heavy.taken - taken, heavy.host, resource);
  return [
    ...(guards.smallestGain === undefined
      ? []
      : [
          compare({
            rule: 'cslb.guards.smallestGain',
            subject,
            measure,
            value: shareOf(taken, light.host, resource),
            relation: 'at least',
            limit: guards.smallestGain,
            unit,
          }),
        ]),
    ...(guards.noSwap === true
      ? [
          compare({
            rule: 'cslb.guards.noSwap',
            subject,
            measure: `larger ${measure} of ${heavy.host.id} and ${light.host.id} after the move`,
            value: Math.max(here, there),
            relation: 'below',
            limit: Math.max(heavy.share, light.share),
            unit,
          }),
        ]
      : []),
    ...(guards.keepBelowHeavy === true
      ? [
          compare({
            rule: 'cslb.guards.keepBelowHeavy',
            subject: hostSubject(light.host.id),
            measure: `${measure} with ${guest.id}`,
            value: there,
            relation: 'at most',
            limit: bounds.heavy,
            unit,
          }),
        ]
      : []),
  ];
};

const notSelected = (
  { resource: { name: measure, unit } }: CslbRules,
  { task: selected, as }: Selection<Task>,
  { guest, load: value }: Task,
  amount: number,
): Reason => {
  const common = { rule: 'cslb.selection', subject: guestSubject(guest.id), unit };
  if (as === 'smallest') return compare({ ...common, measure, value, relation: 'below', limit: selected.load });
  return value > amount
    ? compare({ ...common, measure: `${measure} against the amount wanted`, value, relation: 'at most', limit: amount })
    : compare({ ...common, measure, value, relation: 'above', limit: selected.load });
};

/** Tries to find a guest of the heavy host for the light one (W12.3, W12.4). */
export const give = (rules: CslbRules, pair: Pair): Attempt => {
  const { heavy, light, grouping, middle, cluster } = pair;
  const { resource, constraints } = rules;
  const { name: measure, unit } = resource;
  const [from, to] = [heavy.host, light.host];
  const amount = rounded(amountFor(middle, light.share));
  const judged = heavy.guests.map((load): Task => {
    const { guest } = load;
    return {
      heavy,
      guest,
      load: shareOf(load.taken, to, resource),
      because: [...guarded(rules, pair, load), ...judge(constraints, { guest, from, to }, cluster)],
    };
  });
  const passed = ({ guest }: Task, because: readonly Reason[]): PassedOver => ({
    subject: guestSubject(guest.id),
    to: to.id,
    because,
  });
  const refused = judged.flatMap((task) => {
    const against = task.because.filter((reason) => !holds(reason));
    return against.length > 0 ? [passed(task, against)] : [];
  });
  const selection = selectTask(
    judged.filter(({ because }) => because.every(holds)),
    amount,
  );
  if (!selection) return { passedOver: refused };
  const { task, as } = selection;
  const others = judged.filter((other) => other !== task && other.because.every(holds));
  return {
    proposal: {
      guest: task.guest.id,
      from: from.id,
      to: to.id,
      because: [
        grouping.isHeavy(heavy),
        grouping.isLight(light),
        compare({
          rule: 'cslb.selection',
          subject: guestSubject(task.guest.id),
          measure:
            as === 'largest'
              ? `${measure}, the largest within the amount wanted,`
              : `${measure}, the smallest as all exceed the amount wanted,`,
          value: task.load,
          relation: as === 'largest' ? 'at most' : 'above',
          limit: amount,
          unit,
        }),
        ...task.because,
      ],
    },
    passedOver: [...refused, ...others.map((other) => passed(other, [notSelected(rules, selection, other, amount)]))],
  };
};
