/** FirstOf: of several policies, the first that proposes anything. */
import { mergeWatches } from '../merge-watches.js';
import { type PassedOver, type Plan } from '../../model/index.js';
import { joined } from '../joined.js';
import { definePolicy, type Policy } from '../policy.js';

/**
 * The plan of the first policy that proposes a move; later ones are not asked. What the earlier ones passed over stays in the
 * plan. Of no policies: never a move.
 */
export const firstOf = (...policies: readonly Policy[]): Policy => {
  const { watch, views } = mergeWatches(policies.map((policy) => policy.watch));
  return definePolicy({
    name: `firstOf(${policies.map(({ name }) => name).join(', ')})`,
    watch,
    plan: (cluster): Plan => {
      const passedOver: PassedOver[] = [];
      for (const [i, policy] of policies.entries()) {
        const plan = policy.plan(views[i]?.(cluster) ?? cluster);
        passedOver.push(...plan.passedOver);
        if (plan.moves.length > 0) return joined(plan.moves, passedOver);
      }
      return joined([], passedOver);
    },
  });
};
