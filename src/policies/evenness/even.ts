/** Even: while loads are more uneven than a mark, makes the one move after which they are least so. */
import { level } from '../../metrics/index.js';
import {
  type Cluster,
  compare,
  type Compared,
  guestSubject,
  holds,
  type HostId,
  type PassedOver,
  type Plan,
  type Proposal,
  type Reason,
  wholeCluster,
} from '../../model/index.js';
import { planned } from '../constraint.js';
import { joined } from '../joined.js';
import { judgeUnit, unitName } from '../leaving.js';
import { profilesOf } from '../phases/profile.js';
import { definePolicy, type Policy } from '../policy.js';
import {
  type Change,
  changesFrom,
  type Ground,
  groundOf,
  hostOf,
  spreadWith,
  stepsTo,
  type Targets,
} from './changes.js';
import { type EvenRules, evenRules, type EvenSettings } from './settings.js';

const compareSpread = (
  { by }: EvenRules,
  when: 'now' | 'after the move',
  value: number,
  relation: Compared['relation'],
  limit: number,
): Compared =>
  compare({
    rule: when === 'now' ? 'even.above' : 'even.margin',
    subject: wholeCluster,
    measure: `${by} of loads${when === 'now' ? '' : ` ${when}`}`,
    value,
    relation,
    limit,
    unit: 'none',
  });

/** How the spread stands to the mark. */
const unevenBy = (rules: EvenRules, spread: number): Compared =>
  compareSpread(rules, 'now', spread, 'above', rules.above);

/** How the spread after a move stands to what it must come down to. */
const lowers = (rules: EvenRules, now: number, after: number): Compared =>
  rules.margin === 0
    ? compareSpread(rules, 'after the move', after, 'below', now)
    : compareSpread(rules, 'after the move', after, 'at most', now * (1 - rules.margin));

/** Targets without those of one unit. */
const without = (targets: Targets, { unit }: Change): Map<string, HostId> => {
  const others = new Map(targets);
  others.delete(unitName(unit));
  return others;
};

/** What constraints say of each member of a unit, the others of the plan being in flight. */
const judged = (ground: Ground, targets: Targets, change: Change): readonly (readonly Reason[])[] => {
  const [from, to] = [hostOf(ground, change.home), hostOf(ground, change.to)];
  const others = planned(ground.cluster, stepsTo(ground, without(targets, change)));
  return from && to ? judgeUnit(ground.rules.constraints, change.unit, from, to, others) : [];
};

const allHold = (reasons: readonly (readonly Reason[])[]): boolean => reasons.every((each) => each.every(holds));

const refusedBy = ({ unit, to }: Change, reasons: readonly (readonly Reason[])[]): readonly PassedOver[] =>
  unit.flatMap(({ id }, i): readonly PassedOver[] => {
    const because = (reasons[i] ?? []).filter((reason) => !holds(reason));
    return because.length > 0 ? [{ subject: guestSubject(id), to, because }] : [];
  });

/** Where a search ended: what goes where, the moves in the order in which they were found, and why no more. */
interface Outcome extends Plan {
  readonly targets: Targets;
  /** Whether a unit was sent elsewhere after all, so that the order of the moves is not one that was looked at. */
  readonly revised: boolean;
}

/**
 * Makes the best change that the constraints allow, again and again, until loads are even enough or nothing is gained.
 *
 * @param again - whether units that are to move may be sent elsewhere, or home
 */
const descend = (ground: Ground, again: boolean): Outcome => {
  const { rules } = ground;
  const moves: Proposal[] = [];
  const passedOver: PassedOver[] = [];
  let targets: Targets = new Map();
  let revised = false;
  for (;;) {
    const spread = spreadWith(ground, targets);
    const uneven = unevenBy(rules, spread);
    if (!uneven.holds) return { targets, moves, revised, passedOver };
    let best: Change | undefined;
    let tooLittle: Reason | undefined;
    for (const change of changesFrom(ground, targets, again)) {
      const less = lowers(rules, spread, change.after);
      if (!less.holds) {
        tooLittle = less;
        break;
      }
      const reasons = change.to === change.home ? [] : judged(ground, targets, change);
      if (!allHold(reasons)) {
        passedOver.push(...refusedBy(change, reasons));
        continue;
      }
      best = change;
      moves.push(
        ...change.unit.map(({ id }, i) => ({
          guest: id,
          from: change.home,
          to: change.to,
          because: [uneven, less, ...(reasons[i] ?? [])],
        })),
      );
      break;
    }
    if (!best) {
      const none = compare({
        rule: 'even',
        subject: wholeCluster,
        measure: 'moves that lower it and are allowed',
        value: 0,
        relation: 'at least',
        limit: 1,
        unit: 'count',
      });
      return {
        targets,
        moves,
        revised,
        passedOver: [...passedOver, { subject: wholeCluster, because: [uneven, tooLittle ?? none] }],
      };
    }
    revised ||= targets.has(unitName(best.unit));
    const next = without(targets, best);
    targets = best.to === best.home ? next : next.set(unitName(best.unit), best.to);
  }
};

/** Moves to given targets in an order in which each of them lowers the spread, or `undefined` where that was not found. */
const inOrder = (ground: Ground, goal: Targets): readonly Proposal[] | undefined => {
  const { rules } = ground;
  const moves: Proposal[] = [];
  const done = new Map<string, HostId>();
  while (done.size < goal.size) {
    const spread = spreadWith(ground, done);
    const uneven = unevenBy(rules, spread);
    let next: Change | undefined;
    for (const change of changesFrom(ground, done, false)) {
      if (goal.get(unitName(change.unit)) !== change.to || !allHold(judged(ground, done, change))) continue;
      next = change;
      break;
    }
    if (!next) return undefined;
    const less = lowers(rules, spread, next.after);
    if (!uneven.holds || !less.holds) return undefined;
    const reasons = judged(ground, done, next);
    moves.push(
      ...next.unit.map(({ id }, i) => ({
        guest: id,
        from: next.home,
        to: next.to,
        because: [uneven, less, ...(reasons[i] ?? [])],
      })),
    );
    done.set(unitName(next.unit), next.to);
  }
  return moves;
};

const planWith = (rules: EvenRules, cluster: Cluster): Plan => {
  const { known, passedOver: silent } = profilesOf('even', cluster, rules.resources);
  const ground = groundOf(
    rules,
    cluster,
    known.filter(({ host }) => host.state === 'active'),
  );
  const start = unevenBy(rules, spreadWith(ground, new Map()));
  if (!start.holds) return { moves: [], passedOver: [...silent, { subject: wholeCluster, because: [start] }] };
  const found = descend(ground, true);
  const ordered = found.revised ? inOrder(ground, found.targets) : found.moves;
  const { moves, passedOver } = ordered ? { moves: ordered, passedOver: found.passedOver } : descend(ground, false);
  return joined(moves, [...silent, ...passedOver]);
};

/**
 * Evens loads out between the active hosts: as long as their spread is above a mark, the one move is made after which it is
 * least, if that lowers it by a margin at least; then the next, as if it had been made. Of moves that come to the same the one
 * of least memory is taken. Guests that must stand together move together; `limited` caps how many move a plan.
 *
 * The spread falls with every move, so each beginning of a plan is better than the one before it, and plans come to rest. A guest
 * that a later step sends further goes there at once, if the moves still can be put into such an order; if not, each goes no
 * further than its first step, and a next plan goes on. A host of which any reading is missing takes no part: the spread is
 * that of the others. Each step looks at every guest on every host, which suits some hundred hosts.
 *
 * @example
 * const proxmox = even({ by: 'variation', above: 0.3, margin: percent(10) });
 * const memoryGap = even({ by: 'gap', above: percent(15), of: [{ resource: memoryGranted }] });
 * @throws SettingsError where a setting is wrong
 */
export const even = (settings: EvenSettings): Policy => {
  const rules = evenRules(settings);
  const measured = rules.resources.filter(({ granted }) => granted === undefined);
  return definePolicy({
    name: 'even',
    watch: {
      guest: Object.fromEntries(measured.map(({ name, measure }) => [name, rules.signals[name] ?? level(measure)])),
    },
    plan: (cluster) => planWith(rules, cluster),
  });
};
