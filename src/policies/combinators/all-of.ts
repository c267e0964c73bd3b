/** AllOf: several policies together, and what happens where they disagree. */
import { type Plan, type Proposal } from '../../model/index.js';
import { judge } from '../constraint.js';
import { jointConstraints } from '../constraints/standard.js';
import { joined } from '../joined.js';
import { mergeWatches } from '../merge-watches.js';
import { definePolicy, type Policy } from '../policy.js';
import { sift } from '../sift.js';

const same = (a: Proposal, b: Proposal): boolean => a.guest === b.guest && a.from === b.from && a.to === b.to;

/** Without those that a proposal before it makes as well. */
const once = (proposals: readonly Proposal[]): readonly Proposal[] =>
  proposals.filter((proposal, i) => proposals.findIndex((other) => same(other, proposal)) === i);

/**
 * All policies plan on the same snapshot, and their moves are taken in the order of the policies. A guest moves at most once:
 * a later policy that wants it elsewhere is passed over. What one move can upset for another (memory, groups) is judged again
 * for each move, those taken before in flight; the loser is passed over with the reason. Of no policies: never a move.
 */
export const allOf = (...policies: readonly Policy[]): Policy => {
  const { watch, views } = mergeWatches(policies.map((policy) => policy.watch));
  return definePolicy({
    name: `allOf(${policies.map(({ name }) => name).join(', ')})`,
    watch,
    plan: (cluster) => {
      const plans = policies.map((policy, i) => policy.plan(views[i]?.(cluster) ?? cluster));
      const wanted: Plan = {
        moves: once(plans.flatMap(({ moves }) => moves)),
        passedOver: plans.flatMap(({ passedOver }) => passedOver),
      };
      const { moves, passedOver } = sift('allOf', cluster, wanted, (move, soFar) =>
        judge(jointConstraints, move, soFar),
      );
      return joined(moves, passedOver);
    },
  });
};
