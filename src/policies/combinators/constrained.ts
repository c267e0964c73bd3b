/** Constrained: a policy, of whose moves only those are kept that every constraint allows. */
import { type Constraint, judge } from '../constraint.js';
import { definePolicy, type Policy } from '../policy.js';
import { sift } from '../sift.js';

/**
 * A policy within constraints. Its moves are judged in order, those kept before as in flight; what a constraint refuses is
 * passed over with the constraint's reasons, and what it allows carries them as further evidence. The policy is not asked
 * again: one that can itself choose something else should be given the constraints as a setting.
 */
export const constrained = (policy: Policy, constraints: readonly Constraint[]): Policy =>
  definePolicy({
    name: `constrained(${policy.name})`,
    watch: policy.watch,
    plan: (cluster) =>
      sift('constrained', cluster, policy.plan(cluster), (move, soFar) => judge(constraints, move, soFar)),
  });
